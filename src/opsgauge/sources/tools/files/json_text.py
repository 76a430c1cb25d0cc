"""JSON: a record on each line, or one document that holds a list of them.

Floor 3. A line or an element that is no JSON object is set aside, and never stops the others.
"""

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Any

import duckdb

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.connector import Opened
from opsgauge.sources.tools.files.encoding import STRAY, look_through
from opsgauge.sources.tools.files.json_document import NotThisForm, records
from opsgauge.sources.tools.files.json_values import DECODER, as_text, unfolded
from opsgauge.sources.tools.files.looks import TEXT, look_at
from opsgauge.sources.tools.files.parts import Parts

LINES = (".jsonl", ".ndjson")
LONGEST_LINE = 16_000_000  # bytes
MARK = b"\xef\xbb\xbf"


class JsonReader:
    """Reads `.json`, `.jsonl`, `.ndjson`."""

    text = True

    def reads(self, name: str, start: bytes) -> bool:
        """Say whether the name is one of JSON, gzipped or not."""
        return name.lower().removesuffix(".gz").endswith((".json", *LINES))

    def open(self, connection: duckdb.DuckDBPyConnection, file: Path, work: Path) -> Opened:
        """Unfold the records into `work`, one row each."""
        damaged = look_through(file).damaged
        parts, nested = Parts(file, work), set[str]()
        with file.open("rb") as stream:
            document = _is_document(file, stream)
            stream.seek(0)
            try:
                if document:
                    _take_elements(stream, parts, nested, damaged)
                else:
                    _take_lines(stream, parts, nested)
            except NotThisForm as wrong:
                raise FileUnreadable(
                    f"{file.name} is no list of records in JSON: {wrong}.",
                    hint="It must be one list of objects, an object with one such list in it, or "
                    "an object on each line; save the records alone, or export them again.",
                ) from wrong
        return parts.opened(nested)


def _is_document(file: Path, stream: IO[bytes]) -> bool:
    """Say whether the file is one document, and not a record on each line.

    The first line tells: on it a document of several lines is not whole, and nothing follows one
    that stands on a single line.
    """
    first = b""
    while not first and (line := stream.readline(LONGEST_LINE)):
        first = line.removeprefix(MARK).strip()
    if not first:
        raise FileUnreadable(f"{file.name} is empty.", hint="Export it again.")
    by_line = file.name.lower().endswith(LINES)
    if first[:1] not in (b"{", b"["):
        look = look_at(file)
        if by_line and look == TEXT:
            return False  # one odd line may stand before the records
        raise FileUnreadable(f"{file.name} is no JSON: it looks like {look.noun}.", hint=look.hint)
    more = any(line.strip() for line in iter(lambda: stream.readline(LONGEST_LINE), b""))
    try:
        value = DECODER.decode(first.decode())
    except (ValueError, RecursionError):
        return first.startswith(b"[") or first == b"{" or not by_line
    return not more and (not by_line or isinstance(value, list))


def _take_elements(stream: IO[bytes], parts: Parts, nested: set[str], damaged: bool) -> None:
    for element in records(stream):
        _take(element, parts, nested, f"record {parts.read + 1:,}", damaged)


def _take_lines(stream: IO[bytes], parts: Parts, nested: set[str]) -> None:
    for number, line in enumerate(_lines(stream), start=1):
        where = f"line {number:,}"
        try:
            if not line or line.isspace():
                continue
            if len(line) > LONGEST_LINE:
                parts.set_aside(f"{where} is longer than {LONGEST_LINE:,} bytes")
                continue
            record = _decoded(line.decode().strip())
        except UnicodeDecodeError:
            parts.set_aside(f"{where} is not UTF-8 text")
        except json.JSONDecodeError as wrong:
            parts.set_aside(f"{where} is no JSON: {wrong.msg} at character {wrong.pos + 1:,}")
        except RecursionError:
            parts.set_aside(f"{where} is nested too deeply")
        else:
            _take(record, parts, nested, where)


def _decoded(text: str) -> Any:
    # As DECODER.decode does it, which takes a third longer over the blanks around.
    value, end = DECODER.raw_decode(text)
    if end < len(text):
        raise json.JSONDecodeError("Extra data", text, end)
    return value


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield each line; of one beyond all measure only as much as shows that it is."""
    first = stream.readline(LONGEST_LINE + 1).removeprefix(MARK)
    for line in chain([first], iter(lambda: stream.readline(LONGEST_LINE + 1), b"")):
        yield line
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            rest = stream.readline(LONGEST_LINE + 1)


def _take(record: Any, parts: Parts, nested: set[str], where: str, damaged: bool = False) -> None:
    """Take a record as a row; where the file is `damaged`, it may hold bytes of no letter."""
    if not isinstance(record, dict):
        kind = "a list" if isinstance(record, list) else "a single value"
        parts.set_aside(f"{where} holds {kind}, where an object should be")
    elif not record:
        parts.set_aside(f"{where} holds an object without fields")
    elif not all(map(str.strip, record)):
        parts.set_aside(f"{where} holds a field without a name")
    else:
        try:
            row = unfolded(record, nested)
            stray = damaged and STRAY.search(as_text(record))
        except RecursionError:
            parts.set_aside(f"{where} is nested too deeply")
        else:
            if stray:
                parts.set_aside(f"{where} is not UTF-8 text")
            else:
                parts.add(row)
