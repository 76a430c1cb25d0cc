"""CSV and its kin: text separated by commas, semicolons, tabs or bars, with a header.

Floor 3. The separator is the one that cuts the first lines most evenly; DuckDB reads the rest.
Rows that do not fit the header are set aside with their line, and never stop the others.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import duckdb

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.connector import Opened
from opsgauge.warehouse.engine import name_of, quoted

SEPARATORS = (",", ";", "\t", "|")
SAMPLE_LINES = 50
SAMPLE_CHARACTERS = 4_000_000
csv.field_size_limit(SAMPLE_CHARACTERS)  # the module's own limit is 131,072
BUFFER = 32_000_000  # bytes; DuckDB's own would be 16 lines, too few of them for two threads
LONGEST_LINE = 16_000_000  # bytes; a field of a million characters fits with room


class SeparatedReader:
    """Reads `.csv`, `.tsv`, `.txt`."""

    def reads(self, name: str, start: bytes) -> bool:
        """Say whether the name is one of separated text, gzipped or not."""
        return name.lower().removesuffix(".gz").endswith((".csv", ".tsv", ".txt"))

    def open(self, connection: duckdb.DuckDBPyConnection, file: Path, work: Path) -> Opened:
        """Make the file readable through DuckDB."""
        lines = _first_lines(file)
        separator = _separator(lines)
        header = next(csv.reader(lines, delimiter=separator))
        _check_header(file, header)
        columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in header)
        connection.execute("DROP TABLE IF EXISTS faulty_rows; DROP TABLE IF EXISTS faulty_scans")
        rows = (
            f"read_csv({quoted(str(file))}, auto_detect = false, header = true, "
            f"delim = {quoted(separator)}, quote = '\"', escape = '\"', columns = {{{columns}}}, "
            f"nullstr = '', max_line_size = {LONGEST_LINE}, buffer_size = {BUFFER}, "
            "store_rejects = true, rejects_table = 'faulty_rows', "
            "rejects_scan = 'faulty_scans', rejects_limit = 0)"
        )
        faulty = (
            "SELECT line - 1 AS row, any_value(error_message) AS reason "
            "FROM faulty_rows GROUP BY line ORDER BY line"
        )
        return Opened(tuple(header), f"(SELECT {_names(header)} FROM {rows})", faulty)


def _names(header: list[str]) -> str:
    return ", ".join(name_of(name) for name in header)


def _first_lines(file: Path) -> list[str]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            lines = list(_up_to(text))
    except UnicodeDecodeError as wrong:
        raise FileUnreadable(
            f"{file.name} is not UTF-8 text: byte {wrong.start} cannot be read.",
            hint="Export it again as UTF-8, or convert it: iconv -f LATIN1 -t UTF-8 FILE.",
        ) from wrong
    except OSError as wrong:
        raise FileUnreadable(f"{file.name} cannot be read: {wrong}") from wrong
    if not any(line.strip() for line in lines):
        raise FileUnreadable(f"{file.name} is empty.", hint="Export it again, with its header.")
    if any("\0" in line for line in lines):
        raise FileUnreadable(
            f"{file.name} is no text: it holds zero bytes.", hint="Is its name right?"
        )
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


def _check_header(file: Path, header: list[str]) -> None:
    if not header:
        raise FileUnreadable(
            f"{file.name} begins with a blank line, where its header should be.",
            hint="Remove the line.",
        )
    seen: dict[str, str] = {}
    for place, name in enumerate(header, start=1):
        if not name.strip():
            raise FileUnreadable(f"{file.name}: column {place} of the header has no name.")
        if name.lower() in seen:
            raise FileUnreadable(
                f"{file.name}: the header names {seen[name.lower()]!r} and {name!r}, "
                "which differ in nothing but case.",
                hint="Rename one of them.",
            )
        seen[name.lower()] = name
