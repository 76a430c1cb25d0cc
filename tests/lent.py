"""Databases that stay open: to open one takes longer than most tests have to ask it."""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

import duckdb
import pyarrow as pa

from opsgauge.warehouse.engine import DuckEngine, connect, name_of

NUMBERS = itertools.count()
FREE: list[DuckEngine] = []


@cache
def _lender() -> duckdb.DuckDBPyConnection:
    return connect()


@contextmanager
def lent() -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a database of its own within one that stays open.

    It is empty, and what is made in it goes with it. A cursor of it would look elsewhere.
    """
    opened, name = _lender().cursor(), f"lent_{next(NUMBERS)}"
    opened.execute(f"ATTACH ':memory:' AS {name}; USE {name}")
    try:
        yield opened
    finally:
        opened.execute(f"USE memory; DETACH {name}")
        opened.close()


@contextmanager
def engine_of(tables: Mapping[str, pa.Table]) -> Iterator[DuckEngine]:
    """Lend an engine that holds these tables and no others; they go when it is given back."""
    engine = FREE.pop() if FREE else DuckEngine([])
    engine.hold(tables)
    yield engine
    # Not where a test has failed: nobody knows what it left.
    for name in tables:
        engine._base.execute(f"DROP TABLE {name_of(name)}")
    FREE.append(engine)
