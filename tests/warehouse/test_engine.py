"""The engine: every cursor speaks UTC, every column is there, and nothing blocks anything."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from opsgauge.foundation.errors import WarehouseDamaged
from opsgauge.warehouse.engine import (
    DuckEngine,
    Filled,
    StoredTable,
    connect,
    file_list,
    name_of,
    number,
    quoted,
    select_stored,
)

SCHEMA = {"n": "int64", "at": "timestamp(6)", "team": "string"}
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
def stored(tmp_path: Path) -> StoredTable:
    """Return a table of two files, of which only the second has the column `team`."""
    first = pa.table({"n": [1, 2], "at": pa.array([NOON, None], pa.timestamp("us", tz="UTC"))})
    second = pa.table(
        {"n": [3], "at": pa.array([NOON], pa.timestamp("us", tz="UTC")), "team": ["A"]}
    )
    files = []
    for name, table in (("1.parquet", first), ("2.parquet", second)):
        pq.write_table(table, tmp_path / name)
        files.append(str(tmp_path / name))
    return StoredTable("small", SCHEMA, tuple(files))


def test_every_cursor_speaks_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only the connection that was told so; the machine's own zone does not matter."""
    monkeypatch.setenv("TZ", "America/New_York")
    base = connect()
    cursor = base.cursor()

    [(zone, day)] = cursor.execute(
        "SELECT current_setting('TimeZone'), "
        "strftime(TIMESTAMPTZ '2026-01-05 03:00+00', '%d %H:%M')"
    ).fetchall()
    assert (zone, day) == ("UTC", "05 03:00")
    cursor.close()
    base.close()


def test_a_column_that_only_some_files_have_is_not_lost(stored: StoredTable) -> None:
    """Whichever file comes first in the list."""
    for files in (stored.files, stored.files[::-1]):
        engine = DuckEngine([StoredTable(stored.name, stored.schema, files)])
        table = ibis.table(SCHEMA, name="small")
        found = engine.run(table.order_by("n"))
        engine.close()

        assert found["team"].to_pylist() == [None, None, "A"]
        assert found["at"].to_pylist() == [
            NOON.replace(tzinfo=None),
            None,
            NOON.replace(tzinfo=None),
        ]


@pytest.mark.parametrize("in_memory", [[], ["small"]])
def test_a_table_is_the_same_read_from_disk_or_copied(
    stored: StoredTable, in_memory: list[str]
) -> None:
    """Its files may even be gone once it is in memory."""
    engine = DuckEngine([stored], in_memory=in_memory)
    if in_memory:
        for file in stored.files:
            Path(file).unlink()
    table = ibis.table(SCHEMA, name="small")

    assert engine.run(table.aggregate(s=table.n.sum()))["s"].to_pylist() == [6]
    engine.close()


def test_a_table_without_files_is_empty_with_all_its_columns() -> None:
    """As before the first import of its kind."""
    engine = DuckEngine([StoredTable("small", SCHEMA, ())])
    found = engine.run(ibis.table(SCHEMA, name="small"))
    engine.close()

    assert found.num_rows == 0
    assert found.column_names == list(SCHEMA)
    assert found.schema.field("at").type == pa.timestamp("us")


def test_a_file_that_is_gone_is_told(stored: StoredTable) -> None:
    """With what to do."""
    engine = DuckEngine([stored])
    Path(stored.files[1]).unlink()

    with pytest.raises(WarehouseDamaged, match="cannot be read") as told:
        engine.run(ibis.table(SCHEMA, name="small"))
    assert "backup" in told.value.hint
    engine.close()


def test_many_threads_ask_at_once(stored: StoredTable) -> None:
    """Each with a cursor of its own."""
    engine = DuckEngine([stored], in_memory=["small"])
    table = ibis.table(SCHEMA, name="small")
    sql = engine.sql(table.aggregate(s=table.n.sum()))
    found: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: found.extend(engine.run_sql(sql)["s"].to_pylist()[0] for _ in range(25))
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.close()

    assert found == [6] * 200


def test_extra_tables_hand_out_naive_utc() -> None:
    """Like the stored ones."""
    tokyo = pa.array([NOON], pa.timestamp("us", tz="Asia/Tokyo"))
    engine = DuckEngine([], extra={"days": pa.table({"starts at": tokyo, "n": [1]})})
    found = engine.run_sql('SELECT "starts at" AS at FROM days')
    engine.close()

    assert found["at"].to_pylist() == [NOON.replace(tzinfo=None)]


