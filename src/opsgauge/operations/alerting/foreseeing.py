"""Metrics that are forecast to go beyond a value, and what a season lets expect.

Floor 5. The arithmetic is `analysis.forecast`; the series are those that a threshold judges.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from opsgauge.analysis.alerting.guards import Stretch, stretches
from opsgauge.analysis.forecast.backtest import FEWEST_SEASONS, foresee
from opsgauge.analysis.forecast.crossing import Ahead, looks_ahead
from opsgauge.analysis.forecast.layout import A_WEEK, Layout
from opsgauge.analysis.forecast.ranges import FEWEST
from opsgauge.foundation.alerting import ABOVE, AlertRule, Guard
from opsgauge.foundation.errors import QueryWrong, TooFewPoints
from opsgauge.foundation.units import COUNTED, amount, percent, whole
from opsgauge.governance import targets as targets_kept
from opsgauge.governance.firings import Fired
from opsgauge.governance.rules import text
from opsgauge.log.periods import ONE_DAY, dates_of, label_of
from opsgauge.operations.alerting.drafting import segment_of
from opsgauge.operations.alerting.series import ALL, Judged
from opsgauge.operations.asking import written
from opsgauge.operations.context import Context
from opsgauge.operations.phrases import when

MOST_ROWS = 1_100  # periods that are looked back: what is older tells little of what comes


@dataclass(frozen=True)
class Foreseen:
    """What a part of a rule's series lets foresee.

    Attributes
    ----------
    guard : with the limit as it stands now
    ahead : of each of the newest periods, what was foreseen when it was over
    skipped : how many older periods were not looked at
    """

    guard: Guard
    ahead: tuple[Ahead | None, ...]
    skipped: int

    @property
    def stretches(self) -> list[Stretch]:
        """When the chance was above what the rule asks, until it fell to half of that."""
        chances = [each.chance if each else None for each in self.ahead]
        found = stretches(chances, _on_chances(self.guard))
        more = self.skipped
        return [
            Stretch(each.first + more, None if each.cleared is None else each.cleared + more)
            for each in found
        ]

    def at(self, place: int) -> Ahead | None:
        """Return what was foreseen when a period was over."""
        return self.ahead[place - self.skipped] if place >= self.skipped else None


def _on_chances(guard: Guard) -> Guard:
    half = guard.sure / 2
    # What it fires above is a chance, whichever side of the limit it is the chance of.
    return Guard(ABOVE, guard.sure, half, guard.lasting, guard.hits, guard.of)


def foreseen_of(ctx: Context, rule: AlertRule, seen: Judged, part: str) -> Foreseen:
    """Return what a part's series lets foresee.

    Raises
    ------
    QueryWrong : the limit is a target's, and none stands
    """
    guard = with_goal(ctx, rule)
    layout = _layout(rule, seen, part)
    if np.nanmin(layout.values, initial=0.0) < 0:
        raise QueryWrong(f"{seen.measured.title} goes below nought: its season means nothing.")
    ahead = looks_ahead(layout, guard.ahead, guard.limit, guard.side)
    return Foreseen(guard, tuple(ahead), len(seen.labels) - len(ahead))


def with_goal(ctx: Context, rule: AlertRule) -> Guard:
    """Return a rule's guard, with the goal of the target that stands now where it asks for it.

    Raises
    ------
    QueryWrong : no target of the same metric, statistic, records and period stands
    """
    guard = rule.guard
    assert guard is not None  # noqa: S101 - every forecast has one
    if not guard.of_target:
        return guard
    for each in targets_kept.targets(ctx.database, rule.metric):
        same = (each.statistic, text(each.segment)) == (rule.statistic, text(rule.segment))
        if same and each.period == rule.grain:
            return replace(guard, limit=each.goal)
    raise QueryWrong(
        f"No target by the {rule.grain} stands for these records.",
        hint="Set one: opsgauge targets set, or name a value.",
    )


def usual_ends(rule: AlertRule, seen: Judged, part: str) -> list[float | None] | None:
    """Return of each period how far its season let expect on the rule's side.

    Returns
    -------
    None where the rule does not ask; of a period, None where too little was known then
    """
    guard = rule.guard
    if guard is None or not guard.unusual:
        return None
    layout = _layout(rule, seen, part)
    unknown: list[float | None] = [None] * len(seen.labels)
    there = np.flatnonzero(~np.isnan(layout.values[:, 0]))
    if not len(there):
        return unknown
    layout = layout.since(int(there[0]))
    learnt = FEWEST_SEASONS * layout.cycle + FEWEST  # rows without which nothing is expected
    try:
        found = foresee(layout, judged=max(1, len(layout.values) - learnt))
    except TooFewPoints:
        return unknown
    side = found.ranges.high if guard.side == ABOVE else found.ranges.low
    ends = [None if np.isnan(end) else float(end) for end in side[:, 0]]
    return [*unknown[: len(seen.labels) - len(ends)], *ends]


def _layout(rule: AlertRule, seen: Judged, part: str) -> Layout:
    numbers = seen.numbers(part)[-MOST_ROWS:]
    values = np.array([np.nan if each is None else each for each in numbers], dtype=float)
    first = dates_of(seen.labels[-len(numbers)])[0] if numbers else dates_of("2000-W01")[0]
    column = values[:, np.newaxis]
    days = A_WEEK if rule.grain == "week" else 1
    return Layout(first, column, np.ones_like(column), days, seen.measured.unit in COUNTED)


def forecasts(ctx: Context, rule: AlertRule, seen: Judged) -> Iterator[Fired]:
    """Yield what fires of a rule of forecasts."""
    for part in seen.parts:
        found = foreseen_of(ctx, rule, seen, part)
        last = found.stretches[-1:]
        # A part that ends before the newest period has nothing to say of what comes.
        if last and last[0].cleared is None and found.ahead:
            newest = found.ahead[-1] or found.at(last[0].first)
            if newest is not None:
                yield _fired(ctx, rule, seen, part, (found.guard, newest, last[0].first))


def _fired(
    ctx: Context,
    rule: AlertRule,
    seen: Judged,
    part: str,
    told: tuple[Guard, Ahead, int],
) -> Fired:
    guard, ahead, first = told
    measured, label = seen.measured, seen.labels[-1]
    segment = segment_of(rule, seen.values[part]) if part != ALL else rule.segment
    whose = f" where {', '.join(each.sentence() for each in segment)}" if segment else ""
    limit = amount(guard.limit, measured.unit)
    goal = ", its target," if guard.of_target else ""
    chance = percent(ahead.chance, 0)
    comes = [_after(label, step + 1, rule.grain) for step in range(guard.ahead)]
    likely = "" if ahead.first is None else f", most likely by {when(comes[ahead.first])[3:]}"
    return Fired(
        subject=part,
        onset=seen.labels[first],
        segment=segment,
        told={
            "what": f"{measured.title}{whose} is forecast to go {guard.side} {limit}{goal} within "
            f"{guard.ahead} {rule.grain}s{likely}: the chance is {chance}.",
            "sure": how_sure(ahead, guard, measured.unit, comes[-1]),
            "metric": rule.metric,
            "title": measured.title,
            "statistic": measured.statistic,
            "period": label,
            "grain": rule.grain,
            "chance": ahead.chance,
            "limit": guard.limit,
            "ahead": guard.ahead,
            "n": ahead.paths,
            "where": [written(each) for each in segment],
        },
    )


def how_sure(ahead: Ahead, guard: Guard, unit: str, last: str) -> str:
    """Say how sure a forecast is.

    Examples
    --------
    >>> import numpy as np
    >>> ends = [np.array([each]) for each in (70.0, 90.0, 110.0)]
    >>> how_sure(Ahead(60, 54, 0, *ends), Guard("above", 80.0, ahead=1), "tickets", "2026-W06")
    'of 60 forecasts before, if this one is as far off as each of them was, 54 end above 80; \
in week 6 of 2026 four of five lie between 70 and 110.'
    """
    low, high = (amount(float(each[-1]), unit) for each in (ahead.low, ahead.high))
    return (
        f"of {whole(ahead.paths)} forecasts before, if this one is as far off as each of them was, "
        f"{whole(ahead.crossing)} end {guard.side} {amount(guard.limit, unit)}; "
        f"{when(last)} four of five lie between {low} and {high}."
    )


def _after(label: str, steps: int, grain: str) -> str:
    days = A_WEEK if grain == "week" else 1
    return label_of(dates_of(label)[0] + steps * days * ONE_DAY, grain)
