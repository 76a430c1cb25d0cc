"""XmR chart: one value per period, limits from how much neighbours differ.

Floor 4, analysis. Pure arithmetic on a series: no table, no clock, no randomness.
Source: Wheeler and Chambers, Understanding Statistical Process Control, 2nd ed., 1992.
"""

from collections.abc import Collection, Sequence

from opsgauge.analysis.control_charts.chart import Chart, Plan, Point, Rebase
from opsgauge.analysis.control_charts.draw import draw
from opsgauge.analysis.control_charts.limits import Limits
from opsgauge.analysis.control_charts.patterns import Lenient


def chart(
    points: Sequence[Point],
    good: str,
    freeze: int | None = None,
    exclude: Collection[int] = (),
    *,
    equal_steps_break: bool = True,
) -> Chart:
    """Draw an XmR chart by the Making Data Count rules, in one phase.

    Parameters
    ----------
    points : oldest first, one per period without leaving any out; 8 that can be judged or more
    good : the metric's good direction: "lower", "higher" or "neutral"
    freeze : take the limits from the first so many points only
    exclude : positions, from 0, of points with a known cause
    equal_steps_break : whether two equal neighbours end a trend

    Raises
    ------
    TooFewPoints : fewer than 8 points can be judged, or lie within `freeze`
    QueryWrong : `good` is no direction, or `exclude` names a point that is not there

    Examples
    --------
    >>> weeks = [Point(f"2026-W{w:02}", v, n=40) for w, v in enumerate([9, 7, 8, 7, 9, 8, 7, 9], 1)]
    >>> calm = chart([*weeks, Point("2026-W09", 20, n=40)], good="lower", freeze=8)
    >>> calm.limits.centre, calm.points[-1].signals, calm.points[-1].verdict
    (8.0, ('outside_limits',), 'worse')
    """
    plan = Plan(freeze, exclude=exclude, lenient=Lenient(equal_steps_break=equal_steps_break))
    return draw(points, good, plan=plan)


def chart_by(
    points: Sequence[Point], good: str, limits: Limits, exclude: Collection[int] = ()
) -> Chart:
    """Chart values by limits known from elsewhere, such as those that people agreed on.

    Parameters
    ----------
    points, good, exclude : as of `chart`; any number of points will do
    """
    return draw(points, good, plan=Plan(rebase=(Rebase(0, limits=limits),), exclude=exclude))
