"""Clock skew: two moments of one ticket that differ by the same amount again and again.

Floor 2. People are late by all sorts of minutes; a clock that is wrong, or a column in another
time zone, is off by the same ones every time. Differences are counted by the minute.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.units import MICROS_PER_HOUR, duration, percent
from opsgauge.log.checks.records import UPDATES_FROM, Records
from opsgauge.log.checks.seen import Seen, Subject, Told, gravest, nothing, seen
from opsgauge.log.door import LogTables
from opsgauge.warehouse.portable import micros, ones

MOMENTS = ("opened_at", "resolved_at", "closed_at")
SKEW = Subject("clock_skew", "One clock for all moments", MOMENTS, critical=True)
MINUTE_US = MICROS_PER_HOUR // 60
FARTHEST_US = 14 * MICROS_PER_HOUR  # no two time zones are farther apart on one day
LEAST_US = MINUTE_US // 60  # below a second it is rounding
FEWEST = 20  # tickets off by the same minutes
OFTEN = 0.2  # share of tickets off by the same minutes, where two columns tell one event
MOST = 0.5  # the same, where the two events are not one: an update, and the opening
BEFORE = 0.01  # share of tickets with an update before the opening, from which it is looked at
ZONE_MINUTES = 15  # what time zones differ by, and clocks seldom do
SHIFT_MINUTES = 100_000  # so that what is divided is never negative: engines round that apart
NAMES = {"opened_at": "the opening", "resolved_at": "the resolution", "closed_at": "the closing"}


@dataclass(frozen=True)
class Skew:
    """A moment that is off by the same minutes in many tickets; positive: it lies later."""

    source: str
    moment: str
    minutes: int
    tickets: int
    of: int

    @property
    def state(self) -> str:
        """How grave it is: a wrong time zone makes numbers wrong, a slow clock less sure."""
        if self.minutes == 0:
            return "note"
        zone = abs(self.minutes) >= 2 * ZONE_MINUTES and self.minutes % ZONE_MINUTES == 0
        return "fail" if zone else "warn"

    @property
    def words(self) -> str:
        """The skew as a sentence."""
        long = duration(abs(self.minutes) / 60) if self.minutes else "under a minute"
        side = "later" if self.minutes > 0 else "earlier"
        against = "the first update" if self.moment == "opened_at" else "the history's own"
        name = NAMES[self.moment].removeprefix("the ")
        if self.minutes == 0:
            side = "later"
        return (
            f"{self.source}: the {name} lies {long} {side} than {against} in "
            f"{percent(self.tickets / self.of)} of tickets"
        )


def clock_skew(records: Records) -> Seen:
    """Look for moments that are off by the same minutes again and again."""
    rows = records.rows(differences(records.tables))
    found = skews(rows)
    if not found:
        return nothing(SKEW, sum(row["n"] for row in rows))
    sure = [each for each in found if each.state != "note"] or found
    told = Told(
        max(each.tickets for each in sure),
        max(each.of for each in sure),
        "; ".join(each.words for each in sure)
        + ". Two clocks or two time zones tell the moments of one ticket.",
        "Check the time zone of each column in the mapping (docs/guides/mapping.md).",
        tuple(each.words for each in sure),
        state=gravest([each.state for each in sure]),
        columns=tuple(dict.fromkeys(each.moment for each in sure)),
    )
    return seen(SKEW, told)


def differences(tables: LogTables) -> ir.Table:
    """Count differences between two moments of a ticket by source, moment and minute.

    Returns
    -------
    source, moment, minutes (null: none, or beyond what a zone explains), n
    """
    t, h = tables.tickets, tables.history
    first = h.filter(h.seq == UPDATES_FROM)
    pairs = [
        (t, "resolved_at", t.resolved_at, t.history_resolved_at),
        (t, "closed_at", t.closed_at, t.history_closed_at),
        (first, "opened_at", first.opened_at, first.since),
    ]
    rows = ibis.union(*(_pair(*pair) for pair in pairs))
    apart = (rows.off_us.abs() >= LEAST_US) & (rows.off_us.abs() <= FARTHEST_US)
    shifted = (rows.off_us + MINUTE_US // 2 + SHIFT_MINUTES * MINUTE_US) // MINUTE_US
    minutes = ibis.cases((apart, shifted - SHIFT_MINUTES))
    before = ones(apart & (rows.off_us > 0))
    counted = rows.select("source", "moment", minutes=minutes, before=before)
    return counted.group_by("source", "moment", "minutes").aggregate(
        n=counted.count(), before=counted.before.sum()
    )


def _pair(table: ir.Table, name: str, own: ir.Value, other: ir.Value) -> ir.Table:
    rows = table.select("source", moment=ibis.literal(name), off_us=micros(own) - micros(other))
    return rows.filter(rows.off_us.notnull())


def skews(rows: Iterable[Mapping[str, Any]]) -> list[Skew]:
    """Return what is off by the same minutes in too many tickets to be people."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["source"], row["moment"]), []).append(row)
    found: list[Skew] = []
    for (source, moment), counted in sorted(groups.items()):
        look = _of_opening if moment == "opened_at" else _of_one_event
        of = sum(row["n"] for row in counted)
        apart = [row for row in counted if row["minutes"] is not None]
        found += [
            Skew(source, moment, row["minutes"], n, of) for row, n in look(apart, of) if n >= FEWEST
        ]
    return found


Counted = list[tuple[Mapping[str, Any], int]]


def _of_one_event(apart: list[Mapping[str, Any]], of: int) -> Counted:
    """Return the differences of two columns for one event that come again and again."""
    return [(row, row["n"]) for row in apart if row["n"] >= OFTEN * of]


def _of_opening(apart: list[Mapping[str, Any]], of: int) -> Counted:
    """Return the differences between the opening and the first update that are no habit.

    An update may come after the opening by habit, say half an hour later by a robot. Before it
    none can come; where many do, by the same minutes, it is a clock. After it, only whole hours in
    most tickets are no habit.
    """
    found = [
        (row, row["n"])
        for row in apart
        if row["n"] >= MOST * of and row["minutes"] < 0 and row["minutes"] % 60 == 0
    ]
    before = [row for row in apart if row["before"]]
    every = sum(row["before"] for row in before)
    if every < BEFORE * of:
        return found
    return found + [(row, row["before"]) for row in before if row["before"] >= MOST * every]
