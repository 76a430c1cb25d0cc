"""Files as the readers see them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import pytest

from opsgauge.sources.registry import find_reader
from tests.lent import lent


@dataclass(frozen=True)
class Read:
    """What a reader made of a file: rows as lists of text, and rows it set aside."""

    header: tuple[str, ...]
    rows: list[tuple[str | None, ...]]
    faulty: list[tuple[int, str]]

    def column(self, name: str) -> list[str | None]:
        """Return one column."""
        return [row[self.header.index(name)] for row in self.rows]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Read]:
    """Return what writes a file of that name and reads it."""

    def reads(content: str | bytes, name: str = "export.csv", encoding: str = "") -> Read:
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        work = Path(mkdtemp(prefix="work-", dir=tmp_path))
        with lent() as database:
            reader, ready = find_reader(file, work, encoding)
            opened = reader.open(database, ready, work)
            rows = database.execute(f"SELECT * FROM {opened.rows}").fetchall()
            faulty = database.execute(opened.faulty).fetchall() if opened.faulty else []
        return Read(opened.header, rows, faulty)

    return reads
