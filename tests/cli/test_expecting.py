"""`opsgauge expected` and `opsgauge sla risk` in their three forms, and their twins in the API."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from opsgauge.foundation.settings import open_workspace
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from tests.cli.conftest import Run
from tests.conftest import Intake
from tests.operations.test_breach_risk import served


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make a workspace with half a year of tickets and a service level."""
    intake = Intake(tmp_path_factory.mktemp("desk"))
    yield served(intake).workspace.path
    intake.close()


@pytest.fixture(scope="module")
def client(workspace: Path) -> TestClient:
    """Return a browser of this machine."""
    context = Context(open_workspace(workspace), readers=Readers(remember=True))
    return TestClient(make_app(context), base_url="http://127.0.0.1:8787")


@pytest.mark.row("SPC-12")
@pytest.mark.parametrize(
    ("asked", "words", "rows"),
    [
        ((), "Mondays bring ", 58),
        (("--period", "hour", "--event", "Rollout=2026-03-02"), "The busiest time is Monday", 1344),
        (("--where", "team=Slow", "--period", "week"), "Seasonal naive: MASE", 25),
    ],
)
def test_what_was_expected_speaks_to_people_and_programs(
    opsgauge: Run,
    client: TestClient,
    workspace: Path,
    asked: tuple[str, ...],
    words: str,
    rows: int,
) -> None:
    """A table, JSON, CSV, and the same from the API."""
    verb = ("expected", "tickets_opened", *asked, "--workspace", workspace)
    done, plain = opsgauge(*verb), opsgauge(*verb, "--format", "json").json
    lines = list(csv.DictReader(io.StringIO(opsgauge(*verb, "--format", "csv").out)))
    options = {each[2:]: asked[at + 1] for at, each in enumerate(asked) if each.startswith("--")}
    twin = client.get("/api/v1/metrics/tickets_opened/expected", params=options)

    assert words in done.out
    assert "Season: MASE" in done.out
    assert len(lines) == len(plain["points"])
    assert abs(len(lines) - rows) <= 2
    assert twin.json() == plain


@pytest.mark.row("SLA-09")
def test_risks_speak_to_people_and_programs(
    opsgauge: Run, client: TestClient, workspace: Path
) -> None:
    """The riskiest first, as many as asked for; how reliable they are; the same from the API."""
    verb = ("sla", "risk", "in_time", "--limit", "3", "--workspace", workspace)
    done, plain = opsgauge(*verb), opsgauge(*verb, "--format", "json").json
    reliable = opsgauge(*verb, "--reliability")
    lines = list(csv.DictReader(io.StringIO(opsgauge(*verb, "--format", "csv").out)))
    twin = client.get("/api/v1/service-levels/in_time/risk?limit=3")
    as_csv = client.get("/api/v1/service-levels/in_time/risk?limit=3&format=csv")

    assert done.code == 1  # an alert pays
    assert "Will break" in done.out
    assert " Due " in done.out
    assert "Beyond chance" in reliable.out
    assert "open tickets have not broken it yet" in done.out
    assert [each["ticket_id"] for each in lines] == [e["ticket_id"] for e in plain["tickets"]]
    assert len(plain["tickets"]) == 3 < plain["n"]
    assert "First alert at" in reliable.out
    page = client.get("/service-levels/in_time/risk").text
    while '<meta http-equiv="refresh"' in page:  # it says that it learns, and loads by itself
        page = client.get("/service-levels/in_time/risk").text
    assert ">Due</th>" in page
    assert "mean square" in page
    assert twin.json() == plain
    assert len(as_csv.text.splitlines()) == 4


def test_what_is_wrong_is_said_with_what_to_do(opsgauge: Run, workspace: Path) -> None:
    """Exit 2, and the hint."""
    wrong = opsgauge("expected", "tickets_opened", "--event", "x", "--workspace", workspace)
    cost = opsgauge("sla", "risk", "in_time", "--late-cost", "-1", "--workspace", workspace)

    assert (wrong.code, cost.code) == (2, 2)
    assert "is no event." in wrong.err
    assert "cannot cost -1" in cost.err
