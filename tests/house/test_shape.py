"""The house keeps its shape: signs on doors, rooms of one screenful's depth, plain words."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "opsgauge"
MODULES = sorted(SOURCE.rglob("*.py"))
FOLDERS = sorted({file.parent for file in MODULES})
MOST_LINES = 400
NO_NAMES = {"utils", "util", "common", "helpers", "helper", "manager", "core", "misc", "base"}


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_a_module_is_one_room(file: Path) -> None:
    """A file over 400 lines wants to be two."""
    assert len(file.read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(SOURCE)))
def test_every_door_has_a_sign(folder: Path) -> None:
    """A folder's `__init__.py` says what lives there, and holds nothing else but a version."""
    tree = ast.parse((folder / "__init__.py").read_text())

    assert len(ast.get_docstring(tree) or "") > 40
    assert all(isinstance(node, ast.Expr | ast.Assign) for node in tree.body)


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_a_module_opens_with_its_subject_and_floor(file: Path) -> None:
    """The first docstring names the floor, so that nobody has to look it up."""
    said = ast.get_docstring(ast.parse(file.read_text())) or ""

    outside = file.name == "__main__.py" or file.parent == SOURCE or "versions" in file.parts
    assert outside or re.search(r"[Ff]loor \d", said), file


def test_no_room_is_a_drawer_for_everything() -> None:
    """Names such as utils say nothing about what is inside."""
    names = {file.stem for file in MODULES} | {folder.name for folder in FOLDERS}

    assert not names & NO_NAMES


def test_only_the_clock_reads_the_time() -> None:
    """Everything else is given a clock, so that the past can be asked and tests can stand still."""
    reading = re.compile(r"datetime\.now\(|time\.time\(\)|date\.today\(|utcnow\(|perf_counter\(")
    allowed = {
        SOURCE / "foundation" / "clock.py",
        SOURCE / "warehouse" / "tables.py",  # Delta wants the time at which a file was added
    }

    found = [file for file in MODULES if reading.search(file.read_text()) and file not in allowed]
    assert not found


def test_nothing_speaks_of_a_machine() -> None:
    """No path of one machine stands in the project."""
    pattern = re.compile(r"/(?:work|root|home)/[a-z]")
    kept = [
        file
        for folder in ("src", "tests", "docs", "bench", "examples")
        for file in (ROOT / folder).rglob("*")
        if file.suffix in {".py", ".md", ".yaml", ".toml", ".html", ".js", ".css"}
        and file != Path(__file__)
    ]

    assert not [file for file in kept if pattern.search(file.read_text())]
