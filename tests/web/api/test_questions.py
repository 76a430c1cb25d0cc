"""Shifts, windows and groups, asked by address and by command: the same question, one answer."""

import pytest
from fastapi.testclient import TestClient

from tests.cli.conftest import Run, opsgauge
from tests.conftest import Intake

__all__ = ["opsgauge"]
SHIFTED = "period=week&shift=previous&by=opened_hour"


@pytest.mark.row("CAT-10")
def test_command_and_address_give_the_same(client: TestClient, desk: Intake, opsgauge: Run) -> None:
    """And the table for people says what stands beside."""
    asked = ["--period", "week", "--shift", "previous", "--by", "opened_hour"]
    place = ["--workspace", desk.workspace.path]
    by_address = client.get(f"/api/v1/measure/tickets_opened?{SHIFTED}").json()
    by_command = opsgauge("measure", "tickets_opened", *asked, *place, "--format", "json").json

    assert by_address["rows"] == by_command["rows"]
    assert by_address["rows"][-1]["shifted_period"] == "2026-W04"
    assert "beside the week before" in by_address["sentence"]
    assert "Against" in opsgauge("measure", "tickets_opened", *asked, *place).out
    heads = opsgauge("measure", "tickets_opened", *asked, *place, "--format", "csv").out
    assert "opened_hour" in heads.splitlines()[0]
    assert "shifted_period" in heads.splitlines()[0]


@pytest.mark.row("CAT-10")
@pytest.mark.parametrize(
    "asked", ["rolling=7d&period=week", "to_date=true&period=month", "shift=2&period=week"]
)
def test_a_list_has_as_many_as_the_number(client: TestClient, asked: str) -> None:
    """Asked by the same address, with the period and what splits it."""
    found = client.get(f"/api/v1/measure/tickets_opened?{asked}&by=team").json()["rows"]
    last = found[-1]
    team = last["by"]["team"] or ""
    place = f"metric=tickets_opened&{asked}&by=team&at={last['period']}&value=team={team}"

    assert client.get(f"/api/v1/tickets?{place}").json()["total"] == last["n"]
    if "shift" in asked:
        listed = client.get(f"/api/v1/tickets?{place}&part=shifted").json()
        assert listed["total"] == last["shifted_n"]


def test_an_explained_question_has_its_query(client: TestClient) -> None:
    """The sentence and the SQL are of the window."""
    told = client.get("/api/v1/explain/time_to_resolve?period=week&rolling=7d").json()

    assert "over the 7 days up to its end" in told["sentence"]
    assert "start_us" in told["sql"]


@pytest.mark.parametrize(
    "asked", ["shift=never&period=week", "rolling=9d&period=week", "to_date=true", "aggregate=mean"]
)
def test_what_cannot_be_asked_is_told(client: TestClient, asked: str) -> None:
    """With a hint, as everywhere."""
    told = client.get(f"/api/v1/measure/tickets_opened?{asked}")

    assert told.status_code == 400
    assert told.json()["error"]["hint"]
