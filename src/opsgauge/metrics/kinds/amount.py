"""Amount: a number that each ticket carries, such as how often it changed team.

Floor 3. A ticket that carries none is not counted: nothing is not zero.
"""

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.metrics.ask import Ask
from opsgauge.metrics.definition import Amount
from opsgauge.metrics.paragraph import LENGTHS
from opsgauge.metrics.statistics import summarise


def rows(ask: Ask) -> ir.Table:
    """Return the tickets that carry the number: key, period, dimensions, `number`."""
    amount = ask.definition(Amount)
    tickets = ask.tickets(ask.moment, amount.column)
    number = tickets[amount.column]
    if amount.at_least is not None:
        number = ibis.cases((number >= amount.at_least, number))
    return ask.dated(tickets, number=number)


def scale_of(ask: Ask) -> float:
    """Return what to divide the number by: stored lengths of time are microseconds."""
    return MICROS_PER_HOUR if ask.definition(Amount).column in LENGTHS else 1


def numbers(ask: Ask) -> ir.Table:
    """Return the statistic of each group: see `statistics.summarise`."""
    return summarise(rows(ask), ask.keys, ask.statistic, scale_of(ask))


def value(rows: ir.Table, ask: Ask) -> ir.Value:
    """Return the ticket's number."""
    return rows.number.cast("float64") / scale_of(ask)
