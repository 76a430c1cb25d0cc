"""Distinct: how many different values a column has, such as the persons who worked on something.

Floor 3. Counted exactly. The numbers of two periods do not add up: who worked in both counts in
each. `n` is the records behind it.
"""

import ibis
import ibis.expr.types as ir

from opsgauge.metrics.ask import Ask
from opsgauge.metrics.dated import Distinct


def rows(ask: Ask) -> ir.Table:
    """Return the records that hold something there: key, period, dimensions, `held`."""
    column = ask.definition(Distinct).column
    records = ask.records(ask.moment, column)
    return ask.dated(records, held=records[column])


def numbers(ask: Ask) -> ir.Table:
    """Return how many different values each group has: keys, n, value."""
    held = rows(ask)
    grouped = held.group_by(ask.keys).aggregate(n=held.count(), different=held.held.nunique())
    return grouped.select(*ask.keys, "n", value=grouped.different.cast("float64"))


def value(rows: ir.Table, ask: Ask) -> ir.Value:
    """Each record stands for one value, which others may share."""
    return ibis.literal(1.0)
