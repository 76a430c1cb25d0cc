"""CSV and its kin: text separated by commas, semicolons, tabs or bars, with a header.

Floor 3. The separator is the one that cuts the first lines most evenly; DuckDB reads the rest.
Rows that do not fit the header are set aside with their line, and never stop the others. Where
lines end in several ways, which DuckDB refuses, `line_ends.py` makes them alike first.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import duckdb

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.connector import Opened
from opsgauge.sources.tools.files.encoding import look_through
from opsgauge.sources.tools.files.line_ends import make_alike
from opsgauge.sources.tools.files.looks import BINARY, EMPTY, TEXT, look_at
from opsgauge.sources.tools.files.parts import check_names
from opsgauge.warehouse.engine import name_of, one_file, quoted

SEPARATORS = (",", ";", "\t", "|")
SAMPLE_LINES = 50
SAMPLE_CHARACTERS = 4_000_000
csv.field_size_limit(SAMPLE_CHARACTERS)  # the module's own limit is 131,072
BUFFER = 32_000_000  # bytes; DuckDB's own would be 16 lines, too few of them for two threads
DAMAGED = "\N{REPLACEMENT CHARACTER}"
LONGEST_LINE = 16_000_000  # bytes; a field of a million characters fits with room


class SeparatedReader:
    """Reads `.csv`, `.tsv`, `.txt`."""

    text = True

    def reads(self, name: str, start: bytes) -> bool:
        """Say whether the name is one of separated text, gzipped or not."""
        return name.lower().removesuffix(".gz").endswith((".csv", ".tsv", ".txt"))

    def open(self, connection: duckdb.DuckDBPyConnection, file: Path, work: Path) -> Opened:
        """Make the file readable through DuckDB."""
        look = look_at(file)
        if look not in (TEXT, EMPTY, BINARY):
            raise FileUnreadable(
                f"{file.name} is no separated text: it looks like {look.noun}.", hint=look.hint
            )
        ends = look_through(file)
        lines = _first_lines(file)
        separator = _separator(lines)
        header = _header(file, lines, separator)
        rows = _reading(file, header, separator)
        connection.execute("DROP TABLE IF EXISTS faulty_rows; DROP TABLE IF EXISTS faulty_scans")
        if ends.mixed and not _reads(connection, rows):
            alike = work / f"alike-{file.name[-100:]}"
            make_alike(file, alike, separator)
            rows = _reading(alike, header, separator)
        faulty = (
            "SELECT line - 1 AS row, any_value(error_message) AS reason "
            "FROM faulty_rows GROUP BY line ORDER BY line"
        )
        return Opened(tuple(header), f"(SELECT {_names(header)} FROM {rows})", faulty)


def _reading(file: Path, header: list[str], separator: str) -> str:
    columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in header)
    return (
        f"read_csv({one_file(file)}, auto_detect = false, header = true, "
        f"delim = {quoted(separator)}, quote = '\"', escape = '\"', columns = {{{columns}}}, "
        f"nullstr = '', max_line_size = {LONGEST_LINE}, buffer_size = {BUFFER}, "
        "store_rejects = true, rejects_table = 'faulty_rows', "
        "rejects_scan = 'faulty_scans', rejects_limit = 0)"
    )


def _reads(connection: duckdb.DuckDBPyConnection, rows: str) -> bool:
    """Say whether the engine gets through; line ends inside quotes do not matter to it."""
    try:
        connection.execute(f"SELECT count(*) FROM {rows}").fetchall()
    except duckdb.Error:
        return False
    finally:
        connection.execute("DROP TABLE IF EXISTS faulty_rows; DROP TABLE IF EXISTS faulty_scans")
    return True


def _names(header: list[str]) -> str:
    return ", ".join(name_of(name) for name in header)


def _first_lines(file: Path) -> list[str]:
    # Damaged letters are the reader's to set aside; here they only must not stop it.
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        lines = list(_up_to(text))
    if not any(line.strip() for line in lines):
        raise FileUnreadable(f"{file.name} is empty.", hint="Export it again, with its header.")
    return lines


def _up_to(text: TextIO) -> Iterator[str]:
    room = SAMPLE_CHARACTERS
    for _ in range(SAMPLE_LINES):
        line = text.readline(room)
        if not line:
            return
        room -= len(line)
        yield line


def _separator(lines: list[str]) -> str:
    def evenness(separator: str) -> tuple[float, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
        if not widths or widths[0] < 2:
            return (0.0, 0)
        return (sum(width == widths[0] for width in widths) / len(widths), widths[0])

    return max(SEPARATORS, key=evenness)


def _header(file: Path, lines: list[str], separator: str) -> list[str]:
    header = next(csv.reader(lines, delimiter=separator))
    if not header:
        raise FileUnreadable(
            f"{file.name} begins with a blank line, where its header should be.",
            hint="Remove the line.",
        )
    check_names(file, header)
    if any(DAMAGED in name for name in header):
        raise FileUnreadable(
            f"{file.name}: the header holds letters that are not UTF-8: {', '.join(header)[:80]}.",
            hint="Export it again as UTF-8.",
        )
    return header
