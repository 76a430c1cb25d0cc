"""The pages of business calendars."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from opsgauge.foundation.settings import make_workspace
from opsgauge.operations.context import Context
from opsgauge.web.app import make_app
from tests.web.pages.conftest import Open, Read


@pytest.fixture
def empty(tmp_path: Path) -> TestClient:
    """Return a browser of a workspace without tickets or calendars."""
    made = Context(make_workspace(tmp_path / "w"))
    return TestClient(make_app(made), base_url="http://127.0.0.1:8787")


@pytest.mark.row("SLA-01")
def test_a_year_stands_day_by_day(page: Open) -> None:
    """Its sentence, twelve months with their hours, and the days that differ in words."""
    read = page("/calendars/desk?year=2026")

    assert read.headline == "Service desk is open 1,964 hours on 252 days in 2026"
    assert sum(tag == "table" for tag, _ in read.tags) == 12 + 1
    days = [given for tag, given in read.tags if tag == "td" and "title" in given]
    assert len(days) == 365
    assert days[5] == {"class": "holiday", "title": "Tue 6 Jan: Epiphany, closed"}
    assert days[364]["class"] == "exception"
    assert "clocks" in days[31 + 28 + 28]["class"]
    for words in ("January 154 h", "New Year's Eve", "Clocks go back by 60 min"):
        assert words in read.words


def test_the_years_beside_and_the_list_are_a_link_away(page: Open) -> None:
    """And every page leads to the calendars by its foot."""
    read = page("/calendars/desk?year=2026")
    links = {link.text: link.href for link in read.links}

    assert links["2025"] == "/calendars/desk?year=2025"
    assert links["2027"] == "/calendars/desk?year=2027"
    assert links["Calendars"] == "/calendars"
    assert "/calendars/desk" in [link.href for link in page("/calendars").links]
    assert "/calendars" in [link.href for link in page("/").links]


def test_a_page_has_a_json_twin(client: TestClient, page: Open) -> None:
    """With the same days, and its drawings are there once."""
    read = page("/calendars/desk?year=2026")
    ids = [given["id"] for _, given in read.tags if "id" in given]

    assert read.twin() == "/api/v1/calendars/desk?year=2026"
    assert len(client.get(read.twin()).json()["days"]) == 365
    assert len(ids) == len(set(ids))
    used = {given["href"][1:] for tag, given in read.tags if tag == "use"}
    assert used == {each for each in ids if each.startswith("bar-")}
    assert client.get(page("/calendars").twin()).json()["calendars"][1]["name"] == "desk"


def test_only_always_is_there_without_files(empty: TestClient) -> None:
    """With the next step in words; nothing comes from records that are not there."""
    listed, year = Read(empty.get("/calendars").text), Read(empty.get("/calendars/always").text)

    assert listed.headline == "One calendar, open day and night"
    assert "calendars/desk.yaml" in listed.words
    assert "No number on this page comes from the records." in listed.words
    assert "every week of" in year.words


def test_a_file_that_does_not_fit_is_told_on_the_page(empty: TestClient, tmp_path: Path) -> None:
    """On the list; a year of any calendar is refused until it is mended."""
    (tmp_path / "w" / "calendars" / "x.yaml").write_text("title: X\nzone: Mars\nweek: {}\n")
    listed = Read(empty.get("/calendars").text)

    assert listed.headline == "1 of 2 calendars cannot be read"
    assert "calendars/x.yaml, line 2, zone: 'Mars' is no IANA time zone." in listed.words
    refused = empty.get("/calendars/always", headers={"Accept": "text/html"})
    assert refused.status_code == 400
    assert "x.yaml, line 2" in refused.text


@pytest.mark.parametrize(
    ("path", "status"), [("/calendars/dask", 404), ("/calendars/desk?year=1500", 400)]
)
def test_what_is_not_there_is_refused(page: Open, path: str, status: int) -> None:
    """A calendar of another name, a year far away."""
    assert page(path).status == status
