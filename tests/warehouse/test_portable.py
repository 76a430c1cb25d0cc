"""Expressions that mean the same on every engine, here on the one that runs in each test."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from opsgauge.warehouse.portable import (
    hours_between,
    hours_of,
    micros,
    micros_at,
    ones,
    quantile,
    ratio,
)
from tests.lent import engine_of

TABLE = ibis.table(
    {"a": "timestamp(6)", "b": "timestamp(6)", "n": "int64", "of": "int64", "yes": "boolean"},
    name="t",
)

EIGHT = datetime(2026, 1, 5, 8, tzinfo=UTC)
HALF_PAST = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
ODD = datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)

Computes = Callable[[ir.Value], list[Any]]


@pytest.fixture
def compute() -> Computes:
    """Return what computes an expression over four rows."""
    rows = {
        "a": pa.array([EIGHT, HALF_PAST, None, ODD], pa.timestamp("us", tz="UTC")),
        "b": pa.array([HALF_PAST, EIGHT, EIGHT, None], pa.timestamp("us", tz="UTC")),
        "n": pa.array([1, 0, 3, None], pa.int64()),
        "of": pa.array([4, 0, 0, 1], pa.int64()),
        "yes": pa.array([True, False, None, True]),
    }

    def computes(expression: ir.Value) -> list[Any]:
        with engine_of({"t": pa.table(rows)}) as engine:
            found: list[Any] = engine.run(TABLE.select(x=expression))["x"].to_pylist()
        return found

    return computes


def test_instants_become_exact_microseconds(compute: Computes) -> None:
    """Before 1970 too; a missing one stays missing."""
    expected = [micros_at(EIGHT), micros_at(HALF_PAST), None, -1]

    assert compute(micros(TABLE.a)) == expected


def test_hours_between_are_signed(compute: Computes) -> None:
    """Negative where reversed, missing where either end is."""
    assert compute(hours_between(TABLE.a, TABLE.b)) == [1.5, -1.5, None, None]
    assert compute(hours_of(micros(TABLE.b) - micros(TABLE.a))) == [1.5, -1.5, None, None]


def test_a_ratio_to_nothing_is_missing(compute: Computes) -> None:
    """Neither an error nor infinity."""
    assert compute(ratio(TABLE.n, TABLE.of)) == [0.25, None, None, None]


def test_unknown_does_not_count(compute: Computes) -> None:
    """A condition holds or it does not."""
    assert compute(ones(TABLE.yes)) == [1, 0, 0, 1]


def test_a_quantile_is_exact_and_lies_between(compute: Computes) -> None:
    """Of 0, 1 and 3 the median is 1 and the third quartile 2."""
    asked = [quantile(TABLE.n, at) for at in (0.5, 0.75)]

    assert [compute(each)[0] for each in asked] == [1.0, 2.0]
