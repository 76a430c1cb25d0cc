"""Invented desks, imported: clean ones and ones with truths, and plain questions to them."""

import json
from collections.abc import Iterator
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
from opsgauge.warehouse.engine import connect, select_stored

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)
FEW = 3000
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
        return Context(open_workspace(self.folder))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Run SQL over the tables of the log; moments are naive UTC."""
        version = versions.latest(self.context.warehouse)
        assert version is not None
        database = connect()
        try:
            for table in LOG_TABLES:
                known = version.tables[table.name]
                stored = select_stored(stored_table(self.context.warehouse, table, known))
                database.execute(f"CREATE VIEW {table.name} AS {stored}")
            rows: list[tuple[Any, ...]] = database.execute(query).fetchall()
        finally:
            database.close()
        return rows


def _found(folder: Path, seed: int, plant: tuple[str, ...]) -> Iterator[Found]:
    made = Found(folder, demo(folder, fixed_clock(NOW), FEW, seed, plant))
    yield made
    made.context.database.close()


@pytest.fixture(scope="session", params=SEEDS)
def clean(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a desk without truths, of several seeds."""
    yield from _found(tmp_path_factory.mktemp("clean"), request.param, ())


@pytest.fixture(scope="session", params=SEEDS)
def planted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a desk with all truths, of several seeds."""
    yield from _found(tmp_path_factory.mktemp("planted"), request.param, TRUTHS)
