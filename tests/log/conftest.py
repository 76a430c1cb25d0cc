"""Expressions of the log, computed over one row as imports compute them."""

from collections.abc import Callable, Iterator

import duckdb
import pytest

from opsgauge.log.mapping_parts import Times
from opsgauge.log.normalise import micros, moment
from opsgauge.warehouse.engine import connect, name_of, quoted

Reads = Callable[..., str | None]


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an engine as imports do."""
    opened = connect()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def ask(database: duckdb.DuckDBPyConnection) -> Callable[..., object]:
    """Return what computes an expression over one row of text columns."""

    def asks(expression: str, **row: str | None) -> object:
        cursor = database.cursor()
        columns = ", ".join(
            f"{quoted(value) if value is not None else 'NULL'}::VARCHAR AS {name_of(name)}"
            for name, value in row.items()
        )
        # A table, since a constant would be folded and errors of real rows would not be seen.
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE one AS SELECT {columns}")
        [(found,)] = cursor.execute(f"SELECT {expression} FROM one").fetchall()
        cursor.close()
        return found

    return asks


@pytest.fixture(scope="module")
def read(ask: Callable[..., object]) -> Reads:
    """Return what reads a moment and gives it as UTC text."""

    def reads(written: str, zone: str = "", *formats: str) -> str | None:
        times = Times(zone=zone, formats=formats or ("iso",))
        at = moment(micros(name_of("at"), times))
        found = ask(f"strftime({at}, '%Y-%m-%dT%H:%M:%S.%f')", at=written)
        return str(found).removesuffix(".000000") if found is not None else None

    return reads
