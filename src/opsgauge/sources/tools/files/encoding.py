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
    """How often lines of a text end in each way."""

    unix: int
    windows: int
    old_macintosh: int

    @property
    def mixed(self) -> bool:
        """Whether they end in several ways, be it inside quotes."""
        return sum(map(bool, (self.unix, self.windows, self.old_macintosh))) > 1


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
    """Read a text once from end to end, and count how its lines end.

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
    macintosh = seen.returns - seen.windows - seen.ends_in_return
    return Lines(seen.unix - seen.windows, seen.windows, macintosh)


class _Seen:
    """What was seen of a text so far, in blocks."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.stray = 0  # bytes that belong to no letter
        self.letters = 0  # bytes of letters beyond ASCII, less one for each
        self.unix = self.windows = self.returns = 0
        self.ends_in_return = False
        self._read = 0
        self._first: tuple[int, int, int] = (0, 0, 0)  # the first stray byte, its place, its line
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")

    def add(self, block: bytes) -> None:
        """Look at the next block."""
        if (at := block.find(0)) >= 0:
            raise self._zero_byte(block, at)
        self.letters_of(block)
        self.windows += block.count(b"\r\n") + (self.ends_in_return and block[0] == 10)
        self.unix += block.count(b"\n")
        self.returns += block.count(b"\r")
        self.ends_in_return = block[-1] == 13
        self._read += len(block)

    def letters_of(self, block: bytes, last: bool = False) -> None:
        """Count letters and stray bytes, where there may be any."""
        waiting = len(self._decoder.getstate()[0])
        if block.isascii() and not waiting:
            return
        text = self._decoder.decode(block, last)
        self.letters += len(text.encode("utf-8", "surrogateescape")) - len(text)
        if found := STRAY.search(text):
            if not self.stray:
                before = text[: found.start()]
                place = self._read - waiting + len(before.encode("utf-8", "surrogateescape"))
                self._first = (ord(found.group()) - 0xDC00, place, self.unix + before.count("\n"))
            self.stray += len(STRAY.findall(text))

    def not_utf8(self) -> FileUnreadable:
        """Return the error that names the first stray byte and the ways out."""
        byte, place, line = self._first
        return FileUnreadable(
            f"{self.file.name} is not UTF-8 text: byte {place + 1:,}, on line {line + 1:,}, is "
            f"{byte:#04x} and cannot be read.",
            hint="Export it again as UTF-8, or say in the mapping how it is written, such as "
            "`encoding: cp1252` (Windows, Western Europe).",
        )

    def _zero_byte(self, block: bytes, at: int) -> FileUnreadable:
        place, line = self._read + at + 1, self.unix + block.count(b"\n", 0, at) + 1
        hint = "Export it again; such bytes are left by a broken copy or a full disk."
        every_second = block[at:SAMPLE:2]
        if self._read + at < 2 and every_second.count(0) > 0.8 * len(every_second):
            hint = (
                "It looks like UTF-16 without its mark: say so in the mapping by "
                f"`encoding: utf-16-{'le' if at else 'be'}`, or export it again as UTF-8."
            )
        return FileUnreadable(
            f"{self.file.name} is no text: it holds zero bytes, the first at byte {place:,} on "
            f"line {line:,}.",
            hint=hint,
        )
