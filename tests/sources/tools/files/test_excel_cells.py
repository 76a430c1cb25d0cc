"""The program that reads cells: what it writes, line by line."""

import json
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from opsgauge.sources.tools.files.excel import CELLS
from opsgauge.sources.tools.files.excel_cells import Cell, as_text
from tests.sources.odd_files import Sheet, number, workbook


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (datetime(2026, 1, 5, 8), "2026-01-05 08:00:00"),  # noqa: DTZ001 - Excel knows no zone
        (date(2026, 1, 5), "2026-01-05"),
        (time(8, 30), "08:30:00"),
        (timedelta(days=2, minutes=5), "48:05:00"),
        (1e14, "100000000000000"),
        (1e15, "1000000000000000.0"),
        (-0.0, "0"),
        (float("inf"), "inf"),
        (True, "true"),
        ("", None),
    ],
)
def test_a_cell_is_told_as_text(cell: Cell, text: str | None) -> None:
    """Whatever kind the library makes of it."""
    assert as_text(cell) == text


def told(content: bytes, folder: Path) -> list[object]:
    """Return the lines the program writes of a workbook."""
    file = folder / "export.xlsx"
    file.write_bytes(content)
    ran = subprocess.run(
        [sys.executable, "-I", str(CELLS), str(file), str(1 << 32)],
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_rows_follow_the_sheets(tmp_path: Path) -> None:
    """From the first one and the column told, so that a message can name a cell as Excel does."""
    rows: Sheet = [[], [None, "n"], [None, number(1)]]

    assert told(workbook({"Cover": [], "Data": rows}), tmp_path) == [
        {"sheets": ["Data"], "column": 2},
        [],
        ["n"],
        ["1"],
    ]


def test_of_several_sheets_only_the_names_are_told(tmp_path: Path) -> None:
    """None is guessed."""
    content = workbook({"A": [["a"]], "B": [["b"]]})

    assert told(content, tmp_path) == [{"sheets": ["A", "B"], "column": 1}]


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    """In the library's words."""
    [line] = told(b"no workbook", tmp_path)

    assert isinstance(line, dict)
    assert line["wrong"]
