"""What a file looks like by its first bytes, for the word to somebody whose file is misnamed.

Floor 3.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from opsgauge.foundation.errors import FileUnreadable

LOOKED_AT = 512  # bytes


@dataclass(frozen=True)
class Look:
    """What a file looks like, as a noun, and what to do about it where it should be another.

    `kind` is how names of such files end, as far as they are told apart here.
    """

    noun: str
    hint: str = "Is its name right?"
    kind: str = ""


TEXT = Look("text")
EMPTY = Look("an empty file", "Export it again.")
BINARY = Look("binary data of an unknown kind")
JSON = Look("JSON", "Name it .json, or .jsonl where each line is a record of its own.", ".json")
PAGE = Look(
    "a web page, such as the sign-in page of the tool saved in place of the export",
    "Open it to see what it says, sign in to the tool, and export again.",
)
XML = Look("XML", "Event logs in XML are named .xes.")
UNPACK = "Unpack it and import what is in it."
SIGNS: tuple[tuple[bytes, Look], ...] = (
    (b"PK\x03\x04", Look("a zip archive or an Excel workbook", "Name it .zip or .xlsx.", ".zip")),
    (b"PK\x05\x06", Look("a zip archive with nothing in it", "Export it again.")),
    (b"\x1f\x8b", Look("a gzipped file", "Add .gz to its name.", ".gz")),
    (b"PAR1", Look("a Parquet file", "Name it .parquet.", ".parquet")),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        Look(
            "an old Excel file (.xls), or one with a password",
            "Save it as an Excel workbook (.xlsx) without a password.",
        ),
    ),
    (
        b"SQLite format 3\0",
        Look(
            "an SQLite database",
            "Name it .sqlite where it is a log of objects (OCEL 2.0); else export its table as "
            "CSV.",
            ".sqlite",
        ),
    ),
    (b"\x89PNG", Look("a PNG picture")),
    (b"\xff\xd8\xff", Look("a JPEG picture")),
    (b"GIF8", Look("a GIF picture")),
    (b"%PDF-", Look("a PDF document", "Export the records as CSV, Excel or JSON.")),
    (b"{\\rtf", Look("a document in Rich Text", "Export the records as CSV, Excel or JSON.")),
    (b"BZh", Look("a file packed by bzip2", UNPACK)),
    (b"\xfd7zXZ\0", Look("a file packed by xz", UNPACK)),
    (b"(\xb5/\xfd", Look("a file packed by zstd", UNPACK)),
    (b"7z\xbc\xaf'\x1c", Look("a 7-Zip archive", UNPACK)),
    (b"Rar!", Look("a RAR archive", UNPACK)),
)
FORMS = (
    (re.compile(rb"<!doctype html|<html", re.IGNORECASE), PAGE),
    (re.compile(rb"<\?xml|<log"), XML),
    (re.compile(rb'[{\[]\s*["{\[\]}]'), JSON),
)
WIDE = (b"\xff\xfe", b"\xfe\xff")  # the marks that UTF-16 and UTF-32 begin with


def look_at(file: Path) -> Look:
    """Return what a file looks like.

    Raises
    ------
    FileUnreadable : it cannot be opened
    """
    try:
        with file.open("rb") as stream:
            start = stream.read(LOOKED_AT)
    except OSError as wrong:
        raise FileUnreadable(
            f"{file.name} cannot be read: {wrong.strerror or wrong}.",
            hint="Copy it to another disk, or fetch it again.",
        ) from wrong
    return looks_like(start)


def looks_like(start: bytes) -> Look:
    """Return what the first bytes of a file look like.

    Examples
    --------
    >>> looks_like(b"<!DOCTYPE html><title>Sign in").noun[:10], looks_like(b"a,b").noun
    ('a web page', 'text')
    """
    for sign, look in SIGNS:
        if start.startswith(sign):
            return look
    if b"\0" in start and not start.startswith(WIDE):
        return BINARY
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    alike = [look for pattern, look in FORMS if pattern.match(text)]
    return alike[0] if alike else TEXT if start else EMPTY
