"""What a file looks like, by its first bytes alone."""

from pathlib import Path

import pytest

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.tools.files.looks import look_at, looks_like
from tests.sources.odd_files import csv, event_log, json_lines, parquet, workbook


@pytest.mark.parametrize(
    ("start", "noun"),
    [
        (csv().encode(), "text"),
        (b'"a","b"\n', "text"),
        ("\ufeffa,b".encode(), "text"),
        ("a,b".encode("utf-16"), "text"),
        (b"<id>,name\n", "text"),
        (b"{a},{b}\n", "text"),
        (b"", "an empty file"),
        (b"\x01\0\0", "binary data of an unknown kind"),
        (workbook(), "a zip archive or an Excel workbook"),
        (parquet(), "a Parquet file"),
        (event_log().encode(), "XML"),
        (json_lines().encode(), "JSON"),
        (b'\n [ {"a": 1}]', "JSON"),
        (b"{}", "JSON"),
        (b"<HTML lang='en'>", "a web page"),
        (b"\r\n<!doctype HTML>", "a web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "an old Excel file"),
        (b"%PDF-1.7", "a PDF document"),
    ],
)
def test_a_file_is_told_by_how_it_begins(start: bytes, noun: str) -> None:
    """As somebody would who opened it in an editor."""
    assert looks_like(start[:512]).noun.startswith(noun)


def test_every_look_says_what_to_do(tmp_path: Path) -> None:
    """Also a file that cannot be opened."""
    assert looks_like(b"BZh9").hint == "Unpack it and import what is in it."
    with pytest.raises(FileUnreadable, match=r"gone\.csv cannot be read"):
        look_at(tmp_path / "gone.csv")
