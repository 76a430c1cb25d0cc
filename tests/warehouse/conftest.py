"""A warehouse in a folder, and one small table."""

from pathlib import Path

import pyarrow as pa
import pytest

from opsgauge.warehouse.tables import Warehouse

SCHEMA = pa.schema(
    [
        pa.field("n", pa.int64(), nullable=False),
        pa.field("at", pa.timestamp("us", tz="UTC")),
        pa.field("team", pa.string()),
        pa.field("opened_month", pa.string()),
    ]
)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """Return an empty warehouse."""
    (tmp_path / "warehouse").mkdir()
    return Warehouse(tmp_path / "warehouse")


def rows(*numbers: int, month: str = "2026-01", team: str = "A") -> pa.Table:
    """Return rows of the small table."""
    return pa.Table.from_pylist(
        [{"n": n, "at": None, "team": team, "opened_month": month} for n in numbers], schema=SCHEMA
    )


def numbers(warehouse: Warehouse, table: str, version: int | None = None) -> list[int]:
    """Return the numbers a table holds, sorted."""
    held: list[int] = warehouse.delta(table, version).to_pyarrow_table()["n"].to_pylist()
    return sorted(held)
