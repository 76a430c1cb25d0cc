"""Data versions: which Delta version of each table belongs together.

Floor 1. A load ends with one row appended to `data_versions`; until then nobody sees it, and what
a killed load left behind is undone by `recover` before the next one starts. Readers go by these
rows and never by the head of a table.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

from opsgauge.foundation.errors import ImportRunning, UnknownVersion
from opsgauge.warehouse.tables import Warehouse, local_files, read_rows

TABLE = "data_versions"
SCHEMA = pa.schema(
    [
        pa.field("version", pa.int64(), nullable=False),
        pa.field("made_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("by", pa.string(), nullable=False),
        pa.field("what", pa.string(), nullable=False),
        pa.field("import_id", pa.string(), nullable=False),
        pa.field("tables", pa.string(), nullable=False),
        pa.field("tickets", pa.int64(), nullable=False),
        pa.field("updates", pa.int64(), nullable=False),
        pa.field("earliest", pa.timestamp("us", tz="UTC")),
        pa.field("latest", pa.timestamp("us", tz="UTC")),
        pa.field("watermark", pa.timestamp("us", tz="UTC")),
    ]
)


@dataclass(frozen=True)
class DataVersion:
    """One state of all tables together.

    `watermark` is the latest recorded update: what "now" means for the data. `earliest` and
    `latest` bound every moment in the tickets. All are null where there is no ticket.
    """

    version: int
    made_at: datetime
    by: str
    what: str
    import_id: str
    tables: Mapping[str, int]
    tickets: int
    updates: int
    earliest: datetime | None
    latest: datetime | None
    watermark: datetime | None


def all_versions(warehouse: Warehouse) -> list[DataVersion]:
    """Return every data version, oldest first."""
    if not warehouse.exists(TABLE):
        return []
    log = warehouse.path(TABLE) / "_delta_log"
    newest = max(log.glob("*.json"))
    state = newest.stat()
    return list(_read(warehouse, (newest.name, state.st_mtime_ns, state.st_ino)))


@lru_cache(maxsize=8)
def _read(warehouse: Warehouse, newest_commit: tuple[str, int, int]) -> tuple[DataVersion, ...]:
    # Keyed by the newest commit of this one table, so a server asks the disk only whether it moved;
    # by its file too, since another warehouse may have been put in the place of this one.
    files = local_files(warehouse.delta(TABLE), warehouse.path(TABLE))
    rows = [row for file in files for row in read_rows(file)]
    versions = [DataVersion(**{**row, "tables": json.loads(row["tables"])}) for row in rows]
    return tuple(sorted(versions, key=lambda each: each.version))


def latest(warehouse: Warehouse) -> DataVersion | None:
    """Return the newest data version, or None before the first import."""
    versions = all_versions(warehouse)
    return versions[-1] if versions else None


def get(warehouse: Warehouse, version: int) -> DataVersion:
    """Return one data version.

    Raises
    ------
    UnknownVersion : there is none of that number
    """
    versions = all_versions(warehouse)
    for each in versions:
        if each.version == version:
            return each
    raise UnknownVersion(
        f"There is no data version {version}.",
        hint=f"There are 1 to {versions[-1].version}." if versions else "Nothing is imported yet.",
    )


def known_at(warehouse: Warehouse, moment: datetime) -> DataVersion:
    """Return the newest data version that was made by an instant: what was known then.

    Parameters
    ----------
    moment : aware; a version made at that very microsecond was known

    Raises
    ------
    UnknownVersion : nothing was imported by then
    """
    versions = all_versions(warehouse)
    known = [each for each in versions if each.made_at <= moment]
    if known:
        return known[-1]
    asked = f"{moment:%Y-%m-%d %H:%M} UTC"
    if not versions:
        raise UnknownVersion(f"Nothing was known at {asked}: nothing is imported yet.")
    raise UnknownVersion(
        f"Nothing was known at {asked}: the first import was made at "
        f"{versions[0].made_at:%Y-%m-%d %H:%M:%S} UTC.",
        hint="Ask for a later moment; opsgauge versions lists when each import was made.",
    )


def commit(warehouse: Warehouse, version: DataVersion) -> None:
    """Make a load visible: the one step after which it counts."""
    warehouse.make(TABLE, SCHEMA)
    row = {**vars(version), "tables": json.dumps(dict(version.tables), sort_keys=True)}
    warehouse.append(TABLE, pa.Table.from_pylist([row], schema=SCHEMA), SCHEMA)


def recover(warehouse: Warehouse) -> DataVersion | None:
    """Undo what a killed load left behind; call only while holding the import lock.

    Every table goes back to the version that the newest data version names; a table that no data
    version names is removed.
    """
    committed = latest(warehouse)
    named = committed.tables if committed else {}
    if not warehouse.root.is_dir():
        return committed
    for folder in sorted(warehouse.root.iterdir()):
        if folder.name == TABLE or not folder.is_dir() or folder.name.startswith("_"):
            continue
        if folder.name in named:
            warehouse.restore(folder.name, named[folder.name])
        else:
            warehouse.discard(folder.name)
    return committed


@contextmanager
def import_lock(warehouse: Warehouse) -> Iterator[None]:
    """Hold the one lock of imports; it falls with the process that holds it.

    Raises
    ------
    ImportRunning : another import holds it
    """
    warehouse.root.mkdir(parents=True, exist_ok=True)
    file = warehouse.root / "_import.lock"
    with Path(file).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            lock.seek(0)
            raise ImportRunning(
                f"Another import is running (process {lock.read().strip() or 'unknown'}).",
                hint="Wait for it to end and run this one again; nothing was changed.",
            ) from held
        lock.seek(0)
        lock.truncate()
        lock.write(str(os.getpid()))
        lock.flush()
        yield
