"""One small desk and the exports beside its audit log, as files one can ask."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from opsgauge.sources.tools.demo.beside.exports import TABLES
from opsgauge.sources.tools.demo.desk import Invented, invent
from opsgauge.sources.tools.demo.plot import ALL_TRUTHS
from tests.sources.tools.demo.conftest import ENDS


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Invented:
    """Invent a desk of 3,000 tickets."""
    return invent(tmp_path_factory.mktemp("beside"), 5, 3_000, ALL_TRUTHS, ENDS)


class Asked:
    """SQL over the exports by their names; the audit log is `log`."""

    def __init__(self, made: Invented) -> None:
        self.folder = made.files[0].parent
        self.database = duckdb.connect()
        for name in TABLES:
            self._view(name, self.folder / f"{name}.csv")
        self._view("log", made.files[0])

    def _view(self, name: str, file: Path) -> None:
        self.database.execute(f"CREATE VIEW {name} AS FROM read_csv('{file}', sample_size = -1)")

    def __call__(self, query: str) -> list[Any]:
        """Return the rows of a query."""
        return self.database.execute(query).fetchall()


@pytest.fixture(scope="session")
def asked(made: Invented) -> Asked:
    """Ask the exports."""
    return Asked(made)
