"""One number out of many, with what its interval needs: quantiles and means.

Floor 3. Everything is summed and sorted as whole numbers (microseconds, counts), so that threads
and engines cannot differ in the last digit, and scaled to the metric's unit at the end.
"""

from collections.abc import Sequence
from math import sqrt

import ibis
import ibis.expr.types as ir

from opsgauge.metrics.intervals import EXACT_UP_TO, Z, high_rank, low_rank
from opsgauge.metrics.paragraph import GEOMETRIC, quantile_of
from opsgauge.warehouse.portable import LOG_SCALE, natural_log, quantile

LOWER, UPPER = -1, 1
MIDDLE = 0.5
FEW = range(EXACT_UP_TO + 1)


def summarise(rows: ir.Table, keys: Sequence[str], statistic: str, scale: float) -> ir.Table:
    """Return n and the statistic of the column `number` for every group.

    Parameters
    ----------
    rows : keys and `number`, a whole number that is never null
    scale : what to divide by to get the metric's unit

    Returns
    -------
    keys, n, value; for a quantile also low and high, the ends of its interval (null where n is too
    small to give one); for a mean also deviation, the standard deviation of the sample; for a
    geometric mean log_deviation, that of the logarithms
    """
    q = quantile_of(statistic)
    if statistic == GEOMETRIC:
        return _geometric(rows, keys, scale)
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
        low=ranked.ordered[ranked.low - 1] / scale,
        high=ranked.ordered[ranked.high - 1] / scale,
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


def _geometric(rows: ir.Table, keys: Sequence[str], scale: float) -> ir.Table:
    # Logarithms of two engines may differ in the last digit; as whole numbers they add up equally.
    logs = rows.mutate(log=natural_log(rows.number))
    grouped = logs.group_by(keys).aggregate(
        n=logs.count(),
        total=logs.log.sum(),
        spread=logs.log.cast("float64").std(how="sample"),
    )
    return grouped.select(
        *keys,
        "n",
        value=(grouped.total.cast("float64") / grouped.n / LOG_SCALE).exp() / scale,
        log_deviation=grouped.spread / LOG_SCALE,
    )


def _rank(n: ir.IntegerValue, q: float, side: int) -> ir.IntegerValue:
    """Return Conover's rank, exact for few values, by the normal distribution beyond, or null."""
    # Places in a list are 32 bits wide: Spark takes no wider ones.
    exact = ibis.literal([_exact(size, q, side) for size in FEW], "array<int32>")
    beyond = (n * q + n.sqrt() * (side * Z * sqrt(q * (1 - q)))).ceil().cast("int32")
    few = (n <= EXACT_UP_TO, exact[n.cast("int32")])
    if side == LOWER and q < MIDDLE:
        return ibis.cases(few, (beyond >= 1, beyond))
    if side == UPPER and q > MIDDLE:
        return ibis.cases(few, (beyond <= n, beyond))
    return ibis.ifelse(*few, beyond)  # from 21 values on the rank is there in any case


def _exact(size: int, q: float, side: int) -> int | None:
    rank = low_rank(size, q) if side == LOWER else high_rank(size, q)
    return rank if 1 <= rank <= size else None
