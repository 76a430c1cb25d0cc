"""Replay: how often a rule would have fired over the past year, and how rightly.

Floor 5. It is judged with the very arithmetic that judges it when it is on: data checks and absence
by the data versions as they were, all else by the records as they are known now. What was real is
what `labels` knows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from opsgauge.analysis.alerting.guards import stretches
from opsgauge.analysis.alerting.judging import (
    LEVEL,
    WINDOWS,
    Against,
    against,
    as_good_by_chance,
    covered,
    fitting_window,
)
from opsgauge.foundation.alerting import KINDS, AlertRule
from opsgauge.foundation.errors import QueryWrong
from opsgauge.foundation.units import MICROS_PER_HOUR, amount, duration, percent
from opsgauge.log.periods import ONE_DAY, dates_of, start_of_day
from opsgauge.operations.alerting.drafting import rule_seen, segment_of
from opsgauge.operations.alerting.foreseeing import usual_ends
from opsgauge.operations.alerting.labels import dismissed_events, listed_events, real_events
from opsgauge.operations.alerting.newest import EPOCH
from opsgauge.operations.alerting.replaying_burns import would_burn
from opsgauge.operations.alerting.replaying_forecasts import would_foresee
from opsgauge.operations.alerting.replaying_notices import would_notice
from opsgauge.operations.alerting.replaying_targets import would_miss
from opsgauge.operations.alerting.replaying_versions import would_be_absent, would_check
from opsgauge.operations.alerting.risk import were_at_risk
from opsgauge.operations.alerting.series import ALL, judged
from opsgauge.operations.alerting.telling import path_of
from opsgauge.operations.alerting.would import YEAR, Found, Would, suspect_words
from opsgauge.operations.answers import iso
from opsgauge.operations.asking import written
from opsgauge.operations.context import Context
from opsgauge.operations.home import Home, home
from opsgauge.operations.phrases import when
from opsgauge.warehouse.portable import micros_at

WEEKS = 52
MOST_LISTED = 100
USUAL_DAYS = WINDOWS[0]
A_DAY = 24 * MICROS_PER_HOUR
AS_KNOWN_NOW = (
    "Judged by the records as they are known now: what was corrected or came in late since then "
    "was not known at the time."
)


@dataclass(frozen=True)
class Replayed:
    """What a rule would have done.

    Attributes
    ----------
    count : how often it would have fired; `firings` are the newest of them
    series : of a threshold that is not split, each period's value, with whether it fired then
    lead_seconds : the median lead over events, negative where it came after them
    dismissed : of the firings, those near what people dismissed and near nothing real, of
        `dismissals` in all
    within_days : how far an event and a firing may lie apart to belong together
    chance : the share of the time that lies near an event; so many of any firings would be real
    as_good : how often chance alone would do as well; None where nothing was set against events
    known : when what it was set against was, as far as it lies in the year
    decided : each firing stands at the moment it was decided, and so has no end of its own
    sources : where the known events come from, with how many
    """

    rule: AlertRule
    count: int
    firings: tuple[Would, ...]
    against: Against
    sources: Mapping[str, int]
    days: int
    lead_seconds: float | None = None
    within_days: float = USUAL_DAYS
    chance: float | None = None
    as_good: float | None = None
    known: tuple[datetime, ...] = ()
    decided: bool = False
    dismissed: int = 0
    dismissals: int = 0
    series: tuple[tuple[str, float | None, bool], ...] = ()
    notes: tuple[str, ...] = ()
    why_not: str = ""

    def sentence(self) -> str:
        """Say it in words."""
        if self.why_not:
            return f"A rule of {KINDS[self.rule.kind]} {self.why_not}"
        fired = {0: "would never have fired", 1: "would have fired once"}
        times = fired.get(self.count, f"would have fired {self.count} times")
        told = f"It {times} in {'1 day' if self.days == 1 else f'{self.days} days'}"
        if not self.count:
            return f"{told}."
        found = self.against
        nothing = (
            f" {self.dismissed} of the firings lie near what people dismissed."
            if self.dismissals
            else ""
        )
        if found.precision is None or not self.sources:
            return f"{told}; no event is known that it could be set against.{nothing}"
        return f"{told}{self._against(found.precision)}.{nothing}"

    @property
    def beats_chance(self) -> bool | None:
        """Whether more firings lie near events than chance explains; None: chance has no part."""
        return None if self.as_good is None else self.as_good <= LEVEL

    def _against(self, precision: float) -> str:
        """Say how firings and events lie, and whether that says anything."""
        found, near = self.against, f"within {counted_days(self.within_days)} of an event"
        if self.beats_chance is False:
            usual = percent(self.chance or 0.0, 0)
            return (
                f"; whether that meant anything cannot be told from chance: {found.true} of "
                f"{self.count} firings lie {near}, as {usual} of the time does"
            )
        said = f"; {percent(precision, 0)} of the firings meant something"
        if self.chance is not None:
            said += f": they lie {near} (chance alone: {percent(self.chance, 0)})"
        if found.recall is not None:
            said += f", {found.found} of {found.events} events were found"
        if self.lead_seconds is not None:
            side = "before" if self.lead_seconds >= 0 else "after"
            said += f", {duration(abs(self.lead_seconds) / 3_600)} {side} them (median)"
        return said

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        found = self.against
        return {
            "rule": self.rule.number,
            "sentence": self.sentence(),
            "days": self.days,
            "count": self.count,
            "precision": found.precision if self.sources else None,
            "recall": found.recall if self.sources else None,
            "events": found.events,
            "sources": dict(self.sources),
            "within_days": self.within_days if self.chance is not None else None,
            "chance": self.chance,
            "as_good_by_chance": self.as_good,
            "beats_chance": self.beats_chance,
            "dismissed": self.dismissed,
            "dismissals": self.dismissals,
            "lead_seconds": self.lead_seconds,
            "firings": [each.as_json() for each in self.firings],
            "series": [
                {"period": period, "value": value, "fires": fires}
                for period, value, fires in self.series
            ],
            "notes": list(self.notes),
            "why_not": self.why_not or None,
        }


def counted_days(days: float) -> str:
    """Return a number of days with its word."""
    return "1 day" if days == 1 else f"{days:g} days"


def replay(
    ctx: Context, number: int, events: str = "", within_days: float | None = None
) -> Replayed:
    """Replay a rule, whatever its state; needs `alert:read` and what its numbers need.

    Parameters
    ----------
    events : CSV with a column `at`: moments at which something real was the matter
    within_days : how far an event and a firing may lie apart to belong together; None: 14 days, or
        as few as leave half of the year or more far from any event

    Raises
    ------
    UnknownRecord : there is no such rule
    QueryWrong : the list of events cannot be read, or the days cannot be
    """
    rule = rule_seen(ctx, number)
    ctx.require("metric:read")
    if within_days is not None and not 0 < within_days <= 365:
        raise QueryWrong(f"{within_days:g} is no number of days.", hint="Such as 14.")
    ctx = ctx.holding()
    begin = ctx.opened().watermark - YEAR
    listed = listed_events(ctx, events)
    found = _KINDS[rule.kind](ctx, rule, begin)
    if found.why_not:
        return Replayed(rule, 0, (), against([], [], 1), {}, YEAR.days, why_not=found.why_not)
    sources = {"the list": listed, **real_events(ctx, rule, begin)}
    known = {name: times for name, times in sources.items() if times}
    span = (micros_at(begin), micros_at(ctx.opened().watermark))
    every = [each for times in known.values() for each in times]
    days = fitting_window(every, span, A_DAY) if within_days is None else within_days
    made = _judged(rule, found, known, (days, span))
    if within_days is None and days < USUAL_DAYS and found.truth is None:
        made = replace(made, notes=(_why_shorter(every, span, days), *made.notes))
    return _with_dismissed(made, dismissed_events(ctx, rule, begin), round(days * A_DAY))


def _why_shorter(events: Sequence[int], span: tuple[int, int], days: float) -> str:
    much = percent(covered(events, USUAL_DAYS * A_DAY, span), 0)
    return (
        f"An event belongs to a firing within {counted_days(days)} of it, not {USUAL_DAYS}: so "
        f"many events are known that {much} of the time lies within {USUAL_DAYS} days of one."
    )


def _with_dismissed(made: Replayed, dismissed: Sequence[int], within: int) -> Replayed:
    """Count the firings that lie near what people dismissed, and near nothing real."""
    near = [
        each
        for each in made.firings
        if not each.real
        and any(abs(micros_at(datetime.fromisoformat(each.at)) - at) <= within for at in dismissed)
    ]
    return replace(made, dismissed=len(near), dismissals=len(dismissed))


def _judged(
    rule: AlertRule,
    found: Found,
    known: Mapping[str, list[int]],
    near_by: tuple[float, tuple[int, int]],
) -> Replayed:
    days, span = near_by
    within = round(days * A_DAY)
    events = [each for times in known.values() for each in times]
    times = [micros_at(datetime.fromisoformat(each.at)) for each in found.firings]
    counts = {name: len(each) for name, each in known.items()}
    chance = covered(events, within, span) if events else None
    as_good = as_good_by_chance(times, events, within, span) if events and times else None
    if found.truth is not None:
        (result, lead), chance, as_good = found.truth, None, None
        counts = {found.truth_from: result.events}
        marked = list(found.firings)
    else:
        result = against(times, events, within)
        lead = None if result.lead is None else result.lead / 1e6
        near = [any(abs(event - at) <= within for event in events) for at in times]
        marked = [
            replace(each, real=real if events else None)
            for each, real in zip(found.firings, near, strict=True)
        ]
    return Replayed(
        rule=rule,
        count=len(marked),
        firings=tuple(marked[::-1][:MOST_LISTED]),
        against=result,
        sources=counts,
        days=found.days or YEAR.days,
        lead_seconds=lead,
        within_days=days,
        chance=chance,
        as_good=as_good,
        known=() if found.truth else tuple(_instants(events, span)),
        decided=found.decided,
        series=found.series,
        notes=(*(() if found.as_known_then else (AS_KNOWN_NOW,)), *found.notes),
    )


def _instants(events: Sequence[int], span: tuple[int, int]) -> Iterator[datetime]:
    """Yield the events of a span as instants, oldest first."""
    for at in sorted(each for each in events if span[0] <= each <= span[1]):
        yield EPOCH + timedelta(microseconds=at)


def _threshold(ctx: Context, rule: AlertRule, begin: datetime) -> Found:
    assert rule.guard is not None  # noqa: S101 - every threshold has one
    seen = judged(ctx, rule)
    zone = ctx.workspace.zone
    # A period is known once it is over.
    ends = {label: start_of_day(dates_of(label)[1] + ONE_DAY, zone) for label in seen.labels}
    made, fires = [], dict.fromkeys(seen.labels, False)
    for part in seen.parts:
        rows = seen.parts[part]
        for each in stretches(seen.numbers(part), rule.guard, usual_ends(rule, seen, part)):
            last = len(rows) if each.cleared is None else each.cleared
            fires |= dict.fromkeys(seen.labels[each.first : last], True)
            label, row = seen.labels[each.first], rows[each.first]
            if ends[label] < begin or row is None:
                continue
            segment = segment_of(rule, seen.values[part]) if part != ALL else rule.segment
            path = path_of(
                {
                    "metric": rule.metric,
                    "where": [written(one) for one in segment],
                    "statistic": seen.measured.statistic,
                    "grain": rule.grain,
                    "period": label,
                }
            )
            until = None if each.cleared is None else iso(ends[seen.labels[each.cleared]])
            value = amount(row.value, seen.measured.unit)
            what = f"{value} {when(label)}{f', {part}' if part else ''}"
            made.append(Would(str(iso(ends[label])), until, part, what, path))
    made.sort(key=lambda each: each.at)
    series: tuple[tuple[str, float | None, bool], ...] = ()
    if list(seen.parts) == [ALL]:
        shown = [label for label in seen.labels if ends[label] >= begin]
        values = dict(zip(seen.labels, seen.numbers(ALL), strict=True))
        series = tuple((label, values[label], fires[label]) for label in shown)
    return Found(made, series, suspect_words(seen.measured.suspect))


def _signals(ctx: Context, rule: AlertRule, begin: datetime) -> Found:
    """Look back week by week as Home does, at what it looks at."""
    made: list[Would] = []
    going: dict[str, int] = {}  # where among those made the signals stand that go on
    newest = ctx.opened().periods.date_of(ctx.opened().watermark)
    for back in range(WEEKS, -1, -1):
        shown = home(ctx, rule.segment, newest - timedelta(days=7 * back))
        at = str(iso(start_of_day(shown.weeks.to + ONE_DAY, ctx.workspace.zone)))
        seen = {
            " ".join((metric, *where)): (metric, where, title)
            for metric, where, title, verdict in _told_by(shown)
            if rule.metric in ("", metric) and verdict != "better"
        }
        for name in [each for each in going if each not in seen]:
            place = going.pop(name)
            made[place] = replace(made[place], until=at)
        for name, (metric, where, title) in seen.items():
            if name not in going:
                going[name] = len(made)
                week = shown.weeks.newest
                told = {"metric": metric, "where": where, "grain": "week", "period": week}
                made.append(Would(at, None, name, title, path_of(told)))
    note = "Signals of segments that only targets and protocols watch are not among these."
    return Found([each for each in made if each.at >= str(iso(begin))], notes=(note,))


def _told_by(shown: Home) -> list[tuple[str, tuple[str, ...], str, str]]:
    """Return what Home tells of a week: metric, of which tickets, words, verdict."""
    signals = [(s.looked.metric, s.where, s.looked.title, s.verdict) for s in shown.signals]
    claims = [(c.metric, c.where, c.finding.claim, c.verdict) for c in shown.claims]
    return [*signals, *claims]


def _risk(ctx: Context, rule: AlertRule, begin: datetime) -> Found:
    """Of clocks it is known which of those at risk broke, and how long before it was told."""
    rows = were_at_risk(ctx, rule, micros_at(begin))
    hours = rule.hours or 0.0
    decided = [str(iso(EPOCH + timedelta(microseconds=row["decided_us"]))) for row in rows]
    made = [
        Would(
            *(at, at),
            str(row["ticket_id"]),
            f"{row['ticket_id']}, {row['clock']}: {'kept in the end' if row['kept'] else 'broke'}",
            f"/tickets/{row['source']}/{row['ticket_id']}",
            not row["kept"],
        )
        for at, row in zip(decided, rows, strict=True)
    ]
    broke = sum(not row["kept"] for row in rows)
    notes = (
        f"Each ticket counts by itself, at the moment its clock was decided; it would have been "
        f"told {hours:g} h of open time before it broke, or when it began where less was promised.",
    )
    found = Against(len(rows), broke, broke, broke)
    truth = (found, hours * 3_600 if broke else None)
    return Found(made, notes=notes, truth=truth, truth_from="clocks that broke", decided=True)


_KINDS: Mapping[str, Callable[[Context, AlertRule, datetime], Found]] = {
    "threshold": _threshold,
    "forecast": would_foresee,
    "signal": _signals,
    "sla_risk": _risk,
    "absence": would_be_absent,
    "target": would_miss,
    "notice": would_notice,
    "burn_rate": would_burn,
    "check": would_check,
}
