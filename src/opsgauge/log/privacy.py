"""Persons: a keyed hash on the way in, a stable pseudonym afterwards.

Floor 2. A name is trimmed, hashed with the workspace's secret and forgotten; the hash is numbered
once, in the order in which records first named it, and shown as "Agent 17". That order says
nothing of the name. In the order of hashes, a number would lie between those of its neighbours,
which whoever holds the secret and a list of names can compute, also of somebody who was erased.
"""

import hashlib
from collections.abc import Sequence

import duckdb
import pyarrow as pa

from opsgauge.log.raw import IMPORT, ROW
from opsgauge.log.tables import PERSONS
from opsgauge.warehouse.engine import quoted

LENGTH = "chr(31)"  # tells the length of a text from a text, which may be nothing but digits
MARK = "p:"  # tells a digest from a name that came in before pseudonyms were switched on


def digest_sql(column: str, key: bytes, missing: Sequence[str] = ()) -> str:
    """Return the SQL of a person's digest; missing values stay what they are."""
    kept = "".join(f" WHEN trim({column}) = {quoted(word)} THEN {column}" for word in missing)
    return (
        f"CASE WHEN {column} IS NULL OR trim({column}) = '' THEN NULL{kept} "
        f"ELSE '{MARK}' || substr(sha256('{_salt(key)}' || trim({column})), 1, 32) END"
    )


def digest_of(name: str, key: bytes) -> str:
    """Return the digest that a name of the mapping's has in records.

    Examples
    --------
    >>> digest_of(" system ", b"key") == digest_of("system", b"key") != digest_of("ann", b"key")
    True
    """
    hashed = hashlib.sha256(f"{_salt(key)}{name.strip(' ')}".encode())
    return MARK + hashed.hexdigest()[:32]


def _salt(key: bytes) -> str:
    # 128 bits of key and a short name fit one block of SHA-256, which halves the time.
    return hashlib.sha256(b"person" + key).hexdigest()[:32]


def is_digest_sql(column: str) -> str:
    """Return the SQL that says whether a value is a digest; never null."""
    form = quoted(f"{MARK}[0-9a-f]{{32}}")
    return (
        f"coalesce(starts_with({column}, '{MARK}') AND regexp_full_match({column}, {form}), false)"
    )


def length_sql(column: str, missing: Sequence[str]) -> str:
    """Return the SQL of a text's length, marked as one; null where nothing is written."""
    nothing = ", ".join(quoted(word) for word in ("", *missing))
    return (
        f"CASE WHEN trim({column}) NOT IN ({nothing}) "
        f"THEN {LENGTH} || length(trim({column}))::VARCHAR END"
    )


def text_sql(column: str) -> tuple[str, str]:
    """Return the SQL of a text that may have been kept as its length: the text, and its length."""
    marked = f"starts_with({column}, {LENGTH})"
    return (
        f"CASE WHEN NOT {marked} THEN {column} END",
        f"CASE WHEN {marked} THEN substr({column}, 2)::BIGINT ELSE length({column}) END",
    )


def number_new(
    connection: duckdb.DuckDBPyConnection, digests: Sequence[str], known: pa.Table
) -> pa.Table:
    """Return rows of `persons` for the digests that have no number yet.

    Parameters
    ----------
    digests : relations of a `digest` and its `place`, by which the first named is numbered first
    known : rows of `persons` already there
    """
    connection.register("known_persons", known)
    try:
        return (
            connection.sql(
                "WITH met AS (SELECT digest, min(place) AS place FROM ("
                + " UNION ALL ".join(f"SELECT digest, place FROM {each}" for each in digests)
                + ") GROUP BY digest)"
                f", fresh AS (SELECT * FROM met WHERE starts_with(digest, '{MARK}') "
                "AND digest NOT IN (SELECT digest FROM known_persons)) "
                "SELECT digest, 'Agent ' || number AS alias, number FROM (SELECT digest, "
                "row_number() OVER (ORDER BY place, digest) "
                "+ (SELECT coalesce(max(number), 0) FROM known_persons) AS number FROM fresh)"
            )
            .to_arrow_table()
            .cast(PERSONS.arrow_schema())
        )
    finally:
        connection.unregister("known_persons")


def hidden_sql(relation: str, people: Sequence[str], key: bytes) -> str:
    """Return the relation with names that came in unhidden replaced by their digests."""
    hidden = ", ".join(
        f"CASE WHEN starts_with({name}, '{MARK}') THEN {name} "
        f"ELSE {digest_sql(name, key)} END AS {name}"
        for name in people
    )
    return f"SELECT * REPLACE ({hidden}) FROM ({relation})"


def make_aliases(
    connection: duckdb.DuckDBPyConnection, people: Sequence[str], rows: str, known: str
) -> pa.Table:
    """Give new persons a number; leave the table `aliases`: a digest or name, and what is shown.

    Parameters
    ----------
    people : columns of `rows` that hold digests, or names where they are not hidden
    rows : name of a relation, with the place of each row in its source
    known : SQL of the rows of `persons` already there

    Returns
    -------
    the new rows of `persons`
    """
    known_rows = connection.sql(known).to_arrow_table().cast(PERSONS.arrow_schema())
    each = [
        f"(SELECT {name} AS digest, row({IMPORT}, {ROW}, {n}) AS place FROM {rows})"
        for n, name in enumerate(people)
    ]
    fresh = number_new(connection, each, known_rows) if each else known_rows.slice(0, 0)
    connection.register("fresh_persons", fresh)
    named = "".join(
        f" UNION SELECT {name}, {name} FROM {rows} "
        f"WHERE {name} IS NOT NULL AND NOT starts_with({name}, '{MARK}')"
        for name in people
    )
    connection.execute(
        "CREATE OR REPLACE TABLE aliases AS "
        f"SELECT digest, alias FROM ({known}) UNION "
        f"SELECT digest, alias FROM fresh_persons{named}"
    )
    connection.unregister("fresh_persons")
    return fresh


def alias_joins(names: list[str], aliases: str, of: str) -> str:
    """Return the joins that find the pseudonym of each person column of relation `of`."""
    return " ".join(
        f"LEFT JOIN {aliases} AS {name}_alias ON {name}_alias.digest = {of}.{name}"
        for name in names
    )
