"""How the records behind a baseline spread: quantiles of what each adds to the number.

Floor 4, analysis. Exact quantiles over all records of the stretch, not a mean of the periods'.
"""

from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.warehouse.portable import quantile

QUANTILES = {"p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95}
# Kinds of which a record adds a size of its own; of others it counts, or does not.
SIZED = ("duration", "dwell", "between", "amount", "points", "score")


def distribution_rows(records: ir.Table) -> ir.Table:
    """Return one row: how many records there are, the ends of their values, and quantiles.

    Parameters
    ----------
    records : with `value`
    """
    known = records.filter(records.value.notnull())
    value = known.value.cast("float64")
    asked = {name: quantile(value, at) for name, at in QUANTILES.items()}
    return known.aggregate(n=known.count(), least=value.min(), most=value.max(), **asked)


def distribution_of(rows: pa.Table) -> dict[str, Any]:
    """Return what `distribution_rows` gave; quantiles are None where there is no record."""
    return dict(rows.to_pylist()[0])
