"""A control chart in phases: limits frozen for some, begun anew for others, some points excluded.

Floor 4, analysis. What people agreed on becomes a plan, which `control_charts.draw` draws: each
phase is charted by itself, so no run reaches from one into the next. Where people froze limits for
a phase, those hold from the first period of their baseline on, whatever its values do: what went
before was never held against them. A phase without needs as many periods as any chart, and until
then its points are shown and not judged.
"""

from bisect import bisect_left
from collections.abc import Sequence

from opsgauge.analysis.control_charts.chart import Plan, Point, Rebase
from opsgauge.analysis.control_charts.limits import NOISE, Limits
from opsgauge.foundation.agreed import AgreedPhases, FrozenLimits


def plan_of(
    points: Sequence[Point], agreed: AgreedPhases, rules: str = "", *, frozen: bool = True
) -> Plan:
    """Return how a series is charted by what people agreed on.

    Parameters
    ----------
    points : oldest first, one per period without leaving any out; the series may begin within a
        phase, or after it
    rules : a rule set; "" for the one of the kind of chart
    frozen : whether limits that people froze hold; they are of an XmR chart

    Returns
    -------
    One phase or more, oldest first; those without a point are left out.

    Examples
    --------
    >>> from opsgauge.analysis.control_charts.draw import draw
    >>> from opsgauge.foundation.agreed import Series
    >>> weeks = [Point(f"2026-W{w:02}", v, n=40) for w, v in enumerate([9, 7] * 5 + [2, 3] * 5, 1)]
    >>> agreed = AgreedPhases(Series("m", "median", (), "week"), rebased=("2026-W11",))
    >>> drawn = draw(weeks, "lower", plan=plan_of(weeks, agreed))
    >>> [phase.limits.centre for phase in drawn.phases]
    [8.0, 2.5]
    """
    labels = [each.period for each in points]
    begun = sorted({0, *(bisect_left(labels, at) for at in _begins(agreed))})
    why = dict(agreed.left_out)
    return Plan(
        rebase=tuple(
            Rebase(at, limits=_limits(agreed, points, at, ends) if frozen else None)
            for at, ends in zip(begun, [*begun[1:], len(points)], strict=True)
            if at < len(points)
        ),
        exclude={at: why[label] for at, label in enumerate(labels) if label in why},
        rules=rules,
    )


def frozen_in(agreed: AgreedPhases, period: str) -> FrozenLimits | None:
    """Return the limits that hold in a period: of its phase's baselines begun by then, the newest.

    The newest is the one that was signed last.
    """
    begun = [at for at in agreed.rebased if at <= period]
    start, end = begun[-1] if begun else "", next((a for a in agreed.rebased if a > period), "~")
    inside = [each for each in agreed.frozen if start <= each.first < end and each.first <= period]
    return inside[-1] if inside else None


def _begins(agreed: AgreedPhases) -> list[str]:
    """Return the first periods of all phases: begun anew, or of a baseline whose limits then hold.

    Of a baseline signed before another one that began earlier none do.
    """
    holding = [each.first for each in agreed.frozen if frozen_in(agreed, each.first) is each]
    return [*agreed.rebased, *holding]


def limits_of(frozen: FrozenLimits, points: Sequence[Point]) -> Limits:
    """Return frozen limits as a chart of these points takes them."""
    known = [abs(each.value) for each in points if each.value is not None]
    noise = NOISE * max([*known, abs(frozen.centre)])
    return Limits(frozen.lower, frozen.centre, frozen.upper, frozen.mean_moving_range, noise)


def _limits(agreed: AgreedPhases, points: Sequence[Point], at: int, ends: int) -> Limits | None:
    frozen = frozen_in(agreed, points[at].period) if points else None
    return limits_of(frozen, points[at:ends]) if frozen else None
