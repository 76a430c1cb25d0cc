"""Objectives over a desk whose good and bad tickets are known by the hour."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.alerting import AlertRule
from opsgauge.foundation.errors import ObjectiveWrong, UnknownMetric, UnknownName
from opsgauge.metrics.question import Question
from opsgauge.operations.alerting.replaying_burns import would_burn
from opsgauge.operations.context import Context
from opsgauge.operations.measure import measure
from opsgauge.operations.objectives import State, objective, objectives
from tests.conftest import MAPPING, Intake, seeing

LAST = date(2026, 3, 30)
FILE = """\
fine:
  title: Not cancelled
  metric: cancelled_share
  objective: 80%
  window: 30 days
moved:
  title: Not cancelled, without the move
  metric: cancelled_share
  objective: 80%
  window: 30 days
  maintenance: [{from: 2026-03-20, to: 2026-03-21, why: The move}]
team_b:
  title: Of team B
  metric: cancelled_share
  where: [team=B]
  objective: 95%
  window: calendar month
  burn: [{spent: 5%, within: 12 hours}]
office:
  title: Not cancelled, within office hours
  metric: cancelled_share
  objective: 80%
  window: 30 days
  hours: office
office_moved:
  title: Not cancelled, within office hours without the move
  metric: cancelled_share
  objective: 80%
  window: calendar month
  hours: office
  maintenance: [{from: 2026-03-20 12:00, to: 2026-03-20, why: The move}]
nobody:
  title: Of nobody
  metric: cancelled_share
  where: [team=Nobody]
  objective: 95%
  window: 7 days
