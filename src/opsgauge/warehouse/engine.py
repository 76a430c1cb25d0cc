"""Runs queries over the tables of one data version and hands back Arrow.

Floor 1. Ibis compiles, the engine runs: a query is an expression on unbound tables. DuckDB is
here; Spark, an extra, is in `spark.py`. An engine is opened once per data version and may be used
from many threads.
"""

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Protocol

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.foundation.errors import DiskFull, MemoryShort, WarehouseDamaged
from opsgauge.foundation.full_disk import is_full_disk
from opsgauge.warehouse.steps import KEPT, compiled

SIDE_BY_SIDE = 2  # queries that fill one table
# The faster way of asking: `sql` would bind each query twice, a fifth of the time of a short one.
# It copies the rows once more; an answer has few.
COPIES = "Arrow output on a DB-API result makes an extra copy"
warnings.filterwarnings("ignore", message=COPIES, category=UserWarning)
_DUCKDB_TYPES = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "boolean": "BOOLEAN",
    "timestamp(6)": "TIMESTAMP",
    "date": "DATE",
    "binary": "BLOB",
    "map<string, string>": "MAP(VARCHAR, VARCHAR)",
}
_ARROW_TYPES = {
    pa.string(): "VARCHAR",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.binary(): "BLOB",
    pa.map_(pa.string(), pa.string()): "MAP(VARCHAR, VARCHAR)",
}


@dataclass(frozen=True)
class StoredTable:
    """The files that hold one table in one data version.

    `schema` maps column names to Ibis types; only those columns can be read. `root` is the folder
    under which partition folders begin. `late` are columns that came into being after the table:
    files may lack them, all of them even, and where they do nothing is known.
    """

    name: str
    schema: Mapping[str, str]
    files: tuple[str, ...]
    root: str = ""
    late: tuple[str, ...] = ()


@dataclass(frozen=True)
class Memory:
    """How much memory an engine may take, and where it sets aside what does not fit.

    `limit` is such as "4GB"; empty leaves DuckDB's own, four fifths of the machine's. `spill_to` is
    a folder of its own, made when it is needed in one that must be there; None for none.
    """

    limit: str = ""
    spill_to: Path | None = None


class Engine(Protocol):
    """What every engine can do."""

    name: str

    def sql(self, expression: ir.Table) -> str:
        """Return the query as this engine's SQL."""
        ...

    def run(self, expression: ir.Table) -> pa.Table:
        """Run the query and return its rows; instants come back as naive UTC."""
        ...

    def run_sql(self, sql: str) -> pa.Table:
        """Run SQL that `sql` made, perhaps earlier, and return its rows."""
        ...

    def read(self, expression: ir.Table) -> pa.Table:
        """Run a query whose rows are many and go elsewhere: nobody remembers them."""
        ...

    def hold(self, tables: Mapping[str, pa.Table]) -> None:
        """Keep tables under these names; one of that name is replaced."""
        ...

    def keep(self, name: str, *queries: ir.Table) -> None:
        """Keep the rows of one or more queries as a table; one of that name is replaced."""
        ...

    def close(self) -> None:
        """Let go of what the engine holds."""
        ...


