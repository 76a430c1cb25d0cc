"""Replay of burn rates: when an error budget burned too fast, or was spent, over the past year.

Floor 5. Every hour is judged by the windows up to it, with the arithmetic of `error_budget`.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from opsgauge.analysis.alerting.guards import stretches
from opsgauge.analysis.promises.error_budget import SHORT_OF_LONG, Counted, burn_limit
from opsgauge.foundation.alerting import ABOVE, AlertRule, Guard
from opsgauge.log.calendars.stretches import instant_of
from opsgauge.metrics.objectives import Objective, days_of, load_objectives
from opsgauge.operations.alerting.telling import path_of
from opsgauge.operations.alerting.would import Found, Would
from opsgauge.operations.answers import iso
from opsgauge.operations.context import Context
from opsgauge.operations.objective_counts import count_hours
from opsgauge.operations.objectives import hours_of, long_hours, metric_of
from opsgauge.operations.service_hours import Hour

A_DAY = timedelta(days=1)
HOURS, MINUTES = 24, 60
LONGEST = {"month": 31, "quarter": 92, "year": 366}
FIRES = Guard(ABOVE, 0.5)  # of nought and one
Flags: TypeAlias = npt.NDArray[np.bool_]
Sums: TypeAlias = npt.NDArray[np.int64]


def would_burn(ctx: Context, rule: AlertRule, begin: datetime) -> Found:
    """Return when a rule of burn rates would have fired since a moment."""
    made = []
    for one in load_objectives(ctx.workspace.path):
        if rule.about in ("", one.name):
            made += _of_objective(ctx, one, begin)
    made.sort(key=lambda each: each.at)
    note = "Each hour is judged by the windows up to it; a state of less than an hour is not seen."
    return Found(made, notes=(note,))


def _of_objective(ctx: Context, one: Objective, begin: datetime) -> list[Would]:
    metric, opened, zone = metric_of(ctx, one), ctx.opened(), ctx.workspace.zone
    newest = opened.watermark.astimezone(zone)
    start = begin.astimezone(zone).date() - A_DAY * (one.days or LONGEST[one.grain])
    first = max(start, opened.periods.date_of(opened.periods.first))
    within = hours_of(ctx, one, first, newest.date())
    upto = (newest.date(), newest.hour)
    hours: list[Hour] = (
        [each for each in within.hours if first <= each[0] and each <= upto]
        if within
        else [
            (first + A_DAY * place, hour)
            for place in range((newest.date() - first).days + 1)
            for hour in range(HOURS)
            if (first + A_DAY * place, hour) <= upto
        ]
    )
    if not hours:
        return []
    counted = count_hours(ctx, metric, one, hours)
    fires = _burning(one, hours, counted, within is not None) | _spent(one, hours, counted)
    ends = [
        min(instant_of(day, (hour + 1) * MINUTES, zone), opened.watermark) for day, hour in hours
    ]
    path = path_of({"objective": one.name})
    made = []
    for each in stretches([float(flag) for flag in fires], FIRES):
        until = None if each.cleared is None else str(iso(ends[each.cleared]))
        if ends[each.first] >= begin:
            what = f"{one.title}: burned too fast, or spent"
            made.append(Would(str(iso(ends[each.first])), until, one.name, what, path))
    return made


def _burning(
    one: Objective, hours: Sequence[Hour], counted: Sequence[Counted], by_calendar: bool
) -> Flags:
    """Say of each hour whether any burn is told then."""
    total, bad = _sums(counted)
    lasted = max((hours[-1][0] - hours[0][0]).days + 1, 1)
    mean = len(hours) / lasted if by_calendar else 0.0  # hours of a day that are open
    spans = {day: days_of(one, day) for day, _ in hours}
    lengths = [(spans[day][1] - spans[day][0]).days + 1 for day, _ in hours]
    found = np.zeros(len(hours), dtype=bool)
    for days in sorted(set(lengths)):
        open_hours = round(mean * days)
        length = open_hours / HOURS if open_hours else days
        of_length = np.asarray(lengths) == days
        for each in one.burns:
            long = long_hours(each.hours, days, open_hours)
            limit = burn_limit(each.spent, long, length)
            found |= of_length & _too_fast((total, bad), one, long, limit)
    return found


def _too_fast(sums: tuple[Sums, Sums], one: Objective, long: int, limit: float) -> Flags:
    """Say of each hour whether one burn is told then: in the long and in the short window."""
    total, bad = sums
    told = _back(bad, long) >= one.fewest_bad
    for window in (long, max(1, long // SHORT_OF_LONG)):
        records, wrong = _back(total, window), _back(bad, window)
        rate = np.divide(wrong, records, out=np.full(len(records), -1.0), where=records > 0)
        told &= rate / (1 - one.share) >= limit
    return told


def _spent(one: Objective, hours: Sequence[Hour], counted: Sequence[Counted]) -> Flags:
    """Say of each hour whether the budget of its window was spent by then."""
    total, bad = _sums(counted)
    of_day: dict[date, int] = {}
    for place, (day, _) in enumerate(hours):
        of_day.setdefault(day, place)
    days = sorted(of_day)
    found = np.zeros(len(hours), dtype=bool)
    for place, (day, _) in enumerate(hours):
        first, last = days_of(one, day)
        begin = of_day[days[bisect_left(days, first)]]
        elapsed = min(1.0, ((day - first).days + 1) / ((last - first).days + 1))
        records, wrong = total[place + 1] - total[begin], bad[place + 1] - bad[begin]
        found[place] = records > 0 and wrong * elapsed > (1 - one.share) * records
    return found


def _sums(counted: Sequence[Counted]) -> tuple[Sums, Sums]:
    """Return running sums of records and of bad ones, nought first."""
    total = np.cumsum([0, *(each.total for each in counted)])
    return total, np.cumsum([0, *(each.bad for each in counted)])


def _back(sums: Sums, hours: int) -> Sums:
    """Return of each hour the sum over so many hours up to it."""
    places = np.arange(1, len(sums))
    return np.asarray(sums[places] - sums[np.maximum(places - hours, 0)], dtype=np.int64)
