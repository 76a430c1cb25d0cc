"""What descriptions are counted from: visits, ways, repeated patterns, long tickets, many updates.

Floor 4, analysis. Each query goes over the records once and groups everything at once; what is told
of it is in `describing.py`.
"""

from functools import reduce
from operator import add, and_

import ibis
import ibis.expr.types as ir

from opsgauge.analysis.mining.stays import KEY, an_example, stays
from opsgauge.analysis.mining.steps import is_followed, next_step, step, updates
from opsgauge.warehouse.portable import micros, ones, summed

PATTERN = 3  # steps of a repeating pattern


def _visits(history: ir.Table, steps: str) -> ir.Table:
    """Return one row for each time a ticket came to another step.

    Returns
    -------
    key, seq, step, before, lasts_us, open_us (the part in which the ticket needed work)
    """
    rows = updates(history)
    lasts = rows.elapsed_us
    open_us = ibis.cases((rows.open.fill_null(False), lasts), else_=0)
    rows = rows.select(*KEY, "seq", step=step(rows, steps), lasts_us=lasts, open_us=open_us)
    rows = rows.filter(rows.step.notnull())
    order = ibis.window(group_by=KEY, order_by="seq")
    rows = rows.mutate(before=rows.step.lag().over(order))
    return rows.filter(rows.before.isnull() | (rows.before != rows.step))


def visit_rows(history: ir.Table, steps: str) -> ir.Table:
    """Count how many tickets came to each step how often.

    Returns
    -------
    step, visits (of one ticket), tickets, again_us (elapsed in the visits after the first), open_us
    (of that, while they were open), example
    """
    rows = _visits(history, steps)
    there = ibis.window(group_by=(*KEY, "step"), order_by="seq")
    come_back = rows.seq.lag().over(there).notnull()
    again = {name: ibis.cases((come_back, rows[name]), else_=0) for name in ("lasts_us", "open_us")}
    of_ticket = rows.mutate(again=again["lasts_us"], open=again["open_us"]).group_by(*KEY, "step")
    counted = of_ticket.aggregate(
        visits=ibis._.count(),
        again_us=summed(ibis._.again.sum().fill_null(0)),
        open_us=summed(ibis._.open.sum().fill_null(0)),
    )
    return counted.group_by("step", "visits").aggregate(
        tickets=counted.count(),
        again_us=summed(counted.again_us.sum()),
        open_us=summed(counted.open_us.sum()),
        example=an_example(counted),
    )


def pattern_rows(history: ir.Table, steps: str) -> ir.Table:
    """Count the tickets that went through the same three steps twice in a row.

    Returns
    -------
    one, two, three (steps), tickets, again_us (elapsed in the second time), open_us (of that, while
    they were open), example
    """
    rows = _visits(history, steps)
    order = ibis.window(group_by=KEY, order_by="seq")
    ahead = {f"s{n}": rows.step.lead(n).over(order) for n in range(1, 2 * PATTERN)}
    second = range(PATTERN, 2 * PATTERN)
    lasts = {f"l{n}": rows.lasts_us.lead(n).over(order) for n in second}
    lasts |= {f"o{n}": rows.open_us.lead(n).over(order) for n in second}
    rows = rows.mutate(**ahead, **lasts)
    same = reduce(
        and_,
        (rows[f"s{n}"] == (rows.step if n == PATTERN else rows[f"s{n - PATTERN}"]) for n in second),
    )
    found = rows.filter(same)
    again, open_ = (reduce(add, (found[f"{of}{n}"].fill_null(0) for n in second)) for of in "lo")
    found = found.select(
        *KEY, one=found.step, two=found.s1, three=found.s2, again=again, open=open_
    )
    of_ticket = found.group_by(*KEY, "one", "two", "three").aggregate(
        again=found.again.sum(), open=found.open.sum()
    )
    return of_ticket.group_by("one", "two", "three").aggregate(
        tickets=of_ticket.count(),
        again_us=summed(of_ticket.again.sum()),
        open_us=summed(of_ticket.open.sum()),
        example=an_example(of_ticket),
    )


def way_rows(history: ir.Table, steps: str) -> ir.Table:
    """Count ways from step to step of open tickets, by the team that had them.

    Returns
    -------
    step, then, team, n, lasts_us (elapsed in the step before the way), example
    """
    rows = updates(history)
    rows = rows.filter(is_followed(rows) & rows.team.notnull() & rows.open)
    rows = rows.select(
        "source", "ticket_id", "team", step=step(rows, steps), then=next_step(rows, steps),
        lasts_us=rows.elapsed_us,
    )  # fmt: skip
    rows = rows.filter(rows.step.notnull() & rows.then.notnull() & (rows.step != rows.then))
    return rows.group_by("step", "then", "team").aggregate(
        n=rows.count(),
        lasts_us=summed(rows.lasts_us.sum()),
        example=an_example(rows),
    )


def length_rows(tickets: ir.Table, times: float) -> ir.Table:
    """Count, by practice, tickets that took very long, and that were updated very often.

    Parameters
    ----------
    times : of the median time to resolve, from which on a ticket took very long

    Returns
    -------
    practice, n, median_us, long (tickets), long_us (their time beyond the median), example
    """
    rows = tickets.filter(tickets.resolved_at.notnull())
    rows = rows.select(*KEY, "practice", took_us=micros(rows.resolved_at) - micros(rows.opened_at))
    middle = rows.group_by("practice").aggregate(
        median_us=rows.took_us.cast("float64").quantile(0.5)
    )
    rows = rows.inner_join(middle, "practice")
    long = (rows.took_us > rows.median_us * times) & (rows.median_us > 0)
    return rows.group_by("practice").aggregate(
        n=rows.count(),
        median_us=rows.median_us.max(),
        long=summed(ones(long).sum()),
        long_us=ibis.cases((long, rows.took_us - rows.median_us), else_=0.0).sum(),
        example=an_example(rows, long),
    )


def touch_rows(tickets: ir.Table) -> ir.Table:
    """Count tickets by practice, team and how often they were updated.

    Returns
    -------
    practice, team, touches, tickets, example
    """
    rows = tickets.filter(tickets.team.notnull())
    grouped = rows.group_by("practice", "team", touches=rows.update_count)
    return grouped.aggregate(tickets=rows.count(), example=an_example(rows))


def line_rows(history: ir.Table, tickets: ir.Table) -> ir.Table:
    """Count how tickets came to each team and where they went.

    Returns
    -------
    team, before, n, back (given back to `before`), last (never passed on), held_us, example
    """
    rows = stays(history, tickets)
    return rows.group_by("team", "before").aggregate(
        n=rows.count(),
        back=summed(ones(rows.to == rows.before).sum()),
        last=summed(ones(rows.to.isnull()).sum()),
        held_us=summed(rows.stayed_us.sum().fill_null(0)),
        example=an_example(rows),
    )


def front_rows(tickets: ir.Table) -> ir.Table:
    """Count resolved tickets by practice and first team, and those the first team resolved.

    Returns
    -------
    practice, team, n, kept
    """
    done = tickets.filter(tickets.resolved_at.notnull() & tickets.first_team.notnull())
    return done.group_by("practice", team=done.first_team).aggregate(
        n=done.count(), kept=summed(ones(done.history_handoff_count == 0).sum())
    )
