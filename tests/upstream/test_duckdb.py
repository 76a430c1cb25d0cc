"""What DuckDB does that we work round. When one of these fails, look at the place it names."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open DuckDB as it comes, without our settings."""
    opened = duckdb.connect()
    yield opened
    opened.close()


def test_a_cursor_forgets_the_time_zone(database: duckdb.DuckDBPyConnection) -> None:
    """So `warehouse.engine.connect` says SET GLOBAL, which reaches cursors too."""
    database.execute("SET TimeZone = 'Pacific/Auckland'")

    asked = "SELECT current_setting('TimeZone')"
    assert database.cursor().execute(asked).fetchall() != [("Pacific/Auckland",)]
    database.execute("SET GLOBAL TimeZone = 'Pacific/Auckland'")
    assert database.cursor().execute(asked).fetchall() == [("Pacific/Auckland",)]


def test_the_time_zone_cannot_be_set_when_connecting() -> None:
    """Which would be the plain way; see `warehouse.engine.connect`."""
    with pytest.raises(duckdb.InvalidInputException, match="icu"):
        duckdb.connect(config={"TimeZone": "UTC"})


def test_a_cast_to_timestamp_drops_the_offset(database: duckdb.DuckDBPyConnection) -> None:
    """One hour is lost without a word; `log.normalise` casts to TIMESTAMPTZ instead."""
    database.execute("SET TimeZone = 'UTC'")
    [(dropped, kept)] = database.execute(
        "SELECT v::TIMESTAMP::VARCHAR, v::TIMESTAMPTZ::VARCHAR "
        "FROM (VALUES ('2026-01-05T08:00:00+01:00')) AS t(v)"
    ).fetchall()

    assert dropped == "2026-01-05 08:00:00"
    assert kept == "2026-01-05 07:00:00+00"


def test_a_cast_of_text_to_a_whole_number_rounds(database: duckdb.DuckDBPyConnection) -> None:
    """And reads hexadecimal; `log.normalise.whole` asks for a decimal without a fraction first."""
    found = database.execute(
        "SELECT try_cast(v AS BIGINT) FROM (VALUES ('2.5'), ('0x10')) AS t(v)"
    ).fetchall()

    assert found == [(3,), (16,)]


def test_a_damaged_gzip_is_read_as_it_comes(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Its checksum is not looked at; `sources.tools.files.connector` unpacks it by Python."""
    content = bytearray(gzip.compress(b"n,text\n" + b"1,a\n" * 1_000))
    content[-6] ^= 255  # in the checksum
    file = tmp_path / "damaged.csv.gz"
    file.write_bytes(content)

    assert database.execute(f"SELECT count(*) FROM read_csv('{file}')").fetchall() == [(1_000,)]
    with pytest.raises(gzip.BadGzipFile), gzip.open(file) as stream:
        stream.read()


def test_a_result_that_is_not_read_to_its_end_blocks_the_connection(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """Even of one row; `warehouse.engine.number` fetches all."""
    assert database.execute("SELECT 1").fetchone() == (1,)

    with pytest.raises(duckdb.Error, match="unfinished result"):
        database.sql("SELECT 2").fetchall()


def test_a_reader_of_an_executed_query_copies_all_rows(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """It says so itself; `log.building` asks `sql()` for its readers."""
    with pytest.warns(UserWarning, match="extra copy"):
        database.execute("SELECT 1 AS n").to_arrow_reader(10)


def test_a_column_that_only_later_files_have_vanishes(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Without an error; every reading of ours says `union_by_name`."""
    pq.write_table(pa.table({"a": [1]}), tmp_path / "1.parquet")
    pq.write_table(pa.table({"a": [2], "b": [3]}), tmp_path / "2.parquet")

    found = database.execute(f"SELECT * FROM read_parquet('{tmp_path}/*.parquet')").fetchall()
    assert sorted(found) == [(1,), (2,)]


def test_lines_that_end_in_two_ways_cannot_be_read(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """So `sources.landing` refuses such a file, in words."""
    file = tmp_path / "mixed.csv"
    file.write_bytes(b"n,text\r\n1,a\n2,b\r\n")

    with pytest.raises(duckdb.Error):
        database.execute(
            f"SELECT * FROM read_csv('{file}', auto_detect = false, header = true, delim = ',', "
            "quote = '\"', escape = '\"', columns = {n: 'VARCHAR', text: 'VARCHAR'})"
        ).fetchall()
