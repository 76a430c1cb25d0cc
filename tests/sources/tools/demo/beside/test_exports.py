"""Every table of the data model has its export, and its mapping reads all of it."""

from pathlib import Path

import duckdb
import pytest

from opsgauge.log.mapping import read_mapping
from opsgauge.log.related import NOTE_TEXT, RELATED, RELATED_BY_NAME
from opsgauge.sources.tools.demo.beside.exports import MAPPINGS, TABLES, write_beside
from opsgauge.sources.tools.demo.desk import Invented, invent
from tests.conftest import Intake
from tests.sources.tools.demo.beside.conftest import Asked
from tests.sources.tools.demo.conftest import ENDS

pytestmark = pytest.mark.row("ING-14", "ING-01")


def test_every_table_has_an_export_and_a_mapping(made: Invented) -> None:
    """None is left out, and no mapping reads a column that is not there."""
    assert set(TABLES) == set(RELATED_BY_NAME)
    assert {file.stem for file in MAPPINGS.glob("*.yaml")} == set(TABLES)
    for file, mapping in made.beside:
        header = file.read_text("utf-8").split("\n", 1)[0].replace('"', "").split(",")
        read_mapping(mapping)[0].check_columns(tuple(header), file.name)
        assert set(read_mapping(mapping)[0].columns()) == set(header)
    assert write_beside.__doc__


@pytest.mark.parametrize("name", sorted(TABLES))
def test_an_export_is_taken_whole(name: str, made: Invented, intake: Intake) -> None:
    """No record is rejected, no word unknown, every column filled somewhere that is mapped."""
    [(file, mapping)] = [pair for pair in made.beside if pair[0].stem == name]
    done = intake.takes(file, mapping=mapping.read_text("utf-8"))
    assert done.rejected == 0
    assert done.unmapped == {}
    assert done.accepted == done.read > 0
    table = next(table for table in RELATED if table.name == name)
    fields = dict(read_mapping(mapping)[0].fields)
    if NOTE_TEXT in fields:  # only its length is kept
        fields = {"length": fields[NOTE_TEXT], **fields}
        del fields[NOTE_TEXT]
    counts = ", ".join(f'count("{column}")' for column in fields)
    [row] = intake.rows(f"SELECT {counts} FROM {table.name}")
    assert [column for column, n in zip(fields, row, strict=True) if not n] == []


def test_equal_seeds_give_equal_exports(made: Invented, tmp_path: Path) -> None:
    """The same bytes, whatever folder."""
    again = invent(tmp_path, 5, 3_000, ends=ENDS)
    for (one, _), (other, _) in zip(made.beside, again.beside, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_numbers_lead_to_tickets_of_the_log(asked: Asked) -> None:
    """No approval, contact, survey, change or article of a ticket that nobody knows."""
    for table, column in (
        ("approvals", "record"),
        ("contacts", "ticket"),
        ("surveys", "ticket"),
        ("notes", "record"),
        ("changes", "number"),
        ("articles", "number"),
        ("deployments", "release"),
        ("article_uses", "article"),
    ):
        lost = asked(
            f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL "
            f"AND {column} NOT IN (SELECT number FROM log)"
        )
        assert lost == [(0,)], table
    assert isinstance(asked.database, duckdb.DuckDBPyConnection)
