"""Visits: each time a ticket came to another step, and how long it stayed there.

Floor 4, analysis. An update without a step leaves the ticket where it was; the opening interval
before the first update is no visit. What follows an update is stored beside it, so rows are put in
order only where steps are missing between, and of tickets with visits enough for a pattern.
"""

import ibis
import ibis.expr.types as ir

from opsgauge.analysis.mining.examples import KEY, MONTH, with_most
from opsgauge.analysis.mining.steps import next_step, step, updates
from opsgauge.warehouse.portable import ones, summed

SHORTEST, LONGEST = 3, 8  # steps of a repeating pattern
TWICE = 2
OTHERS = 3  # two steps to and fro are the only pattern of fewer different ones
STEP_COLUMNS = tuple(f"step_{n}" for n in range(1, LONGEST + 1))


def _in_steps(history: ir.Table, steps: str) -> ir.Table:
    """Return the updates that have a step.

    Returns
    -------
    key, opened_month, seq, step, lasts_us (0 for the last), open_us (the part in which the ticket
    needed work), leaves (1 where a visit ends with it, else 0)
    """
    rows = updates(history)
    lasts = rows.elapsed_us.fill_null(0)
    rows = rows.select(
        *KEY,
        MONTH,
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
    return every.select(*KEY, MONTH, "seq", "step", "lasts_us", "open_us", leaves=ones(leaves))


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
        example=with_most(of_ticket, of_ticket.again_us),
    )


def pattern_rows(
    history: ir.Table, steps: str, shortest: int = SHORTEST, times: int = TWICE
) -> ir.Table:
    """Count the tickets that went through the same steps several times in a row.

    A pattern has `shortest` to LONGEST steps, and is none of fewer steps over again.

    Parameters
    ----------
    times : in a row, 2 or more

    Returns
    -------
    length, step_1 to step_8 (null beyond its length), opened_month, tickets, again_us (elapsed in
    the times after the first), open_us (of that, while they were open), example
    """
    rows = _ahead(_where_steps_repeat(_in_steps(history, steps), shortest, times))
    found = ibis.union(*(_of_length(rows, n, times) for n in range(shortest, LONGEST + 1)))
    pattern = ("length", *STEP_COLUMNS)
    of_ticket = found.group_by(*KEY, MONTH, *pattern).aggregate(
        again_us=summed(found.again_us.sum()), open_us=summed(found.open_us.sum())
    )
    return of_ticket.group_by(MONTH, *pattern).aggregate(
        tickets=of_ticket.count(),
        again_us=summed(of_ticket.again_us.sum()),
        open_us=summed(of_ticket.open_us.sum()),
        example=with_most(of_ticket, of_ticket.again_us),
    )


def _ahead(rows: ir.Table) -> ir.Table:
    """Add the steps that follow each visit, and whether it is the same again so many visits on.

    Returns
    -------
    the columns of `rows`, step_1 (its own) to step_8, and same_2 to same_8 (1 or 0)
    """
    order = ibis.window(group_by=KEY, order_by="visit")
    on = {n: rows.step.lead(n).over(order) for n in range(1, LONGEST + 1)}
    named = {f"step_{n}": rows.step if n == 1 else on[n - 1] for n in range(1, LONGEST + 1)}
    return rows.mutate(**named, **{f"same_{n}": ones(on[n] == rows.step) for n in on})


def _of_length(rows: ir.Table, length: int, times: int) -> ir.Table:
    """Return the visits from which so many steps are gone through so many times in a row."""
    over = length * (times - 1)  # so many visits in a row are the same again later on
    met = _in_a_row(rows, f"same_{length}", 0, over - 1) == over
    for part in range(2, length // 2 + 1):
        if length % part == 0:  # it is no pattern where a part of it is one
            met = met & (_in_a_row(rows, f"same_{part}", 0, length - part - 1) < length - part)
    found = rows.mutate(
        met=met,
        again_us=_in_a_row(rows, "lasts_us", length, length * times - 1),
        still_us=_in_a_row(rows, "open_us", length, length * times - 1),
    )
    nothing = ibis.null("string")
    return found.filter(found.met).select(
        *KEY,
        MONTH,
        length=ibis.literal(length, "int64"),
        **{
            name: found[name] if at <= length else nothing
            for at, name in enumerate(STEP_COLUMNS, 1)
        },
        again_us=found.again_us,
        open_us=found.still_us,
    )


def _in_a_row(rows: ir.Table, name: str, first: int, last: int) -> ir.IntegerValue:
    """Return the sum of a column from so many visits on to so many visits on."""
    return summed(
        rows[name].sum().over(ibis.window(group_by=KEY, order_by="visit", rows=(first, last)))
    )


def _where_steps_repeat(rows: ir.Table, shortest: int, times: int) -> ir.Table:
    """Return the visits of tickets that came so often to as many steps as a pattern needs.

    Returns
    -------
    key, opened_month, visit (a number in their order), step, lasts_us, open_us
    """
    of_step = _of_step(rows)
    again = of_step.filter(of_step.visits >= times)
    again = again.group_by(*KEY).aggregate(steps=ibis._.count())
    rows = rows.semi_join(again.filter(again.steps >= min(shortest, OTHERS)), list(KEY))
    before = ibis.window(group_by=KEY, order_by="seq", preceding=None, following=0)
    rows = rows.mutate(visit=summed(rows.leaves.sum().over(before)) - rows.leaves)
    return rows.group_by(*KEY, MONTH, "visit", "step").aggregate(
        lasts_us=summed(rows.lasts_us.sum()), open_us=summed(rows.open_us.sum())
    )
