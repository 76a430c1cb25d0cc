"""An invented desk in a workspace."""

import json
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from opsgauge.foundation.clock import fixed_clock
from opsgauge.foundation.errors import Misuse, UnknownName
from opsgauge.foundation.settings import make_workspace, open_workspace
from opsgauge.governance import audit
from opsgauge.governance.database import open_database
from opsgauge.log.calendars.reading import load_calendars
from opsgauge.operations import demo as demos
from opsgauge.operations.answers import Imported
from opsgauge.operations.demo import TOLD, demo, export, is_made
from opsgauge.operations.ingest import ingest
from opsgauge.sources.tools.demo.beside.exports import TABLES
from opsgauge.warehouse import versions
from opsgauge.warehouse.tables import Warehouse

NOW = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
CLOCK = fixed_clock(NOW)
FEW = 300
IMPORTS = 1 + len(TABLES)  # the audit log, and each table beside it
SOURCES = Path(demos.__file__).parents[1]


@dataclass(frozen=True)
class First:
    """A desk made where there was nothing, its import, and what was told and left on the way."""

    workspace: Path
    imported: Imported
    told: tuple[str, ...]
    left: tuple[Path, ...]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> First:
    """Make a desk, and leave it as it is."""
    where, elsewhere = tmp_path_factory.mktemp("first") / "demo", tmp_path_factory.mktemp("else")
    told: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(elsewhere))
        made = demo(where, CLOCK, FEW, 5, (), lambda what, share: told.append(what))
    return First(where, made, tuple(told), tuple(elsewhere.iterdir()))


@pytest.fixture
def desk(first: First, tmp_path: Path) -> Path:
    """Return a copy of that desk's workspace."""
    return Path(shutil.copytree(first.workspace, tmp_path / "demo"))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a desk in which a truth is planted."""
    where = tmp_path_factory.mktemp("planted") / "demo"
    demo(where, CLOCK, FEW, 5, ["monday_peak"])
    return where


def test_a_desk_is_made_where_there_was_nothing(first: First) -> None:
    """A workspace in the desk's zone, its tickets up to yesterday, and nothing left lying about."""
    made, workspace = first.imported, open_workspace(first.workspace)
    version = versions.latest(Warehouse(workspace.warehouse))
    assert version is not None
    assert version.watermark is not None
    assert made.accepted == made.read > 5 * 0.9 * FEW
    assert NOW - timedelta(days=5) < version.watermark < NOW.replace(hour=0, minute=0)
    assert workspace.settings.zone != "UTC"
    assert first.left == ()
    assert first.told[0] == "Inventing a desk"
    assert {"service-hours"} < set(load_calendars(first.workspace / "calendars").by_name)
    assert "Rebuilding tickets" in first.told


def test_truths_stand_beside_the_workspaces_settings(planted: Path) -> None:
    """What was planted is told in one file; only tests and people read it."""
    told = json.loads((planted / TOLD).read_text("utf-8"))

    assert (told["seed"], told["tickets"], told["ends"]) == (5, FEW, "2026-06-30")
    assert [truth["name"] for truth in told["truths"]] == ["monday_peak"]


def test_the_product_never_reads_what_was_planted(planted: Path, tmp_path: Path) -> None:
    """Without the file of truths everything goes on as before."""
    desk = Path(shutil.copytree(planted, tmp_path / "demo"))
    (desk / TOLD).unlink()

    assert demo(desk, CLOCK, FEW, 5, ["monday_peak"]).read == 0
    readers = [file for file in SOURCES.rglob("*.py") if "truths.json" in file.read_text("utf-8")]
    assert {file.parent.name for file in readers} <= {"demo", "operations"}


def test_the_same_desk_again_does_nothing_and_says_so(first: First, desk: Path) -> None:
    """Also on another day: the desk that is there stays as it is."""
    later = demo(desk, fixed_clock(NOW + timedelta(days=3)), FEW, 5, ())

    assert later.data_version == first.imported.data_version
    assert later.read == 0
    assert "already; it is not made again" in later.notes[0]
    assert is_made(desk)
    assert not is_made(desk.parent / "another")


@pytest.mark.parametrize(
    ("tickets", "seed", "plant", "differs"),
    [
        (FEW, 6, (), "seed"),
        (FEW + 1, 5, (), "tickets"),
        (FEW, 5, ("ping_pong",), "planted"),
    ],
)
def test_two_desks_are_never_mixed(
    desk: Path, tickets: int, seed: int, plant: tuple[str, ...], differs: str
) -> None:
    """Another seed, size or truth in the same workspace is refused; what is there stays."""
    with pytest.raises(Misuse, match=f"another invented desk already: its {differs} differs"):
        demo(desk, CLOCK, tickets, seed, plant)

    found = versions.all_versions(Warehouse(desk / "warehouse"))
    assert [version.version for version in found] == [*range(1, IMPORTS + 1)]


def test_an_unknown_truth_is_named_before_anything_is_made(tmp_path: Path) -> None:
    """With the nearest that there is."""
    with pytest.raises(UnknownName, match="Did you mean 'ping_pong'"):
        demo(tmp_path / "demo", CLOCK, FEW, 5, ["pingpong"])

    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize("done", [0, 5, IMPORTS - 1])
def test_a_killed_demo_is_taken_up_again(
    done: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was imported before is known by its content; the audit log comes last and decides.

    A workspace that was there, and empty, takes the desk; its zone is its owner's affair.
    """
    if done == 0:
        make_workspace(tmp_path / "demo", 'zone = "Asia/Tokyo"\n')
    left = iter(range(done))

    def killed(*given: Any) -> Imported:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return ingest(*given)

    with monkeypatch.context() as patched:
        patched.setattr(demos, "ingest", killed)
        with pytest.raises(KeyboardInterrupt):
            demo(tmp_path / "demo", CLOCK, FEW, 5, ())

    again = demo(tmp_path / "demo", CLOCK, FEW, 5, ())
    assert again.data_version == IMPORTS
    assert again.accepted == again.read
    assert (open_workspace(tmp_path / "demo").settings.zone == "Asia/Tokyo") == (done == 0)


def test_the_import_is_an_ordinary_one(desk: Path) -> None:
    """It leaves the line in the audit that every import leaves."""
    database = open_database(open_workspace(desk).records_url)
    lines = audit.lines(database, limit=1, subject="data version 1")
    database.close()
    assert len(lines) == 1
    assert "services.csv as demo/services" in str(lines[0].after)


def test_an_export_can_be_kept(tmp_path: Path) -> None:
    """For those who want the file as a tool would give it, with its mapping and its truths."""
    made = export(tmp_path, CLOCK, FEW, 5, ())

    assert [file.name for file in made.files] == ["audit_log.csv"]
    assert made.truths.parent == tmp_path
    assert made.mapping.name == "mapping.yaml"
