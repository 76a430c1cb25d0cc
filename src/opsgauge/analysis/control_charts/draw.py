"""Draws a control chart: phase by phase, limits, rules, and what each point says.

Floor 4, analysis. Pure arithmetic on a series: no table, no clock, no randomness.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isfinite, nan
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opsgauge.analysis.control_charts.chart import (
    USUAL,
    Chart,
    JudgedPoint,
    Phase,
    Plan,
    Point,
    Rebase,
)
from opsgauge.analysis.control_charts.fit import THREE, Fitted, Stretch, by_limits
from opsgauge.analysis.control_charts.kinds import COUNT, RATIO, SPREAD, Kind, kind_of
from opsgauge.analysis.control_charts.limits import FEWEST_POINTS, Limits
from opsgauge.analysis.control_charts.patterns import runs
from opsgauge.analysis.control_charts.rules import (
    OUTSIDE_LIMITS,
    Broken,
    RuleSet,
    broken_by,
    rule_set,
    verdict,
)
from opsgauge.analysis.control_charts.standing import Floats, Standing, steps_of
from opsgauge.foundation.errors import QueryWrong, TooFewPoints

ENOUGH = 20  # periods: limits from fewer may yet move by a good part of their width


def draw(points: Sequence[Point], good: str, kind: str = "xmr", plan: Plan = USUAL) -> Chart:
    """Chart one value per period and name the signals.

    Parameters
    ----------
    points : oldest first, one per period without leaving any out; 8 that can be judged or more
    good : the metric's good direction: "lower", "higher" or "neutral"
    kind : a key of `kinds.KINDS`
    plan : what the limits come from, where they begin anew, what stays out, by which rules

    Returns
    -------
    As many points as came in, in the same order. A gap stays a gap: no moving range, trend or run
    reaches over it. Every rule begins anew at every phase. A phase that has fewer than 8 points
    yet, or whose points have too few neighbours, beside one that has more, has no limits: its
    points are shown and not judged.

    Raises
    ------
    TooFewPoints : no phase has 8 points that can be judged, or a baseline holds fewer
    QueryWrong : there is no such direction, kind or rule set; the values are not of the kind;
        `exclude` or `rebase` names a point that is not there

    Examples
    --------
    >>> weeks = [
    ...     Point(f"2026-W{w:02}", None, n=50, numerator=k)
    ...     for w, k in enumerate([5, 4, 6, 5, 3, 6, 5, 6, 16], 1)
    ... ]
    >>> drawn = draw(weeks, "lower", "p", Plan(freeze=8))
    >>> round(drawn.limits.upper, 3), drawn.points[-1].value, drawn.points[-1].verdict
    (0.227, 0.32, 'worse')
    """
    asked, judged_by = kind_of(kind), _rules_for(kind_of(kind), plan.rules)
    _refuse_unknown([*plan.exclude], len(points), "leave out")
    _refuse_unknown([each.at for each in plan.rebase], len(points), "begin a phase at")
    columns = _columns(points, asked, plan)
    spans = _spans(plan, len(points))
    enough = _must_suffice(columns, spans)
    judging = _Judging(columns, asked, judged_by, plan)
    parts = [
        judging.part(span, alone=sum(enough) == 1) if limits else _Part(span)
        for span, limits in zip(spans, enough, strict=True)
    ]
    if all(part.fitted is None for part in parts):
        judging.part(spans[-1], alone=True)  # says what the newest phase lacks
    told = _Telling(points, asked, plan, good)
    return Chart(
        kind=asked.name,
        rules=judged_by.name,
        good=good,
        points=tuple(
            told.point(at, number, part)
            for number, part in enumerate(parts)
            for at in range(part.span.where.at, part.span.end)
        ),
        phases=tuple(told.phase(part) for part in parts),
        lenient=plan.lenient,
        notes=_notes(parts, points),
    )


@dataclass(frozen=True)
class _Span:
    """Where a phase begins, with its baseline, and the position after its last point."""

    where: Rebase
    end: int


class _Drawn(NamedTuple):
    """What is drawn of one point; None where there is nothing."""

    value: float | None
    centre: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class _Part:
    """One phase, judged; `fitted` is None while it waits for points."""

    span: _Span
    stretch: Stretch | None = None
    fitted: Fitted | None = None
    broken: Sequence[tuple[Broken, ...]] = ()  # of each of its points
    ranges: Sequence[float | None] = ()
    lines: Sequence[_Drawn] = ()
    whole: tuple[str, ...] = ()  # rules broken by all of it


@dataclass(frozen=True)
class _Telling:
    """Turns arrays into points and phases."""

    points: Sequence[Point]
    kind: Kind
    plan: Plan
    good: str

    def point(self, at: int, phase: int, part: _Part) -> JudgedPoint:
        point, place = self.points[at], at - part.span.where.at
        line = part.lines[place] if part.lines else _Drawn(None, None, None, None)
        broken = part.broken[place] if part.broken else ()
        excluded, why = at in self.plan.exclude, self.plan.exclude
        value = line.value
        if value is None and not self.kind.smoothed:
            value = _finite(_drawn(point, self.kind))
        return JudgedPoint(
            period=point.period,
            value=value,
            n=point.n,
            complete=point.complete,
            excluded=excluded,
            moving_range=part.ranges[place] if part.ranges else None,
            broken=broken,
            verdict=verdict(broken, self.good),
            centre=line.centre,
            lower=line.lower,
            upper=line.upper,
            phase=phase,
            reason=why[at] if excluded and isinstance(why, Mapping) else "",
            measured=_finite(point.value),
        )

    def phase(self, part: _Part) -> Phase:
        where, end = part.span.where, part.span.end
        limits, count = None, 0
        if part.fitted and part.stretch:
            fitted, stretch = part.fitted, part.stretch
            there = np.flatnonzero(stretch.kept & np.isfinite(fitted.drawn))
            newest = there[-1] if len(there) else -1
            limits = where.limits or Limits(
                lower=float(fitted.lower[newest]),
                centre=float(fitted.centre[newest]),
                upper=float(fitted.upper[newest]),
                mean_moving_range=fitted.mean_moving_range,
                noise=stretch.noise,
            )
            count = int(stretch.base.sum())
        return Phase(
            start=where.at,
            end=end,
            first=self.points[where.at].period,
            last=self.points[end - 1].period,
            limits=limits,
            limits_from=count,
            why=where.why,
            sigma_z=part.fitted.sigma_z if part.fitted else None,
            broken=part.whole,
        )


def _rules_for(kind: Kind, name: str) -> RuleSet:
    chosen = rule_set(name or kind.rules)
    if kind.smoothed and chosen.name != kind.rules:
        raise QueryWrong(
            f"The values of the {kind.title} lean on each other, so that runs say nothing.",
            hint=f"Use the rules {kind.rules!r}, or another chart.",
        )
    return chosen


def _columns(points: Sequence[Point], kind: Kind, plan: Plan) -> Stretch:
    """Return the whole series as arrays; values that are not judged are nan."""
    values = np.array([_drawn(point, kind) for point in points], dtype=float)
    whole = np.array([point.complete for point in points], dtype=bool)
    kept = np.ones(len(points), dtype=bool)
    kept[[*plan.exclude]] = False
    size = np.array([_size(point) for point in points], dtype=float)
    judged = np.where(whole & np.isfinite(values), values, nan)
    if kind.sized:
        judged = np.where(size > 0, judged, nan)
    return Stretch(
        values=judged,
        size=size,
        spread=np.array([nan if p.spread is None else p.spread for p in points], dtype=float),
        kept=kept,
        base=kept & np.isfinite(judged),
        periods=tuple(point.period for point in points),
        smoothing=plan.smoothing,
    )


def _size(point: Point) -> float:
    return float(point.n if point.denominator is None else point.denominator)


def _drawn(point: Point, kind: Kind) -> float:
    """Return what a chart of this kind draws of a period; nan for nothing."""
    value = nan if point.value is None else float(point.value)
    if kind.draws == SPREAD:
        return nan if point.spread is None or _size(point) < 2 else point.spread
    if point.numerator is None or kind.draws not in {RATIO, COUNT}:
        return value * _size(point) if kind.draws == COUNT and kind.sized else value
    if kind.draws == COUNT:
        return point.numerator
    return point.numerator / _size(point) if _size(point) else nan


def _spans(plan: Plan, count: int) -> list[_Span]:
    """Return the phases, oldest first."""
    phases = sorted(plan.rebase, key=lambda each: each.at)
    for before, after in pairwise(phases):
        if before.at == after.at:
            raise QueryWrong(
                f"Two phases begin at point {after.at}.", hint="Leave one of them away."
            )
    if not phases or phases[0].at > 0:
        phases = [Rebase(0, plan.freeze), *phases]
    ends = [*(each.at for each in phases[1:]), count]
    return [_Span(where, end) for where, end in zip(phases, ends, strict=True)]


def _must_suffice(columns: Stretch, spans: Sequence[_Span]) -> list[bool]:
    """Say which phases can have limits."""
    counts = [int(columns.base[each.where.at : each.end].sum()) for each in spans]
    known = [each.where.limits is not None for each in spans]
    if max(counts) < FEWEST_POINTS and not any(known):
        raise TooFewPoints(
            f"A control chart needs {FEWEST_POINTS} periods or more; this one has {max(counts)}.",
            hint="Choose a longer range or a shorter period.",
        )
    return [count >= FEWEST_POINTS or given for count, given in zip(counts, known, strict=True)]


@dataclass(frozen=True)
class _Judging:
    """Puts limits on one phase after another, and says which rules are broken."""

    columns: Stretch
    kind: Kind
    rules: RuleSet
    plan: Plan

    def part(self, span: _Span, alone: bool) -> _Part:
        """Judge a phase; one that others stand beside may wait for more points."""
        if alone or span.where.freeze is not None:
            return self.judged(span)
        try:
            return self.judged(span)
        except TooFewPoints:
            return _Part(span)

    def judged(self, span: _Span) -> _Part:
        stretch = _cut(self.columns, span)
        known = span.where.limits
        fitted = self.kind.fit(stretch) if known is None else by_limits(stretch, known)
        kept = np.flatnonzero(stretch.kept)
        standing = _passing_over(fitted, stretch, kept)
        broken: list[tuple[Broken, ...]] = [()] * len(stretch.values)
        found = broken_by(standing, self.rules, self.plan.lenient)
        for at, rules in zip(kept, found, strict=True):
            broken[at] = rules
        outside = fitted.judging.beyond(THREE)
        for at in np.flatnonzero(~stretch.kept & (outside != 0)):
            broken[at] = (Broken(OUTSIDE_LIMITS, int(outside[at])),)
        ranges: list[float | None] = [None] * len(stretch.values)
        steps = _known(np.abs(np.diff(fitted.drawn[kept], prepend=nan)))
        for at, step in zip(kept, steps, strict=True):
            ranges[at] = step
        lines = map(_known, (fitted.drawn, fitted.centre, fitted.lower, fitted.upper))
        few = [rule.name for rule in self.rules.rules if rule.pattern == "crossings"]
        whole = tuple(few) if few and runs(standing.side).too_few else ()
        drawn = [_Drawn(*each) for each in zip(*lines, strict=True)]
        return _Part(span, stretch, fitted, broken, ranges, drawn, whole)


def _cut(columns: Stretch, span: _Span) -> Stretch:
    part, freeze = slice(span.where.at, span.end), span.where.freeze
    base = columns.base[part].copy()
    if freeze is not None:
        base[max(freeze, 0) :] = False
        if base.sum() < FEWEST_POINTS:
            raise TooFewPoints(
                f"Limits need {FEWEST_POINTS} periods or more; the first {freeze} hold "
                f"{int(base.sum())} that can be judged.",
                hint="Freeze the limits on more periods.",
            )
    return replace(
        columns,
        values=columns.values[part],
        size=columns.size[part],
        spread=columns.spread[part],
        kept=columns.kept[part],
        base=base,
        periods=columns.periods[part],
    )


def _passing_over(fitted: Fitted, stretch: Stretch, kept: npt.NDArray[np.intp]) -> Standing:
    """Return where the points that are not taken out stand, as if the others were not there."""
    judging, shape = fitted.judging, stretch.values.shape
    return Standing(
        sigmas=judging.sigmas[kept],
        side=judging.side[kept],
        steps=steps_of(fitted.drawn[kept], stretch.noise),
        known=judging.known[kept],
        slack=np.broadcast_to(judging.slack, shape)[kept],
    )


def _notes(parts: Sequence[_Part], points: Sequence[Point]) -> tuple[str, ...]:
    """Say what a reader must know about the newest limits."""
    newest = parts[-1]
    if newest.stretch is None or newest.fitted is None:
        since = points[newest.span.where.at].period
        return (
            f"The phase that begins with {since} has no limits yet: they come with "
            f"{FEWEST_POINTS} periods.",
        )
    count, told = int(newest.stretch.base.sum()), list(newest.fitted.notes)
    if count < ENOUGH:
        told.append(f"The limits come from {count} periods; under {ENOUGH} they may yet move.")
    return tuple(told)


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


def _known(values: Floats) -> list[float | None]:
    """Return the values of an array, None where there is none."""
    return [value if isfinite(value) else None for value in values.tolist()]


def _refuse_unknown(places: Sequence[int], count: int, verb: str) -> None:
    strangers = sorted(at for at in places if not 0 <= at < count)
    if strangers:
        raise QueryWrong(
            f"There is no point {strangers[0]} to {verb}.",
            hint=f"Points are counted from 0 to {count - 1}.",
        )
