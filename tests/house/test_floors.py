"""The floors hold: the contracts are green as the house stands, and red where one is broken."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BREACHES = {
    "Floors: a lower floor never imports a higher one": (
        "foundation/units.py",
        "import opsgauge.warehouse.engine",
    ),
    "Records wing: no event tables, no query engine": ("governance/access.py", "import duckdb"),
    "Numbers wing: no tools, no records, no network": ("log/raw.py", "import sqlalchemy"),
    "Faces hold no arithmetic": ("cli/exits.py", "import ibis"),
    "Connectors do not know each other": (
        "sources/tools/files/columnar.py",
        "import opsgauge.sources.tools.demo",
    ),
    "API and pages do not know each other": (
        "web/api/routes.py",
        "import opsgauge.web.pages.routes",
    ),
    "No circles in any room": ("foundation/errors.py", "import opsgauge.foundation.settings"),
}


def contracts() -> list[str]:
    """Return the names of the contracts in pyproject.toml."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return [each["name"] for each in settings["tool"]["importlinter"]["contracts"]]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the copy of the house in `folder`."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder / "src"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the house, so that breaches are planted beside it."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "src", folder / "src")
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_every_contract_has_a_planted_breach() -> None:
    """A contract that cannot be seen to break is no contract."""
    assert sorted(BREACHES) == sorted(contracts())


def test_the_house_is_green_as_it_stands(house: Path) -> None:
    """Seven contracts, all kept."""
    done = lint(house)

    assert done.returncode == 0, done.stdout
    assert f"{len(BREACHES)} kept, 0 broken" in done.stdout


@pytest.mark.parametrize("name", sorted(BREACHES))
def test_a_planted_breach_is_red(house: Path, name: str) -> None:
    """One forbidden import, and that contract is broken."""
    place, line = BREACHES[name]
    file = house / "src" / "opsgauge" / place
    before = file.read_text()
    file.write_text(f"{before}\n{line}\n")
    try:
        done = lint(house)
    finally:
        file.write_text(before)

    assert done.returncode != 0
    assert f"{name} BROKEN" in done.stdout
