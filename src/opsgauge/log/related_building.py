"""Builds the tables of related records from raw ones: the latest record of each number stands.

Floor 2. As `building.py` does for tickets, and simpler: a source's rows of the table are made anew
from all its raw records, which are few beside the updates of its tickets.
"""

from collections.abc import Mapping as Dict
from collections.abc import Sequence

import duckdb

from opsgauge.log.building import Built, stored_sql
from opsgauge.log.gone import GONE
from opsgauge.log.mapping import Mapping
from opsgauge.log.normalise import SQL_OF_TYPE, fields_sql, fit_sql, read_rows
from opsgauge.log.privacy import alias_joins, hidden_sql, make_aliases, text_sql
from opsgauge.log.raw import IMPORT, ROW, raw_rows
from opsgauge.log.related import NOTE_TEXT, OWN_OF_TICKETS, RELATED_BY_NAME, TO_TICKETS
from opsgauge.log.tables import PERSONS
from opsgauge.warehouse.engine import name_of, number, quoted
from opsgauge.warehouse.tables import Warehouse


def related_sql(mapping: Mapping, raw: str) -> str:
    """Return the relation of related records, a row for each number, every field read.

    Beside them stands the place of the record.
    """
    columns = ", ".join(f"{sql} AS {name_of(name)}" for name, sql in fields_sql(mapping).items())
    key = ", ".join(name_of(name) for name in mapping.key)
    return (
        f"SELECT * FROM (SELECT {columns}, {IMPORT}, {ROW} "
        f"FROM {read_rows(mapping, raw)} WHERE {fit_sql(mapping)}) "
        f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {IMPORT} DESC, {ROW} DESC) = 1"
    )


class RelatedBuilder:
    """One build of one table of related records; `key` hides names that came in unhidden."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        warehouse: Warehouse,
        mapping: Mapping,
        key: bytes | None = None,
    ) -> None:
        self._db = connection
        self._warehouse = warehouse
        self._mapping = mapping
        self._key = key
        self._table = RELATED_BY_NAME[mapping.table]

    def build(
        self,
        fresh: Sequence[str],
        known: Sequence[str],
        stored: Dict[str, int],
        everything: bool = False,
    ) -> Built:
        """Put this source's rows in the place of those it had; others' rows stay.

        Parameters
        ----------
        fresh, known : raw files of this import, and of the committed data version
        stored : Delta version of each table in the committed data version
        everything : for tickets; here all is built in any case

        The relation `gone` (see `deletions.py`) says which tickets of the source are gone: records
        of their own go with them, others stay and name them no more.
        """
        people = self._mapping.person_fields
        read = related_sql(self._mapping, raw_rows([*known, *fresh]))
        if self._key and people:
            read = hidden_sql(read, people, self._key)
        self._db.execute(f"CREATE OR REPLACE TABLE related AS {read}")
        persons = make_aliases(
            self._db, people, "related", stored_sql(self._warehouse, PERSONS, stored)
        )
        joins = alias_joins(list(people), "aliases", "r")
        order = ", ".join(name_of(name) for name in self._table.key)
        mine = f"SELECT {self._columns()} FROM ({self._standing()}) AS r {joins}"
        schema = self._table.arrow_schema()
        self._warehouse.make(self._table.name, schema)
        rows = f"SELECT * FROM ({mine}{self._others(stored)}) ORDER BY {order}"
        reader = self._db.sql(rows).to_arrow_reader(100_000)
        self._warehouse.replace(self._table.name, reader, schema)
        return Built(number(self._db, "SELECT count(*) FROM related"), (), persons)

    def _standing(self) -> str:
        """Return the records that count, each naming only tickets that stand."""
        names = [n for n in TO_TICKETS if n in self._mapping.fields]
        if not names or not number(self._db, f"SELECT count(*) FROM {GONE}"):
            return "SELECT * FROM related"
        ends = " ".join(
            f"LEFT JOIN {GONE} AS {name}_end ON {name}_end.ticket_id = r.{name}" for name in names
        )
        named = ", ".join(
            f"CASE WHEN {name}_end.ticket_id IS NULL THEN r.{name} ELSE {name}_end.stands_for END "
            f"AS {name}"
            for name in names
            if name not in self._mapping.key
        )
        replaced = f" REPLACE ({named})" if named else ""
        stays = ["true"]
        if self._table.name in OWN_OF_TICKETS:
            stays = [
                f"{name}_end.ticket_id IS NULL"
                + ("" if name in self._mapping.key else f" OR {name}_end.stands_for IS NOT NULL")
                for name in names
            ]
        return f"SELECT r.*{replaced} FROM related AS r {ends} WHERE ({') AND ('.join(stays)})"

    def _columns(self) -> str:
        told = {"source": quoted(self._mapping.source)}
        for name in self._mapping.fields:
            told[name] = (
                f"{name}_alias.alias"
                if name in self._mapping.person_fields
                else f"r.{name_of(name)}"
            )
        if NOTE_TEXT in told:
            told[NOTE_TEXT], length = text_sql(told[NOTE_TEXT])
            told["length"] = f"coalesce({told.get('length', 'NULL')}, {length})"
        return ", ".join(
            f"{told.get(c.name, f'NULL::{SQL_OF_TYPE[c.type]}')} AS {name_of(c.name)}"
            for c in self._table.columns
        )

    def _others(self, stored: Dict[str, int]) -> str:
        if self._table.name not in stored:
            return ""
        kept = ", ".join(name_of(c.name) for c in self._table.columns)
        return (
            f" UNION ALL BY NAME SELECT {kept} FROM "
            f"({stored_sql(self._warehouse, self._table, stored)}) "
            f"WHERE source <> {quoted(self._mapping.source)}"
        )
