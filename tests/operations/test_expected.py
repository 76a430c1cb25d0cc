"""What a metric was expected to be: by hour, day and week, in the workspace's zone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from opsgauge.analysis.forecast.layout import Event
from opsgauge.foundation.errors import PersonSplit, QueryWrong, TooFewPoints
from opsgauge.metrics.question import Question
from opsgauge.operations.asking import conditions
from opsgauge.operations.context import Context
from opsgauge.operations.expected import expected
from opsgauge.operations.expected_series import hourly
from opsgauge.operations.measure import measure
from opsgauge.operations.named_events import event_of
from opsgauge.operations.opened import Readers
from tests.conftest import Intake, seeing
from tests.operations.made_work import MAPPING, log

OPENED = Question("tickets_opened", period="day")
HOURLY = replace(OPENED, period="hour")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Import half a year."""
    intake = Intake(tmp_path_factory.mktemp("desk"))
    intake.takes(log(), mapping=MAPPING)
    yield replace(intake.context, readers=Readers(remember=True))
    intake.close()


@pytest.mark.row("SPC-12")
def test_a_day_is_told_with_what_was_expected_of_it(desk: Context) -> None:
    """Eight weeks judged, the running day and the next ahead; the sentence says it in one line."""
    told = expected(desk, OPENED)
    values = {row.period: row.value for row in measure(desk, OPENED).rows}
    over = [point for point in told.points if point.value is not None]

    assert len(over) >= 54
    assert all(point.value == values[point.period] for point in over)
    assert [point.period for point in told.points if point.state == "ahead"] == [
        "2026-05-25",
        "2026-05-26",
    ]
    monday = next(p for p in told.points if p.period == "2026-05-25")
    assert monday.expected == pytest.approx(22, abs=3)
    assert monday.sentence.startswith("Monday 2026-05-25, expected ")
    assert "got" in over[0].sentence
    assert told.foreseen.method == "season"


@pytest.mark.row("BAS-03")
def test_a_season_says_its_days_and_a_busy_monday_is_no_signal(desk: Context) -> None:
    """Mondays bring more than others every week: predictable, and never far above."""
    told = expected(desk, OPENED)
    mondays = [p for p in told.points if date.fromisoformat(p.period).weekday() == 0 and p.value]

    assert any(each.startswith("Mondays bring ") for each in told.profile.sentences())
    assert "Sundays bring next to nothing." in told.profile.sentences()
    assert sum(point.predictable for point in mondays) >= len(mondays) - 3
    assert not [point for point in mondays if point.state == "far above"]


@pytest.mark.row("SPC-12")
def test_hours_add_up_to_days(desk: Context) -> None:
    """Every hour that is over, at night zeros; the hour of a local zone."""
    told = expected(desk, HOURLY)
    days = {row.period: row.value for row in measure(desk, OPENED).rows}
    by_day: dict[str, float] = {}
    for point in told.points:
        if point.value is not None:
            by_day[point.period[:10]] = by_day.get(point.period[:10], 0.0) + point.value
    busy = next(p for p in told.points if p.period == "2026-05-25 11:00")

    assert {day: days[day] for day in by_day} == by_day
    assert len(told.points) == 24 * 56
    assert busy.sentence.startswith("Monday 11–12, expected ")
    assert next(p for p in told.points if p.period == "2026-05-20 03:00").high == 0


def test_hours_are_those_of_the_zone(tmp_path_factory: pytest.TempPathFactory) -> None:
    """In Amsterdam the clock goes forward on 29 March: there is no third hour, and it is no gap."""
    intake = Intake(tmp_path_factory.mktemp("west"), 'zone = "Europe/Amsterdam"')
    intake.takes(log(90, 4), mapping=MAPPING)
    layout = hourly(intake.context, HOURLY)
    row = (date(2026, 3, 29) - layout.first).days
    told = expected(intake.context, HOURLY)
    intake.close()

    assert layout.length[row].tolist() == [1.0, 1.0, 0.0, *[1.0] * 21]
    assert layout.length.sum() == 24 * len(layout.length) - 1
    assert not [p for p in told.points if p.period == "2026-03-29 02:00"]
    assert [p for p in told.points if p.period == "2026-03-29 03:00"]


def test_other_metrics_have_a_season_too(desk: Context) -> None:
    """Hours until resolved: no count, so ranges have fractions; and nothing goes below nought."""
    told = expected(desk, Question("time_to_resolve", period="day"))
    ranges = [(p.low, p.high) for p in told.points if p.low is not None]

    assert ranges
    assert all(low is not None and high is not None and 0 <= low <= high for low, high in ranges)
    assert any(low % 1 for low, _ in ranges if low)


def test_events_are_named_where_they_fall(desk: Context) -> None:
    """A rollout that did nothing is not named; what it is of is read from text."""
    rollout = event_of("Rollout=2026-05-04..2026-05-08")
    told = expected(desk, OPENED, [rollout, Event("Rollout", date(2026, 4, 6), date(2026, 4, 7))])

    assert "Rollout" in next(p for p in told.points if p.period == "2026-05-06").occasions
    assert not next(p for p in told.points if p.period == "2026-05-20").occasions
    for wrong in ("Rollout", "=2026-05-04", "R=2026-05-08..2026-05-04", "R=soon"):
        with pytest.raises(QueryWrong, match="no event"):
            event_of(wrong)
    with pytest.raises(QueryWrong, match="more than a year"):
        event_of("R=2024-05-08..2026-05-04")


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (replace(OPENED, by=("team",)), "one series"),
        (replace(OPENED, period="month"), "by the month"),
        (replace(OPENED, rolling="7d"), "do not overlap"),
        (replace(HOURLY, metric="time_to_resolve"), "not counted by the hour"),
        (replace(HOURLY, metric="backlog"), "not counted by the hour"),
    ],
)
def test_what_cannot_be_expected_is_refused(desk: Context, question: Question, says: str) -> None:
    """With what to do instead."""
    with pytest.raises(QueryWrong, match=says) as wrong:
        expected(desk, question)
    assert wrong.value.hint


def test_too_short_a_series_and_a_person_are_refused(desk: Context) -> None:
    """Fourteen days are less than two seasons and what to hold against them."""
    with pytest.raises(TooFewPoints, match="29 days or more"):
        expected(desk, replace(OPENED, from_=date(2026, 5, 4)))
    with pytest.raises(TooFewPoints, match="15 days or more"):
        expected(desk, replace(HOURLY, from_=date(2026, 5, 20)))
    with pytest.raises(PersonSplit):
        expected(desk, replace(OPENED, where=conditions(["assignee=ann"])))


def test_who_sees_one_team_is_told_of_that_alone(desk: Context) -> None:
    """The hours of a team are those of its tickets, as a filter by it has them."""
    own = replace(desk, actor=seeing(*conditions(["team=Slow"])))
    filtered = expected(desk, replace(HOURLY, where=conditions(["team=Slow"])))

    assert expected(own, HOURLY).points == filtered.points


def test_hours_are_not_told_where_few_records_are_withheld(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Most hours have few, so the day is the least."""
    intake = Intake(tmp_path_factory.mktemp("few"), "suppress_below = 5")
    intake.takes(log(60, 6), mapping=MAPPING)
    with pytest.raises(QueryWrong, match="withholds numbers of few"):
        expected(intake.context, HOURLY)
    told = expected(intake.context, OPENED)
    intake.close()

    assert not [p for p in told.points if p.value is not None and 0 < p.value < 5]