def connect(memory_limit: str = "", spill_to: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Open an in-memory DuckDB whose every cursor speaks UTC.

    Parameters
    ----------
    memory_limit : such as "2GB"; empty leaves DuckDB's own limit
    spill_to : folder for what does not fit in memory
    """
    connection = duckdb.connect()
    # Cursors do not inherit `SET TimeZone`; only the global setting reaches them.
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    if memory_limit:
        connection.execute(f"SET GLOBAL memory_limit = '{memory_limit}'")
    # Without a folder DuckDB would make one where the program was started.
    where = "" if spill_to is None else str(spill_to)
    connection.execute(f"SET GLOBAL temp_directory = {quoted(where)}")
    return connection


def number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """Return the one whole number that a query gives, 0 for none."""
    # fetchone would leave the result open, and the connection's next query would be refused.
    rows = connection.execute(query).fetchall()
    return int(rows[0][0] or 0) if rows else 0


def first_line(wrong: duckdb.Error) -> str:
    """Return what the engine says is wrong, without its class, its advice and paths of folders.

    Examples
    --------
    >>> first_line(duckdb.IOException('IO Error: No file "/a/b.parquet".'))
    'No file b.parquet'
    """
    line = str(wrong).split("\n", 1)[0].rstrip(". ")
    plain = re.sub(r"^(?:[A-Za-z ]*(?:Error|Exception): )+", "", line)
    return re.sub(r'"[^"]*/([^"/]*)"', r"\1", plain)


def quoted(text: str) -> str:
    """Return a SQL string literal.

    Examples
    --------
    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def name_of(identifier: str) -> str:
    """Return a SQL identifier, quoted.

    Examples
    --------
    >>> print(name_of("team"))
    "team"
    """
    return '"' + identifier.replace('"', '""') + '"'


def names_of(identifiers: Iterable[str]) -> str:
    """Return SQL identifiers, each quoted, with commas between.

    Examples
    --------
    >>> print(names_of(["source", "ticket_id"]))
    "source", "ticket_id"
    """
    return ", ".join(name_of(each) for each in identifiers)


def one_file(path: Path | str) -> str:
    """Return the SQL literal that names this very file to a reader of the engine.

    Else `a*.csv` would name every file of the folder that begins with an a.

    Examples
    --------
    >>> one_file("a*.csv")
    "'a[*].csv'"
    """
    return quoted(re.sub(r"([*?\[])", r"[\1]", str(path)))


def file_list(files: Sequence[str]) -> str:
    """Return a SQL list of file names, for a reader of the engine."""
    return "[" + ", ".join(one_file(name) for name in files) + "]"


NO_LIMIT = Memory()


@contextmanager
def _told() -> Iterator[None]:
    """Say in words what the engine fails of, and what to try."""
    try:
        yield
    except duckdb.OutOfMemoryException as short:
        raise MemoryShort(
            "That needs more memory than reading may take, and more than can be set aside on disk.",
            hint="Ask for fewer groups, a shorter time or longer periods, or raise "
            "reading_memory_limit in opsgauge.toml.",
        ) from short
    except duckdb.IOException as damage:
        if is_full_disk(damage):
            raise DiskFull(
                "There is no room to set aside what does not fit in memory.",
                hint="Make room on the disk of the workspace and ask again.",
            ) from damage
        raise WarehouseDamaged(
            f"A file of this data version cannot be read: {damage}",
            hint="Restore it from a backup, or open an earlier version: opsgauge versions.",
        ) from damage


class DuckEngine:
    """DuckDB over the Parquet files of one data version.

    Tables named in `in_memory` are copied into memory when the engine opens, which pays where many
    queries follow (the server) and not where one does (the command line). `threads` is how many
    one query may use; 0 leaves it to DuckDB, which takes a thread per core. What does not fit in
    `memory` is set aside on disk.
    """

    name = "duckdb"

    def __init__(
        self,
        stored: Sequence[StoredTable],
        extra: Mapping[str, pa.Table] | None = None,
        in_memory: Sequence[str] = (),
        threads: int = 0,
        memory: Memory = NO_LIMIT,
    ) -> None:
        self._base = connect(memory.limit, memory.spill_to)
        if threads:
            self._base.execute(f"SET GLOBAL threads = {threads}")
        # Once enough was written DuckDB compresses all tables, in memory too, while somebody waits.
        self._base.execute("SET GLOBAL wal_autocheckpoint = '1TB'")
        self._base.execute("CREATE MACRO micros(moment) AS epoch_us(moment)")
        self._base.execute("CREATE MACRO day_micros(day) AS epoch_us(CAST(day AS TIMESTAMP))")
        self._base.execute("CREATE MACRO moment_at(us) AS make_timestamp(us)")
        for table in stored:
            with _told():
                self._base.execute(_making(table, table.name in in_memory))
        self.hold(extra or {})

    def sql(self, expression: ir.Table) -> str:
        """Return the query as DuckDB's SQL."""
        return compiled(expression, _duckdb_sql)

    def run(self, expression: ir.Table) -> pa.Table:
        """Run the query and return its rows."""
        return self.run_sql(self.sql(expression))

    def run_sql(self, sql: str) -> pa.Table:
        """Run SQL that `sql` made, perhaps earlier, and return its rows."""
        with self._base.cursor() as cursor, _told():
            return cursor.execute(sql).to_arrow_table()

    def read(self, expression: ir.Table) -> pa.Table:
        """Run a query whose rows go elsewhere."""
        return self.run(expression)

    def hold(self, tables: Mapping[str, pa.Table]) -> None:
        """Keep tables under these names; instants are read as naive UTC."""
        with self._base.cursor() as cursor, _told():
            for name, rows in tables.items():
                declared = _declared(rows.schema) if not rows.num_rows else ""
                if declared:  # which is several times quicker than to look for rows
                    cursor.execute(f"CREATE OR REPLACE TABLE {name_of(name)} ({declared})")
                    continue
                cursor.register("incoming_rows", rows)
                columns = ", ".join(
                    _naive(f.name, pa.types.is_timestamp(f.type)) for f in rows.schema
                )
                made = f"CREATE OR REPLACE TABLE {name_of(name)}"
                cursor.execute(f"{made} AS SELECT {columns} FROM incoming_rows")
                cursor.unregister("incoming_rows")

    def keep(self, name: str, *queries: ir.Table) -> None:
        """Keep the rows of one or more queries as a table."""
        # Each by itself: planning them as one takes longer than all of them. Two at a time, since
        # much of what one does, such as sorting for windows, leaves a core to the other.
        first, *others = queries
        if not others:
            self._fill(f"CREATE OR REPLACE TABLE {name_of(name)} AS", first)
            return
        with self._base.cursor() as cursor, _told():
            columns = f"SELECT * FROM ({self.sql(first)}) WHERE false"
            cursor.execute(f"CREATE OR REPLACE TABLE {name_of(name)} AS {columns}")
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            fill = partial(self._fill, f"INSERT INTO {name_of(name)}")
            for _ in pool.map(fill, queries):
                pass

    def _fill(self, into: str, query: ir.Table) -> None:
        with self._base.cursor() as cursor, _told():
            cursor.execute(f"{into} {self.sql(query)}")

    def close(self) -> None:
        """Close the database; running queries end first."""
        self._base.close()


def _duckdb_sql(expression: ir.Table) -> str:
    return _text(expression.op())


@lru_cache(maxsize=KEPT)
def _text(node: ops.Relation) -> str:
    # Kept, since the next data version is asked the same: to compile takes longer than to run.
    return str(ibis.to_sql(node.to_expr(), dialect="duckdb"))


@lru_cache(maxsize=64)
def _declared(schema: pa.Schema) -> str:
    """Return the columns of a table for `CREATE TABLE`; "" where one is of another type."""
    types = [_of_arrow(each.type) for each in schema]
    if not all(types):
        return ""
    return ", ".join(f"{name_of(f.name)} {kind}" for f, kind in zip(schema, types, strict=True))


def _of_arrow(kind: pa.DataType) -> str:
    if pa.types.is_timestamp(kind):
        return "TIMESTAMP"
    return _ARROW_TYPES.get(kind, "")


def _naive(column: str, moment: bool) -> str:
    # TIMESTAMPTZ is up to ten times slower in DuckDB, so views hand out naive UTC.
    quoted_name = name_of(column)
    return f"make_timestamp(epoch_us({quoted_name})) AS {quoted_name}" if moment else quoted_name


def _making(table: StoredTable, in_memory: bool) -> str:
    """Return the statement that makes a stored table known to an engine."""
    name = name_of(table.name)
    if not table.files:  # which is several times quicker than to select no rows
        columns = (f"{name_of(each)} {_DUCKDB_TYPES[kind]}" for each, kind in table.schema.items())
        return f"CREATE TABLE {name} ({', '.join(columns)})"
    return f"CREATE {'TABLE' if in_memory else 'VIEW'} {name} AS {select_stored(table)}"


def select_stored(table: StoredTable) -> str:
    """Return the SELECT that reads a stored table with instants as naive UTC."""
    if not table.files:
        columns = ", ".join(
            f"CAST(NULL AS {_DUCKDB_TYPES[kind]}) AS {name_of(column)}"
            for column, kind in table.schema.items()
        )
        return f"SELECT {columns} WHERE false"
    columns = ", ".join(
        _naive(column, kind.startswith("timestamp")) for column, kind in table.schema.items()
    )
    rows = (
        f"read_parquet({file_list(table.files)}, "
        "hive_partitioning = true, hive_types_autocast = false, union_by_name = true)"
    )
    if table.late:  # without a file that has them, the engine knows no such columns
        late = ", ".join(
            f"CAST(NULL AS {_DUCKDB_TYPES[table.schema[name]]}) AS {name_of(name)}"
            for name in table.late
        )
        rows = f"(SELECT * FROM {rows} UNION ALL BY NAME SELECT {late} WHERE false)"
    return f"SELECT {columns} FROM {rows}"
