"""What was booked as cost, by group and week, for the vital few to be told by it.

Floor 4, analysis. Amounts are the records' own: nothing is priced, converted or spread. A credit
counts below nought. A booking without an amount, or without a first day, has nothing to add.
"""

import ibis.expr.types as ir

from opsgauge.analysis.causes.pareto import WEEK_US
from opsgauge.warehouse.portable import day_micros, millionths, summed


def booked_rows(costs: ir.Table, by: str) -> ir.Table:
    """Sum bookings by group and week: grp, week, n, amount (millionths) and currency.

    Parameters
    ----------
    costs : bookings; amounts of several currencies stay apart
    """
    rows = costs.filter(costs.amount.notnull() & costs.period_start.notnull())
    told = rows.select(
        grp=rows[by],
        week=day_micros(rows.period_start) // WEEK_US,
        currency=rows.currency,
        part=millionths(rows.amount),
    )
    return told.group_by("grp", "week", "currency").aggregate(
        n=told.count(), amount=summed(told.part.sum())
    )
