"""Replay of forecasts: what would have been foreseen over the past year, and what came true.

Floor 5. Each forecast is made from what came before it alone.
"""

from collections.abc import Sequence
from datetime import datetime

from opsgauge.analysis.alerting.guards import Stretch, crossings_of
from opsgauge.analysis.alerting.judging import Against
from opsgauge.foundation.alerting import AlertRule
from opsgauge.foundation.units import amount, percent
from opsgauge.log.periods import ONE_DAY, dates_of, start_of_day
from opsgauge.operations.alerting.drafting import segment_of
from opsgauge.operations.alerting.foreseeing import Foreseen, foreseen_of
from opsgauge.operations.alerting.series import ALL, Judged, judged
from opsgauge.operations.alerting.telling import path_of
from opsgauge.operations.alerting.would import Found, Would, suspect_words
from opsgauge.operations.answers import iso
from opsgauge.operations.asking import written
from opsgauge.operations.context import Context
from opsgauge.warehouse.portable import micros_at


def would_foresee(ctx: Context, rule: AlertRule, begin: datetime) -> Found:
    """Of a forecast the series itself says whether it came true, and how long after.

    Lead is against a threshold of the same value: that would have told when the period was over.
    """
    seen, zone = judged(ctx, rule), ctx.workspace.zone
    ends = [start_of_day(dates_of(label)[1] + ONE_DAY, zone) for label in seen.labels]
    made, leads, crossings, found = [], [], 0, 0
    for part in seen.parts:
        foreseen = foreseen_of(ctx, rule, seen, part)
        crossed = crossings_of(seen.numbers(part), foreseen.guard)
        alarms = [each for each in foreseen.stretches if ends[each.first] >= begin]
        for each in alarms:
            reach = each.first + foreseen.guard.ahead
            real: bool | None = any(each.first < at <= reach for at in crossed)
            if not real and reach >= len(seen.labels):
                real = None  # its time is not over yet
            made.append(_would_cross(rule, seen, part, (each, real), ends, foreseen))
        for at in (each for each in crossed if ends[each] >= begin):
            crossings += 1
            told = [each.first for each in alarms if _covers(each, at, foreseen.guard.ahead)]
            found += bool(told)
            leads += [micros_at(ends[at]) - micros_at(ends[told[0]])] if told else []
    made.sort(key=lambda each: each.at)
    judged_ones = [each for each in made if each.real is not None]
    true = sum(bool(each.real) for each in judged_ones)
    result = Against(len(judged_ones), crossings, true, found, tuple(leads))
    lead = None if result.lead is None else result.lead / 1e6
    notes = (
        "A firing is real where the value went beyond the limit within the periods foreseen; those "
        "whose time is not over count for neither. The limit is that of now.",
        *suspect_words(seen.measured.suspect),
    )
    return Found(made, notes=notes, truth=(result, lead), truth_from="times it went beyond")


def _covers(alarm: Stretch, at: int, ahead: int) -> bool:
    """Say whether a crossing came while an alarm stood, or in the time that it foresaw."""
    last = alarm.first + ahead
    return alarm.first < at <= (last if alarm.cleared is None else max(last, alarm.cleared))


def _would_cross(
    rule: AlertRule,
    seen: Judged,
    part: str,
    told: tuple[Stretch, bool | None],
    ends: Sequence[datetime],
    foreseen: Foreseen,
) -> Would:
    stretch, real = told
    label, ahead = seen.labels[stretch.first], foreseen.at(stretch.first)
    chance = percent(ahead.chance, 0) if ahead else ""
    limit = amount(foreseen.guard.limit, seen.measured.unit)
    until = None if stretch.cleared is None else str(iso(ends[stretch.cleared]))
    segment = segment_of(rule, seen.values[part]) if part != ALL else rule.segment
    what = f"{chance} to go {foreseen.guard.side} {limit} within {foreseen.guard.ahead} "
    path = path_of(
        {
            "metric": rule.metric,
            "where": [written(one) for one in segment],
            "statistic": seen.measured.statistic,
            "grain": rule.grain,
            "period": label,
        }
    )
    what += f"{rule.grain}s, after {label}{f', {part}' if part else ''}"
    return Would(str(iso(ends[stretch.first])), until, part, what, path, real)
