"""Charts in phases: frozen limits, fresh ones, excluded points, all three together."""

from dataclasses import replace

import pytest

from opsgauge.analysis.baselines.phased import phased
from opsgauge.analysis.control_charts.chart import Point
from opsgauge.foundation.agreed import AgreedPhases, FrozenLimits, Series
from opsgauge.foundation.errors import TooFewPoints

AGREED = AgreedPhases(Series("m", "median", (), "week"))
FROZEN = FrozenLimits("2026-W01", "2026-W12", 8.0, 5.0, 11.0, 1.128, 12, 1)


def weeks(*values: float | None) -> list[Point]:
    """Return a point for each week from the first on."""
    return [Point(f"2026-W{week:02}", value, n=40) for week, value in enumerate(values, 1)]


@pytest.mark.row("SPC-05")
def test_frozen_limits_hold_whatever_the_values_do() -> None:
    """Also of a series that begins long after the baseline, and of a single value."""
    late = [Point("2026-W40", 20.0, n=40)]
    [phase] = phased(late, "lower", replace(AGREED, frozen=(FROZEN,)))
    assert phase.chart is not None
    assert phase.chart.limits.centre == 8.0
    assert phase.judged[0].signals == ("outside_limits",)


@pytest.mark.row("SPC-05")
def test_no_run_reaches_from_one_phase_into_the_next() -> None:
    """Four above and four above are seven in a row without the rebase, and none with it."""
    values = [5] * 6 + [9] * 8 + [5] * 6
    one = phased(weeks(*values), "lower", AGREED)[0]
    assert any("shift" in each.signals for each in one.judged)
    two = phased(weeks(*values), "lower", replace(AGREED, rebased=("2026-W11",)))
    assert [len(phase.points) for phase in two] == [10, 10]
    assert not any("shift" in each.signals for phase in two for each in phase.judged)


@pytest.mark.row("SPC-05")
def test_each_phase_has_its_own_frozen_limits_and_the_newest_signed_wins() -> None:
    """A baseline belongs to the phase in which it begins."""
    second = replace(FROZEN, first="2026-W02", centre=7.0, number=2)
    third = replace(FROZEN, first="2026-W05", centre=3.0, number=3)
    agreed = replace(AGREED, frozen=(FROZEN, second, third), rebased=("2026-W05",))
    found = phased(weeks(*[8.0] * 8), "lower", agreed)
    assert [phase.frozen and phase.frozen.number for phase in found] == [2, 3]


@pytest.mark.row("SPC-05")
def test_an_excluded_point_enters_no_limits_and_no_run() -> None:
    """It is shown, and whether it lies outside is still said."""
    values = [8, 9, 7, 8, 60, 9, 7, 8, 9, 7]
    [phase] = phased(weeks(*values), "lower", replace(AGREED, left_out=(("2026-W05", "Storm."),)))
    assert phase.chart is not None
    assert phase.chart.limits.centre == 8.0
    storm = phase.judged[4]
    assert (storm.excluded, storm.value, storm.signals) == (True, 60, ("outside_limits",))


def test_a_phase_too_short_is_shown_without_limits_and_gaps_stay_gaps() -> None:
    """Where no phase has enough, the chart says how many it lacks."""
    values = [8, 9, 7, None, 8, 9, 7, 8, 9, 5, 5]
    old, new = phased(weeks(*values), "lower", replace(AGREED, rebased=("2026-W10",)))
    assert (old.chart is None, new.chart) == (False, None)
    assert old.judged[3].value is None
    assert [each.signals for each in new.judged] == [(), ()]
    with pytest.raises(TooFewPoints, match="this one has 2"):
        phased(weeks(*values[:6], 5, 5), "lower", replace(AGREED, rebased=("2026-W07",)))
    with pytest.raises(TooFewPoints, match="has 0"):
        phased([], "lower", AGREED)


def test_a_rebase_outside_the_series_makes_no_phase_without_points() -> None:
    """Before its first period, at it, or after its last one."""
    for at in ("2025-W01", "2026-W01", "2027-W01"):
        assert len(phased(weeks(*[8, 9] * 6), "lower", replace(AGREED, rebased=(at,)))) == 1
