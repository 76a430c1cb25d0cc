"""What deltalake does that we work round. When one of these fails, look at the place it names."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, Schema, write_deltalake

KEPT_DAYS = "interval 30 days"


def test_an_append_rounds_what_does_not_fit(tmp_path: Path) -> None:
    """2.5 becomes 2 without a word; `warehouse.tables` casts to the declared schema first."""
    table = str(tmp_path / "t")
    write_deltalake(table, pa.table({"n": pa.array([1], pa.int64())}))
    write_deltalake(table, pa.table({"n": pa.array([2.5], pa.float64())}), mode="append")

    assert sorted(DeltaTable(table).to_pyarrow_table()["n"].to_pylist()) == [1, 2]


def test_an_append_takes_a_naive_moment_for_utc(tmp_path: Path) -> None:
    """`warehouse.tables.cast` is given aware moments only, made by `log.history.stored`."""
    table = str(tmp_path / "t")
    write_deltalake(table, pa.table({"at": pa.array([0], pa.timestamp("us", tz="UTC"))}))
    naive = pa.table({"at": pa.array([3_600_000_000], pa.timestamp("us"))})
    write_deltalake(table, naive, mode="append", schema_mode="merge")

    kept = DeltaTable(table).to_pyarrow_table()["at"]
    assert kept.type == pa.timestamp("us", tz="UTC")
    assert 3_600_000_000 in kept.cast(pa.int64()).to_pylist()


def test_columns_that_differ_only_in_case_are_refused(tmp_path: Path) -> None:
    """So `sources.landing` spells a column as it was spelled first."""
    table = DeltaTable.create(str(tmp_path / "t"), pa.schema([pa.field("Note", pa.string())]))

    with pytest.raises(Exception, match="case-insensitive"):
        table.alter.add_columns(
            Schema.from_arrow(pa.schema([pa.field("note", pa.string())])).fields
        )


def test_a_table_forgets_its_past_unless_told_otherwise(tmp_path: Path) -> None:
    """Nothing is said of retention by default, which means thirty days; see `KEEP_LOG`."""
    table = DeltaTable.create(str(tmp_path / "t"), pa.schema([pa.field("n", pa.int64())]))

    assert "delta.logRetentionDuration" not in table.metadata().configuration


def test_a_restore_makes_a_new_version(tmp_path: Path) -> None:
    """So the head of a table is never taken for its current state; see `warehouse.versions`."""
    table = str(tmp_path / "t")
    for n in range(3):
        write_deltalake(table, pa.table({"n": [n]}), mode="append")
    DeltaTable(table).restore(0)

    assert DeltaTable(table).version() == 3
    files = DeltaTable(table).file_uris()
    assert [pq.read_table(file)["n"].to_pylist() for file in files] == [[0]]
