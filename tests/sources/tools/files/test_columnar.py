"""Parquet: every type becomes the text that stands for it."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.tools.files import weighing
from tests.sources.conftest import Read

Reads = Callable[..., Read]


def parquet(columns: dict[str, Any]) -> bytes:
    """Return a Parquet file of those columns."""
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (pa.array(["a", None, ""]), ["a", None, ""]),
        (pa.array([1, -5], pa.int64()), ["1", "-5"]),
        (pa.array([2.5, None], pa.float64()), ["2.5", None]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array([Decimal("1.50")], pa.decimal128(5, 2)), ["1.50"]),
        (pa.array([date(2026, 1, 5)]), ["2026-01-05"]),
        (
            pa.array([1_767_601_800_000_001], pa.timestamp("us")),
            ["2026-01-05 08:30:00.000001"],
        ),
        (
            pa.array([datetime(2026, 1, 5, 8, tzinfo=UTC)], pa.timestamp("us", tz="Asia/Tokyo")),
            ["2026-01-05 08:00:00+00"],
        ),
        (pa.array([["a", "b"], None]), ['["a","b"]', None]),
        (pa.array([{"x": 1}, None]), ['{"x":1}', None]),
        (pa.array(["a", "b"]).dictionary_encode(), ["a", "b"]),
    ],
)
def test_a_value_becomes_the_text_that_stands_for_it(
    read: Reads, values: pa.Array, text: list[str | None]
) -> None:
    """Instants keep their offset, naive ones have none, nested values are JSON."""
    assert read(parquet({"value": values}), "export.parquet").column("value") == text


def test_a_parquet_file_is_known_by_its_first_bytes(read: Reads) -> None:
    """Whatever its name."""
    assert read(parquet({"number": ["INC1"]}), "export.dat").rows == [("INC1",)]


def test_the_order_of_a_large_file_is_kept(read: Reads) -> None:
    """Over several row groups."""
    file = io.BytesIO()
    pq.write_table(pa.table({"n": list(range(200_000))}), file, row_group_size=10_000)

    assert read(file.getvalue(), "export.parquet").column("n") == [str(n) for n in range(200_000)]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1xxxxPAR1", b"number,team\nINC1,A\n"])
def test_a_damaged_file_is_refused(read: Reads, content: bytes) -> None:
    """With its name."""
    with pytest.raises(FileUnreadable, match=r"export\.parquet is no readable Parquet"):
        read(content, "export.parquet")


def test_a_truncated_file_is_refused(read: Reads) -> None:
    """Its end, where the layout stands, is missing."""
    with pytest.raises(FileUnreadable, match="no readable Parquet"):
        read(parquet({"n": list(range(1_000))})[:-40], "export.parquet")


@pytest.mark.row("SEC-04")
def test_a_file_of_runs_that_never_end_is_refused(
    read: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few kilobytes that hold millions of cells; a thousand million would be as few."""
    monkeypatch.setattr(weighing, "NEVER_STEEP", 1_000_000)
    nothing = pa.nulls(3_000_000, pa.bool_())
    file = io.BytesIO()
    table = pa.table({"number": nothing, "at": nothing})
    pq.write_table(table, file, row_group_size=3_000_000, compression="zstd")

    assert len(file.getvalue()) < 30_000
    with pytest.raises(FileUnreadable, match="no honest export does"):
        read(file.getvalue(), "export.parquet")
