"""The export, as columns and as files."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from opsgauge.log.mapping import read_mapping
from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.desk import MAPPING, Desk
from opsgauge.sources.tools.demo.export import write_csv, write_parquet
from opsgauge.sources.tools.demo.truths import Run


@pytest.fixture(scope="module")
def table(desk: Desk, clean: Run) -> pa.Table:
    """Return the export of the clean desk."""
    return desk.export.table(clean.rows, clean.told)


def test_the_mapping_reads_every_column(table: pa.Table) -> None:
    """No column is missing, and none is there for nothing."""
    mapping, _ = read_mapping(MAPPING)

    mapping.check_columns(tuple(table.column_names), "the export")
    assert set(table.column_names) == set(mapping.columns())


def test_ties_are_told_when_the_ticket_is_resolved(table: pa.Table) -> None:
    """Nobody knows the cause at the opening; a parent is known from the beginning."""
    database = duckdb.connect()
    database.register("export", table)
    [(early, late, parents)] = database.execute(
        "SELECT count(*) FILTER (update_no = 0 AND problem IS NOT NULL), "
        "count(*) FILTER (resolved_at IS NOT NULL AND problem IS NOT NULL), "
        "count(*) FILTER (update_no = 0 AND parent IS NOT NULL) FROM export"
    ).fetchall()

    assert early == 0
    assert late > 0
    assert parents > 0


def test_numbers_belong_to_their_kind_of_record(table: pa.Table) -> None:
    """INC is an incident, and each number is one record."""
    database = duckdb.connect()
    database.register("export", table)
    pairs = database.execute(
        "SELECT DISTINCT left(number, 3), record_type::VARCHAR FROM export"
    ).fetchall()
    [(rows, apart)] = database.execute(
        "SELECT count(*), count(DISTINCT (number, update_no)) FROM export"
    ).fetchall()

    assert set(pairs) == set(zip(words.NUMBER_MARKS, words.PRACTICES, strict=True))
    assert rows == apart


def test_persons_are_user_ids_and_their_roles_are_apart(desk: Desk) -> None:
    """No id comes twice; two accounts are no persons."""
    ids = desk.export.persons.to_pylist()

    assert len(set(ids)) == len(ids)
    assert ids[:2] == ["system", "monitoring"]
    assert all(each[0] == "u" and each[1:].isdigit() for each in ids[2:])


def test_csv_and_parquet_say_the_same(table: pa.Table, tmp_path: Path) -> None:
    """Whichever file a desk is written to, its cells are equal as text."""
    write_csv([table], tmp_path / "a.csv")
    write_parquet([table.slice(0, 900), table.slice(900)], tmp_path / "a.parquet")
    assert pq.ParquetFile(tmp_path / "a.parquet").num_row_groups == 2
    text = ", ".join(f"{name}::VARCHAR AS {name}" for name in table.column_names)
    database = duckdb.connect()
    [(apart,)] = database.execute(
        f"SELECT count(*) FROM (SELECT {text} FROM '{tmp_path / 'a.parquet'}' EXCEPT ALL "
        f"SELECT * FROM read_csv('{tmp_path / 'a.csv'}', all_varchar = true))"
    ).fetchall()

    assert apart == 0
