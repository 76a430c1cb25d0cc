"""Records that name an erased person, met again: known by all else that they say.

Floor 2. Nothing is kept by which the person could be known again, so a record is taken for one that
is known where it says the same but for the person, and whom it names there had no pseudonym when
the other was erased. It gets what stands in the place of the person, and is dropped as known.
Else each import of the same export would bring them back, and every update of theirs twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from opsgauge.log.erasing import CHANCE, text_columns
from opsgauge.log.privacy import digest_sql, is_digest_sql
from opsgauge.log.raw import HASH, IMPORT, LAYOUT, ROW, raw_rows, stored_name
from opsgauge.warehouse.engine import name_of, number, quoted

MET = "recognised"  # the records of the file that are known ones


@dataclass(frozen=True)
class Erased:
    """Who was erased: SQL of the rows of `erased_persons` and of `persons`; and the secret."""

    erased: str
    persons: str
    key: bytes


def recognise(
    connection: duckdb.DuckDBPyConnection,
    target: Path,
    known: Sequence[str],
    erased: Erased,
    texts: Sequence[str],
) -> None:
    """Write a landed file anew where it names somebody who was erased in the same record.

    Parameters
    ----------
    known : raw files of the committed data version
    texts : columns of free text, which may be kept otherwise than before
    """
    rows = connection.execute(f"SELECT digest FROM ({erased.erased})").fetchall()
    digests = [str(digest) for (digest,) in rows]
    left_out = {stored_name(each).lower() for each in texts}
    here = [name for name in text_columns(pq.read_schema(target)) if name.lower() not in left_out]
    matches: list[str] = []
    replaced: set[str] = set()
    for file in known if digests else ():
        there = {name.lower() for name in text_columns(pq.read_schema(file))}
        both = [name for name in here if name.lower() in there]
        loose = _naming(connection, file, both, digests)
        if loose and len(loose) < len(both):
            strict = [name for name in both if name not in loose]
            here_marked = _marked(raw_rows([str(target)]), loose, erased.key)
            matches.append(_matches(here_marked, raw_rows([file]), strict, loose))
            replaced |= set(loose)
    if matches:
        _hold(connection, " UNION ALL BY NAME ".join(matches), erased)
        if number(connection, f"SELECT count(*) FROM {MET}"):
            _rewrite(connection, target, sorted(replaced))


def _naming(
    connection: duckdb.DuckDBPyConnection, file: str, names: Sequence[str], digests: Sequence[str]
) -> list[str]:
    """Return the columns of a raw file in which somebody stands who was erased."""
    if not names:
        return []
    listed = ", ".join(map(quoted, digests))
    asked = ", ".join(f"count(*) FILTER ({name_of(name)} IN ({listed}))" for name in names)
    [counts] = connection.execute(f"SELECT {asked} FROM {raw_rows([file])}").fetchall()
    return [name for name, count in zip(names, counts, strict=True) if count]


def _matches(here: str, there: str, strict: Sequence[str], loose: Sequence[str]) -> str:
    """Return the SQL of records of the file that say what known ones say, but for who was erased.

    Parameters
    ----------
    here, there : the landed records, and those of one known file
    strict : columns that must say the same
    loose : columns in which somebody stands who was erased
    """
    joins, met = [], []
    for n, column in enumerate(map(name_of, loose)):
        person = f"coalesce(p{n}.number > x{n}.last_number, true)"
        joins.append(
            f"LEFT JOIN erased_known AS x{n} ON x{n}.digest = e.{column} "
            f"LEFT JOIN persons_known AS p{n} ON p{n}.digest = l._person{n}"
        )
        met.append(
            f"(l.{column} IS NOT DISTINCT FROM e.{column} OR (x{n}.digest IS NOT NULL "
            f"AND l.{column} IS NOT NULL AND {person}))"
        )
    same = " AND ".join(f"l.{name_of(c)} IS NOT DISTINCT FROM e.{name_of(c)}" for c in strict)
    named = " OR ".join(f"{name_of(c)} IN (SELECT digest FROM erased_known)" for c in loose)
    told = ", ".join(f"e.{name_of(column)}" for column in loose)
    return (
        f"SELECT l.{ROW}, e.{HASH}, e.{LAYOUT} = l.{LAYOUT} AS _same, e.{IMPORT}, e.{ROW} AS _of, "
        f"{told} FROM {here} AS l "
        f"JOIN (SELECT * FROM {there} WHERE {named}) AS e ON {same} {' '.join(joins)} "
        f"WHERE {' AND '.join(met)}"
    )


def _marked(here: str, loose: Sequence[str], key: bytes) -> str:
    """Return landed records with the digest of each cell that may name somebody, `_person0` on."""
    marks = ", ".join(
        f"CASE WHEN {is_digest_sql(column)} THEN {column} ELSE {digest_sql(column, key)} END "
        f"AS _person{n}"
        for n, column in enumerate(map(name_of, loose))
    )
    return f"(SELECT *, {marks} FROM {here})"


def _hold(connection: duckdb.DuckDBPyConnection, matches: str, erased: Erased) -> None:
    """Make `recognised`: for each such record of the file the known one, of equal columns first."""
    connection.execute(f"CREATE OR REPLACE TABLE erased_known AS {erased.erased}")
    connection.execute(f"CREATE OR REPLACE TABLE persons_known AS {erased.persons}")
    connection.execute(
        f"CREATE OR REPLACE TABLE {MET} AS SELECT * FROM ({matches}) QUALIFY "
        f"row_number() OVER (PARTITION BY {ROW} ORDER BY _same DESC, {IMPORT}, _of) = 1"
    )


def _rewrite(connection: duckdb.DuckDBPyConnection, target: Path, replaced: Sequence[str]) -> None:
    told = ", ".join(
        f"coalesce(m.{column}, l.{column}) AS {column}" for column in map(name_of, replaced)
    )
    new = target.with_name(target.stem + "-known.parquet")
    connection.execute(
        f"COPY (SELECT l.* REPLACE ({told}, CASE WHEN m._same THEN m.{HASH} "
        f"WHEN m.{ROW} IS NOT NULL THEN {CHANCE} ELSE l.{HASH} END AS {HASH}) "
        f"FROM {raw_rows([str(target)])} AS l LEFT JOIN {MET} AS m ON l.{ROW} = m.{ROW} "
        f"ORDER BY l.{ROW}) TO {quoted(str(new))} "
        "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
    )
    new.replace(target)
