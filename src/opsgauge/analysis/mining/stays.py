"""Stays: each time a team got a ticket, how long it kept it, and who had it before and after.

Floor 4, analysis. An update without a team leaves the ticket where it was; the opening interval
before the first update is no stay. How long a team kept a ticket is counted while the ticket was
open: nobody waits for what is resolved until it is reopened.
"""

import ibis
import ibis.expr.types as ir

from opsgauge.analysis.mining.examples import KEY, MONTH, with_most
from opsgauge.analysis.mining.steps import updates
from opsgauge.warehouse.portable import micros, ones, summed

FIRST_PLACES = 2  # the first team, or the one that a dispatching desk chose


def received(history: ir.Table, tickets: ir.Table) -> ir.Table:
    """Return one row for each time a team got a ticket that ever changed hands.

    What follows an update is stored beside it, so who had a ticket before is put in order only of
    tickets that were without a team before another one got them.

    Returns
    -------
    source, ticket_id, practice, category (as the ticket has it now), opened_month, seq, team,
    since_us, held_by (the team that had it before; null for the first)
    """
    moved = tickets.filter(tickets.history_handoff_count > 0)
    rows = updates(history)
    first = rows.filter((rows.seq == 1) & rows.team.notnull())
    passed = rows.filter(rows.next_team.notnull() & ~rows.team.identical_to(rows.next_team))
    begun = {"since_us": micros(first.since), "held_by": ibis.null("string")}
    handed = {"team": passed.next_team, "since_us": micros(passed.until), "held_by": passed.team}
    got = first.select(*KEY, "seq", "team", **begun).union(
        passed.select(*KEY, seq=passed.seq + 1, **handed)
    )
    got = got.inner_join(moved.select(*KEY, "practice", "category", MONTH), list(KEY))
    gaps = passed.filter(passed.team.isnull()).select(*KEY).distinct()
    torn = got.semi_join(gaps, list(KEY))
    torn = torn.mutate(held_by=torn.team.lag().over(ibis.window(group_by=KEY, order_by="seq")))
    # After the gap a team seems to get anew what it had.
    torn = torn.filter(torn.held_by.isnull() | (torn.held_by != torn.team))
    return got.anti_join(gaps, list(KEY)).union(torn.select(got.columns))


def done_before(history: ir.Table, tickets: ir.Table) -> ir.Table:
    """Return for how long tickets had been done before each update, where it can be in a stay.

    It can where a ticket was reopened, or handed on while it was done.

    Returns
    -------
    source, ticket_id, seq, done_us
    """
    moved = tickets.filter(tickets.history_handoff_count > 0)
    again = moved.filter(moved.history_reopen_count > 0).select(*KEY)
    rows = updates(history)
    moves = rows.until.notnull() & ~rows.team.identical_to(rows.next_team)
    late = rows.filter(~rows.open & moves).select(*KEY).distinct()
    some = again.union(late.semi_join(moved, list(KEY))).distinct()
    torn = rows.semi_join(some, list(KEY))
    so_far = ibis.window(group_by=KEY, order_by="seq", preceding=None, following=0)
    done = torn.mutate(own_us=ibis.cases((~torn.open, torn.elapsed_us.fill_null(0)), else_=0))
    return done.select(*KEY, "seq", done_us=summed(done.own_us.sum().over(so_far)) - done.own_us)


def stays(history: ir.Table, tickets: ir.Table) -> ir.Table:
    """Return one row for each time a team got a ticket that ever changed hands.

    Returns
    -------
    source, ticket_id, practice, category (as the ticket has it now), team, opened_month, place (1
    is the first stay), `before` and `to` (teams; null at either end), after_next (team), stayed_us
    (while it was open; null for the last stay), next_stayed_us (of the next stay)
    """
    rows = received(history, tickets)
    both = rows.left_join(done_before(history, tickets), [*KEY, "seq"])
    rows = both.select(*rows.columns, at_us=both.since_us - both.done_us.fill_null(0))
    order = ibis.window(group_by=KEY, order_by="seq")
    so_far = ibis.window(group_by=KEY, order_by="seq", preceding=None, following=0)
    left = rows.at_us.lead().over(order)  # on a clock that stands while the ticket is done
    return rows.select(
        *KEY,
        "practice",
        "category",
        "team",
        MONTH,
        place=summed(ones(rows.team.notnull()).sum().over(so_far)),
        before=rows.held_by,
        to=rows.team.lead().over(order),
        after_next=rows.team.lead(2).over(order),
        stayed_us=left - rows.at_us,
        next_stayed_us=rows.at_us.lead(2).over(order) - left,
    )


def early_stays(rows: ir.Table) -> ir.Table:
    """Count the first two stays of tickets that ever changed hands, in one pass for all who ask.

    Parameters
    ----------
    rows : what `stays` gave

    Returns
    -------
    practice, category (null where none is known), team, place (1 or 2), opened_month, n, passed
    (never came back, and were passed on) with held_us and an example; back (given straight back)
    with back_us and back_example
    """
    there = rows.group_by(*KEY, "team").aggregate(times=ibis._.count())
    again = there.filter(there.times > 1).select(*KEY, "team", returned=True)
    early = rows.filter(rows.place <= FIRST_PLACES)
    rows = early.left_join(again, [*KEY, "team"]).select(*rows.columns, "returned")
    passed = rows.to.notnull() & rows.returned.isnull()
    back = (rows.to == rows.before).fill_null(False)
    return rows.group_by("practice", "category", "team", "place", MONTH).aggregate(
        n=rows.count(),
        passed=summed(ones(passed).sum()),
        held_us=summed(ibis.cases((passed, rows.stayed_us), else_=0).sum()),
        example=with_most(rows, rows.stayed_us, passed),
        back=summed(ones(back).sum()),
        back_us=summed(ibis.cases((back, rows.stayed_us), else_=0).sum()),
        back_example=with_most(rows, rows.stayed_us, back),
    )
