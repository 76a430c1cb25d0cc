"""The reader of a file is found by its name and its first bytes."""

from pathlib import Path

import pytest

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.registry import find_reader
from opsgauge.sources.tools.files.columnar import ColumnarReader
from opsgauge.sources.tools.files.event_log import EventLogReader
from opsgauge.sources.tools.files.separated import SeparatedReader


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", SeparatedReader),
        ("a.TSV", SeparatedReader),
        ("a.txt", SeparatedReader),
        ("a.xes", EventLogReader),
        ("a.parquet", ColumnarReader),
    ],
)
def test_a_reader_is_found_by_the_name(tmp_path: Path, name: str, kind: type) -> None:
    """In small letters or capitals."""
    file = tmp_path / name
    file.write_text("x")

    reader, ready = find_reader(file, tmp_path)

    assert isinstance(reader, kind)
    assert ready == file


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """So is a folder."""
    for path in (tmp_path / "gone.csv", tmp_path):
        with pytest.raises(FileUnreadable, match=f"There is no file {path}"):
            find_reader(path, tmp_path)
