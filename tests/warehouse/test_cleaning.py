"""The past of a table removed for good: it opens as it is, and goes on from there."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from opsgauge.foundation.errors import WarehouseDamaged
from opsgauge.warehouse.cleaning import forget_past
from opsgauge.warehouse.tables import Warehouse
from tests.operations.test_ingest_privacy import everything_under

SCHEMA = pa.schema([pa.field("word", pa.string())])


def said(warehouse: Warehouse, version: int) -> list[str]:
    """Return the words of a table at a Delta version."""
    files = warehouse.files("words", version)
    return sorted(word for file in files for word in pq.read_table(file)["word"].to_pylist())


def words(*told: str) -> pa.Table:
    """Return rows, one for each word."""
    return pa.table({"word": [*told]}, SCHEMA)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """Return a warehouse with a table that held another word before."""
    made = Warehouse(tmp_path)
    made.make("words", SCHEMA)
    made.append("words", words("secretive", "kept"), SCHEMA)
    made.replace("words", words("chance", "kept").to_reader(), SCHEMA)
    return made


@pytest.mark.row("SEC-02")
def test_no_byte_of_what_was_before_is_left(warehouse: Warehouse, tmp_path: Path) -> None:
    """Neither in data nor in the log, which tells the greatest word of each file."""
    assert any(b"secretive" in content for _, content in everything_under(tmp_path))
    head = warehouse.head("words")
    assert forget_past(warehouse, "words") == 1

    assert not [file for file, content in everything_under(tmp_path) if b"secretive" in content]
    assert (warehouse.head("words"), said(warehouse, head)) == (head, ["chance", "kept"])
    assert forget_past(warehouse, "words") == 0
    with pytest.raises(WarehouseDamaged, match="kept no longer"):
        warehouse.files("words", head - 1)


@pytest.mark.row("ING-01")
def test_a_killed_import_is_undone_as_before(warehouse: Warehouse) -> None:
    """The table goes back to the version at which its past was removed, and later ones stand."""
    head = warehouse.head("words")
    forget_past(warehouse, "words")
    warehouse.append("words", words("half"), SCHEMA)
    warehouse.append("words", words("done"), SCHEMA)
    warehouse.restore("words", head)

    assert said(warehouse, warehouse.head("words")) == ["chance", "kept"]
    assert said(warehouse, head + 2) == ["chance", "done", "half", "kept"]
