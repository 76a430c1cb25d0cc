"""Charts in phases: frozen limits, fresh ones, excluded points, all three together."""

from dataclasses import replace

import pytest

from opsgauge.analysis.baselines.phased import frozen_in, plan_of
from opsgauge.analysis.control_charts.chart import Chart, Point
from opsgauge.analysis.control_charts.draw import draw
from opsgauge.foundation.agreed import AgreedPhases, FrozenLimits, Series
from opsgauge.foundation.errors import TooFewPoints

AGREED = AgreedPhases(Series("m", "median", (), "week"))
FROZEN = FrozenLimits("2026-W01", "2026-W12", 8.0, 5.0, 11.0, 1.128, 12, 1)


def weeks(*values: float | None) -> list[Point]:
    """Return a point for each week from the first on."""
    return [Point(f"2026-W{week:02}", value, n=40) for week, value in enumerate(values, 1)]


def phased(points: list[Point], agreed: AgreedPhases) -> Chart:
    """Chart a series by what people agreed on, lower being better."""
    return draw(points, "lower", plan=plan_of(points, agreed))


@pytest.mark.row("SPC-05")
def test_frozen_limits_hold_whatever_the_values_do() -> None:
    """Also of a series that begins long after the baseline, and of a single value."""
    late = [Point("2026-W40", 20.0, n=40)]
    chart = phased(late, replace(AGREED, frozen=(FROZEN,)))
    assert len(chart.phases) == 1
    assert chart.limits.centre == 8.0
    assert chart.points[0].signals == ("outside_limits",)


@pytest.mark.row("SPC-05")
def test_no_run_reaches_from_one_phase_into_the_next() -> None:
    """Four above and four above are seven in a row without the rebase, and none with it."""
    values = [5] * 6 + [9] * 8 + [5] * 6
    one = phased(weeks(*values), AGREED)
    assert any("shift" in each.signals for each in one.points)
    two = phased(weeks(*values), replace(AGREED, rebased=("2026-W11",)))
    assert [phase.end - phase.start for phase in two.phases] == [10, 10]
    assert not any("shift" in each.signals for each in two.points)


@pytest.mark.row("SPC-05")
def test_each_phase_has_its_own_frozen_limits_and_the_newest_signed_wins() -> None:
    """A baseline belongs to the phase in which it begins, and holds from its first period on."""
    second = replace(FROZEN, first="2026-W02", centre=7.0, number=2)
    third = replace(FROZEN, first="2026-W05", centre=3.0, number=3)
    agreed = replace(AGREED, frozen=(FROZEN, second, third), rebased=("2026-W05",))
    found = phased(weeks(*[8.0] * 8), agreed)
    frozen = [frozen_in(agreed, phase.first) for phase in found.phases]
    assert [each and each.number for each in frozen] == [1, 2, 3]
    assert [phase.limits and phase.limits.centre for phase in found.phases] == [8.0, 7.0, 3.0]


@pytest.mark.row("SPC-05")
def test_an_excluded_point_enters_no_limits_and_no_run() -> None:
    """It is shown, and whether it lies outside is still said."""
    values = [8, 9, 7, 8, 60, 9, 7, 8, 9, 7]
    chart = phased(weeks(*values), replace(AGREED, left_out=(("2026-W05", "Storm."),)))
    assert chart.limits.centre == 8.0
    storm = chart.points[4]
    assert (storm.excluded, storm.value, storm.signals) == (True, 60, ("outside_limits",))
    assert storm.reason == "Storm."


def test_a_phase_too_short_is_shown_without_limits_and_gaps_stay_gaps() -> None:
    """Where no phase has enough, the chart says how many it lacks."""
    values = [8, 9, 7, None, 8, 9, 7, 8, 9, 5, 5]
    chart = phased(weeks(*values), replace(AGREED, rebased=("2026-W10",)))
    old, new = chart.phases
    assert (old.limits is None, new.limits) == (False, None)
    assert chart.points[3].value is None
    assert [each.signals for each in chart.points[new.start :]] == [(), ()]
    with pytest.raises(TooFewPoints, match="this one has 5"):
        phased(weeks(*values[:6], 5, 5), replace(AGREED, rebased=("2026-W07",)))
    with pytest.raises(TooFewPoints, match="has 0"):
        phased([], AGREED)


def test_a_phase_whose_gaps_leave_too_few_neighbours_waits_beside_one_that_has_enough() -> None:
    """Eight values, no two of them next to each other; alone they are refused."""
    sparse: list[float | None] = [5.0, None] * 8
    agreed = replace(AGREED, rebased=("2026-W10",))
    chart = phased(weeks(*[8.0, 9, 7] * 3, *sparse), agreed)
    assert [each.limits is None for each in chart.phases] == [False, True]
    with pytest.raises(TooFewPoints, match="pairs of periods"):
        phased(weeks(*sparse), AGREED)


def test_a_rebase_outside_the_series_makes_no_phase_without_points() -> None:
    """Before its first period, at it, or after its last one."""
    for at in ("2025-W01", "2026-W01", "2027-W01"):
        assert len(phased(weeks(*[8, 9] * 6), replace(AGREED, rebased=(at,))).phases) == 1


@pytest.mark.row("SPC-05")
def test_a_baseline_does_not_judge_what_went_before_it() -> None:
    """Twelve weeks of eight by their own limits; the next four by those frozen at four."""
    newest = replace(FROZEN, first="2026-W13", last="2026-W16", centre=4.0, lower=3.0, upper=5.0)
    agreed = replace(AGREED, frozen=(newest,))
    chart = phased(weeks(*[8.0, 8.5] * 6, *[4.0, 4.2] * 2), agreed)

    assert [phase.first for phase in chart.phases] == ["2026-W01", "2026-W13"]
    assert not any(point.broken for point in chart.points)
    assert chart.phases[0].limits is not None
    assert chart.phases[0].limits.centre == pytest.approx(8.25)
    assert frozen_in(agreed, "2026-W12") is None
    assert frozen_in(agreed, "2026-W20") is newest
