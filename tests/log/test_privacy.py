"""Persons: a keyed digest on the way in, a number once and for ever."""

from collections.abc import Iterator, Sequence

import duckdb
import pyarrow as pa
import pytest

from opsgauge.log.privacy import MARK, digest_sql, number_new
from opsgauge.log.tables import PERSONS
from opsgauge.warehouse.engine import connect, quoted

KEY = b"one secret of a workspace"


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an engine."""
    opened = connect()
    yield opened
    opened.close()


def digests(
    database: duckdb.DuckDBPyConnection, *names: str | None, key: bytes = KEY
) -> list[str | None]:
    """Return the digests of names, where "?" means nobody."""
    values = ", ".join(f"({quoted(name) if name is not None else 'NULL'})" for name in names)
    rows = database.execute(f"SELECT {digest_sql('n', key, ['?'])} FROM (VALUES {values}) AS t(n)")
    return [digest for (digest,) in rows.fetchall()]


@pytest.mark.row("ING-16")
def test_a_digest_hides_the_name_and_tells_people_apart(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """Equal for the same name, blanks around it aside; another for any other name."""
    ann, same, bob, small, ben = digests(database, "Ann", " Ann ", "Bob", "ann", "Änn")

    assert ann == same
    assert len({ann, bob, small, ben}) == 4
    assert ann is not None
    assert ann.startswith(MARK)
    assert "Ann" not in ann


@pytest.mark.row("ING-16")
def test_another_workspace_has_other_digests(database: duckdb.DuckDBPyConnection) -> None:
    """Nobody without the key can try names out."""
    assert digests(database, "Ann") != digests(database, "Ann", key=b"another secret")


def test_nobody_stays_nobody(database: duckdb.DuckDBPyConnection) -> None:
    """Missing, blank, and the source's own word for it, with blanks around."""
    assert digests(database, None, "", "  ", "?", " ? ") == [None, None, None, "?", " ? "]


def numbered(
    database: duckdb.DuckDBPyConnection, met: Sequence[Sequence[str]], known: pa.Table
) -> list[tuple[str, str, int]]:
    """Give numbers to those who were met; return digest, alias and number of the new ones."""
    relations = [
        f"(SELECT unnest([{', '.join(map(quoted, each))}]) AS digest, "
        f"unnest(range({len(each)})) * 10 + {column} AS place)"
        for column, each in enumerate(met)
    ]
    rows = number_new(database, relations, known).to_pylist()
    return [(row["digest"], row["alias"], row["number"]) for row in rows]


@pytest.mark.row("ING-16")
@pytest.mark.parametrize("columns", [1, 2, 3])
def test_each_person_is_numbered_once(database: duckdb.DuckDBPyConnection, columns: int) -> None:
    """However often met, and in however many columns."""
    met = [["p:b", "p:a", "p:b", "p:b"]] * columns
    nobody = PERSONS.arrow_schema().empty_table()

    assert numbered(database, met, nobody) == [("p:b", "Agent 1", 1), ("p:a", "Agent 2", 2)]


def test_numbers_follow_the_records_and_not_the_digests(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """A number between two digests would tell whoever holds the key whose it was."""
    nobody = PERSONS.arrow_schema().empty_table()
    first, second = ["p:c", "p:d"], ["p:a", "p:b"]

    met = numbered(database, [first, second], nobody)

    assert [digest for digest, _, _ in met] == ["p:c", "p:a", "p:d", "p:b"]


@pytest.mark.row("ING-16")
def test_a_number_is_never_given_again(database: duckdb.DuckDBPyConnection) -> None:
    """Those who come later are numbered after all who were known."""
    known = pa.Table.from_pylist(
        [{"digest": "p:m", "alias": "Agent 7", "number": 7}], schema=PERSONS.arrow_schema()
    )

    assert numbered(database, [["p:z", "p:m", "p:a"]], known) == [
        ("p:z", "Agent 8", 8),
        ("p:a", "Agent 9", 9),
    ]


def test_a_name_that_came_in_plain_gets_no_number(database: duckdb.DuckDBPyConnection) -> None:
    """It is shown as it is, where the settings want names."""
    assert numbered(database, [["Ann", "p:a"]], PERSONS.arrow_schema().empty_table()) == [
        ("p:a", "Agent 1", 1)
    ]
