"""Points: what each record earns by a word it holds, added up.

Floor 3. Every record that holds one of the words counts, whatever it earns; others do not.
"""

import ibis
import ibis.expr.types as ir

from opsgauge.metrics.ask import Ask
from opsgauge.metrics.criterion import spellings
from opsgauge.metrics.dated import Points
from opsgauge.metrics.subject import MILLIONTHS


def rows(ask: Ask) -> ir.Table:
    """Return the records that hold one of the words: key, period, dimensions, `number`."""
    points = ask.definition(Points)
    records = ask.records_with([points.column], ask.moment)
    held = records[points.column]
    earned = [
        (held.isin(spellings([word])), ibis.literal(round(each * MILLIONTHS), "int64"))
        for word, each in points.earns.items()
    ]
    return ask.dated(records, number=ibis.cases(*earned))


def numbers(ask: Ask) -> ir.Table:
    """Return the points of each group: keys, n, value."""
    earned = rows(ask)
    grouped = earned.group_by(ask.keys).aggregate(n=earned.count(), total=earned.number.sum())
    return grouped.select(*ask.keys, "n", value=grouped.total.cast("float64") / MILLIONTHS)


def value(rows: ir.Table, ask: Ask) -> ir.Value:
    """Return the record's points."""
    return rows.number.cast("float64") / MILLIONTHS
