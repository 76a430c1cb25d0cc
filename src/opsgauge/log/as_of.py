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
- What history does not keep (channel, location, impact ...) is taken as it is today; what it cannot
  tell again (paths, a resolution code or service-level flag before there was an end) is null.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import ibis
import ibis.expr.types as ir

from opsgauge.log.door import LogTables
from opsgauge.log.tables import TICKETS
from opsgauge.log.vocabulary import CLOSED_PHASE, PENDING_PHASES, RESOLVED_PHASE
from opsgauge.warehouse.portable import micros, micros_at, ones

KEY = list(TICKETS.key)
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
    "history_assigned_at",
    "history_first_response_at",
)
ENDS = ("resolved_at", "closed_at")
NEEDS_END = {"resolution_code": "resolved_at", "sla_met": "closed_at"}
BY_HISTORY = {  # columns of tickets, and what history has for them where that is one column
    "last_update_at": "then_since",
    "update_count": "then_seq",
    "first_team": "",
    "resolution_code": "",
    "sla_met": "",
    "history_resolved_at": "last_resolved",
    "history_closed_at": "",
    "history_reopen_count": "reopened",
    "history_handoff_count": "then_handoff_count",
    "life_us": "open_us",
    "pending_us": "waited_us",
    "pending_user_us": "waited_user_us",
}
LOST = ("variant", "variant_phase", "variant_original_status", "variant_team")
THEN = "then_"  # before the names of columns that history gives


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
    tickets = tables.tickets.filter(micros(tables.tickets.opened_at) <= at_us)
    standing = _standing(tables.history, at_us)
    past = _past(tables.history, standing, at_us)
    then = Then(tickets.inner_join(standing, KEY).left_join(past, KEY), at_us)
    return then.rows.select(*(then.column(name) for name in TICKETS.names if name in columns))


def _standing(history: ir.Table, at_us: int) -> ir.Table:
    """Return each ticket's interval that holds the moment: a ticket has exactly one.

    Intervals follow each other without gaps, so the one that began by then and ends later is the
    last that began by then; `changed` says that something happened after it.
    """
    until_us = micros(history.until)
    held = history.filter((micros(history.since) <= at_us) & (until_us > at_us).fill_null(True))
    return held.select(
        *KEY,
        changed=held.until.notnull(),
        then_seq=held.seq,
        then_since=held.since,
        **{THEN + name: held[name] for name in STATE},
    )


def _past(history: ir.Table, standing: ir.Table, at_us: int) -> ir.Table:
    """Return what history says up to the moment of the tickets that changed afterwards."""
    changed = standing.filter(standing.changed).select(*KEY)
    begun = history.filter(micros(history.since) <= at_us).semi_join(changed, KEY)
    ended = (micros(begun.until) <= at_us).fill_null(False)
    open_us = begun.elapsed_us * ones(begun.open & ended)
    closes = (begun.next_phase == CLOSED_PHASE) & (begun.phase != CLOSED_PHASE).fill_null(True)
    return begun.group_by(KEY).aggregate(
        last_resolved=begun.since.max(where=begun.passage == RESOLVED_PHASE),
        last_reopened=begun.since.max(where=begun.passage == "reopened"),
        reopened=ones(begun.passage == "reopened").sum().cast("int64"),
        last_closed=begun.until.max(where=closes & ended),
        first_closed=begun.since.min(where=begun.phase == CLOSED_PHASE),
        teams=begun.team.count(),
        open_us=open_us.sum().cast("int64"),
        waited_us=(open_us * ones(begun.phase.isin(PENDING_PHASES))).sum().cast("int64"),
        waited_user_us=(open_us * ones(begun.phase == "pending_user")).sum().cast("int64"),
    )


@dataclass(frozen=True)
class Then:
    """Today's row of every ticket, beside it what history says of the moment."""

    rows: ir.Table
    at_us: int

    def column(self, name: str) -> ir.Value:
        """Return a column of `tickets` as it was."""
        today = self.rows[name]
        if name in FIRST_MOMENTS:
            return ibis.cases((micros(today) <= self.at_us, today)).name(name)
        if name in ENDS:
            return self._end(name).name(name)
        if name in STATE:
            return ibis.ifelse(self.rows.changed, self.rows[THEN + name], today).name(name)
        if name in LOST:
            return ibis.cases((~self.rows.changed, today)).name(name)
        if name in BY_HISTORY:
            return ibis.ifelse(self.rows.changed, self._by_history(name), today).name(name)
        return today

    def _end(self, name: str) -> ir.Value:
        """Return the resolution or closing that stood at the moment, or null."""
        rows, own = self.rows, self.rows[name]
        leftover = (micros(rows.last_reopened) > micros(own)).fill_null(False)
        stands = ~rows.changed | ~rows.then_open | ~leftover
        return ibis.cases(
            ((micros(own) <= self.at_us) & stands, own),
            (rows.changed & ~rows.then_open, self._by_history("history_" + name)),
        )

    def _by_history(self, name: str) -> ir.Value:
        rows = self.rows
        if name == "history_closed_at":
            return rows.last_closed.coalesce(rows.first_closed)
        if name == "first_team":
            return ibis.cases((rows.teams > 0, rows.first_team))
        if name in NEEDS_END:
            return ibis.cases((self._end(NEEDS_END[name]).notnull(), rows[name]))
        return rows[BY_HISTORY[name]]
