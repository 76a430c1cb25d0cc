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
from opsgauge.metrics.stock import days_open, moves, open_at_ends
from opsgauge.warehouse.portable import ratio


def rows(ask: Ask) -> ir.Table:
    """Return the tickets open at each period's end: key, period, dimensions.

    Of an average those open at the end of any day, with `days` and `of_days`.
    """
    return days_open(ask) if ask.averages else open_at_ends(ask)


def numbers(ask: Ask) -> ir.Table:
    """Return the stock of each group at each period's end: keys, n, value.

    Of an average also numerator and denominator: ticket by ticket the ends of days, and the days.
    """
    if ask.counts_rows:
        return _counted(ask)
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


def _counted(ask: Ask) -> ir.Table:
    """Return the stock counted ticket by ticket."""
    there = rows(ask)
    if not ask.averages:
        grouped = there.group_by(ask.keys).aggregate(n=there.count().cast("int64"))
        return grouped.mutate(value=grouped.n.cast("float64"))
    grouped = there.group_by(ask.keys).aggregate(
        n=there.count().cast("int64"),
        numerator=there.days.sum().cast("float64"),
        denominator=there.of_days.max().cast("float64"),
    )
    return grouped.mutate(value=ratio(grouped.numerator, grouped.denominator))


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
    """Each ticket counts once; in an average, for the share of days at whose end it was open."""
    return ratio(rows.days, rows.of_days) if ask.averages else ibis.literal(1.0)
