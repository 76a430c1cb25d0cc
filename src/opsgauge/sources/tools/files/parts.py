"""Rows of text, gathered in portions and laid down as Parquet, to be read back in their order.

Floor 3. For the kinds of file that the engine does not read itself: of these, only one portion is
ever held. Later portions may bring columns that earlier ones lack.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.connector import Opened
from opsgauge.warehouse.engine import file_list, name_of

Row = Mapping[str, str | None]

ROWS_AT_ONCE = 50_000
TEXT_AT_ONCE = 64_000_000  # characters, so that few long rows are a portion too
MOST_COLUMNS = 2_000
LONGEST_NAME = 500  # characters
FAULTS = pa.schema([pa.field("row", pa.int64()), pa.field("reason", pa.string())])


class Parts:
    """The portions of one file.

    `file` is named in errors; `work` is the folder the portions are laid down in.
    """

    def __init__(self, file: Path, work: Path) -> None:
        self._file = file
        self._work = work
        self._rows: list[Row] = []
        self._weight = 0
        self._header: dict[str, None] = {}
        self._parts: list[str] = []
        self._faults: list[dict[str, object]] = []
        self._faulty: list[str] = []
        self._first_fault = ""
        self.read = 0

    def add(self, row: Row) -> None:
        """Take the next row."""
        self.read += 1
        self._rows.append(row)
        self._weight += sum(map(len, filter(None, row.values())))
        if len(self._rows) >= ROWS_AT_ONCE or self._weight >= TEXT_AT_ONCE:
            self._lay_down()

    def set_aside(self, reason: str) -> None:
        """Take the next row as one that cannot be read."""
        self.read += 1
        self._first_fault = self._first_fault or reason
        self._faults.append({"row": self.read, "reason": reason})
        if len(self._faults) >= ROWS_AT_ONCE:
            self._lay_down_faults()

    def opened(self, nested: Iterable[str] = ()) -> Opened:
        """Lay down what is left, and return the whole.

        Raises
        ------
        FileUnreadable : there is no row, or a column cannot be told from another
        """
        self._lay_down()
        self._lay_down_faults()
        if not self._parts:
            why = f": {self._first_fault}" if self._first_fault else ""
            raise FileUnreadable(
                f"{self._file.name} holds no records that can be read{why}.",
                hint="Export it again, with records in it.",
            )
        # A part may lack columns that a later one has; the order of the list is the file's.
        names = ", ".join(name_of(name) for name in self._header)
        rows = f"(SELECT {names} FROM read_parquet({file_list(self._parts)}, union_by_name = true))"
        faulty = f"SELECT row, reason FROM read_parquet({file_list(self._faulty)}) ORDER BY row"
        holding = frozenset(_whole(name) for name in nested)
        return Opened(tuple(self._header), rows, faulty if self._faulty else "", holding)

    def _lay_down(self) -> None:
        if not self._rows:
            return
        try:
            self._write(self._rows)
        except UnicodeEncodeError:
            self._write(
                [
                    {_whole(key): value and _whole(value) for key, value in row.items()}
                    for row in self._rows
                ]
            )
        self._rows, self._weight = [], 0

    def _write(self, rows: Sequence[Row]) -> None:
        header = self._header | dict.fromkeys(key for row in rows for key in row)
        if len(header) > len(self._header):
            check_names(self._file, header)
        columns = {key: [row.get(key) for row in rows] for key in header}
        schema = pa.schema([pa.field(key, pa.string()) for key in header])
        part = self._work / f"rows-{len(self._parts):05d}.parquet"
        pq.write_table(pa.table(columns, schema=schema), part)
        self._header = header
        self._parts.append(str(part))

    def _lay_down_faults(self) -> None:
        if self._faults:
            part = self._work / f"faults-{len(self._faulty):05d}.parquet"
            pq.write_table(pa.Table.from_pylist(self._faults, schema=FAULTS), part)
            self._faulty.append(str(part))
            self._faults = []


def _whole(text: str) -> str:
    """Return text in which halves of letters, such as of an emoji that was cut, are marked.

    JSON can write them as the escape of one surrogate; no file of text can hold them.
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def check_names(file: Path, names: Iterable[str]) -> None:
    """Refuse columns that no mapping could name, or that could not be told apart.

    Raises
    ------
    FileUnreadable : naming the column
    """
    seen: dict[str, str] = {}
    for place, name in enumerate(names, start=1):
        if not name.strip():
            raise FileUnreadable(
                f"{file.name}: column {place} of the header has no name.", hint="Give it one."
            )
        if len(name) > LONGEST_NAME or "\0" in name:
            raise FileUnreadable(
                f"{file.name}: column {place} has no usable name: {name[:40]!r} ... "
                f"({len(name):,} characters).",
                hint="Is the first line the header?",
            )
        if name.lower() in seen:
            raise FileUnreadable(
                f"{file.name}: the header names {seen[name.lower()]!r} and {name!r}, "
                "which differ in nothing but case.",
                hint="Rename one of them.",
            )
        seen[name.lower()] = name
    if len(seen) > MOST_COLUMNS:
        raise FileUnreadable(
            f"{file.name} has more than {MOST_COLUMNS:,} columns.",
            hint="Do names of single records stand where names of columns should?",
        )
