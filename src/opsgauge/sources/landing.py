"""Lands a file's records in the warehouse as they came, each with a keyed hash of its content.

Floor 3. Persons' names never reach the disk: they are replaced by a keyed digest on the way, and
free text by its length, unless the settings say otherwise. A record already known is dropped.
"""

import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from opsgauge.foundation.errors import FileUnreadable, MappingWrong
from opsgauge.foundation.full_disk import is_full_disk
from opsgauge.log.changed_fields import among_sql, hidden_sql, names_in_clear, names_of
from opsgauge.log.mapping import Changes, Mapping
from opsgauge.log.privacy import digest_sql, length_sql
from opsgauge.log.raw import LAYOUT, OWN, RAW_OWN, ROW, raw_rows, raw_table, stored_name
from opsgauge.log.recognising import Erased, recognise
from opsgauge.sources.connector import Opened
from opsgauge.warehouse.engine import file_list, first_line, name_of, number, one_file, quoted
from opsgauge.warehouse.tables import Warehouse

END_OF_FIELD = "chr(31)"
NO_VALUE = "chr(30)"


@dataclass(frozen=True)
class Landing:
    """How records are to be treated on the way in.

    `file` is the name they came under; `key` is the workspace's secret; `received` orders files;
    `known` are the raw files of the committed data version. `hear` is told of the relation of all
    records of the file, before those known are dropped from it. `erased` tells who was erased.
    """

    file: str
    key: bytes
    pseudonyms: bool
    keep_text: bool
    received: int
    known: tuple[str, ...]
    hear: Callable[[str], None] | None = None
    erased: Erased | None = None


@dataclass(frozen=True)
class Landed:
    """What came of one file: the new Parquet file (None if nothing was new), and counts."""

    file: Path | None
    rows: int
    read: int
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
    table = raw_table(mapping.stream)
    warehouse.make(table, pa.schema([pa.field(name, kind) for name, kind in RAW_OWN]))
    target = warehouse.path(table) / f"part-{how.received:09d}-{uuid.uuid4().hex}.parquet"
    spelled = {name.lower(): name for name in warehouse.columns(table)}
    known = _known(mapping, how, spelled)
    query = _landing_sql(opened, mapping, how, spelled)
    try:
        _copy_told(connection, query, target, how)
        if how.erased is not None and how.known:
            recognise(connection, target, how.known, how.erased, mapping.text_columns)
        return _landed(connection, opened, target, how, known)
    except BaseException:
        for left in target.parent.glob(f"{target.stem}*"):
            left.unlink()
        raise


def _known(mapping: Mapping, how: Landing, spelled: dict[str, str]) -> str:
    """Return the relation of the records that are known; empty where there are none.

    A record of a changed field whose values were hidden, and now are wanted, is not known.
    """
    if not how.known:
        return ""
    rows = f"read_parquet({file_list(how.known)}, union_by_name = true)"
    told = mapping.changes
    parts = (told.field, told.old, told.new) if told else ()
    if parts and all(stored_name(part).lower() in spelled for part in parts if part):
        return f"(SELECT * FROM {rows} WHERE NOT {hidden_sql(mapping)})"
    return rows


def _copy_told(
    connection: duckdb.DuckDBPyConnection, query: str, target: Path, how: Landing
) -> None:
    try:
        _copy(connection, query, target)
    except duckdb.Error as wrong:
        if is_full_disk(wrong):
            raise
        raise FileUnreadable(
            f"The records of {how.file} cannot be read: {first_line(wrong)}.",
            hint="Export or fetch it again.",
        ) from wrong


def _landed(
    connection: duckdb.DuckDBPyConnection,
    opened: Opened,
    target: Path,
    how: Landing,
    known: str,
) -> Landed:
    faulty = connection.execute(opened.faulty).fetchall() if opened.faulty else []
    read = number(connection, f"SELECT count(*) FROM read_parquet({one_file(target)})")
    if faulty:
        _count_faulty(connection, target, opened.faulty)
    if how.hear and read:
        how.hear(raw_rows([str(target)]))
    rows = _drop_known(connection, target, known, read) if read else 0
    if not rows:
        target.unlink()
    return Landed(
        file=target if rows else None,
        rows=rows,
        read=read + len(faulty),
        faulty=tuple((int(row), str(reason)) for row, reason in faulty),
    )


