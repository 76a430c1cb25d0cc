"""In which encoding a text is likely written, where it is not UTF-8.

Floor 3. An import guesses nothing; a draft may, since a person reads it before anything is kept.
The guess is written down with a word that shows whether its letters came out right.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.connector import Opened
from opsgauge.sources.draft.writing import shown
from opsgauge.sources.registry import find_reader
from opsgauge.sources.tools.files.encoding import look_through

LOOKED_AT = 1 << 20  # bytes around the first that is no UTF-8
CONTEXT = 2_000  # bytes before it
# Letters of other alphabets stand in long runs, accented ones mostly alone.
LONG_RUN = re.compile(rb"[\xc0-\xff]{3,}")
STRAY = re.compile(rb"[\x80-\xff]")
WORD = re.compile(r"[^\W\d_]*[^\W\d_\x00-\x7f][^\W\d_]*")
CENTRAL = frozenset("šťžśźłąęřčňůďě")  # letters of Central Europe that another reading turns odd
ODD = frozenset("¹³º¼¾¿ñøùèìïð¶±·")  # what they become when read as Western European


@dataclass(frozen=True)
class Written:
    """An encoding as a mapping names it, and why; both "" where the text is UTF-8 or says so."""

    name: str = ""
    why: str = ""


UTF_8 = Written()


def encoding_of(file: Path) -> Written:
    """Return how a text is likely written.

    Parameters
    ----------
    file : unpacked; a byte order mark in it needs no word
    """
    start = _around_first_stray(file)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return UTF_8
    if b"\0" in start[:CONTEXT]:
        little = start[1:CONTEXT:2].count(0) >= start[0:CONTEXT:2].count(0)
        return _told(start, "utf-16-le" if little else "utf-16-be")
    try:
        look_through(file)
    except FileUnreadable:
        return _told(start, _by_letters(start))
    return UTF_8


def opened_in(
    connection: duckdb.DuckDBPyConnection, file: Path, work: Path
) -> tuple[Opened, Written]:
    """Open an export whatever it is written in; return how, where that had to be guessed.

    Raises
    ------
    FileUnreadable : it cannot be read in any way
    """
    reader, ready = find_reader(file, work)
    written = encoding_of(ready) if reader.text else UTF_8
    if written.name:
        again = work / "again"
        again.mkdir()
        reader, ready = find_reader(file, again, written.name)
    return reader.open(connection, ready, work), written


def _around_first_stray(file: Path) -> bytes:
    """Return the bytes around the first that is no UTF-8, or the first bytes."""
    with file.open("rb") as stream:
        first = stream.read(LOOKED_AT)
        block, before = first, b""
        while block and not STRAY.search(block):
            before, block = block, stream.read(LOOKED_AT)
    if not block or block is first:
        return first
    return before[-CONTEXT:] + block


def _by_letters(text: bytes) -> str:
    """Return the encoding whose letters fit: Cyrillic in long runs, else Western or Central."""
    strays = len(STRAY.findall(text))
    if sum(map(len, LONG_RUN.findall(text))) > 0.6 * strays:
        return "cp1251"
    central = text.decode("cp1250", "replace").lower()
    western = text.decode("cp1252", "replace").lower()
    telling = sum(letter in CENTRAL for letter in central)
    odd = sum(letter in ODD for letter in western)
    return "cp1250" if odd and telling > 0.4 * strays else "cp1252"


def _told(text: bytes, name: str) -> Written:
    words = WORD.findall(text.decode(name, "replace"))
    example = f"; does {shown(words[0])} look right?" if words else ""
    return Written(name, f"CHECK THIS: the file is not UTF-8{example}")
