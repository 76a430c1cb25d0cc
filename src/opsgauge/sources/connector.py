"""What a reader of records gives: columns of text, in the order in which they came.

Floor 3. A reader neither maps nor judges; it only makes a file readable as rows of text.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import duckdb


@dataclass(frozen=True)
class Opened:
    """A file made readable.

    `header` names the columns as the file does. `rows` is a SQL relation with the same columns,
    all text, in file order. `faulty` is a SQL query of the rows that could not be read, with
    columns row, reason; it may be asked only after `rows` was read to its end.
    """

    header: tuple[str, ...]
    rows: str
    faulty: str = ""


class Reader(Protocol):
    """Makes one kind of file readable."""

    def reads(self, name: str, start: bytes) -> bool:
        """Say whether a file of that name and with those first bytes is of this kind."""
        ...

    def open(self, connection: duckdb.DuckDBPyConnection, file: Path, work: Path) -> Opened:
        """Make the file readable; `work` is a folder for what has to be unpacked.

        Raises
        ------
        FileUnreadable : it is damaged, empty, or not what its name says
        """
        ...
