"""Flow: how many tickets are open when a period ends, counted by what came in and what went out.

Floor 3. Every entry into the backlog is +1 and every exit -1 at its instant; the running sum at a
period's end is the stock, zeros included, and opened + reopened - resolved - closed unresolved -
cancelled is its change by construction. Split by team or priority, a ticket that moves leaves one
stock and enters another.
"""

import ibis
import ibis.expr.types as ir

from opsgauge.log.periods import ALL
from opsgauge.metrics.ask import Ask
from opsgauge.metrics.stock import moves, open_at_ends


def rows(ask: Ask) -> ir.Table:
    """Return the tickets open at each period's end: key, period, dimensions."""
    return open_at_ends(ask)


def numbers(ask: Ask) -> ir.Table:
    """Return the stock of each group at each period's end: keys, n, value."""
    labelled = ask.labelled(moves(ask), "at_us")
    if ask.question.period != ALL:
        # What came in before the calendar begins is in stock from its first period on.
        first = ask.periods.label_at(ask.periods.first, ask.question.period)
        labelled = labelled.mutate(period=labelled.period.fill_null(first))
    moved = labelled.group_by(ask.keys).aggregate(delta=labelled.delta.sum().cast("int64"))
    stock = moved.select(*ask.keys, n=moved.delta)
    if ask.question.period != ALL:
        stock = _running(ask, moved)
    return stock.mutate(value=stock.n.cast("float64"))


def _running(ask: Ask, moved: ir.Table) -> ir.Table:
    """Add up the moves of each group from period to period, also where nothing moved."""
    still = ask.ends().select("period")
    if ask.by:
        still = still.cross_join(moved.select(*ask.by).distinct())
    every = moved.union(still.select(*ask.keys, delta=ibis.literal(0, "int64")))
    net = every.group_by(ask.keys).aggregate(delta=every.delta.sum())
    up_to_now = ibis.window(group_by=list(ask.by), order_by="period", preceding=None, following=0)
    stock = net.select(*ask.keys, n=net.delta.sum().over(up_to_now).cast("int64"))
    if ask.first_label is None:
        return stock
    return stock.filter(stock.period >= ask.first_label)


def value(rows: ir.Table, ask: Ask) -> ir.Value:
    """Each ticket counts once."""
    return ibis.literal(1.0)
