"""One number out of many, with what its interval needs: quantiles and means.

Floor 3. Everything is summed and sorted as whole numbers (microseconds, counts), so that threads
and engines cannot differ in the last digit, and scaled to the metric's unit at the end.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from opsgauge.metrics.intervals import EXACT_UP_TO, Z, high_rank, low_rank
from opsgauge.metrics.paragraph import quantile_of
from opsgauge.warehouse.portable import quantile

LOWER, UPPER = -1, 1


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
    ranked = grouped.mutate(low=_rank(grouped.n, q, LOWER), high=_rank(grouped.n, q, UPPER))
    return ranked.select(
        *keys,
        "n",
        value=ranked.middle / scale,
        low=_at_rank(ranked, ranked.low) / scale,
        high=_at_rank(ranked, ranked.high) / scale,
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


def _at_rank(ranked: ir.Table, rank: ir.IntegerValue) -> ir.FloatingValue:
    there = (rank >= 1) & (rank <= ranked.n)
    return ibis.cases((there, ranked.ordered[_place(rank - 1)])).cast("float64")


def _place(number: ir.IntegerValue) -> ir.IntegerValue:
    return number.cast("int32")  # Spark takes no wider number for a place in a list


def _rank(n: ir.IntegerValue, q: float, side: int) -> ir.IntegerValue:
    """Return Conover's rank: exact for few values, by the normal distribution beyond."""
    exact_rank = low_rank if side == LOWER else high_rank
    exact = ibis.literal([exact_rank(size, q) for size in range(EXACT_UP_TO + 1)], "array<int64>")
    size = n.cast("float64")
    beyond = (size * q + (size * (q * (1 - q))).sqrt() * (side * Z)).ceil()
    return ibis.ifelse(n <= EXACT_UP_TO, exact[_place(n)], beyond.cast("int64"))
