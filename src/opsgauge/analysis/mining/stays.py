"""Stays: each time a team got a ticket, how long it kept it, and who had it before and after.

Floor 4, analysis. An update without a team leaves the ticket where it was; the opening interval
before the first update is no stay.
"""

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from opsgauge.analysis.mining.steps import updates
from opsgauge.warehouse.portable import micros, ones, summed

KEY = ("source", "ticket_id")
FIRST_PLACES = 2  # the first team, or the one that a dispatching desk chose


def received(history: ir.Table, tickets: ir.Table) -> ir.Table:
    """Return one row for each time a team got a ticket that ever changed hands.

    What follows an update is stored beside it, so few rows need to be put in order: the first
    update of a ticket, and those by which another team has it.

    Returns
    -------
    source, ticket_id, practice, category (as the ticket has it now), seq, team, since_us, held_by
    (the team that had it before; null for the first)
    """
    moved = tickets.filter(tickets.history_handoff_count > 0)
    rows = updates(history)
    first = rows.filter((rows.seq == 1) & rows.team.notnull())
    passed = rows.filter(rows.next_team.notnull() & ~rows.team.identical_to(rows.next_team))
    got = first.select(*KEY, "seq", "team", since_us=micros(first.since)).union(
        passed.select(
            *KEY, seq=passed.seq + 1, team=passed.next_team, since_us=micros(passed.until)
        )
    )
    got = got.inner_join(moved.select(*KEY, "practice", "category"), list(KEY))
    got = got.mutate(held_by=got.team.lag().over(ibis.window(group_by=KEY, order_by="seq")))
    # Where updates without a team lie between, a team seems to get anew what it had.
    return got.filter(got.held_by.isnull() | (got.held_by != got.team))


def stays(history: ir.Table, tickets: ir.Table) -> ir.Table:
    """Return one row for each time a team got a ticket that ever changed hands.

    Returns
    -------
    source, ticket_id, practice, category (as the ticket has it now), team, place (1 is the first
    stay), `before` and `to` (teams; null at either end), after_next (team), stayed_us (elapsed;
    null for the last stay), times_there (stays of the ticket with this team), since_us
    """
    rows = received(history, tickets)
    order = ibis.window(group_by=KEY, order_by="seq")
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


def an_example(rows: ir.Table, met: ir.BooleanValue | None = None) -> ir.Value:
    """Return, to aggregate, the key of the newest ticket by its number; of those that met it.

    One value, since a number must stand with its own source.
    """
    key = ibis.struct({name: rows[name] for name in KEY})
    return (key if met is None else ibis.cases((met, key))).max()


def example_of(row: Mapping[str, Any], name: str = "example") -> tuple[tuple[str, str], ...]:
    """Return what `an_example` gave in a row, as one or none.

    Examples
    --------
    >>> example_of({"example": {"source": "desk", "ticket_id": "T1"}})
    (('desk', 'T1'),)
    >>> example_of({"example": None})
    ()
    """
    found = row[name]
    return ((found["source"], found["ticket_id"]),) if found else ()


def early_stays(history: ir.Table, tickets: ir.Table) -> ir.Table:
    """Count the first two stays of tickets that ever changed hands, in one pass for all who ask.

    Returns
    -------
    practice, category (null where none is known), team, place (1 or 2), n, passed (never came back,
    and were passed on) with held_us and an example; back (given straight back) with back_us and
    back_example
    """
    rows = stays(history, tickets)
    rows = rows.filter(rows.place <= FIRST_PLACES)
    passed = rows.to.notnull() & (rows.times_there == 1)
    back = (rows.to == rows.before).fill_null(False)
    return rows.group_by("practice", "category", "team", "place").aggregate(
        n=rows.count(),
        passed=summed(ones(passed).sum()),
        held_us=summed(ibis.cases((passed, rows.stayed_us), else_=0).sum()),
        example=an_example(rows, passed),
        back=summed(ones(back).sum()),
        back_us=summed(ibis.cases((back, rows.stayed_us), else_=0).sum()),
        back_example=an_example(rows, back),
    )
