"""Replay of data checks and of absence: what was known at the time, from the data versions.

Floor 5. Between two imports nothing new is known: a check sees the version that was newest then,
and the newest record is that version's. So what is told begins with the first version; what lay
before is told from the moments in the records where they suffice, else not at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil

from opsgauge.foundation.alerting import AlertRule
from opsgauge.foundation.clock import fixed_clock
from opsgauge.foundation.units import MICROS_PER_HOUR, whole
from opsgauge.operations.alerting.newest import EPOCH, moments, newest_record
from opsgauge.operations.alerting.would import YEAR, Found, Would
from opsgauge.operations.answers import iso
from opsgauge.operations.check import check
from opsgauge.operations.checked import Check
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.warehouse import versions
from opsgauge.warehouse.portable import micros_at
from opsgauge.warehouse.versions import DataVersion

MOST_VERSIONS = 40  # that are opened and checked again; the newest
NOTHING_KNOWN = "no import has been made yet"


@dataclass
class Failing:
    """The checks that fail as time goes on: since when, and what became of each."""

    made: list[Would] = field(default_factory=list)
    going: dict[str, int] = field(default_factory=dict)

    def see(self, at: datetime, failing: Mapping[str, Check]) -> None:
        """Take in what fails at a moment."""
        for name in [each for each in self.going if each not in failing]:
            place = self.going.pop(name)
            self.made[place] = replace(self.made[place], until=iso(at))
        for name, one in failing.items():
            if name not in self.going:
                self.going[name] = len(self.made)
                path = f"/checks#{name}"
                self.made.append(Would(str(iso(at)), None, name, f"{one.title}: {one.words}", path))


def would_check(ctx: Context, rule: AlertRule, begin: datetime) -> Found:
    """Return when a rule of data checks would have fired: each data version checked again.

    Whether the data was fresh is asked when a version was made, and just before the next was.
    """
    now = ctx.clock()
    since = now - YEAR
    known = _known(ctx, since, now)
    if not known:
        return Found(why_not=f"cannot be replayed: {NOTHING_KNOWN}.")
    shown = known[-MOST_VERSIONS:]
    told = Failing()
    for each, until in _until(shown, now):
        with_it = _reading(ctx, each)
        for moment in (max(each.made_at, since), until):
            seen = check(replace(with_it, clock=fixed_clock(moment))).checks
            told.see(moment, {one.id: one for one in seen if _fires(rule, one)})
        _let_go(ctx, with_it)
    first = max(shown[0].made_at, since)
    notes = (
        f"Data versions checked again as they were, by the checks of now: {whole(len(shown))}. "
        "A fault that came between two imports is told when the next was made.",
        *_begun(first, since, len(known) > len(shown)),
    )
    days = max(1, ceil((now - first) / timedelta(days=1)))
    return Found(told.made, notes=notes, days=days, as_known_then=True)


def would_be_absent(ctx: Context, rule: AlertRule, begin: datetime) -> Found:
    """Return when a rule of absence would have fired: by imports, before the first by moments."""
    now, limit = ctx.clock(), round((rule.hours or 0.0) * MICROS_PER_HOUR)
    since = now - YEAR
    known = _known(ctx, since, now)
    shown = known if _of_everything(rule) else known[-MOST_VERSIONS:]
    first = max(shown[0].made_at, since) if shown else None
    before = micros_at(min(first, ctx.opened().watermark)) if first else None
    made = list(_by_moments(ctx, rule, (micros_at(begin), before), limit))
    if shown:
        made += _by_versions(ctx, rule, list(_until(shown, now)), (limit, since))
    notes: tuple[str, ...] = ()
    if first is not None and micros_at(first) > micros_at(begin):
        notes = (
            f"Before {first:%Y-%m-%d}, of when the first data version here is, it is told by the "
            "moments in the records, as if each had come in at once; from then on by the imports.",
        )
    return Found(sorted(made, key=lambda each: each.at), notes=notes, as_known_then=True)


def _known(ctx: Context, since: datetime, now: datetime) -> list[DataVersion]:
    """Return the data versions that were newest at some time since a moment, oldest first."""
    every = [
        each
        for each in versions.all_versions(ctx.warehouse)
        if each.watermark is not None and each.made_at <= now
    ]
    later = [at for at, each in enumerate(every) if each.made_at > since]
    return every[max(0, later[0] - 1) :] if later else every[-1:]


def _until(known: Sequence[DataVersion], now: datetime) -> Iterator[tuple[DataVersion, datetime]]:
    """Yield each version with the moment at which the next took its place, or now."""
    for each, later in pairwise(known):
        yield each, later.made_at
    yield known[-1], now


def _reading(ctx: Context, version: DataVersion) -> Context:
    """Return a context that reads a version, which is not kept open among those people look at."""
    if version.version == ctx.opened().version.version:
        return ctx
    return replace(ctx, readers=Readers(), version=version.version, held=None).holding()


def _let_go(ctx: Context, reading: Context) -> None:
    if reading is not ctx:
        reading.opened().engine.close()


def _fires(rule: AlertRule, one: Check) -> bool:
    told = ("warn", "fail") if rule.about else ("fail",)
    return rule.about in ("", one.id) and one.state in told


def _begun(first: datetime, since: datetime, more: bool) -> Iterator[str]:
    if first > since:
        why = "older versions are not checked again" if more else "the first import was made then"
        yield f"It can be told from {first:%Y-%m-%d} on: {why}."


def _of_everything(rule: AlertRule) -> bool:
    return not rule.about and not rule.segment


def _by_versions(
    ctx: Context,
    rule: AlertRule,
    known: Sequence[tuple[DataVersion, datetime]],
    ends: tuple[int, datetime],
) -> Iterator[Would]:
    limit, since = ends
    going: Would | None = None
    for each, until in known:
        newest = _newest(ctx, rule, each)
        if newest is None:
            continue
        begun = max(newest + timedelta(microseconds=limit), each.made_at, since)
        if going is not None and begun > each.made_at:
            yield replace(going, until=iso(each.made_at))
            going = None
        if going is None and begun < until:
            hours = (until - newest).total_seconds() / 3_600
            what = f"{hours:,.0f} h without a record, as it was known then"
            going = Would(str(iso(begun)), None, rule.about, what, "/checks")
    if going is not None:
        yield going


def _newest(ctx: Context, rule: AlertRule, version: DataVersion) -> datetime | None:
    """Return the moment of the newest record that a version holds, of those the rule is about."""
    if _of_everything(rule) and ctx.sight.is_everything:
        return version.watermark
    reading = _reading(ctx, version)
    found = newest_record(reading, rule)
    _let_go(ctx, reading)
    return found


def _by_moments(
    ctx: Context, rule: AlertRule, ends: tuple[int, int | None], limit: int
) -> Iterator[Would]:
    """Yield what lay between records, by their own moments."""
    begin, before = ends
    times = moments(ctx, rule)
    for start, end in zip(times[:-1].tolist(), times[1:].tolist(), strict=True):
        fires = start + limit
        if end <= fires or fires < begin or (before is not None and fires >= before):
            continue
        at = EPOCH + timedelta(microseconds=fires)
        until = iso(EPOCH + timedelta(microseconds=end))
        what = f"{(end - start) / MICROS_PER_HOUR:,.0f} h without a record"
        yield Would(str(iso(at)), until, rule.about, what, "/checks")