"""

OFFICE = """\
title: Office
zone: UTC
week:
  monday-friday: ["09:00-17:00"]
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return thirty days of ten tickets a day, all good but for two days and the last hours.

    On 20 and 21 March all of team A are cancelled; on the last day, the newest four of team B.
    """
    intake = Intake(tmp_path_factory.mktemp("objectives"))
    rows = ["number,at,state,team,who"]
    for back in range(30):
        day = LAST - timedelta(days=29 - back)
        for place in range(10):
            team = "AB"[place % 2]
            bad = team == "A" and day in (date(2026, 3, 20), date(2026, 3, 21))
            bad |= team == "B" and day == LAST and place >= 3
            name = f"T{back}-{place}"
            rows.append(f"{name},{day} {8 + place:02}:10,New,{team},x")
            rows.append(f"{name},{day} {8 + place:02}:40,{'Void' if bad else 'Done'},{team},x")
    intake.takes("\n".join(rows) + "\n", mapping=MAPPING + "practice: incident\n")
    (intake.context.workspace.path / "calendars" / "office.yaml").write_text(OFFICE, "utf-8")
    folder = intake.context.workspace.path / "slos"
    folder.mkdir(exist_ok=True)
    (folder / "a.yaml").write_text(FILE, "utf-8")
    yield intake
    intake.close()


@pytest.mark.row("SLA-12")
def test_the_budget_is_counted_by_the_metric_itself(desk: Intake) -> None:
    """Ten of team A and four of team B, of 300; sixty may."""
    found = objective(desk.context, "fine")
    asked = Question("cancelled_share", from_=date(2026, 3, 1), to=LAST)
    [row] = measure(desk.context, asked).rows

    assert (found.budget.counted.total, found.budget.counted.bad) == (300, 14)
    assert found.budget.counted.bad == row.numerator
    assert found.budget.spent == pytest.approx(14 / 60)
    assert (found.from_, found.to) == (date(2026, 3, 1), LAST)
    assert found.left_by_day[-1] == pytest.approx(1 - 14 / 60)
    assert found.left_by_day[0] == 1.0
    told = found.sentence().replace("\u202f", " ")
    assert "95.3 % of 300 were good. 23 % of the budget is spent." in told


@pytest.mark.row("SLA-12")
def test_maintenance_is_left_out_with_its_reason_and_shown_both_ways(desk: Intake) -> None:
    """Two days of ten tickets, ten of them bad."""
    found = objective(desk.context, "moved")

    assert (found.budget.counted.total, found.budget.counted.bad) == (280, 4)
    assert found.whole is not None
    assert (found.whole.counted.total, found.whole.counted.bad) == (300, 14)
    assert found.maintenance == ("The move",)
    plain = found.as_json()
    assert (plain["bad"], plain["with_maintenance"]["bad"]) == (4, 14)


@pytest.mark.row("SLA-12")
def test_a_burn_is_seen_by_the_hour(desk: Intake) -> None:
    """Four of five bad on the last day, the newest hour among them."""
    found = objective(desk.context, "team_b")
    [burn] = found.burns

    assert found.budget.elapsed == pytest.approx(30 / 31)
    assert burn.bad == 4
    assert burn.long == pytest.approx(4 / 5 / 0.05)
    assert burn.short == pytest.approx(1 / 0.05)
    assert burn.limit == pytest.approx(0.05 * 31 * 24 / 12)
    assert burn.is_burning(3)
    assert found.state is State.BURNING
    assert "it burned 16.0 times too fast" in found.sentence()


@pytest.mark.row("SLA-12")
def test_within_the_hours_of_a_calendar_the_rest_does_not_count(desk: Intake) -> None:
    """Of 1 to 30 March 21 are weekdays, of whose ten tickets eight come from nine to five.

    On Friday the 20th those of 10, 12, 14 and 16 o'clock are bad, on Monday the 30th those of 11,
    13 and 15; the one of 17 o'clock is out of hours, and all of Saturday the 21st.
    """
    found = objective(desk.context, "office")

    assert (found.budget.counted.total, found.budget.counted.bad) == (168, 7)
    assert found.budget.spent == pytest.approx(7 / (0.2 * 168))
    assert found.open_hours == 168
    assert found.all_hours is not None
    assert (found.all_hours.counted.total, found.all_hours.counted.bad) == (300, 14)
    assert found.left_by_day[-2] == pytest.approx(1 - 4 / (0.2 * (20 * 8)))
    hour, six, days = found.burns
    assert (hour.hours, six.hours, days.hours) == (1, 6, 17)  # 168 / 30 hours a day, thrice
    assert hour.limit == pytest.approx(0.02 * 168)
    assert six.limit == pytest.approx(0.05 * 168 / 6)
    assert days.limit == pytest.approx(0.10 * 168 / 17)
    assert (hour.long, six.short) == (0.0, 0.0)
    assert six.long == pytest.approx(3 / 6 / 0.2)
    plain = found.as_json()
    assert (plain["hours"], plain["open_hours"], plain["at_all_hours"]["bad"]) == (
        "office",
        168,
        14,
    )
    assert "within the hours of office" in found.sentence()


@pytest.mark.row("SLA-12")
def test_maintenance_by_the_minute_and_hours_are_each_shown_both_ways(desk: Intake) -> None:
    """From noon on of the 20th: five of office hours, three of them bad; six at all hours."""
    found = objective(desk.context, "office_moved")

    assert (found.budget.counted.total, found.budget.counted.bad) == (163, 4)
    assert found.whole is not None
    assert (found.whole.counted.total, found.whole.counted.bad) == (168, 7)
    assert found.all_hours is not None
    assert (found.all_hours.counted.total, found.all_hours.counted.bad) == (294, 11)
    assert found.maintenance == ("The move (2026-03-20 12:00 to 2026-03-20 24:00)",)
    assert found.budget.elapsed == pytest.approx(168 / 176)  # Tuesday the 31st is to come


@pytest.mark.row("SLA-12")
@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ('["09:30-17:00"]', "opens or closes within an hour"),
        ("[]", "never open"),
    ],
)
def test_a_calendar_that_does_not_fit_is_told(desk: Intake, hours: str, said: str) -> None:
    """Beside the objective, whose others go on."""
    file = desk.context.workspace.path / "calendars" / "office.yaml"
    file.write_text(OFFICE.replace('["09:00-17:00"]', hours), "utf-8")
    try:
        assert said in objective(desk.context, "office").why_not
        assert objective(desk.context, "fine").why_not == ""
    finally:
        file.write_text(OFFICE, "utf-8")


@pytest.mark.row("ALR-03")
def test_a_burn_is_replayed_hour_by_hour(desk: Intake) -> None:
    """Of team B, with three bad at least: at 15 o'clock of 30 March, and again with the fourth.

    Of all, a fifth may be bad. On the 20th five of ten are, on the 21st the one of 8 o'clock: six
    of thirty in three days, and one of one in six hours. The newest six hours of the 21st are calm
    from 22 o'clock on, when the good one of 17 o'clock is alone in them.
    """
    began = datetime(2025, 4, 1, tzinfo=UTC)
    rule = AlertRule("B", "burn_rate", "Why.", about="team_b")
    found = would_burn(desk.context, rule, began)

    assert [each.at[:16] for each in found.firings] == ["2026-03-30T16:00", "2026-03-30T17:40"]
    fine = would_burn(desk.context, replace(rule, about="fine"), began)
    assert [(each.at[:16], each.until) for each in fine.firings] == [
        ("2026-03-21T09:00", "2026-03-21T23:00:00Z")
    ]


def test_without_records_it_says_so(desk: Intake) -> None:
    """It is neither kept nor missed."""
    found = objective(desk.context, "nobody")

    assert found.state is State.NO_DATA
    assert "nothing to count" in found.sentence()
    assert objectives(desk.context).sentence() == (
        "1 of 6 objectives is burning or spent: ‘Of team B’, burning"
    )


def test_whom_rows_are_hidden_from_sees_the_budget_of_their_own(desk: Intake) -> None:
    """Team A's tickets alone: all bad ones but four are theirs."""
    theirs = replace(desk.context, actor=seeing(Condition("team", ("A",))), held=None)
    found = objective(theirs, "fine")

    assert (found.budget.counted.total, found.budget.counted.bad) == (150, 10)
    assert objective(theirs, "team_b").state is State.NO_DATA


@pytest.mark.parametrize(
    ("metric", "fault"),
    [
        ("time_to_resolve", ObjectiveWrong),
        ("tickets_opened", ObjectiveWrong),
        ("cancelled_shares", UnknownMetric),
    ],
)
def test_a_metric_that_has_no_good_and_bad_is_refused(
    desk: Intake, metric: str, fault: type[Exception]
) -> None:
    """With what would do."""
    file = desk.context.workspace.path / "slos" / "b.yaml"
    file.write_text(f"x: {{title: X, metric: {metric}, objective: 90%, window: 7 days}}\n", "utf-8")
    try:
        with pytest.raises(fault):
            objectives(desk.context)
    finally:
        file.unlink()


def test_a_name_that_is_none_is_told_the_nearest(desk: Intake) -> None:
    """As everywhere."""
    with pytest.raises(UnknownName) as fault:
        objective(desk.context, "fin")
    assert "fine" in fault.value.hint


def test_numbers_of_few_records_stay_withheld(desk: Intake) -> None:
    """Days of ten tickets, where fewer than twenty are shown to nobody."""
    ctx = desk.context
    settings = ctx.workspace.settings.model_copy(update={"suppress_below": 20})
    strict: Context = replace(ctx, workspace=replace(ctx.workspace, settings=settings), held=None)
    found = objective(strict, "fine")

    assert found.state is State.UNKNOWN
    assert "withheld" in found.sentence()
    assert found.budget.counted.total == 0
