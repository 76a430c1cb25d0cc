"""Stays: each time a team got a ticket, how long it kept it, and who had it before and after.

Floor 4, analysis. An update without a team leaves the ticket where it was; the opening interval
before the first update is no stay.
"""

import ibis
import ibis.expr.types as ir

from opsgauge.analysis.mining.steps import updates
from opsgauge.warehouse.portable import micros, ones, summed

KEY = ("source", "ticket_id")
FIRST_PLACES = 2  # the first team, or the one that a dispatching desk chose


def stays(history: ir.Table, tickets: ir.Table) -> ir.Table:
    """Return one row for each time a team got a ticket that ever changed hands.

    Returns
    -------
    source, ticket_id, practice, category (as the ticket has it now), team, place (1 is the first
    stay), `before` and `to` (teams; null at either end), after_next (team), stayed_us (elapsed;
    null for the last stay), times_there (stays of the ticket with this team), since_us
    """
    moved = tickets.filter(tickets.history_handoff_count > 0)  # most never move: less to sort
    named = updates(history)
    named = named.filter(named.team.notnull()).select(*KEY, "seq", "since", "team")
    rows = named.inner_join(moved.select(*KEY, "practice", "category"), list(KEY))
    rows = rows.select(*KEY, "practice", "category", "seq", "team", since_us=micros(named.since))
    order = ibis.window(group_by=KEY, order_by="seq")
    rows = rows.mutate(held_by=rows.team.lag().over(order))
    rows = rows.filter(rows.held_by.isnull() | (rows.held_by != rows.team))
    so_far = ibis.window(group_by=KEY, order_by="seq", preceding=None, following=0)
    there = ibis.window(group_by=(*KEY, "team"))
    return rows.select(
        *KEY,
        "practice",
        "category",
        "team",
        "since_us",
        place=summed(ones(rows.team.notnull()).sum().over(so_far)),
        before=rows.held_by,
        to=rows.team.lead().over(order),
        after_next=rows.team.lead(2).over(order),
        stayed_us=rows.since_us.lead().over(order) - rows.since_us,
        times_there=summed(ones(rows.team.notnull()).sum().over(there)),
    )


def early_stays(history: ir.Table, tickets: ir.Table) -> ir.Table:
    """Count the first two stays of tickets that ever changed hands, in one pass for all who ask.

    Returns
    -------
    practice, category (null where none is known), team, place (1 or 2), n, passed (never came back,
    and were passed on) with held_us, source and newest; back (given straight back) with back_us,
    back_source and back_newest
    """
    rows = stays(history, tickets)
    rows = rows.filter(rows.place <= FIRST_PLACES)
    passed = rows.to.notnull() & (rows.times_there == 1)
    back = (rows.to == rows.before).fill_null(False)
    return rows.group_by("practice", "category", "team", "place").aggregate(
        n=rows.count(),
        passed=summed(ones(passed).sum()),
        held_us=summed(ibis.cases((passed, rows.stayed_us), else_=0).sum()),
        source=ibis.cases((passed, rows.source)).max(),
        newest=ibis.cases((passed, rows.ticket_id)).max(),
        back=summed(ones(back).sum()),
        back_us=summed(ibis.cases((back, rows.stayed_us), else_=0).sum()),
        back_source=ibis.cases((back, rows.source)).max(),
        back_newest=ibis.cases((back, rows.ticket_id)).max(),
    )
