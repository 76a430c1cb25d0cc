"""What other tools recorded of one ticket: approvals, contacts, answers, windows, deployments.

Floor 5.
"""

from datetime import datetime
from typing import Any

import ibis.expr.types as ir

from opsgauge.log.related import CONTACT_TICKETS, CONTACTS, NOTE_TEXT, RELATED, TO_TICKETS
from opsgauge.log.tables import Table
from opsgauge.operations.context import Context
from opsgauge.operations.ticket_story import Beside, aware


def beside(ctx: Context, source: str, ticket_id: str) -> tuple[Beside, ...]:
    """Return the related records of a ticket, the earliest first; those without a moment last.

    What notes say stays where it is kept.
    """
    opened = ctx.opened()
    found = []
    for table in RELATED:
        columns = [name for name in TO_TICKETS if table.column(name)]
        if table.name in opened.version.tables and columns:
            rows = _rows(ctx, table.name, columns[0], ticket_id)
            mine = opened.engine.run(rows.filter(rows.source == source)).to_pylist()
            found += [_beside(table, aware(row)) for row in mine]
    return tuple(sorted(found, key=lambda each: (each.at is None, str(each.at), each.table)))


def _beside(table: Table, row: dict[str, Any]) -> Beside:
    at = row.get(table.dated_by)
    shown = {name: value for name, value in row.items() if name != NOTE_TEXT}
    return Beside(table.name, shown, at if isinstance(at, datetime) else None)


def _rows(ctx: Context, name: str, column: str, ticket_id: str) -> ir.Table:
    tables = ctx.tables.related
    rows = tables[name]
    if name != CONTACTS.name:
        return rows.filter(rows[column] == ticket_id)
    tied = tables[CONTACT_TICKETS.name]
    mine = tied.filter(tied.ticket_id == ticket_id).select("source", "contact_id", "how")
    return rows.join(mine, ["source", "contact_id"])
