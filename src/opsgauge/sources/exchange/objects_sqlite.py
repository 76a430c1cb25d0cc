"""Logs of objects as an SQLite database in the form of OCEL 2.0.

Floor 3. Objects, events and ties have a table each; attributes stand in a table per type, made
when the type is met and widened when an attribute is.
Source: OCEL (Object-Centric Event Log) 2.0 Specification, 2024.
"""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from opsgauge.sources.exchange.cases import Attributes, text_of
from opsgauge.sources.exchange.objects import FROM_THE_START, KINDS, Happening, Thing, Written
from opsgauge.warehouse.engine import name_of

TABLES = """
CREATE TABLE "event_map_type" ("ocel_type" TEXT PRIMARY KEY, "ocel_type_map" TEXT);
CREATE TABLE "object_map_type" ("ocel_type" TEXT PRIMARY KEY, "ocel_type_map" TEXT);
CREATE TABLE "event" ("ocel_id" TEXT PRIMARY KEY, "ocel_type" TEXT);
CREATE TABLE "object" ("ocel_id" TEXT PRIMARY KEY, "ocel_type" TEXT);
CREATE TABLE "event_object" ("ocel_event_id" TEXT, "ocel_object_id" TEXT, "ocel_qualifier" TEXT,
    PRIMARY KEY ("ocel_event_id", "ocel_object_id", "ocel_qualifier"));
CREATE TABLE "object_object" ("ocel_source_id" TEXT, "ocel_target_id" TEXT, "ocel_qualifier" TEXT,
    PRIMARY KEY ("ocel_source_id", "ocel_target_id", "ocel_qualifier"));
"""
COLUMN_OF = {"boolean": "BOOLEAN", "integer": "INTEGER", "float": "REAL"}
OWN = ("object", "map_type")  # endings of the tables above; no type's table may be called so


def write_sqlite(things: Iterable[Thing], happenings: Iterable[Happening], file: Path) -> Written:
    """Write a log of objects as a database; the file must not be there yet."""
    done = Written()
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        # Nobody reads it before it is whole, so that nothing needs a journal.
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + TABLES)
        database.execute("BEGIN")
        objects = _Types(database, "object", ("ocel_time", "ocel_changed_field"))
        for thing in things:
            done.meet_object(thing)
            database.execute("INSERT INTO object VALUES (?, ?)", (thing.id, thing.type))
            objects.add(thing.type, thing.id, (FROM_THE_START, None), thing.attributes)
            database.executemany(
                "INSERT OR IGNORE INTO object_object VALUES (?, ?, ?)",
                [(thing.id, tie.to, tie.qualifier) for tie in thing.ties],
            )
        events = _Types(database, "event", ("ocel_time",))
        for happening in happenings:
            done.meet_event(happening)
            database.execute("INSERT INTO event VALUES (?, ?)", (happening.id, happening.type))
            moment = (text_of(happening.at),)
            events.add(happening.type, happening.id, moment, happening.attributes)
            database.executemany(
                "INSERT OR IGNORE INTO event_object VALUES (?, ?, ?)",
                [(happening.id, tie.to, tie.qualifier) for tie in happening.ties],
            )
        database.execute("COMMIT")
    return done


class _Types:
    """The tables of attributes, one per type, of objects or of events."""

    def __init__(self, database: sqlite3.Connection, what: str, always: tuple[str, ...]) -> None:
        self._database = database
        self._what = what
        self._always = always
        self._tables: dict[str, str] = {}
        self._taken = {*OWN}
        self._columns: dict[str, dict[str, str]] = {}  # by type: attribute -> column

    def add(
        self, type_: str, id_: str, always: tuple[str | None, ...], attributes: Attributes
    ) -> None:
        """Write what is said of one object or event."""
        table = self._tables.get(type_) or self._make(type_)
        named = [name_of("ocel_id"), *map(name_of, self._always)]
        values: list[object] = [id_, *always]
        for name, value in attributes.items():
            if value is not None:
                kind = KINDS.get(type(value), "string")
                named.append(
                    name_of(self._columns[type_].get(name) or self._widen(type_, name, kind))
                )
                values.append(text_of(value) if kind in ("boolean", "time") else value)
        places = ", ".join("?" * len(values))
        self._database.execute(
            f"INSERT INTO {name_of(table)} ({', '.join(named)}) VALUES ({places})", values
        )

    def _make(self, type_: str) -> str:
        short = "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", type_))
        ending, number = short or "Type", 2
        while ending.lower() in self._taken:
            ending, number = f"{short or 'Type'}{number}", number + 1
        self._taken.add(ending.lower())
        table = f"{self._what}_{ending}"
        told = ", ".join(f"{name_of(name)} TEXT" for name in ("ocel_id", *self._always))
        self._database.execute(f"CREATE TABLE {name_of(table)} ({told})")
        self._database.execute(f"INSERT INTO {self._what}_map_type VALUES (?, ?)", (type_, ending))
        self._tables[type_], self._columns[type_] = table, {}
        return table

    def _widen(self, type_: str, name: str, kind: str) -> str:
        columns = self._columns[type_]
        taken = {each.lower() for each in (*columns.values(), "ocel_id", *self._always)}
        column, number = name, 2
        while column.lower() in taken:  # names of columns are the same whatever their case
            column, number = f"{name}_{number}", number + 1
        self._database.execute(
            f"ALTER TABLE {name_of(self._tables[type_])} ADD COLUMN {name_of(column)} "
            f"{COLUMN_OF.get(kind, 'TEXT')}"
        )
        columns[name] = column
        return column
