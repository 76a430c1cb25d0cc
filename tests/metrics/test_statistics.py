"""Statistics as engines compute them: exact, with Conover's interval, in whole numbers."""

from collections.abc import Mapping, Sequence
from math import ceil, sqrt
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.metrics.intervals import EXACT_UP_TO, Z, high_rank, low_rank
from opsgauge.metrics.statistics import summarise
from tests.lent import engine_of
from tests.metrics.oracle import quantile

NUMBERS = ibis.table({"group": "string", "number": "int64"}, name="numbers")


def summary(
    groups: Mapping[str, Sequence[int]], statistic: str, scale: float = 1
) -> dict[str, Any]:
    """Summarise numbers by group."""
    rows = [(name, number) for name, numbers in groups.items() for number in numbers]
    names, numbers = zip(*rows, strict=True)
    table = pa.table({"group": names, "number": pa.array(numbers, pa.int64())})
    with engine_of({"numbers": table}) as engine:
        found = engine.run(summarise(NUMBERS, ["group"], statistic, scale)).to_pylist()
    return {row["group"]: row for row in found}


def ranks(n: int, q: float) -> tuple[int, int]:
    """Return Conover's ranks."""
    if n <= EXACT_UP_TO:
        return low_rank(n, q), high_rank(n, q)
    reach = Z * sqrt(n * q * (1 - q))
    return ceil(n * q - reach), ceil(n * q + reach)


@pytest.mark.parametrize("statistic", ["median", "p75", "p90", "p95"])
def test_a_quantile_and_its_interval_are_those_of_the_ordered_values(statistic: str) -> None:
    """For every size from 1 to 45: value by interpolation, interval by rank, or none."""
    q = 0.5 if statistic == "median" else int(statistic[1:]) / 100
    groups = {str(n): [(7 * i * i) % 101 for i in range(n)] for n in range(1, 46)}

    for name, row in summary(groups, statistic).items():
        ordered, n = sorted(groups[name]), int(name)
        low, high = ranks(n, q)
        assert row["n"] == n
        assert row["value"] == pytest.approx(quantile(ordered, q), rel=1e-12)
        assert row["low"] == (ordered[low - 1] if 1 <= low <= n else None)
        assert row["high"] == (ordered[high - 1] if 1 <= high <= n else None)


@given(st.lists(st.integers(-(10**15), 10**15), min_size=2, max_size=60))
def test_the_order_of_rows_changes_nothing(values: list[int]) -> None:
    """Not the last digit either."""
    for statistic in ("mean", "p90"):
        one = summary({"a": values}, statistic, 3.6e9)["a"]
        other = summary({"a": list(reversed(values))}, statistic, 3.6e9)["a"]
        assert {k: v for k, v in one.items() if k != "deviation"} == {
            k: v for k, v in other.items() if k != "deviation"
        }


def test_a_mean_comes_with_the_deviation_of_the_sample() -> None:
    """2, 4, 9: mean 5, squares 9 + 1 + 16 over two."""
    row = summary({"a": [2, 4, 9]}, "mean")["a"]

    assert (row["n"], row["value"]) == (3, 5.0)
    assert row["deviation"] == pytest.approx(13**0.5)
    assert summary({"a": [2]}, "mean")["a"]["deviation"] is None


def test_values_are_scaled_to_the_unit() -> None:
    """Microseconds become hours, the ends of the interval too."""
    hours = [1, 2, 3, 4, 5, 6]
    row = summary({"a": [h * 3_600_000_000 for h in hours]}, "median", 3_600_000_000)["a"]

    assert (row["value"], row["low"], row["high"]) == (3.5, 1.0, 6.0)
