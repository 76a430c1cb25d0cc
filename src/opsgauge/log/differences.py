"""What differs between two data versions of one log: the records that changed, and since when.

Floor 2. Tables are kept as files, and a load writes anew only those that it touches; what two
versions share is not read. Of the rest, rows are compared by a fingerprint of all their columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from opsgauge.foundation.errors import WarehouseDamaged
from opsgauge.log.related import READ_BESIDE
from opsgauge.log.tables import HISTORY, LOG_TABLES, TICKETS, Table
from opsgauge.warehouse.engine import (
    NO_LIMIT,
    Memory,
    StoredTable,
    connect,
    first_line,
    name_of,
    names_of,
    number,
    select_stored,
)

COMPARED = {table.name: table for table in (*LOG_TABLES, *READ_BESIDE)}
# What a stay in the backlog is counted and split by; when it begins and ends is compared by itself.
OF_A_STAY = [c.name for c in HISTORY.columns if c.dimension and c.name != "source"]
# What a ticket has that history does not keep.
ONCE_FOR_ALL = [
    c.name
    for c in TICKETS.columns
    if (c.dimension or c.type == "map") and HISTORY.column(c.name) is None
]
MOST = 400_000  # records of a table that differ; their keys are held in memory
HISTORY_DIFFERS = "history"  # beside the columns of tickets


@dataclass(frozen=True)
class Difference:
    """What differs between two data versions.

    Attributes
    ----------
    told : by table, the records that differ or are in one of the two only: their key, and by
        column whether it holds something else. Of tickets also those with another history, which
        the column `history` says. Tables without any are left out
    stays_from_us : microseconds since 1970 of the first instant from which on other tickets were
        open, or in other hands; None where none were
    retold_from_us : when the first ticket was opened of which something else is told that it has
        once for all, such as its requester's location; None where there is none
    """

    told: Mapping[str, pa.Table]
    stays_from_us: int | None = None
    retold_from_us: int | None = None


def difference(
    before: Sequence[StoredTable],
    after: Sequence[StoredTable],
    most: int = MOST,
    memory: Memory = NO_LIMIT,
) -> Difference | None:
    """Compare two data versions, given by the tables that questions are asked of.

    None where more than `most` records of a table differ, as after a change of the mapping, or
    where the memory is too short: then nothing is gained by knowing which. Two rows that differ are
    taken for equal with a chance of 1 in 2**64.

    Raises
    ------
    WarehouseDamaged : a file of one of them cannot be read, such as one removed by a vacuum
    """
    database = connect(memory.limit, memory.spill_to)
    try:
        return _difference(database, {table.name: table for table in before}, after, most)
    except duckdb.OutOfMemoryException:
        return None
    except duckdb.IOException as damage:
        raise WarehouseDamaged(
            f"A file of a data version cannot be read: {first_line(damage)}.",
            hint="Restore it from a backup.",
        ) from damage
    finally:
        database.close()


def unshared_bytes(before: Sequence[StoredTable], after: Sequence[StoredTable]) -> int:
    """Return how large the files are that only one of two data versions has.

    Raises
    ------
    WarehouseDamaged : one of them is gone
    """
    old = {table.name: table for table in before}
    apart = [_apart(old[table.name], table) for table in after if table.name in COMPARED]
    try:
        return sum(Path(f).stat().st_size for two in apart for state in two for f in state.files)
    except FileNotFoundError as gone:
        raise WarehouseDamaged(
            f"A file of a data version is gone: {Path(str(gone.filename)).name}.",
            hint="Restore it from a backup.",
        ) from gone


def _difference(
    database: duckdb.DuckDBPyConnection,
    before: Mapping[str, StoredTable],
    after: Sequence[StoredTable],
    most: int,
) -> Difference | None:
    found: dict[str, pa.Table] = {}
    database.execute(f"CREATE TABLE retold ({', '.join(f'{n} VARCHAR' for n in TICKETS.key)})")
    stays_from_us = retold_from_us = None
    # History first: tickets with another one are among the tickets that differ.
    order = sorted(after, key=lambda table: table.name != HISTORY.name)
    for new in order:
        table = COMPARED.get(new.name)
        if table is None:
            continue
        states = _apart(before[new.name], new)
        if not any(state.files for state in states) and table is not TICKETS:
            continue
        _note_keys(database, table, states)
        if number(database, "SELECT count(*) FROM keys") > most:
            return None
        if table is HISTORY:
            stays_from_us = _stays_from_us(database, states)
            _note_retold(database)
            continue
        found[table.name] = _told(database, table, states)
        if table is TICKETS:
            retold_from_us = _retold_from_us(database)
    there = {name: rows for name, rows in found.items() if rows.num_rows}
    return Difference(there, stays_from_us, retold_from_us)


def _apart(before: StoredTable, after: StoredTable) -> tuple[StoredTable, StoredTable]:
    """Return both states of a table without the files they share."""
    shared = {*before.files} & {*after.files}
    old, new = (tuple(f for f in state.files if f not in shared) for state in (before, after))
    return replace(before, files=old), replace(after, files=new)


def _note_keys(
    database: duckdb.DuckDBPyConnection, table: Table, states: tuple[StoredTable, StoredTable]
) -> None:
    """Make `keys`, those of the rows that differ or that one state lacks."""
    key = names_of(table.key)
    sides = " UNION ALL ".join(
        f"SELECT {key}, hash(each) AS fingerprint, {side} AS side "
        f"FROM ({select_stored(state)}) AS each"
        for state, side in zip(states, (-1, 1), strict=True)
    )
    alone = f"SELECT {key} FROM ({sides}) GROUP BY {key}, fingerprint HAVING sum(side) != 0"
    database.execute(f"CREATE OR REPLACE TABLE keys AS SELECT DISTINCT {key} FROM ({alone})")


def _note_retold(database: duckdb.DuckDBPyConnection) -> None:
    """Make `retold`, the keys of tickets of whose history some row differs."""
    key = names_of(TICKETS.key)
    database.execute(f"INSERT INTO retold SELECT DISTINCT {key} FROM keys")


def _rows(state: StoredTable, table: Table) -> str:
    """Return the rows of a state that have one of the `keys`."""
    same = " AND ".join(f"each.{name_of(n)} = keys.{name_of(n)}" for n in table.key)
    return f"SELECT each.* FROM ({select_stored(state)}) AS each SEMI JOIN keys ON {same}"


def told_of(table: Table, old: pa.Table, new: pa.Table) -> pa.Table:
    """Return what some records of a table tell otherwise in two versions, as `Difference.told`.

    Parameters
    ----------
    old, new : the records, in the one and the other
    """
    with connect() as database:
        for name, rows in (("old", old), ("new", new)):
            database.register(name, rows)
        any_differs = " OR ".join(_others(table))
        told = f"SELECT * FROM ({_differing(table)}) WHERE {any_differs}"
        return database.execute(told).to_arrow_table()


def _told(
    database: duckdb.DuckDBPyConnection, table: Table, states: tuple[StoredTable, StoredTable]
) -> pa.Table:
    """Return what the records whose `keys` are noted tell otherwise; keeps both as tables."""
    for name, state in zip(("old", "new"), states, strict=True):
        database.execute(f"CREATE OR REPLACE TABLE {name} AS {_rows(state, table)}")
    told = _differing(table)
    if table is TICKETS:
        key = names_of(table.key)
        known = ", ".join(f"coalesce({n}, false) AS {n}" for n in _others(table))
        retold = f"SELECT {key}, true AS {HISTORY_DIFFERS} FROM retold"
        told = (
            f"SELECT {key}, {known}, coalesce({HISTORY_DIFFERS}, false) AS {HISTORY_DIFFERS} "
            f"FROM ({told}) FULL JOIN ({retold}) USING ({key})"
        )
    return database.execute(told).to_arrow_table()


def _others(table: Table) -> list[str]:
    return [name_of(name) for name in table.names if name not in table.key]


def _differing(table: Table) -> str:
    """Return what the records in `old` and `new` tell otherwise, by column, as SQL."""
    key, own = names_of(table.key), name_of(table.key[0])
    # What is in one of the two only, or should be there once and is not, differs in everything.
    alone = f"old.{own} IS NULL OR new.{own} IS NULL OR count(*) OVER (PARTITION BY {key}) > 1"
    differs = ", ".join(
        f"{alone} OR old.{n} IS DISTINCT FROM new.{n} AS {n}" for n in _others(table)
    )
    return f"SELECT {key}, {differs} FROM old FULL JOIN new USING ({key})"


def _stays_from_us(
    database: duckdb.DuckDBPyConnection, states: tuple[StoredTable, StoredTable]
) -> int | None:
    """Return the first instant at which a stay began or ended in one of the two versions only.

    A stay that was cut in two, or ended where it lasted before, differs from there on and not from
    its beginning.
    """
    columns = dict.fromkeys([*TICKETS.key, "opened_at", *OF_A_STAY])
    said = names_of(columns)
    for name, state in zip(("old", "new"), states, strict=True):
        stays = f"SELECT {said}, since, until FROM ({_rows(state, HISTORY)}) WHERE open"
        database.execute(f"CREATE OR REPLACE TABLE {name} AS {stays}")
    moves = {
        name: " UNION ALL ".join(
            f"SELECT {said}, {moment} AS moved_at, {comes} AS comes FROM {name} "
            f"WHERE {moment} IS NOT NULL"
            for moment, comes in (("since", "true"), ("until", "false"))
        )
        for name in ("old", "new")
    }
    first = " UNION ALL ".join(
        f"SELECT moved_at FROM (({moves[one]}) EXCEPT ALL ({moves[other]}))"
        for one, other in (("old", "new"), ("new", "old"))
    )
    return number(database, f"SELECT epoch_us(min(moved_at)) FROM ({first})") or None


def _retold_from_us(database: duckdb.DuckDBPyConnection) -> int | None:
    """Return when the first ticket was opened that both have and tell otherwise."""
    otherwise = " OR ".join(
        f"old.{name_of(name)} IS DISTINCT FROM new.{name_of(name)}" for name in ONCE_FOR_ALL
    )
    rows = (
        "SELECT epoch_us(least(min(old.opened_at), min(new.opened_at))) FROM old "
        f"JOIN new USING ({names_of(TICKETS.key)}) WHERE {otherwise}"
    )
    return number(database, rows) or None
