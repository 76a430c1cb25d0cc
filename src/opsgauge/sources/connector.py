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
    columns row, reason; it may be asked only after `rows` was read to its end. `nested` are the
    columns whose value holds those of others: `team` where there is `team.name` too.
    """

    header: tuple[str, ...]
    rows: str
    faulty: str = ""
    nested: frozenset[str] = frozenset()


class Reader(Protocol):
    """Makes one kind of file readable; `text` says that it wants UTF-8, whatever the file is in."""

    text: bool

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
