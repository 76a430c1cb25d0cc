"""What is frozen: enough periods, steady, with what was excluded beside."""

import pytest

from opsgauge.analysis.baselines.frozen import frozen
from opsgauge.analysis.control_charts.chart import Point
from opsgauge.foundation.errors import TooFewPoints


def weeks(*values: float | None) -> list[Point]:
    """Return a point for each week, of forty tickets each."""
    return [Point(f"2026-W{week:02}", value, n=40) for week, value in enumerate(values, 1)]


@pytest.mark.row("BAS-05")
@pytest.mark.parametrize(("periods", "warned"), [(12, True), (19, True), (20, False)])
def test_twelve_periods_are_enough_and_twenty_are_well(periods: int, warned: bool) -> None:
    """Gaps and excluded points are no periods."""
    values = [10.0 + week % 2 for week in range(periods)]
    found = frozen(weeks(*values), "lower", {})
    assert (found.periods, found.stable, bool(found.warnings)) == (periods, True, warned)
    with pytest.raises(TooFewPoints, match="here are 11"):
        frozen(weeks(*values[:12]), "lower", {"2026-W03": "A storm."})
    with pytest.raises(TooFewPoints, match="here are 11"):
        frozen(weeks(None, *values[:11]), "lower", {})
    with pytest.raises(TooFewPoints, match="here are 0"):
        frozen([], "lower", {})


@pytest.mark.row("BAS-05")
def test_a_special_cause_makes_it_unsteady_unless_it_is_excluded() -> None:
    """What was excluded is told with its reason, and its tickets do not count into n."""
    values = [8.0 + 4 * (week % 2) for week in range(20)]
    values[7] = 40.0
    shaken = frozen(weeks(*values), "lower", {})
    assert shaken.special_causes == {"2026-W08": ("outside_limits",)}
    calm = frozen(weeks(*values), "lower", {"2026-W08": "A storm.", "2030-W01": "Another."})
    assert (calm.stable, calm.n, calm.excluded) == (True, 760, {"2026-W08": "A storm."})


def test_all_alike_has_no_width() -> None:
    """A process that never varies is steady, with limits on its centre."""
    found = frozen(weeks(*[5.0] * 12), "lower", {}).as_json()
    assert (found["lower"], found["centre"], found["upper"]) == (5.0, 5.0, 5.0)
