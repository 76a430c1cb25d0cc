"""Expressions that mean the same on every engine, and the few places where engines differ.

Floor 1. Metrics and analyses build on these and on plain comparison, arithmetic, grouping and
window functions; `tests/house/test_portable.py` refuses the rest. Each engine defines the functions
`micros` and `day_micros` when it opens (see `engine.py`).
"""

from datetime import UTC, datetime, timedelta

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.warehouse.quick_ibis import make_quick
from opsgauge.warehouse.shared_ibis import fit_for_threads

fit_for_threads()
make_quick()

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HALF = 0.5
LOG_SCALE = 1_000_000_000

# Engines disagree on lengths of time, so instants become integers first.
micros_of = ibis.udf.scalar.builtin(
    lambda moment: 0, name="micros", signature=(("timestamp(6)",), "int64")
)

day_micros_of = ibis.udf.scalar.builtin(
    lambda day: 0, name="day_micros", signature=(("date",), "int64")
)


moment_of = ibis.udf.scalar.builtin(
    lambda us: None, name="moment_at", signature=(("int64",), "timestamp(6)")
)


def moment_from(us: ir.Value) -> ir.TimestampValue:
    """Return the moment so many microseconds after 1970-01-01 UTC, null where that is."""
    return moment_of(us)


def micros(moment: ir.Value) -> ir.IntegerColumn:
    """Microseconds since 1970-01-01 UTC, null where the moment is."""
    return micros_of(moment)


def day_micros(day: ir.Value) -> ir.IntegerColumn:
    """Microseconds from 1970-01-01 to a day's midnight in UTC, null where the day is."""
    return day_micros_of(day)


def millionths(number: ir.Value) -> ir.IntegerColumn:
    """Return a number as whole millionths: sums of these are the same in any order."""
    return (number * 1_000_000 - HALF).ceil().cast("int64")


def hours_between(start: ir.Value, end: ir.Value) -> ir.FloatingColumn:
    """Elapsed hours from `start` to `end`; null while either is missing, negative if reversed."""
    return (micros(end) - micros(start)).cast("float64") / MICROS_PER_HOUR


def hours_of(us: ir.Value) -> ir.FloatingColumn:
    """Microseconds as hours."""
    return us.cast("float64") / MICROS_PER_HOUR


def ratio(numerator: ir.Value, denominator: ir.Value) -> ir.FloatingColumn:
    """Return the quotient, null where the denominator is zero (engines differ on that)."""
    return numerator.cast("float64") / denominator.cast("float64").nullif(0.0)


def ones(condition: ir.Value) -> ir.IntegerColumn:
    """1 where the condition holds, 0 where it does not or is unknown; to be summed."""
    return condition.fill_null(False).cast("int64")


def summed(values: ir.Value) -> ir.IntegerValue:
    """Return a sum of whole numbers as the whole number that Ibis takes it for.

    DuckDB adds in 128 bits and hands that on; a plain cast is left out, since the types seem equal.
    """
    return values.cast("decimal(38, 0)").cast("int64")


def falls_on(us: ir.Value, step_us: int) -> ir.BooleanValue:
    """Whether an instant, in microseconds since 1970, is a whole multiple of a step of time."""
    return us == us // step_us * step_us


def micros_at(moment: datetime) -> int:
    """Return an aware instant as microseconds since 1970, to compare with `micros` of a column.

    Engines write literals of instants with a fraction of a second as floats; integers are exact.

    Examples
    --------
    >>> micros_at(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC))
    1000005
    """
    return (moment - EPOCH) // timedelta(microseconds=1)


def natural_log(number: ir.Value) -> ir.IntegerColumn:
    """Return the natural logarithm of a positive number, in whole parts of `LOG_SCALE`."""
    return (number.cast("float64").ln() * LOG_SCALE - HALF).ceil().cast("int64")


def quantile(values: ir.Value, at: float) -> ir.FloatingColumn:
    """Exact quantile with linear interpolation, equal on every engine (never a sketch)."""
    return values.cast("float64").quantile(at)
