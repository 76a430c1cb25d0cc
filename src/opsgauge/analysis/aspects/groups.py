"""Times of work by its type and by who did it: how many, their mean, and how they spread.

Floor 4, analysis. One row for each type and group, however many tickets there are; the aspects of
a process are worked out from these rows alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.warehouse.portable import LOG_SCALE, millionths, natural_log, summed

A_MILLION = 1_000_000


@dataclass(frozen=True)
class Group:
    """The records of one type that one group worked on.

    Attributes
    ----------
    type, name : None where it is not written
    shift : in which they came in, where that was asked
    mean, variance : of the values; the variance is 0 for a single one
    log_mean, log_variance : of their natural logarithms
    """

    type: str | None
    name: str | None
    n: int
    mean: float
    variance: float
    log_mean: float
    log_variance: float
    shift: str | None = None


def group_rows(records: ir.Table, type_: str, across: str, shift: str = "") -> ir.Table:
    """Count records and their values by type and group, and by shift where one is named.

    Parameters
    ----------
    records : with `value` and these columns; what took no time at all has no logarithm, and neither
        type nor group tells anything of it, so it is left out
    """
    named = {"type": type_, "name": across} | ({"shift": shift} if shift else {})
    keys = {key: records[column] for key, column in named.items()}
    rows = records.select(**keys, value=records.value)
    timed = rows.filter(rows.value > 0)
    # Whole numbers add up to the same on every engine, and in every order.
    whole = timed.mutate(log=natural_log(timed.value), millionths=millionths(timed.value))
    return whole.group_by(list(named)).aggregate(
        n=whole.count(),
        total=summed(whole.millionths.sum()),
        spread=whole.value.cast("float64").std(how="sample"),
        log_total=summed(whole.log.sum()),
        log_spread=whole.log.cast("float64").std(how="sample"),
    )


def groups_of(rows: pa.Table) -> tuple[Group, ...]:
    """Return what `group_rows` gave, in the order of types and names, the unwritten first."""
    made = [
        Group(
            type=row["type"],
            name=row["name"],
            n=int(row["n"]),
            mean=int(row["total"]) / A_MILLION / int(row["n"]),
            variance=float(row["spread"] or 0.0) ** 2,
            log_mean=int(row["log_total"]) / LOG_SCALE / int(row["n"]),
            log_variance=(float(row["log_spread"] or 0.0) / LOG_SCALE) ** 2,
            shift=row.get("shift"),
        )
        for row in rows.to_pylist()
    ]
    return tuple(
        sorted(made, key=lambda each: (each.type or "", each.name or "", each.shift or ""))
    )


def by_type(groups: tuple[Group, ...]) -> Iterator[tuple[str | None, list[Group]]]:
    """Yield each type with its groups."""
    for type_, found in groupby(sorted(groups, key=lambda g: g.type or ""), lambda g: g.type):
        yield type_, list(found)
