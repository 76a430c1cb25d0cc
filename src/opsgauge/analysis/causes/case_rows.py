"""One row per ticket: its outcome, and what was known of it at a set moment, never later.

Floor 4, analysis. What `history` keeps is read as it stood so many hours after the opening; what it
does not keep is taken as last written, and who asks is told so. Of a list of tickets, whose history
has no updates, everything is as last written, and its team, which may be the last one, is left
away.
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from opsgauge.log.door import ATTRIBUTE_PREFIX, LogTables
from opsgauge.log.related import CHANGES, CLOCKS
from opsgauge.log.vocabulary import CANCELLED_PHASES
from opsgauge.warehouse.portable import micros, ones

KEY = ["source", "ticket_id"]
OF_HISTORY = ("priority", "category", "service")
ONCE_AT_WORK = ("team", "handoffs")  # known of the moment where it is later than the opening
OF_CHANGE = ("type", "risk", "environment")
DONE = ("resolved", "closed_unresolved", "cancelled")


def breach_rows(clocks: ir.Table, level: str = "") -> ir.Table:
    """Return whether tickets broke a service level: key, hit, decided_us.

    Parameters
    ----------
    clocks : the table `clocks`
    level : of this service level alone; any of them where empty

    Returns
    -------
    a ticket with a clock that broke has the outcome; one of which a clock still runs is not decided
    and has no row
    """
    own = clocks.filter(clocks.clock == level) if level else clocks
    broke = own.ever_breached.fill_null(False)
    judged = own.mutate(
        broke=ones(broke),
        lasts=ones(own.state.isin(["running", "paused"]) & ~broke),
        judged=ones(own.decided_at.notnull() | broke),
        broke_us=micros(own.breached_at),
    )
    each = judged.group_by(KEY).aggregate(
        broke=judged.broke.sum(),
        lasts=judged.lasts.sum(),
        judged=judged.judged.sum(),
        decided_us=judged.broke_us.min(),
    )
    decided = each.filter((each.judged > 0) & ((each.broke > 0) | (each.lasts == 0)))
    return decided.select(*KEY, hit=decided.broke > 0, decided_us=decided.decided_us)


def slow_rows(tickets: ir.Table) -> ir.Table:
    """Return how long each ticket took: key, hit (null, see `hours`), decided_us, resolved_us.

    Cancelled tickets are no work that took long.
    """
    phase = tickets.phase.isin(list(CANCELLED_PHASES)).fill_null(False)
    kept = tickets.filter(~phase)
    return kept.select(
        *KEY,
        hit=ibis.null("boolean"),
        decided_us=ibis.null("int64"),
        resolved_us=micros(kept.resolved_at),
    )


def share_rows(split: ir.Table, key: str, bad: float) -> ir.Table:
    """Return the records of a share as outcomes: key, hit, decided_us.

    Parameters
    ----------
    split : what `metrics.behind.records_split` gives
    key : the column that is a ticket's number
    bad : the value of a record that has the outcome, 1 or 0
    """
    return split.select(
        "source",
        ticket_id=split[key],
        hit=split.value == bad,
        decided_us=ibis.null("int64"),
    )


def case_rows(
    outcomes: ir.Table, tables: LogTables, hours: float, also: Mapping[str, str]
) -> ir.Table:
    """Return the outcomes with what was known of each ticket at the moment.

    Parameters
    ----------
    outcomes : key, hit, decided_us and perhaps resolved_us
    tables : whose tickets are chosen
    hours : after the opening; 0 for the opening itself
    also : further columns by name, and the table they are of, `tickets` or `changes`

    Returns
    -------
    key, hit, opened_us, resolved_us, done_us (first done or broken; null while it is neither),
    plain (whether nothing but the last state is kept of it), and a column for each attribute
    """
    tickets, then = tables.tickets, _then(tables, hours)
    beside = {name: _column(tickets, name) for name, of in also.items() if of == "tickets"}
    own = tickets.select(
        *KEY,
        opened_us=micros(tickets.opened_at),
        plain=tickets.history_handoff_count.isnull(),
        practice=tickets.practice,
        channel=tickets.channel,
        location=tickets.location,
        catalogue_item=tickets.catalogue_item,
        own_first_team=tickets.first_team,
        **beside,
    )
    resolved = {} if "resolved_us" in outcomes.columns else {"resolved_us": ibis.null("int64")}
    rows = outcomes.mutate(**resolved).inner_join(own, KEY).inner_join(then, KEY)
    rows = rows.mutate(first_team=ibis.cases((~rows.plain, rows.own_first_team)))
    if hours > 0:
        rows = rows.mutate(team=ibis.cases((~rows.plain, rows.team)))
    of_change = {name: name for name, of in also.items() if of == CHANGES.name}
    if of_change:
        changes = tables.related[CHANGES.name]
        told = changes.select(
            "source", ticket_id=changes.change_id, **{name: changes[name] for name in of_change}
        )
        rows = rows.left_join(told, KEY)
    names = ["practice", "channel", "location", "catalogue_item", "first_team", *also]
    at_work = ONCE_AT_WORK if hours > 0 else ()
    return rows.select(
        *KEY,
        "hit",
        "opened_us",
        "resolved_us",
        "plain",
        *names,
        *OF_HISTORY,
        *at_work,
        done_us=ibis.least(rows.decided_us, rows.first_done_us)
        if hours > 0
        else ibis.null("int64"),
    )


def _column(tickets: ir.Table, name: str) -> ir.Value:
    if name.startswith(ATTRIBUTE_PREFIX):
        return tickets.attributes[name.removeprefix(ATTRIBUTE_PREFIX)]
    return tickets[name]


def _then(tables: LogTables, hours: float) -> ir.Table:
    """Return what history held of each ticket at the moment, and when it was first done."""
    history = tables.history
    at = micros(history.opened_at) + int(hours * 3_600_000_000)
    # What happened in the moment of opening itself was told at the opening.
    known = history.filter(micros(history.since) <= at)
    last = known.group_by(KEY).aggregate(seq=known.seq.max())
    columns = {name: history[name] for name in OF_HISTORY}
    if hours > 0:
        columns |= {"team": history.team, "handoffs": history.handoff_count}
    stood = history.select(*KEY, "seq", **columns).inner_join(last, [*KEY, "seq"])
    if hours <= 0:
        return stood.select(*KEY, *columns, first_done_us=ibis.null("int64"))
    done = history.filter(history.passage.isin(list(DONE)))
    first = done.group_by(KEY).aggregate(first_done_us=micros(done.since).min())
    return stood.left_join(first, KEY).select(*KEY, *columns, "first_done_us")


def clocks_of(tables: LogTables) -> ir.Table:
    """Return the table of clocks."""
    return tables.related[CLOCKS.name]
