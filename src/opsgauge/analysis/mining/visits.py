"""Visits: each time a ticket came to another step, and how long it stayed there.

Floor 4, analysis. An update without a step leaves the ticket where it was; the opening interval
before the first update is no visit. What follows an update is stored beside it, so rows are put in
order only where steps are missing between, and of tickets with visits enough for a pattern.
"""

from functools import reduce
from operator import add, and_

import ibis
import ibis.expr.types as ir

from opsgauge.analysis.mining.stays import KEY, an_example
from opsgauge.analysis.mining.steps import next_step, step, updates
from opsgauge.warehouse.portable import ones, summed

PATTERN = 3  # steps of a repeating pattern
TWICE = range(PATTERN, 2 * PATTERN)  # the places of its second time


def _in_steps(history: ir.Table, steps: str) -> ir.Table:
    """Return the updates that have a step.

    Returns
    -------
    key, seq, step, lasts_us (0 for the last), open_us (the part in which the ticket needed work),
    leaves (1 where a visit ends with it, else 0)
    """
    rows = updates(history)
    lasts = rows.elapsed_us.fill_null(0)
    rows = rows.select(
        *KEY,
        "seq",
        step=step(rows, steps),
        then=next_step(rows, steps),
        lasts_us=lasts,
        open_us=ibis.cases((rows.open.fill_null(False), lasts), else_=0),
    )
    missing = rows.filter(rows.step.isnull()).select(*KEY).distinct()
    torn = rows.semi_join(missing, list(KEY)).filter(ibis._.step.notnull())
    order = ibis.window(group_by=KEY, order_by="seq")
    torn = torn.mutate(then=torn.step.lead().over(order))
    every = rows.anti_join(missing, list(KEY)).union(torn)
    leaves = every.then.isnull() | (every.then != every.step)
    return every.select(*KEY, "seq", "step", "lasts_us", "open_us", leaves=ones(leaves))


def visit_rows(history: ir.Table, steps: str) -> ir.Table:
    """Count how many tickets came to each step how often.

    Returns
    -------
    step, visits (of one ticket), tickets, again_us (elapsed in the visits after the first), open_us
    (of that, while they were open), example
    """
    rows = _in_steps(history, steps)
    of_step = _of_step(rows)
    often = rows.inner_join(of_step.filter(of_step.visits > 1), [*KEY, "step"])
    there = ibis.window(group_by=(*KEY, "step"))
    left_at = ibis.cases((often.leaves == 1, often.seq)).min().over(there)
    often = often.mutate(again=often.seq > left_at)
    of_ticket = often.group_by(*KEY, "step", "visits").aggregate(
        again_us=summed(ibis.cases((often.again, often.lasts_us), else_=0).sum()),
        open_us=summed(ibis.cases((often.again, often.open_us), else_=0).sum()),
    )
    nought = ibis.literal(0, "int64")
    once = of_step.filter(of_step.visits == 1).mutate(again_us=nought, open_us=nought)
    return _counted(once.select(of_ticket.columns)).union(_counted(of_ticket))


def _of_step(rows: ir.Table) -> ir.Table:
    """Return how often each ticket came to each of its steps: key, step, visits."""
    return rows.group_by(*KEY, "step").aggregate(visits=summed(rows.leaves.sum()))


def _counted(of_ticket: ir.Table) -> ir.Table:
    return of_ticket.group_by("step", "visits").aggregate(
        tickets=of_ticket.count(),
        again_us=summed(of_ticket.again_us.sum()),
        open_us=summed(of_ticket.open_us.sum()),
        example=an_example(of_ticket),
    )


def pattern_rows(history: ir.Table, steps: str) -> ir.Table:
    """Count the tickets that went through the same three steps twice in a row.

    Returns
    -------
    one, two, three (steps), tickets, again_us (elapsed in the second time), open_us (of that, while
    they were open), example
    """
    rows = _where_steps_repeat(_in_steps(history, steps))
    order = ibis.window(group_by=KEY, order_by="visit")
    ahead = {f"s{n}": rows.step.lead(n).over(order) for n in range(1, 2 * PATTERN)}
    lasts = {f"l{n}": rows.lasts_us.lead(n).over(order) for n in TWICE}
    lasts |= {f"o{n}": rows.open_us.lead(n).over(order) for n in TWICE}
    rows = rows.mutate(**ahead, **lasts)
    same = reduce(
        and_,
        (rows[f"s{n}"] == (rows.step if n == PATTERN else rows[f"s{n - PATTERN}"]) for n in TWICE),
    )
    found = rows.filter(same)
    again, open_ = (reduce(add, (found[f"{of}{n}"] for n in TWICE)) for of in "lo")
    found = found.select(
        *KEY, one=found.step, two=found.s1, three=found.s2, again=again, open=open_
    )
    of_ticket = found.group_by(*KEY, "one", "two", "three").aggregate(
        again=summed(found.again.sum()), open=summed(found.open.sum())
    )
    return of_ticket.group_by("one", "two", "three").aggregate(
        tickets=of_ticket.count(),
        again_us=summed(of_ticket.again.sum()),
        open_us=summed(of_ticket.open.sum()),
        example=an_example(of_ticket),
    )


def _where_steps_repeat(rows: ir.Table) -> ir.Table:
    """Return the visits of tickets that came to as many steps twice as a pattern has.

    Returns
    -------
    key, visit (a number in their order), step, lasts_us, open_us
    """
    of_step = _of_step(rows)
    again = of_step.filter(of_step.visits > 1).group_by(*KEY).aggregate(steps=ibis._.count())
    rows = rows.semi_join(again.filter(again.steps >= PATTERN), list(KEY))
    before = ibis.window(group_by=KEY, order_by="seq", preceding=None, following=0)
    rows = rows.mutate(visit=summed(rows.leaves.sum().over(before)) - rows.leaves)
    return rows.group_by(*KEY, "visit", "step").aggregate(
        lasts_us=summed(rows.lasts_us.sum()), open_us=summed(rows.open_us.sum())
    )
