"""XmR chart: one value per period, limits from how much neighbours differ.

Floor 4, analysis. Pure arithmetic on a series: no table, no clock, no randomness.
Source: Wheeler and Chambers, Understanding Statistical Process Control, 2nd ed., 1992.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import isfinite

from opsgauge.analysis.control_charts.limits import (
    FEWEST_POINTS,
    Limits,
    moving_ranges,
    natural_limits,
)
from opsgauge.analysis.control_charts.rules import OUTSIDE_LIMITS, Broken, broken_rules, verdict
from opsgauge.foundation.errors import QueryWrong, TooFewPoints


@dataclass(frozen=True)
class Point:
    """One period as measured.

    A value of None (or one that is no finite number) is a gap. A period that is not `complete`
    has not ended yet, or began before the records did: it is shown, but neither judged nor counted
    into the limits.
    """

    period: str
    value: float | None
    n: int
    complete: bool = True


@dataclass(frozen=True)
class JudgedPoint:
    """One period on the chart."""

    period: str
    value: float | None
    n: int
    complete: bool
    excluded: bool
    moving_range: float | None  # None for the first value, after a gap, and where not judged
    broken: tuple[Broken, ...]  # in order of precedence
    verdict: str  # "better", "worse", "change" (neutral metrics), "steady"

    @property
    def signals(self) -> tuple[str, ...]:
        """Names of the rules it breaks."""
        return tuple(one.rule for one in self.broken)

    @property
    def judged(self) -> bool:
        """Whether it takes part: it has a value, its period is whole, nobody took it out."""
        return self.complete and not self.excluded and self.value is not None


@dataclass(frozen=True)
class XmrChart:
    """A judged series with its limits; `limits_from` periods went into them."""

    good: str
    limits: Limits
    limits_from: int
    equal_steps_break: bool
    points: tuple[JudgedPoint, ...]

    @property
    def far_steps(self) -> tuple[int, ...]:
        """Positions of the points whose moving range is above its upper limit."""
        most, sign = self.limits.upper_moving_range, self.limits.sign
        return tuple(
            at
            for at, point in enumerate(self.points)
            if point.moving_range is not None and sign(point.moving_range - most) > 0
        )


def chart(
    points: Sequence[Point],
    good: str,
    freeze: int | None = None,
    exclude: Collection[int] = (),
    *,
    equal_steps_break: bool = True,
) -> XmrChart:
    """Chart one value per period and name the signals.

    Parameters
    ----------
    points : oldest first, one per period without leaving any out; 8 that can be judged or more
    good : the metric's good direction: "lower", "higher" or "neutral"
    freeze : take the limits from the first so many points only (excluded ones among them stay
        out); None takes all
    exclude : positions, from 0, of points with a known cause. They enter no limits and no run, and
        the points beside them become neighbours, as if they were not there; only whether they lie
        outside the limits is still said.
    equal_steps_break : whether two equal neighbours end a trend

    Returns
    -------
    As many points as came in, in the same order. A gap stays a gap: no moving range, trend or run
    reaches over it.

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
    _refuse_unknown(exclude, len(points))
    kept = [at for at in range(len(points)) if at not in exclude]
    values = [_to_judge(points[at]) for at in kept]
    base = [value for at, value in zip(kept, values, strict=True) if freeze is None or at < freeze]
    limits = _limits(values, base, freeze)
    return _judge(points, good, limits, exclude, equal_steps_break, base)


def chart_by(
    points: Sequence[Point], good: str, limits: Limits, exclude: Collection[int] = ()
) -> XmrChart:
    """Chart values by limits known from elsewhere, such as those that people agreed on.

    Parameters
    ----------
    points, good, exclude : as of `chart`; any number of points will do
    """
    _refuse_unknown(exclude, len(points))
    kept = [_to_judge(point) for at, point in enumerate(points) if at not in exclude]
    return _judge(points, good, limits, exclude, True, kept)


def _judge(
    points: Sequence[Point],
    good: str,
    limits: Limits,
    exclude: Collection[int],
    equal_steps_break: bool,
    base: Sequence[float | None],
) -> XmrChart:
    kept = [at for at in range(len(points)) if at not in exclude]
    values = [_to_judge(points[at]) for at in kept]
    broken = dict(
        zip(
            kept,
            broken_rules(values, limits, equal_steps_break=equal_steps_break),
            strict=True,
        )
    )
    ranges = dict(zip(kept, moving_ranges(values), strict=True))
    for at in exclude:
        broken[at] = _only_outside(_to_judge(points[at]), limits)
    judged = tuple(
        JudgedPoint(
            period=point.period,
            value=_finite(point.value),
            n=point.n,
            complete=point.complete,
            excluded=at in exclude,
            moving_range=ranges.get(at),
            broken=broken[at],
            verdict=verdict(broken[at], good),
        )
        for at, point in enumerate(points)
    )
    limits_from = sum(value is not None for value in base)
    return XmrChart(good, limits, limits_from, equal_steps_break, judged)


def _limits(
    values: Sequence[float | None], base: Sequence[float | None], freeze: int | None
) -> Limits:
    enough = sum(value is not None for value in values) >= FEWEST_POINTS
    known = sum(value is not None for value in base)
    if enough and known < FEWEST_POINTS:
        raise TooFewPoints(
            f"Limits need {FEWEST_POINTS} periods or more; the first {freeze} hold {known} that "
            "can be judged.",
            hint="Freeze the limits on more periods.",
        )
    return natural_limits(base if enough else values)


def _only_outside(value: float | None, limits: Limits) -> tuple[Broken, ...]:
    direction = 0 if value is None else limits.outside(value)
    return (Broken(OUTSIDE_LIMITS, direction),) if direction else ()


def _to_judge(point: Point) -> float | None:
    return _finite(point.value) if point.complete else None


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


def _refuse_unknown(exclude: Collection[int], count: int) -> None:
    strangers = sorted(at for at in exclude if not 0 <= at < count)
    if strangers:
        raise QueryWrong(
            f"There is no point {strangers[0]} to leave out.",
            hint=f"Points are counted from 0 to {count - 1}.",
        )
