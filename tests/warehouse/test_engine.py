"""The engine: every cursor speaks UTC, every column is there, and nothing blocks anything."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from opsgauge.foundation.errors import MemoryShort, WarehouseDamaged
from opsgauge.log.related import ALL_TABLES
from opsgauge.log.tables import Table
from opsgauge.warehouse.engine import (
    DuckEngine,
    Memory,
    StoredTable,
    connect,
    file_list,
    name_of,
    number,
    quoted,
    select_stored,
)

SCHEMA = {"n": "int64", "at": "timestamp(6)", "team": "string"}
MOST_HELD = "SELECT sum(memory_usage_bytes)::BIGINT AS most FROM duckdb_memory()"
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


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
def test_a_table_without_rows_has_the_columns_of_one_with_rows(table: Table) -> None:
    """It is declared, not copied; by name, type and order it is the same."""
    schema = table.arrow_schema()
    extra = {"none": schema.empty_table(), "one": pa.Table.from_pylist([{}], schema=schema)}
    engine = DuckEngine([], extra=extra)
    none, one = (engine.run_sql(f"DESCRIBE {name}").to_pylist() for name in extra)
    engine.close()

    assert none == one
    assert len(none) == len(schema)


def test_a_table_of_an_odd_type_without_rows_is_there_too() -> None:
    """A list, say: it is copied."""
    engine = DuckEngine([], extra={"odd": pa.table({"a": pa.array([], pa.list_(pa.int8()))})})
    found = engine.run_sql("DESCRIBE odd").to_pylist()
    engine.close()

    assert [each["column_type"] for each in found] == ["TINYINT[]"]


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


def test_threads_ask_at_the_same_time(stored: StoredTable) -> None:
    """Eight at once, each with a cursor of its own."""
    engine = DuckEngine([stored])
    found: list[list[int]] = []

    def ask(n: int) -> None:
        sql = f"SELECT n FROM small WHERE n >= {n % 3 + 1} ORDER BY n"
        asked = (engine.run_sql(sql) for _ in range(20))
        found.extend(answer["n"].to_pylist() for answer in asked)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = [list(range(n % 3 + 1, 4)) for n in range(8) for _ in range(20)]
    assert sorted(found) == sorted(expected)
    engine.close()


@pytest.mark.row("SCA-03")
def test_what_does_not_fit_in_memory_is_set_aside_and_the_answer_is_the_same(
    tmp_path: Path,
) -> None:
    """Distinct counts and medians of more words than the limit holds, to the last one."""
    rows = 400_000
    query = "SELECT count(DISTINCT w) AS different, median(n) AS middle FROM words"
    made = f"CREATE TABLE words AS SELECT i AS n, md5(i::VARCHAR) AS w FROM range({rows}) t(i)"
    little = DuckEngine([], threads=1, memory=Memory("24MB", tmp_path / "spill"))
    little._base.execute(made)
    [told] = little.run_sql(query).to_pylist()
    set_aside = sum(file.stat().st_size for file in (tmp_path / "spill").iterdir())
    [held] = little.run_sql(MOST_HELD).to_pylist()
    little.close()

    assert told == {"different": rows, "middle": (rows - 1) / 2}
    assert set_aside > 1_000_000
    assert held["most"] <= 24_000_000
    assert not (tmp_path / "spill").exists()


@pytest.mark.row("SCA-03")
def test_memory_that_runs_short_is_said_with_what_to_do() -> None:
    """Where nothing can be set aside; the engine answers the next question."""
    engine = DuckEngine([], threads=1, memory=Memory("8MB"))
    with pytest.raises(MemoryShort, match="reading_memory_limit") as short:
        engine.run_sql("SELECT count(DISTINCT md5(i::VARCHAR)) FROM range(2000000) t(i)")
    assert "more memory than reading may take" in short.value.message
    assert engine.run_sql("SELECT 1 AS one").to_pylist() == [{"one": 1}]
    engine.close()
