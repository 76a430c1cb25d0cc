"""Count: how many records had a moment, such as being opened.

Floor 3. Zeros are not in the answer of the engine; `metrics.series` fills them in.
"""

import ibis
import ibis.expr.types as ir

from opsgauge.metrics.ask import Ask


def rows(ask: Ask) -> ir.Table:
    """Return the records counted: key, period, dimensions."""
    return ask.dated(ask.records(ask.moment))


def numbers(ask: Ask) -> ir.Table:
    """Return how many there are in each group: keys, n, value."""
    counted = rows(ask)
    grouped = counted.group_by(ask.keys).aggregate(n=counted.count())
    return grouped.mutate(value=grouped.n.cast("float64"))


def value(rows: ir.Table, ask: Ask) -> ir.Value:
    """Each record counts once."""
    return ibis.literal(1.0)
