"""Lands a file's records in the warehouse as they came, each with a keyed hash of its content.

Floor 3. Persons' names never reach the disk: they are replaced by a keyed digest on the way, and
free text by its length, unless the settings say otherwise. A record already known is dropped.
"""

import hashlib
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.log.mapping import Mapping
from opsgauge.log.privacy import digest_sql
from opsgauge.log.raw import LAYOUT, OWN, RAW_OWN, raw_table, stored_name
from opsgauge.sources.connector import Opened
from opsgauge.warehouse.engine import file_list, name_of, number, quoted
from opsgauge.warehouse.tables import Warehouse

END_OF_FIELD = "chr(31)"
NO_VALUE = "chr(30)"


@dataclass(frozen=True)
class Landing:
    """How records are to be treated on the way in.

    `key` is the workspace's secret; `import_number` orders imports; `known` are the raw files of
    the committed data version.
    """

    key: bytes
    pseudonyms: bool
    keep_text: bool
    import_number: int
    known: tuple[str, ...]


@dataclass(frozen=True)
class Landed:
    """What came of one file: the new Parquet file (None if nothing was new), and counts."""

    file: Path | None
    rows: int
    read: int
    duplicate: int
    faulty: tuple[tuple[int, str], ...]


def land(
    connection: duckdb.DuckDBPyConnection,
    opened: Opened,
    mapping: Mapping,
    warehouse: Warehouse,
    how: Landing,
) -> Landed:
    """Write the records of an opened file that are not known yet into the raw table's folder.

    Returns
    -------
    the file written, not yet part of the table: `Warehouse.adopt` makes it so
    """
    table = raw_table(mapping.source)
    warehouse.make(table, pa.schema([pa.field(name, kind) for name, kind in RAW_OWN]))
    target = warehouse.path(table) / f"part-{how.import_number:06d}-{uuid.uuid4().hex}.parquet"
    try:
        _copy(connection, _landing_sql(opened, mapping, how), target)
    except duckdb.Error as wrong:
        target.unlink(missing_ok=True)
        raise FileUnreadable(f"The records cannot be read: {_first_line(wrong)}") from wrong
    faulty = connection.execute(opened.faulty).fetchall() if opened.faulty else []
    read = number(connection, f"SELECT count(*) FROM read_parquet({quoted(str(target))})")
    rows = _drop_known(connection, target, how.known, read)
    return Landed(
        file=target if rows else None,
        rows=rows,
        read=read + len(faulty),
        duplicate=read - rows,
        faulty=tuple((int(row), str(reason)) for row, reason in faulty),
    )


def _copy(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    connection.execute(
        f"COPY ({query}) TO {quoted(str(target))} "
        "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
    )


def _landing_sql(opened: Opened, mapping: Mapping, how: Landing) -> str:
    header = [name for name in opened.header if name not in mapping.drop]
    # Length beside value: no value can imitate the boundary between two others. The secret in
    # front makes MD5 enough: who cannot know the key cannot prepare two records that collide.
    lengths = ", ".join(f"coalesce(strlen({name_of(name)})::VARCHAR, 'n')" for name in header)
    values = ", ".join(f"coalesce({name_of(name)}, {NO_VALUE})" for name in header)
    salt = hashlib.sha256(how.key + mapping.source.encode()).hexdigest()
    layout = hashlib.sha256("\x1f".join(sorted(header)).encode()).hexdigest()[:12]
    content = f"concat_ws({END_OF_FIELD}, '{salt}', '{layout}', {lengths}, {values})"
    columns = ", ".join(_column(name, mapping, how) for name in header)
    return (
        f"SELECT unhex(md5({content})) AS {OWN}hash, "
        f"{how.import_number}::BIGINT AS {OWN}import, row_number() OVER () AS {OWN}row, "
        f"'{layout}' AS {LAYOUT}, {columns} FROM {opened.rows}"
    )


def _column(name: str, mapping: Mapping, how: Landing) -> str:
    value = name_of(name)
    if name in mapping.person_columns and how.pseudonyms:
        value = digest_sql(value, how.key, mapping.missing)
    elif name in mapping.text_columns and not how.keep_text:
        value = f"length({value})::VARCHAR"
    return f"{value} AS {name_of(stored_name(name))}"


def _drop_known(
    connection: duckdb.DuckDBPyConnection, target: Path, known: Sequence[str], read: int
) -> int:
    """Rewrite the file without rows met before, in it or in `known`; return the rows left."""
    here = f"read_parquet({quoted(str(target))})"
    distinct = number(connection, f"SELECT count(DISTINCT hash({OWN}hash)) FROM {here}")
    met = 0
    if known:
        met = number(
            connection,
            f"SELECT count(*) FROM {here} SEMI JOIN read_parquet({file_list(known)}, "
            f"union_by_name = true) USING ({OWN}hash)",
        )
    if distinct == read and met == 0:
        return read
    unmet = f"ANTI JOIN read_parquet({file_list(known)}, union_by_name = true) USING ({OWN}hash)"
    kept = target.with_name(target.stem + "-new.parquet")
    _copy(
        connection,
        f"SELECT here.* FROM {here} AS here {unmet if known else ''} "
        f"QUALIFY row_number() OVER (PARTITION BY {OWN}hash ORDER BY {OWN}row) = 1 "
        f"ORDER BY {OWN}row",
        kept,
    )
    rows = number(connection, f"SELECT count(*) FROM read_parquet({quoted(str(kept))})")
    if rows:
        kept.replace(target)
    else:
        kept.unlink()
        target.unlink()
    return rows


def _first_line(wrong: duckdb.Error) -> str:
    line = str(wrong).split("\n", 1)[0]
    return re.sub(r"^[A-Za-z ]*Error: ", "", line)
