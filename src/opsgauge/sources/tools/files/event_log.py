"""XES event logs (IEEE 1849).

Floor 3. Read as a stream with the standard library's parser, so that each record keeps the text it
came with, the offset of its moment included. A column per attribute key; those of the trace begin
with `case:`; `event:index` is the event's place in its trace, which keeps like events apart.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.parsers import expat

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.connector import Opened
from opsgauge.warehouse.engine import name_of, quoted

VALUES = {"string", "date", "int", "float", "boolean", "id"}
EVENTS_AT_ONCE = 50_000
BLOCK = 1 << 20
INDEX = "event:index"


class EventLogReader:
    """Reads `.xes` and `.xes.gz`."""

    def reads(self, name: str, start: bytes) -> bool:
        """Say whether the name is one of an event log, gzipped or not."""
        return name.lower().removesuffix(".gz").endswith(".xes")

    def open(self, connection: duckdb.DuckDBPyConnection, file: Path, work: Path) -> Opened:
        """Unfold the log into `work`, one row per event."""
        parts: list[Path] = []
        header: dict[str, None] = {}
        try:
            with file.open("rb") as stream:
                for batch in _batches(stream):
                    header |= dict.fromkeys(key for event in batch for key in event)
                    part = work / f"events-{len(parts):05d}.parquet"
                    columns = {key: [event.get(key) for event in batch] for key in header}
                    schema = pa.schema([pa.field(key, pa.string()) for key in header])
                    pq.write_table(pa.table(columns, schema=schema), part)
                    parts.append(part)
        except (expat.ExpatError, OSError, ValueError) as wrong:
            raise FileUnreadable(
                f"{file.name} is no whole XES log: {wrong}.", hint="Export or fetch it again."
            ) from wrong
        if not parts:
            raise FileUnreadable(f"{file.name} holds no events.")
        _check_keys(file, header)
        # A part may lack columns that a later one has; the order of the list is the file's.
        files = ", ".join(quoted(str(part)) for part in parts)
        names = ", ".join(name_of(key) for key in header)
        rows = f"(SELECT {names} FROM read_parquet([{files}], union_by_name = true))"
        return Opened(tuple(header), rows)


def _check_keys(file: Path, header: dict[str, None]) -> None:
    if "" in header or "case:" in header:
        raise FileUnreadable(f"{file.name} holds an attribute without a key.")
    seen: dict[str, str] = {}
    for key in header:
        if key.lower() in seen:
            raise FileUnreadable(
                f"{file.name} holds the keys {seen[key.lower()]!r} and {key!r}, "
                "which differ in nothing but case.",
                hint="Rename one of them.",
            )
        seen[key.lower()] = key


class _Unfolding:
    """Collects events while the parser walks; only the branch it is in is ever held."""

    def __init__(self) -> None:
        self.events: list[dict[str, str]] = []
        self._depth = 0
        self._trace: dict[str, str] = {}
        self._event: dict[str, str] | None = None
        self._index = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Meet an opening tag: log is at depth 1, trace at 2, event at 3, its attributes at 4."""
        self._depth += 1
        tag = tag.rpartition(":")[2]
        if tag in VALUES:
            if self._depth == 4 and self._event is not None:
                self._event[attributes.get("key", "")] = attributes.get("value", "")
            elif self._depth == 3 and self._index >= 0:
                self._trace["case:" + attributes.get("key", "")] = attributes.get("value", "")
        elif tag == "event" and self._depth == 3:
            self._index += 1
            self._event = {}
        elif self._depth == 2:
            self._trace, self._index = {}, 0 if tag == "trace" else -1

    def end(self, tag: str) -> None:
        """Meet a closing tag; an event is whole now, and takes on what its trace said."""
        self._depth -= 1
        if self._event is not None and self._depth == 2:
            self.events.append(self._trace | self._event | {INDEX: str(self._index)})
            self._event = None


def _refuse_doctype(*_: object) -> None:
    raise ValueError("it declares a document type, which no event log needs")


def _batches(stream: IO[bytes]) -> Iterator[list[dict[str, str]]]:
    unfolding = _Unfolding()
    parser = expat.ParserCreate()
    parser.StartElementHandler = unfolding.start
    parser.EndElementHandler = unfolding.end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    while block := stream.read(BLOCK):
        parser.Parse(block, False)
        if len(unfolding.events) >= EVENTS_AT_ONCE:
            yield unfolding.events
            unfolding.events = []
    parser.Parse(b"", True)
    if unfolding.events:
        yield unfolding.events
