"""A chart judges whole periods alone: neither one the records begin in, nor one they end in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from opsgauge.metrics.question import Question
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.measure import chart
from tests.conftest import Intake

SUNDAY = datetime(2026, 1, 4, 8, tzinfo=UTC)
MONDAY = SUNDAY + timedelta(days=1)


def charted(make_intake: Callable[..., Intake], begin: datetime, period: str = "week") -> Charted:
    """Chart a desk that gets a ticket every day from `begin` to a Monday ten weeks later."""
    desk = make_intake()
    days = (begin + timedelta(days=n) for n in range((MONDAY - begin).days + 71))
    rows = [f"T{n},{day:%Y-%m-%dT%H:%MZ},New,Desk,ann" for n, day in enumerate(days)]
    desk.takes("\n".join(["number,at,state,team,who", *rows]))
    return chart(desk.context, Question("tickets_opened", period=period))


def test_a_week_that_began_before_the_records_is_not_judged(
    make_intake: Callable[..., Intake],
) -> None:
    """Of the first week only its Sunday is known: one ticket, no signal, no part of the limits."""
    seen = charted(make_intake, SUNDAY)
    first, last = seen.points[0], seen.points[-1]

    assert (first.n, first.complete, first.signals) == (1, False, ())
    assert first.part == "began before the records"
    assert (last.n, last.complete, last.part) == (1, False, "not ended")
    assert (seen.lower, seen.centre, seen.upper) == (7, 7, 7)
    assert all(point.complete for point in seen.points[1:-1])


def test_a_week_that_begins_with_the_records_is_whole(make_intake: Callable[..., Intake]) -> None:
    """Its first ticket came on Monday morning; the days before are none of it."""
    seen = charted(make_intake, MONDAY)

    assert [point.complete for point in seen.points] == [True] * 10 + [False]
    assert [point.part for point in seen.points[:10]] == [""] * 10


def test_the_day_the_records_begin_is_whole(make_intake: Callable[..., Intake]) -> None:
    """Nobody works at midnight."""
    assert charted(make_intake, SUNDAY, "day").points[0].complete
