"""Delta tables of one warehouse: made, appended to, replaced by partition, read by version.

Floor 1. Every write is cast to a declared Arrow schema first, since `write_deltalake` casts and
rounds silently. What a version holds is named by `versions.py`; the head of a table means nothing.
"""

import json
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import ColumnProperties, DeltaTable, Schema, WriterProperties, write_deltalake
from deltalake.transaction import AddAction, RemoveAction

from opsgauge.foundation.errors import WarehouseDamaged

# Numbers must be computable again for as long as a version is kept, so the log never expires by
# itself: the default of 30 days would make old versions unopenable.
KEEP_LOG = {
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.deletedFileRetentionDuration": "interval 36500 days",
    "delta.enableExpiredLogCleanup": "false",
}
PARTITION = "opened_month"
COMMIT = re.compile(r"\d{20}")
ROW_GROUP = 122_880
# Moments and numbers as differences: a quarter smaller, and a fifth quicker to write and to read.
DIFFERENCES = ColumnProperties(dictionary_enabled=False, encoding="DELTA_BINARY_PACKED")


def read_rows(file: str) -> list[dict[str, Any]]:
    """Return all rows of a small Parquet file; instants are aware, in UTC."""
    # `pq.read_table`, and instants with a zone, load pandas, which takes longer than all the rest.
    with pq.ParquetFile(file) as opened:
        stored = opened.read()
    instants = [field.name for field in stored.schema if pa.types.is_timestamp(field.type)]
    naive = [
        field.with_type(pa.timestamp("us")) if field.name in instants else field
        for field in stored.schema
    ]
    rows: list[dict[str, Any]] = stored.cast(pa.schema(naive)).to_pylist()
    return [row | {name: _in_utc(row[name]) for name in instants} for row in rows]


