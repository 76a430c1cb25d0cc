"""One number out of many, with what its interval needs: quantiles and means.

Floor 3. Everything is summed and sorted as whole numbers (microseconds, counts), so that threads
and engines cannot differ in the last digit, and scaled to the metric's unit at the end.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from opsgauge.metrics.definition import quantile_of
from opsgauge.metrics.intervals import EXACT_UP_TO, Z, steps_of_low_rank
from opsgauge.warehouse.portable import ones, quantile


def summarise(rows: ir.Table, keys: Sequence[str], statistic: str, scale: float) -> ir.Table:
    """Return n and the statistic of the column `number` for every group.

    Parameters
    ----------
    rows : keys and `number`, a whole number that is never null
    scale : what to divide by to get the metric's unit

    Returns
    -------
    keys, n, value; for a quantile also low and high, the ends of its interval (null where n is too
    small to give one); for a mean also deviation, the standard deviation of the sample
    """
    q = quantile_of(statistic)
    if q is None:
        return _mean(rows, keys, scale)
    grouped = rows.group_by(keys).aggregate(
        n=rows.count(), middle=quantile(rows.number, q), ordered=rows.number.collect().sort()
    )
    return grouped.select(
        *keys,
        "n",
        value=grouped.middle / scale,
        low=_at_rank(grouped, _low_rank(grouped.n, q)) / scale,
        high=_at_rank(grouped, _high_rank(grouped.n, q)) / scale,
    )


def _mean(rows: ir.Table, keys: Sequence[str], scale: float) -> ir.Table:
    grouped = rows.group_by(keys).aggregate(
        n=rows.count(),
        total=rows.number.sum(),
        spread=rows.number.cast("float64").std(how="sample"),
    )
    return grouped.select(
        *keys,
        "n",
        value=grouped.total.cast("float64") / grouped.n / scale,
        deviation=grouped.spread / scale,
    )


def _at_rank(grouped: ir.Table, rank: ir.IntegerValue) -> ir.FloatingValue:
    there = (rank >= 1) & (rank <= grouped.n)
    place = (rank - 1).cast("int32")  # Spark takes no wider number for a place in a list
    return ibis.cases((there, grouped.ordered[place])).cast("float64")


def _low_rank(n: ir.IntegerValue, q: float) -> ir.IntegerValue:
    """Return Conover's lower rank: exact for few values, by the normal distribution beyond."""
    beyond = (n * q - (n * (q * (1 - q))).sqrt() * Z).ceil().cast("int64")
    return ibis.ifelse(n <= EXACT_UP_TO, _exact_low_rank(n, q), beyond)


def _high_rank(n: ir.IntegerValue, q: float) -> ir.IntegerValue:
    beyond = (n * q + (n * (q * (1 - q))).sqrt() * Z).ceil().cast("int64")
    return ibis.ifelse(n <= EXACT_UP_TO, n + 1 - _exact_low_rank(n, 1 - q), beyond)


def _exact_low_rank(n: ir.IntegerValue, q: float) -> ir.IntegerValue:
    rising = steps_of_low_rank(q)
    falling = [size for size in range(1, EXACT_UP_TO + 1) if size not in rising]
    if len(rising) <= len(falling):
        return sum((ones(n >= size) for size in rising), ibis.literal(0, "int64"))
    return n - sum((ones(n >= size) for size in falling), ibis.literal(0, "int64"))
