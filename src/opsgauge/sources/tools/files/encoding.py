"""Text of any encoding as UTF-8, and a word on bytes that no text holds.

Floor 3. A byte order mark says what a file is; without one it is UTF-8, unless the mapping names
another encoding. Nothing is guessed: a wrong guess would turn every name with an accent into
another name.
"""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from opsgauge.foundation.errors import FileUnreadable

BLOCK = 1 << 20
SAMPLE = 400  # bytes
MARKS = (  # the longer ones first: the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
STRAY = re.compile("[\udc80-\udcff]")  # what bytes that are no UTF-8 become by "surrogateescape"


@dataclass(frozen=True)
class Lines:
    """In which ways lines of a text end, and whether a few of its letters are damaged."""

    unix: bool
    windows: bool
    old_macintosh: bool
    damaged: bool = False

    @property
    def mixed(self) -> bool:
        """Whether they end in several ways, be it inside quotes."""
        return self.unix + self.windows + self.old_macintosh > 1


def as_utf8(file: Path, work: Path, encoding: str = "") -> Path:
    """Return the file, or a copy in `work` that is UTF-8 where the file is not.

    Parameters
    ----------
    encoding : what the mapping says; a byte order mark in the file knows better

    Raises
    ------
    FileUnreadable : it does not hold to its encoding
    """
    with file.open("rb") as stream:
        start = stream.read(4)
    marked = next((name for mark, name in MARKS if start.startswith(mark)), "")
    if start.startswith(codecs.BOM_UTF8):
        marked = "utf-8"
    name = codecs.lookup(marked or encoding or "utf-8").name
    if name in ("utf-8", "utf-8-sig", "ascii"):
        return file
    (work / "utf-8").mkdir()
    copy = work / "utf-8" / file.name
    _convert(file, copy, name)
    return copy


def _convert(file: Path, copy: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    read, line = 0, 1
    with file.open("rb") as stream, copy.open("wb") as target:
        block = b"first"
        while block:
            block = stream.read(BLOCK)
            waiting = len(decoder.getstate()[0])
            try:
                text = decoder.decode(block, final=not block)
                target.write(text.encode())
            except UnicodeError as wrong:
                place = wrong.start if isinstance(wrong, UnicodeDecodeError) else 0
                line += block.count(b"\n", 0, place)
                raise FileUnreadable(
                    f"{file.name} is not {encoding} text: byte {read - waiting + place + 1:,}, "
                    f"near line {line:,}, cannot be read.",
                    hint="Is `encoding` in the mapping right, and the file whole?",
                ) from wrong
            line += text.count("\n")
            read += len(block)


def look_through(file: Path) -> Lines:
    """Read a text once from end to end, and say how its lines end.

    A few damaged letters among many are left to the reader, which sets their rows aside.

    Raises
    ------
    FileUnreadable : it holds a zero byte, or more bytes that are no UTF-8 than letters that are
    """
    seen = _Seen(file)
    with file.open("rb") as stream:
        while block := stream.read(BLOCK):
            seen.add(block)
    seen.letters_of(b"", last=True)
    if seen.stray > seen.letters:
        raise seen.not_utf8()
    macintosh = seen.old_macintosh or seen.ends_in_return
    return Lines(seen.unix, seen.windows, macintosh, damaged=seen.stray > 0)


class _Seen:
    """What was seen of a text so far; lines are counted only where something is amiss."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.stray = 0  # bytes that belong to no letter
        self.letters = 0  # bytes of letters beyond ASCII, less one for each
        self.unix = self.windows = self.old_macintosh = False
        self.ends_in_return = False
        self._read = 0
        self._begun = b""  # the bytes of a letter that goes on in the next block
        self._first = (0, 0)  # the first stray byte, and its place from 0

    def add(self, block: bytes) -> None:
        """Look at the next block."""
        if (at := block.find(0)) >= 0:
            raise self._zero_byte(block, at)
        self.letters_of(block)
        self._ends_of(block)
        self._read += len(block)

    def letters_of(self, block: bytes, last: bool = False) -> None:
        """Count letters and stray bytes, where there may be any."""
        before, given = self._read - len(self._begun), self._begun + block
        if given.isascii():
            self._begun = b""
            return
        try:
            text, used = codecs.utf_8_decode(given, "strict", last)
        except UnicodeDecodeError:
            text, used = codecs.utf_8_decode(given, "surrogateescape", last)
            strays = list(STRAY.finditer(text))
            if strays and not self.stray:
                skipped = text[: strays[0].start()].encode("utf-8", "surrogateescape")
                self._first = (given[len(skipped)], before + len(skipped))
            self.stray += len(strays)
        self.letters += used - len(text)
        self._begun = given[used:]

    def _ends_of(self, block: bytes) -> None:
        begins_with_feed = block[0] == 10
        if self.ends_in_return:
            self.windows |= begins_with_feed
            self.old_macintosh |= not begins_with_feed
        skip = int(self.ends_in_return and begins_with_feed)
        self.ends_in_return = block[-1] == 13
        if b"\r" not in block:
            self.unix = self.unix or block.find(b"\n", skip) >= 0
        elif not (self.unix and self.windows and self.old_macintosh):
            both = block.count(b"\r\n")
            self.windows |= both > 0
            self.unix |= block.count(b"\n", skip) > both
            self.old_macintosh |= block.count(b"\r") - self.ends_in_return > both

    def not_utf8(self) -> FileUnreadable:
        """Return the error that names the first stray byte and the ways out."""
        byte, place = self._first
        return FileUnreadable(
            f"{self.file.name} is not UTF-8 text: byte {place + 1:,}, on line "
            f"{_line_of(self.file, place):,}, is {byte:#04x} and cannot be read.",
            hint="Export it again as UTF-8, or say in the mapping how it is written, such as "
            "`encoding: cp1252` (Windows, Western Europe), or convert it: "
            "iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW.",
        )

    def _zero_byte(self, block: bytes, at: int) -> FileUnreadable:
        place = self._read + at
        hint = "Export it again; such bytes are left by a broken copy or a full disk."
        every_second = block[at:SAMPLE:2]
        if place < 2 and every_second.count(0) > 0.8 * len(every_second):
            hint = (
                "It looks like UTF-16 without its mark: say so in the mapping by "
                f"`encoding: utf-16-{'le' if at else 'be'}`, or export it again as UTF-8."
            )
        return FileUnreadable(
            f"{self.file.name} is no text: it holds zero bytes, the first at byte {place + 1:,} "
            f"on line {_line_of(self.file, place):,}.",
            hint=hint,
        )


def _line_of(file: Path, place: int) -> int:
    """Return the line, from 1, on which the byte of that place, from 0, stands."""
    line = 1
    with file.open("rb") as stream:
        while place > 0 and (block := stream.read(min(BLOCK, place))):
            line += block.count(b"\n")
            place -= len(block)
    return line