def _copy(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    connection.execute(
        f"COPY ({query}) TO {quoted(str(target))} "
        "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
    )


def _landing_sql(opened: Opened, mapping: Mapping, how: Landing, spelled: dict[str, str]) -> str:
    """Return the SQL of the raw rows; columns known by now are `spelled` as they were first."""
    header = _kept(opened, mapping, how)
    # Sorted, so that a record is the same whatever the order and case of the file's columns.
    by_name = sorted(header, key=str.lower)
    layout = hashlib.sha256("\x1f".join(by_name).lower().encode()).hexdigest()[:12]
    # The secret in front makes MD5 enough: who cannot know the key cannot prepare two records that
    # collide.
    salt = hashlib.sha256(how.key + f"{mapping.stream}/{layout}".encode()).hexdigest()[:32]
    values = ", ".join(f"coalesce({name_of(name)}, {NO_VALUE})" for name in by_name)
    joined = name_of(max(header, key=len) + "_")  # longer than any, so it is none of them
    columns = ", ".join(
        f"{_value(name, mapping, how)} AS "
        f"{name_of(spelled.get(stored_name(name).lower(), stored_name(name)))}"
        for name in header
    )
    return (
        f"SELECT unhex(md5('{salt}' || {_told_apart(by_name, joined)})) AS {OWN}hash, "
        f"{how.received}::BIGINT AS {OWN}import, {quoted(how.file)} AS {OWN}file, "
        # To count rows here would be to read the file in one thread; their order says the same.
        f"NULL::BIGINT AS {ROW}, '{layout}' AS {LAYOUT}, {columns} "
        f"FROM (SELECT *, concat_ws({END_OF_FIELD}, {values}) AS {joined} FROM {opened.rows}"
        f"{_meant(mapping)})"
    )


def _meant(mapping: Mapping) -> str:
    """Return the SQL that passes over the records that the mapping is not for."""
    if not mapping.only:
        return ""
    met = (
        f"trim({name_of(column)}) IN ({', '.join(map(quoted, words))})"
        for column, words in mapping.only.items()
    )
    return f" WHERE {' AND '.join(met)}"


def _kept(opened: Opened, mapping: Mapping, how: Landing) -> list[str]:
    """Return the columns that are kept.

    Of columns that hold others, such as `team` beside `team.name`, the one must not tell what the
    other hides: what holds a hidden column is left out, and so is what a hidden column holds,
    unless the mapping reads it.

    Raises
    ------
    MappingWrong : the mapping reads a column that holds a hidden one
    """
    hidden = set(mapping.drop)
    hidden |= set(mapping.person_columns if how.pseudonyms else ())
    hidden |= set(() if how.keep_text else mapping.text_columns)
    read = mapping.columns()
    kept = []
    for name in opened.header:
        below = [other for other in sorted(hidden) if other.startswith(f"{name}.")]
        if name in opened.nested and below and name not in hidden:
            if name in read:
                raise MappingWrong(
                    f"{how.file}: column {name!r}, which the mapping reads for {read[name]}, holds "
                    f"{below[0]!r}, which must not be kept as it is.",
                    hint=f"Read its other parts by their own names, {name}.SOMETHING.",
                )
            continue
        above = any(part in hidden for part in _holding(name) if part in opened.nested)
        if name not in mapping.drop and (name in read or not above):
            kept.append(name)
    return kept


def _holding(name: str) -> list[str]:
    """Return the names of what may hold a column: `a` and `a.b` for `a.b.c`."""
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]


