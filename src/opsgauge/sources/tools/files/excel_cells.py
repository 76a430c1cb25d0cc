"""Reads the cells of an Excel workbook, as a program of its own.

Floor 3. Started by `excel.py` as `excel_cells.py FILE BYTES`. A workbook can ask for any amount of
memory, and the library ends the process it is in when there is none; so that process is this one,
and may take so many bytes. It writes JSON lines. The first is `{"sheets": [names], "column": n}`:
the visible sheets that hold anything, and the column in which the cells of the only one begin. Then
comes each of its rows, from the first of the sheet on, as a list of texts that ends with the last
cell that is not empty. Where the file cannot be read, there is `{"wrong": text}`.
"""

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

Cell = int | float | str | bool | time | date | datetime | timedelta
EXACT = 1e15  # from here on Excel itself does not know the last digit before the point


def as_text(cell: Cell) -> str | None:
    """Return a cell as text: moments as in ISO 8601, numbers without an idle `.0`.

    Examples
    --------
    >>> as_text(7.0), as_text(2.5), as_text(True), as_text(timedelta(hours=30)), as_text("")
    ('7', '2.5', 'true', '30:00:00', None)
    """
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else repr(cell)
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(cell)


def is_empty(row: list[Cell]) -> bool:
    """Say whether no cell of a row holds anything."""
    return row.count("") == len(row)


def told(row: list[Cell]) -> list[str | None]:
    """Return the cells of a row as text, without the empty ones at its end."""
    texts = [as_text(cell) for cell in row]
    while texts and texts[-1] is None:
        texts.pop()
    return texts


def lines(workbook: CalamineWorkbook) -> Iterator[object]:
    """Yield what is to be written, line by line."""
    found: list[CalamineSheet] = []
    names: list[str] = []
    for known in workbook.sheets_metadata:
        if known.typ == SheetTypeEnum.WorkSheet and known.visible == SheetVisibleEnum.Visible:
            sheet = workbook.get_sheet_by_name(known.name)
            if not all(is_empty(row) for row in sheet.iter_rows()):
                names.append(known.name)
                found = [*found, sheet][:1]
    _, column = found[0].start or (0, 0) if found else (0, 0)
    yield {"sheets": names, "column": column + 1}
    if len(names) == 1:
        yield from ([] if is_empty(row) else told(row) for row in found[0].iter_rows())


def main(file: str, memory: int) -> None:
    """Write the cells of a workbook to standard output."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    write = sys.stdout.write
    try:
        with CalamineWorkbook.from_path(file) as workbook:
            for line in lines(workbook):
                write(json.dumps(line) + "\n")
    except (CalamineError, OSError, ValueError) as wrong:
        write(json.dumps({"wrong": str(wrong)}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
