"""Duplicates: one ticket under two numbers or in two sources, and one update written twice.

Floor 2. Two tickets are one where everything they say but their number is the same, every moment
included; chance does not do that to moments kept to the second.
"""

import ibis.expr.types as ir

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.checks.records import Records
from opsgauge.log.checks.rules import examples
from opsgauge.log.checks.seen import ALL, Seen, Subject, Told, seen
from opsgauge.warehouse.portable import falls_on, micros

TICKETS_TWICE = Subject("repeated_tickets", "Each ticket is there once", ALL, worst="warn")
UPDATES_TWICE = Subject("repeated_updates", "Each update is there once", ALL, worst="warn")
SAID = (
    *("practice", "opened_at", "resolved_at", "closed_at", "last_update_at"),
    *("original_status", "priority", "category", "subcategory", "service", "configuration_item"),
    *("team", "assignee", "requester", "channel", "location"),
    *("update_count", "description_length", "variant_original_status", "variant_team"),
)
FEWEST_UPDATES = 2  # of a ticket with one update too little is told to know it by
STEPS = ("activity", "phase", "status", "team")
REST = ("assignee", "priority", "category", "service", "actor")


def repeated_tickets(records: Records) -> Seen:
    """Count the tickets that are there once more."""
    tickets = records.tables.tickets
    row = records.rows(counted(tickets))[0]
    count, of = row["count"], row["of"]
    told = Told(
        count,
        of,
        f"{count:,} of {of:,} tickets say, to the moment, what another one says under another "
        "number, or have their number and opening in two sources; each counts twice.",
        "Leave one of the two out at the source, or import each file under one source only.",
        tickets=examples(records, twice(tickets)) if count else (),
    )
    return seen(TICKETS_TWICE, told)


def counted(tickets: ir.Table) -> ir.Table:
    """Return one row: the tickets, and those too many."""
    alike, shared = _alike(tickets), _shared(tickets)
    more = alike.aggregate(count=(alike.n - 1).sum().fill_null(0))
    across = shared.aggregate(across=(shared.n - 1).sum().fill_null(0))
    rows = tickets.aggregate(of=tickets.count()).cross_join(more).cross_join(across)
    return rows.select("of", count=rows["count"] + rows.across)


def _alike(tickets: ir.Table) -> ir.Table:
    # Moments cut to the hour or the day are the same for many that are not.
    exact = ~falls_on(micros(tickets.opened_at), MICROS_PER_HOUR)
    told = tickets.filter((tickets.update_count >= FEWEST_UPDATES) & exact)
    grouped = told.group_by("source", *SAID).aggregate(n=told.count(), one=told.ticket_id.min())
    return grouped.filter(grouped.n > 1)


def _shared(tickets: ir.Table) -> ir.Table:
    grouped = tickets.group_by("ticket_id", "opened_at").aggregate(
        n=tickets.count(), source=tickets.source.min()
    )
    return grouped.filter(grouped.n > 1)


def twice(tickets: ir.Table) -> ir.Table:
    """Return one ticket of each that are the same: source and ticket_id."""
    alike, shared = _alike(tickets), _shared(tickets)
    one = alike.select("source", ticket_id=alike.one)
    return one.union(shared.select("source", "ticket_id"))


def repeated_updates(records: Records) -> Seen:
    """Count the updates that say at one moment what the one before them says."""
    rows = repeated(records.updates)
    of, count = (
        records.rows(table.aggregate(n=table.count()))[0]["n"] for table in (records.updates, rows)
    )
    told = Told(
        count,
        of,
        f"{count:,} of {of:,} updates say at the same moment what the update before them says; "
        "each counts as a step.",
        "Look whether the export writes an update once for each of its lines.",
        tickets=examples(records, rows) if count else (),
    )
    return seen(UPDATES_TWICE, told)


def repeated(updates: ir.Table) -> ir.Table:
    """Return the updates that come again at the same moment: source, ticket_id, seq."""
    still = updates.filter((updates.elapsed_us == 0) & updates.moved_us.isnull())
    for step in STEPS:
        own = "original_status" if step == "status" else step
        still = still.filter(still[own].identical_to(still[f"next_{step}"]))
    before = still.select(
        "source", "ticket_id", seq=still.seq + 1, **{f"was_{name}": still[name] for name in REST}
    )
    rows = updates.select("source", "ticket_id", "seq", "moved_us", *REST).inner_join(
        before, ["source", "ticket_id", "seq"]
    )
    for name in REST:
        rows = rows.filter(rows[name].identical_to(rows[f"was_{name}"]))
    rows = rows.filter(rows.moved_us.isnull())
    return rows.select("source", "ticket_id", "seq")
