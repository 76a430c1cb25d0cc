"""What is said about a chart: assurance, leaning neighbours, seasons, what a rebase brought."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from opsgauge.foundation.agreed import Target
from opsgauge.governance.rebases import Rebase
from opsgauge.metrics.question import Question
from opsgauge.operations.about_chart import about_chart
from opsgauge.operations.charting import charting
from opsgauge.operations.context import Context
from opsgauge.operations.measure import chart
from opsgauge.operations.rebasing import rebase
from opsgauge.operations.targets import end_target, set_target
from tests.conftest import MAPPING, Intake

MONDAY = date(2025, 1, 6)
WIDE, NARROW = (1, 7, 2, 6, 1, 8, 3, 7), (4, 5, 4, 4, 5, 5, 4, 5)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return sixty weeks: thirty in which hours swing, thirty in which they hardly do.

    Tickets come on weekdays, five on Mondays and one on the others.
    """
    intake = Intake(tmp_path_factory.mktemp("about"))
    rows = ["number,at,state,team,who"]
    for week in range(60):
        hours = (WIDE if week < 30 else NARROW)[week % 8]
        for weekday in range(7):
            day = MONDAY + timedelta(days=7 * week + weekday)
            for place in range(5 if weekday == 0 else 1):
                name = f"T{week}-{weekday}-{place}"
                rows.append(f"{name},{day} 08:00,New,A,x")
                rows.append(f"{name},{day} {8 + hours:02}:00,Done,A,x")
    intake.takes("\n".join(rows) + "\n", mapping=MAPPING + "practice: incident\n")
    yield intake
    intake.close()


def about(ctx: Context, metric: str = "time_to_resolve", period: str = "week") -> str:
    """Return what is said about a chart."""
    return " ".join(about_chart(ctx, chart(ctx, Question(metric, period=period))))


@pytest.mark.row("SPC-04")
@pytest.mark.parametrize(
    ("hours", "told"),
    [(4.0, "is chance"), (40.0, "met in every period")],
)
def test_a_target_is_held_against_the_limits(desk: Intake, hours: float, told: str) -> None:
    """By the newest limits: by chance, or always; without a target nothing is said."""
    ctx = desk.context
    aim = Target("time_to_resolve", "", (), "week", "number", hours, None, MONDAY, None, "Why.")
    assert "target" not in about(ctx)
    made = set_target(ctx, aim)
    try:
        assert told in about(ctx)
    finally:
        end_target(ctx, made.number, "Tried.")


@pytest.mark.row("SPC-07")
def test_a_season_and_leaning_neighbours_are_told_before_limits_are_believed(desk: Intake) -> None:
    """Mondays bring five times as much: of days, a season; of weeks, none."""
    assert "A season comes back every 7 periods" in about(desk.context, "tickets_opened", "day")
    assert "season" not in about(desk.context, "tickets_opened", "week")
    assert "swing against each other" in about(desk.context)


@pytest.mark.row("SPC-11")
def test_since_a_rebase_less_variation_is_an_outcome(desk: Intake) -> None:
    """The limits are a fraction of what they were, with an interval."""
    ctx = desk.context
    begun = (MONDAY + timedelta(days=7 * 30)).isocalendar()
    at = f"{begun.year}-W{begun.week:02}"
    rebase(ctx, Rebase("time_to_resolve", "", (), "week", at, "Other shifts.", "The new plan"))
    told = about(Context(desk.workspace, clock=ctx.clock, records=ctx.records))

    assert "its limits are narrower" in told


@pytest.mark.row("BAS-03")
def test_what_a_season_or_a_named_event_explains_is_not_flagged(desk: Intake) -> None:
    """Mondays bring five times as much: as days they lie outside, and are known ahead."""
    days = chart(desk.context, Question("tickets_opened", period="day"))
    mondays = [each for each in days.points if each.value == 5 and each.complete]

    assert len(mondays) > 50
    assert all(each.predictable.startswith("Mondays bring ") for each in mondays)
    assert not any(each.signals for each in mondays)
    assert all("outside_limits" in each.broke for each in mondays)
    told = about(desk.context, "tickets_opened", "day")
    assert "Not flagged, since it was known ahead: " in told
    assert "Mondays bring " in told


@pytest.mark.row("BAS-03")
def test_a_day_that_is_odd_for_its_weekday_alone_is_told(tmp_path: Path) -> None:
    """A quiet Monday among busy ones, and two rollouts of four days that people named."""
    intake = Intake(tmp_path)
    rows, rollout = ["number,at,state,team,who"], (*range(99, 103), *range(120, 124))
    for at in range(140):
        day, monday = MONDAY + timedelta(days=at), at % 7 == 0
        count = (12 if monday else 4) + at % 2
        count = 4 if at == 70 else 14 if at in rollout else count
        rows += [f"T{at}-{n},{day} 08:00,New,A,x" for n in range(count)]
    intake.takes("\n".join(rows) + "\n", mapping=MAPPING + "practice: incident\n")
    ctx, asked = intake.context, Question("tickets_opened", period="day")
    quiet, *days = (f"{MONDAY + timedelta(days=at)}" for at in (70, 99, 102, 120, 123))

    plain = {each.period: each for each in chart(ctx, asked).points}
    assert quiet in chart(ctx, asked).unusual
    assert all(plain[day].signals for day in days)
    named = charting(event=[f"Rollout={one}..{last}" for one, last in (days[:2], days[2:])])
    told = {each.period: each for each in chart(ctx, asked, named).points}
    assert not any(told[day].signals for day in days)
    assert all("Rollout: " in told[day].predictable for day in days)
    intake.close()
