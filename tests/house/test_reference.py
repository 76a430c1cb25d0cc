"""The reference says what the code does: it is made from it, and what is committed is current."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """Load docs/make_reference.py."""
    spec = importlib.util.spec_from_file_location("make_reference", DOCS / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name", ["tables.md", "metrics.md", "commands.md", "settings.md", "checks.md"]
)
def test_a_page_is_current(maker: ModuleType, name: str) -> None:
    """Red means: run `make docs`."""
    assert (DOCS / "reference" / name).read_text() == maker.pages()[name]


def test_a_bar_stands_as_it_is_in_a_cell(maker: ModuleType) -> None:
    """Several values are parted by bars; a bar that is not escaped would end the cell."""
    told = maker.pages()["commands.md"]

    assert r"'COL=A\|B'" in told
    assert "COL=A/B" not in told


def test_every_setting_and_command_is_explained(maker: ModuleType) -> None:
    """No row of the reference is empty."""
    for name in ("settings.md", "commands.md"):
        for line in maker.pages()[name].splitlines():
            if line.startswith("| `"):
                assert line.rstrip("| ").count("|") >= 2, line
