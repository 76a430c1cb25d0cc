"""Sum: a number that each record carries, added up, such as what was paid.

Floor 3. Amounts of money in several currencies have no sum: the answer says how many there are
(`currencies`), and `metrics.series` refuses it.
"""

import ibis.expr.types as ir

from opsgauge.metrics.ask import Ask
from opsgauge.metrics.dated import Sum
from opsgauge.metrics.kinds.adding import added, scale_of
from opsgauge.metrics.subject import CURRENCY


def rows(ask: Ask) -> ir.Table:
    """Return the records that carry the number: key, period, dimensions, `number`."""
    wanted = ask.definition(Sum)
    if not ask.subject.is_money(wanted.column):
        records = ask.records(ask.moment, *wanted.added, *wanted.told_by)
        return ask.dated(records, number=added(records, ask))
    records = ask.records(ask.moment, *wanted.added, CURRENCY)
    return ask.dated(records, number=added(records, ask), money_in=records[CURRENCY])


def numbers(ask: Ask) -> ir.Table:
    """Return the sum of each group: keys, n, value; of money also currencies."""
    summed = rows(ask)
    money = {"currencies": summed.money_in.nunique()} if "money_in" in summed.columns else {}
    grouped = summed.group_by(ask.keys).aggregate(
        n=summed.count(), total=summed.number.sum(), **money
    )
    scaled = grouped.total.cast("float64") / scale_of(ask)
    return grouped.select(*ask.keys, "n", *money, value=scaled)


def value(rows: ir.Table, ask: Ask) -> ir.Value:
    """Return the record's number."""
    return rows.number.cast("float64") / scale_of(ask)
