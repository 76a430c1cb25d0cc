"""A new database of each kind for each test, a clock that ticks, and a few lines to begin with."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from opsgauge.foundation.clock import Clock
from opsgauge.governance.access import everywhere
from opsgauge.governance.audit import append
from opsgauge.governance.database import Database, open_database
from tests.conftest import no_records
from tests.postgres import Cluster

ANA = everywhere("ana", "administrator")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where the records of this test are kept."""
    return tmp_path / "records.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return where new records are, on each kind of database in turn."""
    if request.param == "sqlite":
        file: Path = request.getfixturevalue("file")
        file.write_bytes(no_records())
        yield f"sqlite:///{file}"
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    fresh = cluster.fresh()
    yield fresh
    cluster.drop(fresh)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """Open new records, closed at the end."""
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    """Return a clock that goes on by a second and a microsecond each time it is read."""
    ticks = count()
    start = datetime(2026, 1, 5, 8, tzinfo=UTC)
    return lambda: start + next(ticks) * timedelta(seconds=1, microseconds=1)


@pytest.fixture
def desk_is_busy(database: Database, clock: Clock) -> Callable[[int], None]:
    """Write so many lines, each telling of an import."""

    def write(number: int) -> None:
        for which in range(1, number + 1):
            append(
                database,
                clock,
                ANA,
                "import:run",
                f"week-{which:02}.csv",
                before={"rows": which - 1},
                after={"rows": which},
                why=f"reason-{which:02}",
            )

    return write
