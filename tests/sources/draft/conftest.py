"""Exports opened, drafted and tried, as tests ask for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import duckdb
import pytest

from opsgauge.log.mapping import parse_mapping
from opsgauge.sources.connector import Opened
from opsgauge.sources.draft.columns import Sheet
from opsgauge.sources.draft.drafting import Draft, draft
from opsgauge.sources.draft.encodings import UTF_8, opened_in
from opsgauge.sources.draft.preview import Preview, preview
from tests.lent import lent


class Desk:
    """Takes contents of files, and drafts and tries mappings for them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.encoding = UTF_8

    @contextmanager
    def opened(
        self, content: str | bytes, name: str = "export.csv"
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, Opened, Path]]:
        """Open a content as a file of that name."""
        file = self.folder / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        work = Path(mkdtemp(prefix="work-", dir=self.folder))
        with lent() as database:
            opened, self.encoding = opened_in(database, file, work)
            yield database, opened, work

    def draft(self, content: str | bytes, name: str = "export.csv") -> Draft:
        """Draft a mapping."""
        with self.opened(content, name) as (database, opened, _):
            return draft(database, opened, name, self.encoding)

    def preview(self, content: str | bytes, text: str, name: str = "export.csv") -> Preview:
        """Try a mapping."""
        mapping = parse_mapping(text, "mapping.yaml")
        with self.opened(content, name) as (database, opened, work):
            return preview(database, opened, mapping, name, work)

    @contextmanager
    def sheet(self, content: str, name: str = "export.csv") -> Iterator[Sheet]:
        """Lay an export open."""
        with self.opened(content, name) as (database, opened, _):
            yield Sheet(database, opened, name)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a desk with a folder of its own."""
    return Desk(tmp_path)
