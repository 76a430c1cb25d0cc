"""Days on which no records came are told beside the numbers they touch."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from opsgauge.foundation.agreed import Condition
from opsgauge.metrics.question import Question
from opsgauge.operations.check import check
from opsgauge.operations.context import Context
from opsgauge.operations.measure import measure
from opsgauge.operations.opened import Readers
from opsgauge.operations.silence import silent_periods, with_silent
from opsgauge.operations.trust import trust_facts
from opsgauge.web.app import make_app
from tests.conftest import Intake

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
LOST = (datetime(2026, 3, 16, tzinfo=UTC), datetime(2026, 3, 23, tzinfo=UTC))
DAYS = "16 to 20 Mar 2026"
SOLVED = timedelta(minutes=30)


def moments() -> Iterator[datetime]:
    """Yield twelve openings a working day over twenty weeks, none in the week that is lost."""
    for day in (MONDAY + timedelta(days=n) for n in range(140)):
        if day.weekday() < 5 and not LOST[0] <= day < LOST[1]:
            yield from (day + timedelta(hours=8, minutes=45 * n) for n in range(12))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Import a desk that lost a week."""
    held = Intake(tmp_path_factory.mktemp("desk"))
    rows = [
        f"T{n},{at:%Y-%m-%dT%H:%MZ},{state},Desk,ann"
        for n, opened in enumerate(moments())
        for at, state in ((opened, "New"), (opened + SOLVED, "Done"))
    ]
    held.takes("\n".join(["number,at,state,team,who", *rows]))
    yield held
    held.close()


def silent(desk: Intake, question: Question) -> dict[str, str]:
    """Return what the periods of an answer say of lost days."""
    metric = desk.context.catalogue.get(question.metric)
    return dict(silent_periods(desk.context, metric, measure(desk.context, question)))


@pytest.mark.parametrize(
    ("period", "label"), [("week", "2026-W12"), ("month", "2026-03"), ("quarter", "2026-Q1")]
)
def test_a_period_says_which_of_its_days_brought_nothing(
    desk: Intake, period: str, label: str
) -> None:
    """Monday to Friday of week 12; no other period says anything."""
    found = silent(desk, Question("time_to_resolve", period=period))

    assert found == {label: f"no records {DAYS}"}


def test_each_lost_day_says_itself(desk: Intake) -> None:
    """By day there are five, and none of them has a row of its own in the answer."""
    question = Question("time_to_resolve", period="day")
    found = silent(desk, question)

    assert list(found) == [f"2026-03-{day}" for day in range(16, 21)]
    assert found["2026-03-16"] == "no records 16 Mar 2026"
    answer = measure(desk.context, question)
    filled = with_silent(answer, found)
    assert len(filled.rows) == len(answer.rows) + 5
    assert [row.period for row in filled.rows] == sorted(row.period for row in filled.rows)
    assert {row.value for row in filled.rows if row.period in found} == {None}


def test_other_days_and_other_sources_say_nothing(desk: Intake) -> None:
    """The weeks after the lost one, and the tickets of a source that lost nothing."""
    later = Question("time_to_resolve", period="week", from_=LOST[1].date())
    assert silent(desk, later) == {}

    metric = desk.context.catalogue.get("time_to_resolve")
    answer = measure(desk.context, Question("time_to_resolve", period="week"))
    other = replace(answer, where=(Condition("source", ("another",)),))
    assert silent_periods(desk.context, metric, other) == {}


def test_trust_and_the_check_name_the_days(desk: Intake) -> None:
    """A seventh fact, and the days as dates in JSON."""
    fact = trust_facts(desk.context)[-1]
    assert (fact.term, fact.figure, fact.check) == ("No records", "5 days", "gaps")
    assert DAYS in fact.words

    told = next(c for c in check(desk.context).as_json()["checks"] if c["id"] == "gaps")
    lost = {"source": "desk", "from": "2026-03-16", "to": "2026-03-20"}
    assert told["stretches"] == [lost]


def test_the_page_marks_the_week_in_its_table_and_beside_the_chart(desk: Intake) -> None:
    """The row is there, though no ticket is in it."""
    context = Context(desk.context.workspace, readers=Readers(remember=True))
    client = TestClient(make_app(context), base_url="http://127.0.0.1:8787")
    text = client.get("/metrics/time_to_resolve?period=week").text

    assert f"is not counted: no records {DAYS}." in text
    row = next(part for part in text.split("<tr") if "Week 12," in part and "<td" in part)
    assert f"no records {DAYS}" in row
    assert DAYS in client.get("/").text
