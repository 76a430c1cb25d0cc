"""A control chart in phases: limits frozen for some, begun anew for others, some points excluded.

Floor 4, analysis. Each phase is charted by itself, so no run reaches from one into the next. Where
people froze limits for a phase, those hold in it, whatever its values do; a phase without needs as
many periods as any chart, and until then its points are shown and not judged.
"""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

from opsgauge.analysis.control_charts import xmr
from opsgauge.analysis.control_charts.chart import Chart, JudgedPoint, Point
from opsgauge.analysis.control_charts.limits import NOISE, Limits
from opsgauge.foundation.agreed import AgreedPhases, FrozenLimits
from opsgauge.foundation.errors import TooFewPoints


@dataclass(frozen=True)
class Phase:
    """One phase of a chart.

    Attributes
    ----------
    chart : None while it has too few periods for limits
    frozen : the limits that people agreed on, where they did
    """

    points: tuple[Point, ...]
    chart: Chart | None
    frozen: FrozenLimits | None = None

    @property
    def judged(self) -> tuple[JudgedPoint, ...]:
        """Its points as judged; none of them where it has no limits."""
        if self.chart is not None:
            return self.chart.points
        return tuple(
            JudgedPoint(each.period, each.value, each.n, each.complete, False, None, (), "steady")
            for each in self.points
        )


def phased(points: Sequence[Point], good: str, agreed: AgreedPhases) -> tuple[Phase, ...]:
    """Chart a series by what people agreed on.

    Parameters
    ----------
    points : oldest first, one per period without leaving any out; the series may begin within a
        phase, or after it
    good : the metric's good direction

    Returns
    -------
    One phase or more, oldest first; those without a point are left out.

    Raises
    ------
    TooFewPoints : no phase has limits

    Examples
    --------
    >>> from opsgauge.foundation.agreed import Series
    >>> weeks = [Point(f"2026-W{w:02}", v, n=40) for w, v in enumerate([9, 7] * 5 + [2, 3] * 5, 1)]
    >>> agreed = AgreedPhases(Series("m", "median", (), "week"), rebased=("2026-W11",))
    >>> [phase.chart.limits.centre for phase in phased(weeks, "lower", agreed)]
    [8.0, 2.5]
    """
    excluded = {period for period, _ in agreed.left_out}
    labels = [each.period for each in points]
    cuts = [0, *(bisect_left(labels, at) for at in agreed.rebased), len(points)]
    phases = [
        _phase(points[start:end], good, excluded, _frozen_in(agreed, labels[start]))
        for start, end in pairwise(sorted(set(cuts)))
    ]
    if all(phase.chart is None for phase in phases):
        # None of them alone has enough: say what the last one lacks.
        xmr.chart(phases[-1].points if phases else (), good)
        raise TooFewPoints("Too many of the chart's points are excluded for limits.")
    return tuple(phases)


def _phase(
    points: Sequence[Point], good: str, excluded: Collection[str], frozen: FrozenLimits | None
) -> Phase:
    out = [at for at, each in enumerate(points) if each.period in excluded]
    chart: Chart | None = None
    if frozen is not None:
        chart = xmr.chart_by(points, good, limits_of(frozen, points), out)
    else:
        with suppress(TooFewPoints):
            chart = xmr.chart(points, good, exclude=out)
    return Phase(tuple(points), chart, frozen)


def _frozen_in(agreed: AgreedPhases, period: str) -> FrozenLimits | None:
    """Return the limits of the phase that holds a period: those signed last of a baseline in it."""
    begun = [at for at in agreed.rebased if at <= period]
    start, end = begun[-1] if begun else "", next((a for a in agreed.rebased if a > period), "~")
    inside = [each for each in agreed.frozen if start <= each.first < end]
    return inside[-1] if inside else None


def limits_of(frozen: FrozenLimits, points: Sequence[Point]) -> Limits:
    """Return frozen limits as a chart of these points takes them."""
    known = [abs(each.value) for each in points if each.value is not None]
    noise = NOISE * max([*known, abs(frozen.centre)])
    return Limits(frozen.lower, frozen.centre, frozen.upper, frozen.mean_moving_range, noise)