def _in_utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Warehouse:
    """The folder under which each table is a folder."""

    root: Path

    def path(self, table: str) -> Path:
        """Return the folder of a table."""
        return self.root / table

    def exists(self, table: str) -> bool:
        """Say whether the table was ever made."""
        return (self.path(table) / "_delta_log").is_dir()

    def delta(self, table: str, version: int | None = None) -> DeltaTable:
        """Open a table at a Delta version, at its head without one."""
        return DeltaTable(str(self.path(table)), version=version)

    def head(self, table: str) -> int:
        """Return the latest Delta version, which may belong to a killed import."""
        # By the names of its commits, all of which are kept: to open it takes far longer.
        files = (self.path(table) / "_delta_log").glob("*.json")
        commits = [int(file.stem) for file in files if COMMIT.fullmatch(file.stem)]
        return max(commits) if commits else int(self.delta(table).version())

    def columns(self, table: str, version: int | None = None) -> tuple[str, ...]:
        """Return the names of a table's columns at a Delta version, at its head without one."""
        return tuple(field.name for field in self.delta(table, version).schema().fields)

    def late(self, table: str, version: int, names: Sequence[str]) -> tuple[str, ...]:
        """Return which columns of a partitioned table files may lack, since they came after it.

        The partition stood last when the table was made, and what is added stands behind it.
        """
        if PARTITION not in names:
            return ()
        known = self.columns(table, version)
        first = known[: known.index(PARTITION) + 1]
        return tuple(name for name in names if name not in first)

    def make(self, table: str, schema: pa.Schema, partitioned: bool = False) -> None:
        """Make an empty table unless there is one."""
        if not self.exists(table):
            DeltaTable.create(
                str(self.path(table)),
                schema,
                mode="ignore",
                partition_by=[PARTITION] if partitioned else None,
                configuration=KEEP_LOG,
            )

    def append(self, table: str, rows: pa.Table | pa.RecordBatchReader, schema: pa.Schema) -> None:
        """Append rows after casting them to `schema`."""
        write_deltalake(
            str(self.path(table)),
            cast(rows, schema),
            mode="append",
            writer_properties=_writer(schema),
        )

    def replace_months(
        self, table: str, rows: pa.RecordBatchReader, schema: pa.Schema, months: Sequence[str]
    ) -> None:
        """Put `rows` in the place of everything the table holds for those months.

        A table that an older program made gets the columns that it lacks; what they hold is not
        known of the other months.
        """
        chosen = ", ".join(f"'{month}'" for month in months)
        delta = self.delta(table)
        lacks = not {*schema.names} <= {field.name for field in delta.schema().fields}
        write_deltalake(
            delta,
            cast(rows, schema),
            mode="overwrite",
            predicate=f"{PARTITION} IN ({chosen})",
            schema_mode="merge" if lacks else None,
            writer_properties=_writer(schema),
        )

    def replace(self, table: str, rows: pa.RecordBatchReader, schema: pa.Schema) -> None:
        """Put `rows` in the place of everything the table holds."""
        write_deltalake(
            str(self.path(table)),
            cast(rows, schema),
            mode="overwrite",
            writer_properties=_writer(schema),
        )

    def remove(self, table: str, where: str) -> None:
        """Remove the rows that meet a condition in SQL."""
        self.delta(table).delete(where)

    def adopt(self, table: str, file: Path, rows: int) -> None:
        """Make a Parquet file that lies in the table's folder part of the table, without a copy.

        Columns the table does not know yet are added to it; those the file lacks read as null.
        """
        delta = self.delta(table)
        file_schema = pq.read_schema(file)
        known = {field.name for field in delta.schema().fields}
        fresh = [field for field in file_schema if field.name not in known]
        if fresh:
            delta.alter.add_columns(Schema.from_arrow(pa.schema(fresh)).fields)
            delta = self.delta(table)
        action = _added(file, rows, int(time.time() * 1000))
        delta.create_write_transaction([action], mode="append", schema=delta.schema())

    def swap(self, table: str, files: Sequence[tuple[Path, Path, int]]) -> None:
        """Put files in the place of others, in one step.

        Parameters
        ----------
        files : the old one, the new one beside it with the same columns, and its rows
        """
        delta = self.delta(table)
        now = int(time.time() * 1000)
        actions: list[AddAction | RemoveAction] = []
        for old, new, rows in files:
            actions.append(RemoveAction(old.name, True, now))
            actions.append(_added(new, rows, now))
        delta.create_write_transaction(actions, mode="append", schema=delta.schema())

    def restore(self, table: str, version: int) -> None:
        """Bring a table back to a Delta version, where its head is another."""
        if self.head(table) != version:
            self.delta(table).restore(version)

    def discard(self, table: str) -> None:
        """Remove a table that no data version knows, left behind by a killed import."""
        shutil.rmtree(self.path(table))

    def first(self, table: str) -> int:
        """Return the oldest Delta version that can still be opened."""
        files = (self.path(table) / "_delta_log").glob("*.json")
        return min((int(file.stem) for file in files if COMMIT.fullmatch(file.stem)), default=0)

    def files(self, table: str, version: int) -> tuple[str, ...]:
        """Return the Parquet files of a table at a Delta version.

        Raises
        ------
        WarehouseDamaged : the table cannot be opened at that version, or another engine left
            deletion vectors in it, which a plain read would not honour
        """
        try:
            delta = self.delta(table, version)
            marked = delta.deletion_vectors().read_all().num_rows
        except Exception as damage:
            if version < self.first(table):
                raise WarehouseDamaged(
                    f"What table {table!r} was at version {version} is kept no longer: a person "
                    "was erased from it since.",
                    hint="Ask for the newest data version.",
                ) from damage
            raise WarehouseDamaged(
                f"Table {table!r} does not open at version {version}: {damage}",
                hint="Restore the workspace from a backup.",
            ) from damage
        if marked:
            raise WarehouseDamaged(
                f"Table {table!r} holds deletion vectors, written by another engine.",
                hint="Rewrite it without them: OPTIMIZE or REORG TABLE ... APPLY (PURGE).",
            )
        return local_files(delta, self.path(table))


def _added(file: Path, rows: int, now: int) -> AddAction:
    """Return what the log is told of a file that was made elsewhere: no value that is in it."""
    return AddAction(
        path=file.name,
        size=file.stat().st_size,
        partition_values={},
        modification_time=now,
        data_change=True,
        stats=json.dumps({"numRecords": rows}),
    )


def local_files(delta: DeltaTable, folder: Path) -> tuple[str, ...]:
    """Return a table's files as paths.

    Delta writes the folder as part of an address, in which a blank is `%20`; what follows it is as
    on the disk.
    """
    start = delta.table_uri.removeprefix("file://")
    return tuple(str(folder / uri.removeprefix(start)) for uri in delta.file_uris())


def _writer(schema: pa.Schema) -> WriterProperties:
    numbers = [f.name for f in schema if pa.types.is_timestamp(f.type) or f.type == pa.int64()]
    return WriterProperties(
        compression="ZSTD",
        max_row_group_size=ROW_GROUP,
        column_properties=dict.fromkeys(numbers, DIFFERENCES),
    )


def cast(rows: pa.Table | pa.RecordBatchReader, schema: pa.Schema) -> pa.RecordBatchReader:
    """Return the rows with exactly the columns and types of `schema`, batch by batch.

    An instant without a zone is UTC, as every instant in the engine is.

    Raises
    ------
    pyarrow.ArrowInvalid : a value does not fit its column; nothing is rounded or cut
    """
    reader = rows.to_reader() if isinstance(rows, pa.Table) else rows

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in reader:
            arrays = [batch.column(field.name).cast(field.type, safe=True) for field in schema]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())
