"""Tickets as they stood at a past moment, rebuilt from their history.

Floor 2. For every ticket opened by then, `tickets_as_of` gives the row that an import of the
records written by then would have made, as far as the records still tell:

- A ticket to which nothing happened afterwards stands as it stands today.
- Otherwise its state (phase, team, priority ...) is that of the interval that held the moment.
- A moment (assigned_at, closed_at ...) later than that is not known yet. Where a ticket is done at
  the moment but its resolution or closing of today came later, history's last one up to then
  stands in: the ticket has been reopened since.
- An open ticket has neither resolution nor closing, but for one case: the source's own field lies
  before the moment and history knows of no reopening after it. History may simply not have heard
  of the resolution (a source without updates), whereas after a reopening the field is a leftover.
- What a source does not tell at all (see `untold.py`) is null then as it is today.
- What history does not keep (channel, location, impact ...) is taken as it is today; what it cannot
  tell again (paths, a resolution code or service-level flag before there was an end) is null.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

import ibis
import ibis.expr.types as ir

from opsgauge.log.door import LogTables
from opsgauge.log.tables import TICKETS
from opsgauge.log.untold import NEVER_MAPPED
from opsgauge.log.vocabulary import CLOSED_PHASE, PENDING_PHASES, RESOLVED_PHASE
from opsgauge.warehouse.portable import micros, micros_at, ones

KEY = list(TICKETS.key)
THEN = "then_"  # before the names of what the interval that held the moment gives
STATE = (
    "phase",
    "open",
    "original_status",
    "team",
    "assignee",
    "priority",
    "category",
    "service",
    "reopen_count",
    "handoff_count",
)
FIRST_MOMENTS = (  # once they happened they never move
    "assigned_at",
    "first_response_at",
    "first_human_response_at",
    "first_automatic_response_at",
    "outage_started_at",
    "detected_at",
    "own_outage_started_at",
    "own_detected_at",
    "history_assigned_at",
    "history_first_response_at",
)
LOST = ("variant", "variant_phase", "variant_original_status", "variant_team")
# What else changes, and what it takes from history (`_standing`, `_past`) to know it again.
NEEDS = {
    "resolved_at": ("last_resolved", "last_reopened"),
    "closed_at": ("last_closed", "first_closed", "last_reopened"),
    "resolution_code": ("last_resolved", "last_reopened"),
    "sla_met": ("last_closed", "first_closed", "last_reopened"),
    "last_update_at": ("then_since",),
    "update_count": ("then_seq",),
    "first_team": ("teams",),
    "history_resolved_at": ("last_resolved",),
    "history_closed_at": ("last_closed", "first_closed"),
    "history_reopen_count": ("reopened",),
    "history_handoff_count": ("then_handoff_count",),
    "life_us": ("open_us",),
    "pending_us": ("pending_open_us",),
    "pending_user_us": ("pending_user_open_us",),
}
NEEDS |= {name: (f"then_{name}",) for name in STATE}
ENDS = ("resolved_at", "closed_at")
KNOWN_BY = {"resolution_code": "resolved_at", "sla_met": "closed_at"}  # null without that end
KNOWN_FROM = {"first_response_automatic": "history_first_response_at"}  # once told it never changes


def tickets_as_of(
    tables: LogTables, moment: datetime, columns: Collection[str] = TICKETS.names
) -> ir.Table:
    """Return `tickets` as they stood at an instant.

    Parameters
    ----------
    moment : aware; what happened at that very microsecond counts
    columns : the columns wanted; asking for few makes a smaller query

    Returns
    -------
    one row per ticket opened by then; from the last recorded moment on it equals `tickets`

    Raises
    ------
    ValueError : the moment has no zone
    """
    if moment.tzinfo is None:
        raise ValueError("tickets are rebuilt as of an instant with a zone")
    at_us = micros_at(moment)
    wanted = [name for name in TICKETS.names if name in columns]
    parts = {"then_open", *(part for name in wanted for part in NEEDS.get(name, ()))}
    known = KNOWN_BY | KNOWN_FROM
    ends = [known[name] for name in wanted if name in known]
    today = tables.tickets.select(*dict.fromkeys([*KEY, "opened_at", *wanted, *ends]))
    rows = today.filter(micros(today.opened_at) <= at_us)
    standing = _standing(tables.history, at_us, parts)
    rows = rows.inner_join(standing, KEY)
    if parts & set(PAST):
        changed = standing.filter(standing.changed)
        rows = rows.left_join(_past(tables.history.semi_join(changed, KEY), at_us, parts), KEY)
    then = Then(rows, at_us)
    return rows.select(*(then.column(name).name(name) for name in wanted))


def _standing(history: ir.Table, at_us: int, parts: Collection[str]) -> ir.Table:
    """Return each ticket's interval that holds the moment: a ticket has exactly one.

    Intervals follow each other without gaps, so the one that began by then and ends later is the
    last that began by then; `changed` says that something happened after it.
    """
    columns = [name for name in history.columns if THEN + name in parts]
    rows = history.select(*KEY, "since", "until", *(n for n in columns if n != "since"))
    until_us = micros(rows.until)
    held = rows.filter((micros(rows.since) <= at_us) & (until_us > at_us).fill_null(True))
    then = {THEN + name: held[name] for name in columns}
    return held.select(*KEY, changed=held.until.notnull(), **then)


PAST: dict[str, Callable[[ir.Table], ir.Value]] = {
    "last_resolved": lambda h: h.since.max(where=h.passage == RESOLVED_PHASE),
    "last_reopened": lambda h: h.since.max(where=h.passage == "reopened"),
    "reopened": lambda h: ones(h.passage == "reopened").sum().cast("int64"),
    "last_closed": lambda h: h.until.max(where=h.ended & _closes(h)),
    "first_closed": lambda h: h.since.min(where=h.phase == CLOSED_PHASE),
    "teams": lambda h: h.team.count(),
    "open_us": lambda h: _sum_where(h, h.open),
    "pending_open_us": lambda h: _sum_where(h, h.open & h.phase.isin(PENDING_PHASES)),
    "pending_user_open_us": lambda h: _sum_where(h, h.open & (h.phase == "pending_user")),
}


def _past(history: ir.Table, at_us: int, parts: Collection[str]) -> ir.Table:
    """Return what history says up to the moment, one row per ticket."""
    columns = ("since", "until", "phase", "open", "passage", "team", "next_phase", "elapsed_us")
    rows = history.select(*KEY, *columns)
    begun = rows.filter(micros(rows.since) <= at_us)
    begun = begun.mutate(ended=(micros(begun.until) <= at_us).fill_null(False))
    made = {name: make(begun) for name, make in PAST.items() if name in parts}
    return begun.group_by(KEY).aggregate(**made)


def _closes(history: ir.Table) -> ir.BooleanValue:
    enters = history.next_phase == CLOSED_PHASE
    return enters & (history.phase != CLOSED_PHASE).fill_null(True)


def _sum_where(history: ir.Table, condition: ir.BooleanValue) -> ir.IntegerValue:
    counted = history.elapsed_us * ones(condition & history.ended)
    return counted.sum().fill_null(0).cast("int64")


@dataclass(frozen=True)
class Then:
    """Today's row of every ticket, beside it what history says of the moment."""

    rows: ir.Table
    at_us: int

    def column(self, name: str) -> ir.Value:
        """Return a column of `tickets` as it was."""
        today = self.rows[name]
        if name in ENDS:
            return self._end(name)
        if name in FIRST_MOMENTS:
            return ibis.cases((micros(today) <= self.at_us, today))
        if name in KNOWN_FROM:
            told = (micros(self.rows[KNOWN_FROM[name]]) <= self.at_us).fill_null(False)
            return ibis.cases((~self.rows.changed | told, today))
        if name in NEEDS or name in LOST:
            return ibis.ifelse(self.rows.changed, self._then(name), today)
        return today

    def _then(self, name: str) -> ir.Value:
        rows, today = self.rows, self.rows[name]
        if name in LOST:
            return today.nullif(today)
        if name in KNOWN_BY:
            return ibis.cases((self._end(KNOWN_BY[name]).notnull(), today))
        if name == "first_team":
            return ibis.cases((rows.teams > 0, today))
        if name == "history_closed_at":
            return self._last("closed_at")
        then = rows[NEEDS[name][0]]
        return ibis.cases((today.notnull(), then)) if name in NEVER_MAPPED else then

    def _end(self, name: str) -> ir.Value:
        """Return the resolution or closing that stood at the moment, or null."""
        rows, own = self.rows, self.rows[name]
        leftover = (micros(rows.last_reopened) > micros(own)).fill_null(False)
        stands = ~rows.changed | ~rows.then_open | ~leftover
        return ibis.cases(
            ((micros(own) <= self.at_us) & stands, own),
            (rows.changed & ~rows.then_open, self._last(name)),
        )

    def _last(self, name: str) -> ir.Value:
        if name == "resolved_at":
            return self.rows.last_resolved
        return self.rows.last_closed.coalesce(self.rows.first_closed)
