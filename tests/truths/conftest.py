"""Invented desks, imported: clean ones and ones with truths, and plain questions to them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from opsgauge.foundation.clock import fixed_clock
from opsgauge.foundation.settings import open_workspace
from opsgauge.log.building import stored_table
from opsgauge.log.tables import LOG_TABLES
from opsgauge.operations.answers import Imported
from opsgauge.operations.context import Context
from opsgauge.operations.demo import TOLD, TRUTHS, demo
from opsgauge.warehouse import versions
from opsgauge.warehouse.engine import select_stored
from tests.lent import lent

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)
FEW, MANY = 3_000, 12_000  # tickets; the same everywhere, so that a desk is made once
SEEDS = (11, 12, 13)


@dataclass(frozen=True)
class Found:
    """An imported desk, and the plain questions that tests ask of its tables."""

    folder: Path
    imported: Imported

    @cached_property
    def truths(self) -> dict[str, dict[str, Any]]:
        """What was planted, by name."""
        told = json.loads((self.folder / TOLD).read_text("utf-8"))
        return {truth["name"]: truth for truth in told["truths"]}

    @cached_property
    def context(self) -> Context:
        """Return its workspace as operations see it."""
        return Context(open_workspace(self.folder), clock=fixed_clock(NOW))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Run SQL over the tables of the log; moments are naive UTC."""
        version = versions.latest(self.context.warehouse)
        assert version is not None
        with lent() as database:
            for table in LOG_TABLES:
                known = version.tables[table.name]
                stored = select_stored(stored_table(self.context.warehouse, table, known))
                database.execute(f"CREATE VIEW {table.name} AS {stored}")
            rows: list[tuple[Any, ...]] = database.execute(query).fetchall()
        return rows


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Found]]:
    """Return what makes a desk of a seed, each once."""
    desks: dict[tuple[int, tuple[str, ...], int], Found] = {}

    def make(seed: int, plant: tuple[str, ...], tickets: int = FEW) -> Found:
        key = (seed, plant, tickets)
        if key not in desks:
            folder = tmp_path_factory.mktemp("desk")
            imported = demo(folder, fixed_clock(NOW), tickets, seed, plant)
            desks[key] = Found(folder, imported)
        return desks[key]

    yield make
    for desk in desks.values():
        desk.context.database.close()


@pytest.fixture(params=SEEDS)
def seed(request: pytest.FixtureRequest) -> int:
    """Return each of several seeds in turn."""
    return int(request.param)


@pytest.fixture
def clean(made: Callable[..., Found], seed: int) -> Found:
    """Return a desk without truths."""
    return made(seed, ())


@pytest.fixture
def planted(made: Callable[..., Found], seed: int) -> Found:
    """Return the desk of the same seed with all truths."""
    return made(seed, TRUTHS)
