"""Line ends of a separated text made alike, but for those that quotes keep.

Floor 3. Files that were put together on several systems end some lines in one way and some in
another; the engine reads one way at a time.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

PIECE = 16_000_000  # bytes; a longer line is no record, and is set aside whatever becomes of it

ENDS = re.compile(rb'(?:[^"]+|"")*+"')  # from within quotes up to the one that ends them


def make_alike(file: Path, copy: Path, separator: str) -> None:
    """Write a copy in which every line outside quotes ends in a line feed alone.

    A field is quoted where a quote is its first character; a quote further in is a character like
    any other.
    """
    with file.open("rb") as source, copy.open("wb") as target:
        target.writelines(_alike(source, separator.encode()))


def _alike(source: IO[bytes], separator: bytes) -> Iterator[bytes]:
    begins = re.compile(rb'(?:\A(?:\xef\xbb\xbf)?|(?<=[\r\n%s]))"' % re.escape(separator))
    inside = False
    for line in iter(lambda: source.readline(PIECE), b""):
        at = 0
        while at < len(line):
            if not inside:
                begin = begins.search(line, at)
                upto = begin.end() if begin else len(line)
                yield line[at:upto].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
                at, inside = upto, begin is not None
            else:
                end = ENDS.match(line, at)
                upto = end.end() if end else len(line)
                yield line[at:upto]
                at, inside = upto, end is None
