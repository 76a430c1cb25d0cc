"""Numbers that cannot be: counts and lengths below zero, answers beyond their scale.

Floor 2. Money may be below zero, as a credit is; nothing that is counted or lasts may. Lengths that
follow from two moments are judged by the order of the moments, elsewhere.
"""

from collections.abc import Collection

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.units import whole
from opsgauge.log.checks.records import Records
from opsgauge.log.checks.seen import EXAMPLES, Seen, Subject, Told, seen
from opsgauge.log.door import LogTables
from opsgauge.log.related import (
    CATALOGUE_ITEMS,
    CHANGES,
    CONTACTS,
    CONTRACTS,
    NOTES,
    SERVICES,
    SURVEYS,
)
from opsgauge.warehouse.portable import ones

TICKETS = "tickets"
COUNTED = {
    TICKETS: ("reopen_count", "handoff_count", "description_length"),
    CHANGES.name: ("approvals_needed", "outage_minutes"),
    CONTACTS.name: ("wait_seconds", "talk_seconds", "hold_seconds", "wrap_seconds"),
    NOTES.name: ("length", "attachments"),
    CATALOGUE_ITEMS.name: ("target_hours", "price"),
    SERVICES.name: ("users",),
    CONTRACTS.name: ("notice_days", "response_hours", "resolution_hours"),
}
RANGES = Subject("numbers_possible", "Numbers can be so", COUNTED[TICKETS])


def numbers_possible(records: Records) -> Seen:
    """Look at every column of numbers."""
    there = {TICKETS, *records.beside}
    rows = sorted(records.rows(impossible(records.tables, there)), key=lambda row: -row["odd"])
    found = [row for row in rows if row["odd"]]
    count, of = sum(row["odd"] for row in rows), sum(row["known"] for row in rows)
    told = Told(
        count,
        of,
        f"{whole(count)} of {whole(of)} numbers cannot be: below zero, or beyond their scale. They "
        "stay in the numbers worked out from them.",
        "Check which column each is mapped to, and how the tool writes that it knows none.",
        tuple(f"{row['kind']}: {whole(row['odd'])}" for row in found[:EXAMPLES]),
        columns=tuple(row["kind"].removeprefix(f"{TICKETS}.") for row in found),
    )
    return seen(RANGES, told)


def impossible(tables: LogTables, there: Collection[str]) -> ir.Table:
    """Count by column the numbers that are known and those that cannot be: kind, known, odd."""
    parts = []
    for table in sorted(COUNTED.keys() & there):
        rows = tables.tickets if table == TICKETS else tables.related[table]
        parts += [_counted(rows, f"{table}.{c}", rows[c], rows[c] < 0) for c in COUNTED[table]]
    if SURVEYS.name in there:
        rows = tables.related[SURVEYS.name]
        beyond = (rows.score < rows.scale_min) | (rows.score > rows.scale_max)
        parts.append(_counted(rows, f"{SURVEYS.name}.score", rows.score, beyond))
    return ibis.union(*parts)


def _counted(rows: ir.Table, kind: str, value: ir.Value, odd: ir.BooleanValue) -> ir.Table:
    told = rows.aggregate(known=ones(value.notnull()).sum(), odd=ones(odd).sum())
    return told.select(
        kind=ibis.literal(kind), known=told.known.fill_null(0), odd=told.odd.fill_null(0)
    )
