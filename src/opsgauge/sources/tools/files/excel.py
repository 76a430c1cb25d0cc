"""Excel workbooks: the one sheet with records, its first row that is not empty as the header.

Floor 3. The cells are read by `excel_cells.py` in a process of its own, since a bent workbook can
make the library ask for more memory than there is, which ends the process. Moments have no zone in
Excel, so the mapping's applies.
"""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import IO

import duckdb

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.connector import Opened
from opsgauge.sources.tools.files.looks import look_at
from opsgauge.sources.tools.files.parts import Parts, check_names
from opsgauge.sources.tools.files.weighing import weigh_all

CELLS = Path(__file__).with_name("excel_cells.py")
SHARE_OF_MEMORY = 2  # the other process may take the machine's memory divided by this


class ExcelReader:
    """Reads `.xlsx` and `.xlsm`."""

    text = False

    def reads(self, name: str, start: bytes) -> bool:
        """Say whether the name is one of Excel, gzipped or not."""
        return name.lower().removesuffix(".gz").endswith((".xlsx", ".xlsm"))

    def open(self, connection: duckdb.DuckDBPyConnection, file: Path, work: Path) -> Opened:
        """Lay the rows down in `work`."""
        _check_is_workbook(file)
        parts = Parts(file, work)
        with _cells(file) as lines:
            told = json.loads(next(lines, '{"wrong": "it does not open"}'))
            if "wrong" in told:
                raise _unreadable(file, str(told["wrong"]))
            _check_sheets(file, told["sheets"])
            _take(lines, parts, file, told["column"])
        if not parts.read:
            raise FileUnreadable(
                f"{file.name} holds a header and no records.",
                hint="Export it again, with records in it.",
            )
        return parts.opened()


def _check_is_workbook(file: Path) -> None:
    look = look_at(file)
    if look.kind != ".zip":
        raise FileUnreadable(
            f"{file.name} is no Excel workbook: it looks like {look.noun}.", hint=look.hint
        )
    try:
        with zipfile.ZipFile(file) as archive:
            weigh_all(archive, file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as wrong:
        raise _unreadable(file, str(wrong)) from wrong


def _unreadable(file: Path, said: str) -> FileUnreadable:
    return FileUnreadable(
        f"{file.name} is no readable Excel workbook: {said.rstrip('.')}.",
        hint="Open it in Excel and save it again, or save the sheet as CSV.",
    )


@contextmanager
def _cells(file: Path) -> Iterator[Iterator[str]]:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // SHARE_OF_MEMORY
    # Our own program and the path of a file that is there; no shell has a part in it.
    process = subprocess.Popen(  # noqa: S603 - see above
        [sys.executable, "-I", str(CELLS), str(file.absolute()), str(memory)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield _lines(process, file)
    finally:
        process.kill()
        process.communicate()


def _lines(process: subprocess.Popen[str], file: Path) -> Iterator[str]:
    stream: IO[str] | None = process.stdout
    yield from stream or ()
    if process.wait():
        raise _unreadable(
            file, "it asks for more memory than this machine can give it, or is damaged inside"
        )


def _check_sheets(file: Path, sheets: list[str]) -> None:
    if not sheets:
        raise FileUnreadable(
            f"{file.name} is empty: no sheet that is shown holds anything.",
            hint="Export it again, with its header.",
        )
    if len(sheets) > 1:
        raise FileUnreadable(
            f"{file.name} has {len(sheets)} sheets that hold something: "
            f"{', '.join(map(repr, sheets))}. Which one holds the records is not guessed.",
            hint="Save that one as a workbook of its own, or as CSV; hidden sheets do not count.",
        )


def _take(lines: Iterator[str], parts: Parts, file: Path, first: int) -> None:
    """Take the rows as records; `first` is the column in which they begin, from 1."""
    header: list[str | None] = []
    head_row = 0
    for number, line in enumerate(lines, start=1):
        cells: list[str | None] = json.loads(line)
        if not cells:
            continue
        if not header:
            header, head_row = cells, number
            check_names(file, [name for name in header if name is not None])
            continue
        row = {}
        for place, (name, cell) in enumerate(zip_longest(header, cells)):
            if name is not None:
                row[name] = cell
            elif cell is not None:
                column = _letters(first + place)
                raise FileUnreadable(
                    f"{file.name} has a value in cell {column}{number}, but no name for column "
                    f"{column} in its header, row {head_row}.",
                    hint="Name the column, or remove what stands above the header.",
                )
        parts.add(row)


def _letters(column: int) -> str:
    """Return the name of a column, counted from 1, as Excel shows it.

    Examples
    --------
    >>> _letters(1), _letters(26), _letters(27), _letters(703)
    ('A', 'Z', 'AA', 'AAA')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
