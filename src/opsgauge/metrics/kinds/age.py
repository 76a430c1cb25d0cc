"""Age: how long the tickets open at the end of a period have been open.

Floor 3. A ticket is as old as the time since it was opened, also where it was done for a while in
between. The last period may not have ended: it is measured where the records end.
"""

import ibis.expr.types as ir

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.metrics.ask import Ask
from opsgauge.metrics.statistics import summarise
from opsgauge.metrics.stock import open_at_ends
from opsgauge.warehouse.portable import hours_of


def rows(ask: Ask) -> ir.Table:
    """Return the tickets open at each period's end: key, period, dimensions, `number`."""
    return open_at_ends(ask)


def numbers(ask: Ask) -> ir.Table:
    """Return the statistic of each group in hours: see `statistics.summarise`."""
    return summarise(rows(ask), ask.keys, ask.statistic, MICROS_PER_HOUR)


def value(rows: ir.Table, ask: Ask) -> ir.Value:
    """Return the ticket's age in hours."""
    return hours_of(rows.number)
