"""An import that is killed at any moment changes nothing, and works when it is run again."""

import random
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from opsgauge.governance import audit
from opsgauge.log.tables import LOG_TABLES, PERSONS
from opsgauge.warehouse.engine import name_of
from tests.conftest import Intake
from tests.nurseries import nursery

HEADER = "number,at,state,team,who\n"
SMALL = HEADER + "".join(f"INC{n},2026-01-0{n} 08:00,New,A,Ann\n" for n in range(1, 9))
UPDATES = 6_000
KILLS = 30
IN_A_ROW = 3  # kills that one workspace has to stand before its import may end
STATES = ("New", "Work", "Wait", "Work", "Done", "Work", "Done", "Shut")

Order = Callable[..., dict[str, Any]]


def large() -> str:
    """Return an export of many tickets over a year, those of the small one among them."""
    chance = random.Random(8)  # noqa: S311 - a log, no secret
    start = datetime(2026, 1, 10, tzinfo=UTC)
    rows = []
    for n in range(UPDATES):
        ticket, step = divmod(n, len(STATES))
        at = start + timedelta(hours=7 * ticket, minutes=step * chance.randrange(1, 4_000))
        who = f"Person {chance.randrange(300)}"
        rows.append(f"INC{ticket + 1},{at:%Y-%m-%d %H:%M},{STATES[step]},T{n % 40},{who}\n")
    return HEADER + "".join(rows)


@pytest.fixture(scope="module")
def order() -> Iterator[Order]:
    """Return what has an import done by the nursery."""
    with nursery(Path(__file__).with_name("nursery.py")) as ask:

        def give(
            intake: Intake, after: float | None = None, at: str | None = None
        ) -> dict[str, Any]:
            return ask(
                {
                    "workspace": str(intake.workspace.path),
                    "file": str(intake.folder / "large.csv"),
                    "mapping": str(intake.folder / "mapping.yaml"),
                    "after": after,
                    "at": at,
                }
            )

        yield give


def fingerprint(intake: Intake, version: int | None = None) -> list[tuple[Any, ...]]:
    """Return count and sum of hashes of each table's rows.

    Sums do not depend on the order of rows; the numbers of imports are not part of any row.
    """
    told = []
    with intake.opened(version) as database:
        for table in (*LOG_TABLES, PERSONS):
            columns = ", ".join(name_of(name) for name in table.names)
            told += database.execute(
                f"SELECT '{table.name}', count(*), sum(hash(row({columns}))::HUGEINT) "
                f"FROM {table.name}"
            ).fetchall()
        receipts = 'SELECT file, checksum, "read", accepted FROM receipts ORDER BY received_at'
        told += database.execute(receipts).fetchall()
    return told


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a workspace that holds the small export, with the large one lying beside it."""
    intake = Intake(tmp_path_factory.mktemp("begun"))
    intake.takes(SMALL, name="small.csv")
    intake.file(large(), "large.csv")
    yield intake
    intake.close()


@pytest.fixture(scope="module")
def copies(begun: Intake, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Any]]:
    """Return what makes copies of that workspace, with the same secret."""
    numbers = count()
    made: list[Intake] = []

    def copy() -> Intake:
        folder = tmp_path_factory.mktemp(f"copy-{next(numbers)}")
        intake = Intake(folder)
        intake.close()
        shutil.rmtree(intake.workspace.path)
        shutil.copytree(begun.workspace.path, intake.workspace.path)
        for name in ("large.csv", "mapping.yaml"):
            shutil.copy2(begun.folder / name, folder / name)
        intake.reopen()
        made.append(intake)
        return intake

    yield copy
    for each in made:
        each.close()


@pytest.fixture(scope="module")
def undisturbed(copies: Callable[[], Intake], order: Order) -> tuple[list[tuple[Any, ...]], float]:
    """Return what the large export gives when nobody disturbs it, and how long that takes."""
    intake = copies()
    told = order(intake)
    assert not told["killed"]
    assert intake.version().version == 2
    return fingerprint(intake), told["seconds"]


@pytest.mark.row("ING-01")
@pytest.mark.parametrize("series", range(KILLS // IN_A_ROW))
def test_killed_at_any_moment_and_run_again_the_tables_are_the_same(
    series: int,
    begun: Intake,
    copies: Callable[[], Intake],
    order: Order,
    undisturbed: tuple[list[tuple[Any, ...]], float],
) -> None:
    """Each kill leaves the old version as it was, and the import that ends gives the whole."""
    expected, seconds = undisturbed
    chance = random.Random(f"kill {series}")  # noqa: S311 - moments, no secrets
    intake = copies()
    before = fingerprint(begun)

    for _ in range(IN_A_ROW):
        order(intake, after=chance.uniform(0, seconds))
        assert fingerprint(intake, version=1) == before
        assert intake.version().version == 1 or fingerprint(intake) == expected
    order(intake)

    assert fingerprint(intake) == expected
    assert intake.version().version == 2
    assert fingerprint(intake, version=1) == before


@pytest.mark.row("ING-01")
def test_killed_between_the_records_and_the_data_version_nothing_is_lost(
    begun: Intake,
    copies: Callable[[], Intake],
    order: Order,
    undisturbed: tuple[list[tuple[Any, ...]], float],
) -> None:
    """All tables are written and none of it counts: the next import must not call it known."""
    intake = copies()
    heads = {name: intake.context.warehouse.head(name) for name in intake.version().tables}
    told = order(intake, at="commit")

    assert told["killed"]
    # Definitions are written where they changed, which none did.
    written = {name: head for name, head in heads.items() if name != "definitions"}
    assert all(intake.context.warehouse.head(name) > head for name, head in written.items())
    assert intake.version().version == 1
    assert fingerprint(intake) == fingerprint(begun)
    order(intake)
    assert intake.version().version == 2
    assert fingerprint(intake) == undisturbed[0]


def test_killed_before_it_was_told_an_import_is_told_by_the_next(
    copies: Callable[[], Intake],
    order: Order,
    undisturbed: tuple[list[tuple[Any, ...]], float],
) -> None:
    """It counted already, so its audit line is written when the next import begins."""
    intake = copies()
    told = order(intake, at="audit")

    assert told["killed"]
    assert fingerprint(intake) == undisturbed[0]
    lines = audit.lines(intake.context.database, limit=10, subject="data version 2")
    assert lines == []
    order(intake)
    [line] = audit.lines(intake.context.database, limit=10, subject="data version 2")
    assert "import of large.csv as desk" in str(line.after)
    assert audit.verify(intake.context.database).holds
