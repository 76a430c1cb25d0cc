"""Replay of targets: when each that stands now was off track or not met since it began.

Floor 5. What is told of a period is what its own values and those before it say.
"""

from collections.abc import Sequence
from datetime import datetime

from opsgauge.analysis.alerting.guards import stretches
from opsgauge.analysis.targets.outlook import outlook
from opsgauge.foundation.alerting import ABOVE, AlertRule, Guard
from opsgauge.foundation.units import amount
from opsgauge.governance.rules import within
from opsgauge.log.periods import ONE_DAY, dates_of, labels_between, start_of_day
from opsgauge.operations.alerting.telling import path_of
from opsgauge.operations.alerting.would import Found, Would
from opsgauge.operations.answers import iso
from opsgauge.operations.asking import written
from opsgauge.operations.context import Context
from opsgauge.operations.phrases import when
from opsgauge.operations.targets import MISSED, TargetState, target_states

FIRES = Guard(ABOVE, 0.5)  # of nought and one


def would_miss(ctx: Context, rule: AlertRule, begin: datetime) -> Found:
    """Return when a rule of targets would have fired since a moment."""
    made = []
    for each in target_states(ctx, rule.metric or None):
        if within(each.target.segment, rule.segment) and not each.suspect:
            made += _of_target(ctx, each, begin)
    made.sort(key=lambda each: each.at)
    note = "Of the targets that stand now, since each began; what is of suspect data is left out."
    return Found(made, notes=(note,))


def missed_at(
    values: Sequence[float | None], goal: float, good: str, ahead: int | None, over: bool
) -> list[bool]:
    """Say after each period whether a target was off track or not met.

    Parameters
    ----------
    values : of the whole periods since it began
    ahead : how many periods the review's lies after the last of them; None without a review
    over : the review has been; the last of `values` is its period

    Examples
    --------
    >>> missed_at([2, 4, 2], 3, "lower", None, over=False)
    [False, True, False]
    >>> missed_at([9, 8, 7, 6, 5, 4], 3, "lower", 2, over=False)[-1]
    False
    """
    found = []
    for known in range(1, len(values) + 1):
        left = len(values) - known
        further = left if over else None if ahead is None else ahead + left
        told = outlook(values[:known], goal, good, further, over and not left)
        found.append(told.state in MISSED)
    return found


def _of_target(ctx: Context, state: TargetState, begin: datetime) -> list[Would]:
    target, zone = state.target, ctx.workspace.zone
    labels = [label for label, _ in state.series]
    values = [value for _, value in state.series]
    over = bool(state.review_period) and labels[-1:] == [state.review_period]
    ahead = None
    if state.review_period and labels and not over:
        first, last = dates_of(labels[-1])[1] + ONE_DAY, dates_of(state.review_period)[1]
        ahead = len(labels_between(first, last, target.period))
    missed = missed_at(values, target.goal, state.good, ahead, over)
    ends = [start_of_day(dates_of(label)[1] + ONE_DAY, zone) for label in labels]
    made = []
    for each in stretches([float(flag) for flag in missed], FIRES):
        if ends[each.first] < begin:
            continue
        label, value = labels[each.first], values[each.first]
        told = "nothing" if value is None else amount(value, state.unit)
        until = None if each.cleared is None else str(iso(ends[each.cleared]))
        where = [written(one) for one in target.segment]
        path = path_of(
            {"metric": target.metric, "where": where, "grain": target.period, "period": label}
        )
        what = f"{state.title}: {told} {when(label)}, off track or not met. Aim: {state.aim()}"
        made.append(Would(str(iso(ends[each.first])), until, state.title, what, path))
    return made
