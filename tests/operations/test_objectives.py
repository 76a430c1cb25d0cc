"""Objectives over a desk whose good and bad tickets are known by the hour."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import ObjectiveWrong, UnknownMetric, UnknownName
from opsgauge.metrics.question import Question
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
nobody:
  title: Of nobody
  metric: cancelled_share
  where: [team=Nobody]
  objective: 95%
  window: 7 days
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


def test_without_records_it_says_so(desk: Intake) -> None:
    """It is neither kept nor missed."""
    found = objective(desk.context, "nobody")

    assert found.state is State.NO_DATA
    assert "nothing to count" in found.sentence()
    assert objectives(desk.context).sentence() == "1 of 4 objectives is burning or spent"


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