def _told_apart(names: Sequence[str], joined: str) -> str:
    """Return the SQL of a text that no two records share, from their values as `joined`.

    Where a value holds one of the marks it could imitate a boundary between two others, or a
    missing value; there, and for the sake of speed only there, the lengths stand before the values.
    """
    columns = [name_of(name) for name in names]
    more_marks = f"{joined} LIKE concat('%', repeat({END_OF_FIELD} || '%', {len(names)}))"
    imitated = (
        f"{more_marks} OR CASE WHEN contains({joined}, {NO_VALUE}) "
        f"THEN coalesce({NO_VALUE} IN ({', '.join(columns)}), false) ELSE false END"
    )
    lengths = ", ".join(f"coalesce(strlen({column})::VARCHAR, 'n')" for column in columns)
    guarded = f"concat_ws({END_OF_FIELD}, {END_OF_FIELD}, {lengths}, {joined})"
    return f"CASE WHEN {imitated} THEN {guarded} ELSE {joined} END"


def _value(name: str, mapping: Mapping, how: Landing) -> str:
    value = name_of(name)
    if name in mapping.person_columns and how.pseudonyms:
        value = digest_sql(value, how.key, mapping.missing)
    elif name in mapping.text_columns and not how.keep_text:
        of_notes = length_sql(value, mapping.missing)
        value = of_notes if mapping.related else f"length({value})::VARCHAR"
    elif mapping.changes and name in (mapping.changes.old, mapping.changes.new):
        value = _changed(value, mapping, mapping.changes, how)
    return value


def _changed(value: str, mapping: Mapping, changes: Changes, how: Landing) -> str:
    """Return the SQL of a changed value; as it came only of fields that are known to name nobody.

    A field that the mapping does not name may be a person, so it is hidden as one.
    """
    field = name_of(changes.field)
    text = among_sql(field, names_of(changes, ("description",)))
    short = value if how.keep_text else f"length({value})::VARCHAR"
    if not how.pseudonyms:
        return f"CASE WHEN {text} THEN {short} ELSE {value} END"
    clear = names_in_clear(changes)
    return (
        f"CASE WHEN {text} AND {among_sql(field, clear)} THEN {short} "
        f"WHEN {among_sql(field, clear)} THEN {value} "
        f"ELSE {digest_sql(value, how.key, mapping.missing)} END"
    )


def _count_faulty(connection: duckdb.DuckDBPyConnection, target: Path, faulty: str) -> None:
    """Rewrite the file so that rows are numbered as in the source, unreadable ones counted."""
    placed = target.with_name(target.stem + "-placed.parquet")
    _copy(
        connection,
        # A gap says from which readable row on the unreadable ones before it are to be added.
        "WITH found AS (SELECT row - row_number() OVER (ORDER BY row) + 1 AS gap "
        f"FROM ({faulty})), gaps AS (SELECT gap, sum(count(*)) OVER (ORDER BY gap) AS skipped "
        "FROM found GROUP BY gap) "
        f"SELECT here.* REPLACE ({ROW} + coalesce(skipped, 0)::BIGINT AS {ROW}) "
        f"FROM {raw_rows([str(target)])} AS here "
        f"ASOF LEFT JOIN gaps ON here.{ROW} >= gaps.gap ORDER BY {ROW}",
        placed,
    )
    placed.replace(target)


def _drop_known(connection: duckdb.DuckDBPyConnection, target: Path, known: str, read: int) -> int:
    """Rewrite the file without rows met before, in it or in `known`; return the rows left."""
    here = raw_rows([str(target)])
    distinct = number(connection, f"SELECT count(DISTINCT hash({OWN}hash)) FROM {here}")
    met = 0
    if known:
        met = number(
            connection,
            f"SELECT count(*) FROM {here} SEMI JOIN {known} USING ({OWN}hash)",
        )
    if distinct == read and met == 0:
        return read
    unmet = f"ANTI JOIN {known} USING ({OWN}hash)"
    kept = target.with_name(target.stem + "-new.parquet")
    _copy(
        connection,
        f"SELECT here.* FROM {here} AS here {unmet if known else ''} "
        f"QUALIFY row_number() OVER (PARTITION BY {OWN}hash ORDER BY {ROW}) = 1 "
        f"ORDER BY {ROW}",
        kept,
    )
    rows = number(connection, f"SELECT count(*) FROM read_parquet({one_file(kept)})")
    kept.replace(target)
    return rows