def test_a_partition_column_is_text_as_it_was_written(tmp_path: Path) -> None:
    """`2026-01` is no date, and stays what it is also where it looks like a number."""
    for month in ("2026-01", "202601"):
        folder = tmp_path / f"opened_month={month}"
        folder.mkdir()
        pq.write_table(pa.table({"n": [1]}), folder / "a.parquet")
    files = tuple(sorted(str(file) for file in tmp_path.rglob("*.parquet")))
    sql = select_stored(StoredTable("t", {"n": "int64", "opened_month": "string"}, files))
    database = connect()

    assert sorted(database.execute(sql).fetchall()) == [(1, "2026-01"), (1, "202601")]
    database.close()


@pytest.mark.parametrize("text", ["plain", "it's", "''", 'a "b"', "", "\\", "x'; DROP TABLE t; --"])
def test_quoted_text_and_names_come_back_as_they_were(text: str) -> None:
    """Nothing in them is ever read as SQL."""
    database = connect()
    assert database.execute(f"SELECT {quoted(text)}").fetchall() == [(text,)]
    if text:
        asked = database.execute(f"SELECT 1 AS {name_of(text)}")
        assert [column[0] for column in asked.description or []] == [text]
        asked.fetchall()
    assert database.execute(f"SELECT {file_list([text, text])}").fetchall() == [([text, text],)]
    database.close()


def test_one_number_is_given_and_the_connection_stays_free() -> None:
    """None counts as zero."""
    database = connect()

    assert number(database, "SELECT 7") == 7
    assert number(database, "SELECT NULL") == 0
    assert number(database, "SELECT 1 WHERE false") == 0
    assert database.sql("SELECT 1").fetchall() == [(1,)]
    database.close()


def test_memory_is_limited_and_what_does_not_fit_is_spilt(tmp_path: Path) -> None:
    """As the workspace's settings say."""
    database = connect("500MB", spill_to=tmp_path / "spill")

    [(limit, folder)] = database.execute(
        "SELECT current_setting('memory_limit'), current_setting('temp_directory')"
    ).fetchall()
    assert limit in ("476.8 MiB", "500.0 MB")
    assert folder == str(tmp_path / "spill")
    database.close()


LIKE = "SELECT n, 'one' AS word FROM small WHERE n >= 7700 AND n < 7701 ORDER BY n"


def like(first: str, beyond: str, word: str = "it") -> Filled:
    """Return a query of numbers between two, with a word beside them."""
    return Filled(LIKE, (("7700", first), ("7701", beyond), ("'one'", quoted(word))))


def test_a_filled_query_is_its_template_with_the_literals() -> None:
    """All are exchanged at once: one that looks like another stand-in stays."""
    assert like("1", "7700").sql == (
        "SELECT n, 'it' AS word FROM small WHERE n >= 1 AND n < 7700 ORDER BY n"
    )
    assert Filled("SELECT 1", ()).sql == "SELECT 1"
    assert "n >= CAST($1 AS BIGINT) AND n < CAST($2 AS BIGINT)" in like("1", "2").with_places
    assert "CAST($3 AS VARCHAR) AS word" in like("1", "2").with_places


def test_a_plan_is_kept_and_gives_what_the_query_gives(stored: StoredTable) -> None:
    """With other literals each time."""
    engine = DuckEngine([stored])

    for first, beyond in (("1", "3"), ("2", "9"), ("5", "9")):
        query = like(first, beyond)
        assert engine.run_filled(query).equals(engine.run_sql(query.sql))
    assert list(engine._own.planned[1]) == [LIKE]
    engine.close()


def test_a_query_that_cannot_be_planned_tells_what_is_wrong_and_spoils_nothing(
    stored: StoredTable,
) -> None:
    """The next one is planned anew."""
    engine = DuckEngine([stored])
    with pytest.raises(duckdb.Error, match="nobody"):
        engine.run_filled(Filled("SELECT 7700 FROM nobody", (("7700", "1"),)))

    assert engine.run_filled(like("1", "9")).num_rows == 3
    engine.close()


def test_plans_do_not_pile_up(stored: StoredTable, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that has planned many begins again."""
    monkeypatch.setattr("opsgauge.warehouse.engine.MOST_PLANS", 3)
    engine = DuckEngine([stored])
    for n in range(8):
        query = Filled(f"SELECT n + {n} AS m, 7700 AS x FROM small", (("7700", "1"),))
        found = engine.run_filled(query)
        assert found.num_rows == 3
        assert len(engine._own.planned[1]) <= 3
    engine.close()


def test_threads_plan_for_themselves(stored: StoredTable) -> None:
    """Eight at once, each with a cursor of its own."""
    engine = DuckEngine([stored])
    found: list[list[int]] = []

    def ask(n: int) -> None:
        asked = (engine.run_filled(like(str(n % 3 + 1), "9")) for _ in range(20))
        found.extend(answer["n"].to_pylist() for answer in asked)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = [list(range(n % 3 + 1, 4)) for n in range(8) for _ in range(20)]
    assert sorted(found) == sorted(expected)
    engine.close()
