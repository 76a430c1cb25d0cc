"""How long something takes: median, 90th percentile, mean and total of many durations.

Floor 4, analysis. Exact, and the same every time: quantiles are never sketched, and the mean is a
sum of whole microseconds over a count, since a sum of fractions depends on the order of the rows.
"""

import ibis.expr.types as ir

from opsgauge.foundation.units import MICROS_PER_SECOND
from opsgauge.warehouse import portable

_BOTH = "both_quantiles"


def summaries(elapsed_us: ir.IntegerColumn) -> dict[str, ir.Value]:
    """Return the aggregations that `in_seconds` needs, by name."""
    return {
        # One pass for two quantiles: with many groups that takes two thirds of the time of two.
        _BOTH: elapsed_us.cast("float64").quantile([0.5, 0.9]),
        "mean_us": portable.ratio(elapsed_us.sum(), elapsed_us.count()),
        "total_us": elapsed_us.sum(),
    }


def in_seconds(table: ir.Table) -> dict[str, ir.Value]:
    """Return the median, p90, mean and total in seconds of a table of `summaries`.

    All but the total are null where nothing has lasted; the total is zero then.
    """
    both = table[_BOTH]
    return {
        "median_seconds": _seconds(both[0]),
        "p90_seconds": _seconds(both[1]),
        "mean_seconds": _seconds(table.mean_us),
        "total_seconds": _seconds(table.total_us.fill_null(0)),
    }


def _seconds(us: ir.Value) -> ir.FloatingColumn:
    return us.cast("float64") / MICROS_PER_SECOND
