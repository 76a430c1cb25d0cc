"""Amount: a number that each record carries, such as how often a ticket changed team.

Floor 3. A record that carries none is not counted: nothing is not zero.
"""

import ibis
import ibis.expr.types as ir

from opsgauge.metrics.ask import Ask
from opsgauge.metrics.dated import Amount
from opsgauge.metrics.kinds.adding import added, one_of, scale_of
from opsgauge.metrics.statistics import summarise


def rows(ask: Ask) -> ir.Table:
    """Return the records that carry the number: key, period, dimensions, `number`."""
    amount = ask.definition(Amount)
    records = ask.records(ask.moment, *amount.added, *amount.told_by)
    number = added(records, ask)
    if amount.at_least is not None:
        number = ibis.cases((number >= amount.at_least * one_of(ask), number))
    return ask.dated(records, number=number)


def numbers(ask: Ask) -> ir.Table:
    """Return the statistic of each group: see `statistics.summarise`."""
    return summarise(rows(ask), ask.keys, ask.statistic, scale_of(ask))


def value(rows: ir.Table, ask: Ask) -> ir.Value:
    """Return the record's number."""
    return rows.number.cast("float64") / scale_of(ask)
