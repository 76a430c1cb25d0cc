"""XES event logs (IEEE 1849).

Floor 3. Read as a stream with the standard library's parser, so that each record keeps the text it
came with, the offset of its moment included. A column per attribute key; those of the trace begin
with `case:`. `event:repeat` counts the events of a trace that are alike in all else, from 1, which
keeps them apart; an event that a later export puts between others changes none of them.
"""

from collections import Counter
from pathlib import Path
from typing import IO
from xml.parsers import expat

import duckdb

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.connector import Opened
from opsgauge.sources.tools.files.looks import look_at
from opsgauge.sources.tools.files.parts import Parts

VALUES = {"string", "date", "int", "float", "boolean", "id"}
BLOCK = 1 << 20
LONGEST = 64_000_000  # bytes between one tag and the next
REPEAT = "event:repeat"


class EventLogReader:
    """Reads `.xes` and `.xes.gz`."""

    text = False  # XML says itself how it is written

    def reads(self, name: str, start: bytes) -> bool:
        """Say whether the name is one of an event log, gzipped or not."""
        return name.lower().removesuffix(".gz").endswith(".xes")

    def open(self, connection: duckdb.DuckDBPyConnection, file: Path, work: Path) -> Opened:
        """Unfold the log into `work`, one row per event."""
        unfolding = _Unfolding(Parts(file, work))
        try:
            with file.open("rb") as stream:
                _walk(stream, unfolding)
        except (expat.ExpatError, ValueError, LookupError) as wrong:
            look = look_at(file)
            said = f"it looks like {look.noun}" if look.kind else f"{wrong}"
            raise FileUnreadable(
                f"{file.name} is no whole XES log: {said}.", hint="Export or fetch it again."
            ) from wrong
        if not unfolding.parts.read:
            raise FileUnreadable(
                f"{file.name} holds no events.", hint="Export it again, with events in it."
            )
        return unfolding.parts.opened()


class _Unfolding:
    """Collects events while the parser walks; only the branch it is in is ever held."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.tags = 0
        self._depth = 0
        self._in_trace = False
        self._trace: dict[str, str] = {}
        self._event: dict[str, str] | None = None
        self._alike: Counter[int] = Counter()  # by hash, since a trace may be long

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Meet an opening tag: log is at depth 1, trace at 2, event at 3, its attributes at 4."""
        self.tags += 1
        self._depth += 1
        tag = tag.rpartition(":")[2]
        if tag in VALUES:
            if self._depth == 4 and self._event is not None:
                self._event[_key(attributes)] = attributes.get("value", "")
            elif self._depth == 3 and self._in_trace:
                self._trace[f"case:{_key(attributes)}"] = attributes.get("value", "")
        elif tag == "event" and self._depth == 3 and self._in_trace:
            self._event = {}
        elif self._depth == 2:
            self._trace, self._in_trace = {}, tag == "trace"
            self._alike.clear()

    def end(self, tag: str) -> None:
        """Meet a closing tag; an event is whole now, and takes on what its trace said."""
        self._depth -= 1
        if self._event is not None and self._depth == 2:
            alike = hash(frozenset(self._event.items()))
            self._alike[alike] += 1
            self.parts.add(self._trace | self._event | {REPEAT: str(self._alike[alike])})
            self._event = None


def _key(attributes: dict[str, str]) -> str:
    key = attributes.get("key", "")
    if not key.strip():
        raise ValueError("it holds an attribute without a key")
    return key


def _refuse_doctype(*_: object) -> None:
    raise ValueError("it declares a document type, which no event log needs")


def _walk(stream: IO[bytes], unfolding: _Unfolding) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = unfolding.start
    parser.EndElementHandler = unfolding.end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    silent, heard = 0, 0
    while block := stream.read(BLOCK):
        try:
            parser.Parse(block, False)
        except ValueError as wrong:
            raise ValueError(f"{wrong}, on line {parser.CurrentLineNumber:,}") from wrong
        # The parser holds a tag until it is whole, so that one without an end would fill memory.
        silent = silent + len(block) if unfolding.tags == heard else 0
        heard = unfolding.tags
        if silent > LONGEST:
            raise ValueError(
                f"a value on line {parser.CurrentLineNumber:,} is longer than {LONGEST:,} bytes"
            )
    parser.Parse(b"", True)
