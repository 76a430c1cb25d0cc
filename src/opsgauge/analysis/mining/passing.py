"""Distinct tickets by step and by way, counted by the paths that tickets take.

Floor 4, analysis. Tickets of one path pass the same steps, so one of each path is followed and
counts for all of them: a million tickets have some thousand paths.
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from opsgauge.analysis.mining import steps as by
from opsgauge.warehouse.portable import summed

TICKETS = "tickets"


def passing(
    walked: ir.Table, tickets: ir.Table, steps: str, columns: Mapping[str, ir.Value]
) -> ir.Table:
    """Count the tickets that have certain values in one of their updates at least.

    Parameters
    ----------
    walked : updates of whole tickets
    tickets : the same tickets
    steps : steps by which paths are known, and alone decide the columns
    columns : of `walked`

    Returns
    -------
    the columns, tickets
    """
    rows = tickets.select(*by.TICKET, path=by.variant_hash(tickets, steps))
    rows = rows.filter(rows.path.notnull())
    key = ibis.struct({name: rows[name] for name in by.TICKET})
    paths = rows.group_by("path").aggregate(many=rows.count(), example=key.min())
    named = {name: paths.example[name] for name in by.TICKET}
    examples = paths.select("path", "many", **named)
    each = walked.select(*by.TICKET, **columns).inner_join(examples, list(by.TICKET))
    each = each.select("path", "many", *columns).distinct()
    return each.group_by(list(columns)).aggregate(**{TICKETS: summed(each.many.sum())})


def with_passing(rows: ir.Table, counted: ir.Table) -> ir.Table:
    """Add to the rows of a map what `passing` counted for them."""
    named = [name for name in counted.columns if name != TICKETS]
    same = [rows[name].identical_to(counted[name]) for name in named]
    return rows.left_join(counted, same).select(*rows.columns, TICKETS)
