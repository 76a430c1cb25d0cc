"""The page Checks on data that fails: score, metrics touched, numbers withheld by setting."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from tests.conftest import MAPPING, Intake
from tests.web.pages.conftest import Read

MAPPED = MAPPING.replace("fields:", "fields:\n  opened_at: opened\n  resolved_at: at")
CHECK = "order_of_moments"
DAYS = [f"2026-01-{day:02}" for day in range(1, 29)]


def log(hour: str) -> str:
    """Return a log of tickets opened at such an hour and done at noon."""
    return "number,at,state,team,who,opened\n" + "".join(
        f"T{n},{day}T12:00Z,Done,Desk,ann,{day}T{hour}:{n % 50:02}Z\n"
        for n, day in enumerate(DAYS * 2)
    )


@pytest.fixture(scope="module")
def withholding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Serve a sound source and one whose tickets end before they begin; numbers are withheld."""
    desk = Intake(tmp_path_factory.mktemp("odd"), 'withhold_on = ["*"]')
    desk.takes(log("09"), mapping=MAPPED)
    desk.takes(log("13"), mapping=MAPPED.replace("source: desk", "source: other"))
    context = Context(desk.workspace, readers=Readers(in_memory=True, remember=True))
    yield TestClient(make_app(context), base_url="http://127.0.0.1:8787")
    desk.close()


@pytest.mark.row("GOV-05")
def test_the_page_tells_the_score_by_source_and_each_metric_touched(
    withholding: TestClient,
) -> None:
    """As its twin does."""
    read = Read(withholding.get("/checks").text)
    twin = withholding.get("/api/v1/checks").json()
    titles = [each["title"] for each in twin["impact"]]

    assert twin["score"]["value"] == 50
    assert "50 of 100, held there since a critical check fails" in read.words
    assert [each["source"] for each in twin["sources"]] == ["desk", "other"]
    assert twin["sources"][0]["value"] > 50
    assert f"Metrics that failed checks touch ({len(titles)})" in read.words
    assert {*titles} <= {link.text for link in read.links}
    assert "numbers it touches are withheld everywhere" in read.words
    assert "What had nothing to compare" in read.words


@pytest.mark.row("GOV-05")
def test_a_withheld_number_is_in_no_twin(withholding: TestClient) -> None:
    """Rows without a number; a chart is refused; the CSV names the check."""
    measured = withholding.get("/api/v1/measure/time_to_resolve").json()
    refused = withholding.get("/api/v1/chart/time_to_resolve?period=week")
    table = withholding.get("/api/v1/measure/time_to_resolve?format=csv").text.splitlines()

    assert measured["withheld"] == [CHECK]
    assert [row["value"] for row in measured["rows"]] == [None]
    assert (refused.status_code, refused.json()["error"]["kind"]) == (409, "NumbersWithheld")
    assert table == ["period,n,value,low,high,suspect,withheld", f"all,,,,,{CHECK},{CHECK}"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/metrics/time_to_resolve",
        "/metrics/time_to_resolve?shift=previous&period=week&by=team",
        "/tickets?metric=time_to_resolve",
        "/catalogue",
        "/scorecards/incident",
        "/map",
        "/metrics/tickets_opened",
    ],
)
def test_every_page_is_still_drawn(withholding: TestClient, path: str) -> None:
    """What stands on other columns with its numbers, the rest with the reason."""
    done = withholding.get(path)

    assert done.status_code == 200
    if "time_to_resolve" in path or path in {"/", "/catalogue"}:
        assert "data suspect" in Read(done.text).words.lower()
