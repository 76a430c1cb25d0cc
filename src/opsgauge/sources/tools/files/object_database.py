"""Logs of objects in the form of OCEL 2.0, as an SQLite database.

Floor 3. A database comes from nobody knows whom, so that its plain tables alone are read: no view,
no virtual table, nothing that would run. One that does not hold together is refused whole.
Source: OCEL (Object-Centric Event Log) 2.0 Specification, 2024.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.connector import Opened
from opsgauge.sources.tools.files.looks import look_at
from opsgauge.sources.tools.files.object_parts import ObjectParts
from opsgauge.sources.tools.files.object_rows import HINT, rows_of
from opsgauge.warehouse.engine import name_of

DATABASES = (".sqlite", ".sqlite3", ".db")
SIGN = b"SQLite format 3\0"
HEAD = 100  # bytes
LONGEST_VALUE = 64_000_000  # bytes
TABLES = {
    "objects": "object",
    "events": "event",
    "object_ties": "object_object",
    "event_ties": "event_object",
}
ALWAYS = ("ocel_id", "ocel_time", "ocel_changed_field")
MUST = (
    "ocel_id",
    "ocel_type",
    "ocel_event_id",
    "ocel_object_id",
    "ocel_source_id",
    "ocel_target_id",
    "ocel_type_map",
)
Cell = str | None
NEEDED = {
    "event": ("ocel_id", "ocel_type"),
    "object": ("ocel_id", "ocel_type"),
    "event_map_type": ("ocel_type", "ocel_type_map"),
    "object_map_type": ("ocel_type", "ocel_type_map"),
    "event_object": ("ocel_event_id", "ocel_object_id", "ocel_qualifier"),
    "object_object": ("ocel_source_id", "ocel_target_id", "ocel_qualifier"),
}


class ObjectDatabaseReader:
    """Reads `.sqlite`, `.sqlite3`, `.db`."""

    text = False

    def reads(self, name: str, start: bytes) -> bool:
        """Say whether the name is one of a database."""
        return name.lower().endswith(DATABASES)

    def open(self, connection: duckdb.DuckDBPyConnection, file: Path, work: Path) -> Opened:
        """Make rows of the log in `work`."""
        _check_whole(file)
        parts = ObjectParts(work)
        try:
            with closing(_opened(file)) as database:
                _take_database(database, file, parts)
        except (sqlite3.Error, UnicodeDecodeError) as wrong:
            raise FileUnreadable(
                f"{file.name} is no whole SQLite database: {wrong}.",
                hint="Copy or export it again.",
            ) from wrong
        return rows_of(connection, parts, file, work)


def _check_whole(file: Path) -> None:
    """Refuse what is no database, or is shorter than it says itself."""
    with file.open("rb") as stream:
        head = stream.read(HEAD)
    if not head.startswith(SIGN):
        look = look_at(file)
        raise FileUnreadable(
            f"{file.name} is no SQLite database: it looks like {look.noun}.", look.hint
        )
    size = file.stat().st_size
    page = int.from_bytes(head[16:18], "big")
    told = int.from_bytes(head[28:32], "big") * (65_536 if page == 1 else page)
    if len(head) < HEAD or size < told:
        raise FileUnreadable(
            f"{file.name} is no whole SQLite database: it has {size:,} of {told:,} bytes.",
            hint="Copy or export it again.",
        )


def _opened(file: Path) -> sqlite3.Connection:
    """Open a database that nobody vouches for: nothing in it is written, and nothing runs."""
    address = f"file:{quote(str(file.absolute()))}?mode=ro&immutable=1"
    database = sqlite3.connect(address, uri=True, isolation_level=None)
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA query_only = ON")
    database.execute("PRAGMA cell_size_check = ON")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    return database


def _take_database(database: sqlite3.Connection, file: Path, parts: ObjectParts) -> None:
    [(said,)] = database.execute("PRAGMA quick_check(1)").fetchall()
    if said != "ok":
        raise sqlite3.DatabaseError(str(said))
    tables = _Tables(database, file)
    for part, table in TABLES.items():
        for first, second, *qualifier in tables.rows(table, NEEDED[table]):
            parts.add(part, first, second, *(each or "" for each in qualifier))
    for table in tables.of_types("object"):
        for id_, time, name, value in tables.values(table):
            parts.add("object_values", id_, name, value, time)
    _take_events(tables, parts)


def _take_events(tables: "_Tables", parts: ObjectParts) -> None:
    for table in tables.of_types("event"):
        for row in tables.rows(table, ("ocel_id", "ocel_time")):
            parts.add("event_moments", *row)
        for id_, _, name, value in tables.values(table):
            parts.add("event_values", id_, name, value)


class _Tables:
    """The plain tables of a database, by name, with their columns."""

    def __init__(self, database: sqlite3.Connection, file: Path) -> None:
        self._db = database
        self._file = file
        found = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        self._columns = {
            str(name): [
                str(row[1]) for row in database.execute(f"PRAGMA table_info({name_of(name)})")
            ]
            for name, sql in found.fetchall()
            if not str(sql).lstrip().upper().startswith("CREATE VIRTUAL")
        }
        for table, columns in NEEDED.items():
            self._need(table, columns)

    def _need(self, table: str, columns: tuple[str, ...]) -> None:
        there = self._columns.get(table)
        if there is None:
            raise FileUnreadable(
                f"{self._file.name} is a database, and no log of objects: it has no table "
                f"{table!r}.",
                hint="An event log of objects is OCEL 2.0; of another database export the table "
                "as CSV.",
            )
        lacking = [name for name in columns if name not in there]
        if lacking:
            raise FileUnreadable(
                f"{self._file.name}: table {table!r} has no column {lacking[0]!r}.", hint=HINT
            )

    def rows(self, table: str, columns: tuple[str, ...]) -> Iterator[tuple[Cell, ...]]:
        """Yield rows as text; of the named columns, those that are ids must be there."""
        chosen = ", ".join(map(name_of, columns))
        found = self._db.execute(f"SELECT {chosen} FROM {name_of(table)}")
        for place, row in enumerate(found, start=1):
            told = tuple(map(_of_cell, row))
            for name, value in zip(columns, told, strict=True):
                if name in MUST and not (value or "").strip():
                    raise FileUnreadable(
                        f"{self._file.name}: row {place:,} of table {table!r} has no {name!r}.",
                        hint=HINT,
                    )
            yield told

    def of_types(self, what: str) -> list[str]:
        """Return the tables of the types of events, or of objects; each type must have one."""
        named = name_of(f"{what}_map_type")
        self._refuse_strays(what, f"SELECT ocel_type FROM {named}")
        found = [f"{what}_{row[0]}" for row in self.rows(f"{what}_map_type", ("ocel_type_map",))]
        needed = ("ocel_id", "ocel_time") if what == "event" else ("ocel_id",)
        for table in found:
            self._need(table, needed)
        return list(dict.fromkeys(found))

    def _refuse_strays(self, what: str, known: str) -> None:
        stray = self._db.execute(
            f"SELECT ocel_id, ocel_type FROM {what} WHERE ocel_type NOT IN ({known}) LIMIT 1"
        ).fetchall()
        for id_, type_ in stray:
            raise FileUnreadable(
                f"{self._file.name}: {what} {str(id_)[:60]!r} is of type {str(type_)[:60]!r}, "
                f"which table '{what}_map_type' does not name.",
                hint=HINT,
            )

    def values(self, table: str) -> Iterator[tuple[Cell, Cell, str, str]]:
        """Yield what the table of a type says: id, moment, name of the attribute, value.

        Where no object changed, some tools leave the moment out: what is told holds from the start.
        """
        names = [name for name in self._columns[table] if name not in ALWAYS]
        dated = "ocel_time" in self._columns[table]
        for id_, *told in self.rows(table, ("ocel_id", *(["ocel_time"] if dated else []), *names)):
            time = told.pop(0) if dated else None
            for name, value in zip(names, told, strict=True):
                if value is not None:
                    yield id_, time, name, value


def _of_cell(value: Any) -> str | None:
    if isinstance(value, bytes):
        return value.decode()
    return None if value is None else str(value)
