"""Where a name stands in the warehouse in clear: as a person's, or within other text.

Floor 2. All files are looked into, also those that only older data versions name.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from opsgauge.log.privacy import digest_sql
from opsgauge.log.related import READ_BESIDE
from opsgauge.log.tables import LOG_TABLES
from opsgauge.warehouse.engine import file_list, name_of, number, quoted
from opsgauge.warehouse.tables import Warehouse

ATTRIBUTES = "attributes"  # which held columns of persons once


@dataclass(frozen=True)
class Mention:
    """A column of a table, or a file of the workspace, in which a name stands; and how often."""

    place: str
    count: int

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return vars(self)


def in_numbers(
    connection: duckdb.DuckDBPyConnection, warehouse: Warehouse, digest: str, key: bytes
) -> tuple[str, ...]:
    """Return the tables of numbers that hold what leads to somebody where a pseudonym belongs.

    Their name, from before pseudonyms were on, or their digest, among attributes of tickets.
    """
    found = []
    for table in (*LOG_TABLES, *READ_BESIDE):
        files = _files(warehouse.path(table.name))
        there = _columns(connection, files) if files else {}
        words = [name_of(each.name) for each in table.columns if each.person]
        words = [word for word in words if word.strip('"') in there]
        if ATTRIBUTES in there:
            words.append(f"unnest(map_values({ATTRIBUTES}))")
        told = " UNION ".join(f"SELECT {word} AS word FROM {_read(files)}" for word in words)
        asked = (
            f"SELECT count(*) FROM ({told}) "
            f"WHERE {quoted(digest)} IN (word, {digest_sql('word', key)})"
        )
        if told and number(connection, asked):
            found.append(table.name)
    return tuple(found)


def mentions(
    connection: duckdb.DuckDBPyConnection, warehouse: Warehouse, name: str
) -> Iterator[Mention]:
    """Yield where a name stands within text, whatever its case, and in how many rows."""
    for folder in sorted(warehouse.root.iterdir()):
        files = _files(folder) if warehouse.exists(folder.name) else []
        if not files:
            continue
        texts = [
            column
            for column, kind in _columns(connection, files).items()
            if kind == "VARCHAR" or kind.startswith("MAP")
        ]
        asked = ", ".join(
            f"count(*) FILTER (contains(lower({name_of(column)}::VARCHAR), lower({quoted(name)})))"
            for column in texts
        )
        if asked:
            [counts] = connection.execute(f"SELECT {asked} FROM {_read(files)}").fetchall()
            yield from _told(folder.name, texts, counts)


def _told(table: str, columns: Iterable[str], counts: Iterable[int]) -> Iterator[Mention]:
    for column, count in zip(columns, counts, strict=True):
        if count:
            yield Mention(f"{table}.{column}", int(count))


def _files(folder: Path) -> list[str]:
    log = folder / "_delta_log"
    return sorted(str(file) for file in folder.rglob("*.parquet") if log not in file.parents)


def _read(files: list[str]) -> str:
    return f"read_parquet({file_list(files)}, union_by_name = true, hive_partitioning = false)"


def _columns(connection: duckdb.DuckDBPyConnection, files: list[str]) -> dict[str, str]:
    rows = connection.execute(f"DESCRIBE SELECT * FROM {_read(files)}").fetchall()
    return {str(row[0]): str(row[1]) for row in rows}
