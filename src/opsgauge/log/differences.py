"""What differs between two data versions of one log: the records that changed, and since when.

Floor 2. Tables are kept as files, and a load writes anew only those that it touches; what two
versions share is not read. Of the rest, rows are compared by a fingerprint of all their columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb
import pyarrow as pa

from opsgauge.foundation.errors import WarehouseDamaged
from opsgauge.log.related import READ_BESIDE
from opsgauge.log.tables import HISTORY, LOG_TABLES, TICKETS, Table
from opsgauge.warehouse.engine import (
    StoredTable,
    connect,
    first_line,
    name_of,
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


@dataclass(frozen=True)
class Difference:
    """What differs between two data versions.

    Attributes
    ----------
    keys : by table, the keys of the records that differ, or are in one of the two only; a ticket
        whose history differs is among the tickets. Tables without any are left out
    stays_from_us : microseconds since 1970 of the first instant from which on other tickets were
        open, or in other hands; None where none were
    retold_from_us : when the first ticket was opened of which something else is told that it has
        once for all, such as its requester's location; None where there is none
    """

    keys: Mapping[str, pa.Table]
    stays_from_us: int | None = None
    retold_from_us: int | None = None


def difference(before: Sequence[StoredTable], after: Sequence[StoredTable]) -> Difference:
    """Compare two data versions, given by the tables that questions are asked of.

    Two rows that differ are taken for equal with a chance of 1 in 2**64.

    Raises
    ------
    WarehouseDamaged : a file of one of them cannot be read, such as one removed by a vacuum
    """
    old = {table.name: table for table in before}
    database = connect()
    try:
        keys: dict[str, pa.Table] = {}
        stays_from_us = retold_from_us = None
        for new in after:
            table = COMPARED.get(new.name)
            if table is None:
                continue
            states = _apart(old[new.name], new)
            if not any(state.files for state in states):
                continue
            _note(database, table, states)
            keys[new.name] = _keys(database, table)
            if table is HISTORY:
                stays_from_us = _stays_from_us(database)
            if table is TICKETS:
                retold_from_us = _retold_from_us(database)
        touched = [keys.pop(name) for name in (TICKETS.name, HISTORY.name) if name in keys]
        if touched:
            keys[TICKETS.name] = _distinct(pa.concat_tables(touched))
        there = {name: found for name, found in keys.items() if found.num_rows}
        return Difference(there, stays_from_us, retold_from_us)
    except duckdb.IOException as damage:
        raise WarehouseDamaged(
            f"A file of a data version cannot be read: {first_line(damage)}.",
            hint="Restore it from a backup.",
        ) from damage
    finally:
        database.close()


def _apart(before: StoredTable, after: StoredTable) -> tuple[StoredTable, StoredTable]:
    """Return both states of a table without the files they share."""
    shared = {*before.files} & {*after.files}
    old, new = (tuple(f for f in state.files if f not in shared) for state in (before, after))
    return replace(before, files=old), replace(after, files=new)


def _note(
    database: duckdb.DuckDBPyConnection, table: Table, states: tuple[StoredTable, StoredTable]
) -> None:
    """Make `rows_of_old` and `rows_of_new`, each with the rows that the other lacks."""
    kept = ", ".join(name_of(name) for name in _kept(table))
    for name, state in zip(("old", "new"), states, strict=True):
        database.execute(
            f"CREATE OR REPLACE TABLE all_{name} AS "
            f"SELECT {kept}, hash(each) AS fingerprint FROM ({select_stored(state)}) AS each"
        )
    for name, other in (("old", "new"), ("new", "old")):
        database.execute(
            f"CREATE OR REPLACE TABLE rows_of_{name} AS SELECT * FROM all_{name} AS mine "
            f"WHERE NOT EXISTS (SELECT 1 FROM all_{other} AS its WHERE "
            f"mine.fingerprint = its.fingerprint AND {_same(table)})"
        )


def _kept(table: Table) -> list[str]:
    """Return the columns that are looked at beside the fingerprint."""
    more: Sequence[str] = ()
    if table is HISTORY:
        more = ("since", "until", "open", "opened_at", *OF_A_STAY)
    if table is TICKETS:
        more = ("opened_at", *ONCE_FOR_ALL)
    return list(dict.fromkeys([*table.key, *more]))


def _same(table: Table) -> str:
    return " AND ".join(
        f"mine.{name_of(name)} IS NOT DISTINCT FROM its.{name_of(name)}" for name in table.key
    )


def _keys(database: duckdb.DuckDBPyConnection, table: Table) -> pa.Table:
    key = ", ".join(name_of(name) for name in (TICKETS if table is HISTORY else table).key)
    return database.execute(
        f"SELECT {key} FROM rows_of_old UNION SELECT {key} FROM rows_of_new"
    ).to_arrow_table()


def _distinct(keys: pa.Table) -> pa.Table:
    return keys.group_by(keys.column_names).aggregate([])


def _stays_from_us(database: duckdb.DuckDBPyConnection) -> int | None:
    """Return the first instant at which a stay began or ended in one of the two versions only.

    A stay that was cut in two, or ended where it lasted before, differs from there on and not from
    its beginning.
    """
    said = ", ".join(
        name_of(name) for name in dict.fromkeys([*TICKETS.key, "opened_at", *OF_A_STAY])
    )
    moves = {
        name: " UNION ALL ".join(
            f"SELECT {said}, {moment} AS moved_at, {comes} AS comes FROM rows_of_{name} "
            f"WHERE open AND {moment} IS NOT NULL"
            for moment, comes in (("since", "true"), ("until", "false"))
        )
        for name in ("old", "new")
    }
    first = " UNION ALL ".join(
        f"SELECT moved_at FROM (({moves[one]}) EXCEPT ALL ({moves[other]}))"
        for one, other in (("old", "new"), ("new", "old"))
    )
    rows = f"SELECT epoch_us(min(moved_at)) FROM ({first})"
    return number(database, rows) or None


def _retold_from_us(database: duckdb.DuckDBPyConnection) -> int | None:
    """Return when the first ticket was opened that both have and tell otherwise."""
    otherwise = " OR ".join(
        f"mine.{name_of(name)} IS DISTINCT FROM its.{name_of(name)}" for name in ONCE_FOR_ALL
    )
    rows = (
        "SELECT epoch_us(least(min(mine.opened_at), min(its.opened_at))) FROM rows_of_old AS mine "
        f"JOIN rows_of_new AS its ON {_same(TICKETS)} WHERE {otherwise}"
    )
    return number(database, rows) or None
