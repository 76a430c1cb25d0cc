"""Logs of objects in the form of OCEL 2.0, as JSON.

Floor 3. Event by event and object by object: of a file of any size, one is held. A file that does
not hold together is refused whole.
Source: OCEL (Object-Centric Event Log) 2.0 Specification, 2024.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.connector import Opened
from opsgauge.sources.tools.files.encoding import look_through
from opsgauge.sources.tools.files.json_document import NotThisForm, Text, elements, members
from opsgauge.sources.tools.files.json_values import as_text
from opsgauge.sources.tools.files.looks import JSON, look_at
from opsgauge.sources.tools.files.object_parts import ObjectParts
from opsgauge.sources.tools.files.object_rows import HINT, rows_of

LOOKED_AT = 65_536  # bytes at either end of a .json, for the types that only such a log declares
DECLARED = re.compile(rb'"(?:object|event)Types"\s*:\s*\[')
Taker = Callable[[dict[str, Any], str, ObjectParts], None]


def declares_objects(file: Path) -> bool:
    """Say whether a `.json` is a log of objects: it declares types of objects or events."""
    with file.open("rb") as stream:
        start = stream.read(LOOKED_AT)
        stream.seek(max(file.stat().st_size - LOOKED_AT, 0))
        return bool(DECLARED.search(start) or DECLARED.search(stream.read(LOOKED_AT)))


class ObjectJsonReader:
    """Reads `.jsonocel`, and a `.json` that declares types of objects or events."""

    text = True

    def reads(self, name: str, start: bytes) -> bool:
        """Say whether the name is one of a log of objects in JSON."""
        return name.lower().removesuffix(".gz").endswith(".jsonocel")

    def open(self, connection: duckdb.DuckDBPyConnection, file: Path, work: Path) -> Opened:
        """Make rows of the log in `work`."""
        look = look_at(file)
        if look != JSON:
            raise FileUnreadable(f"{file.name} is no JSON: it looks like {look.noun}.", look.hint)
        if look_through(file).damaged:
            raise FileUnreadable(f"{file.name} holds bytes that are no UTF-8 text.", hint=HINT)
        parts = ObjectParts(work)
        try:
            with file.open("rb") as stream:
                _take_document(Text(stream), parts)
        except (NotThisForm, RecursionError) as wrong:
            raise FileUnreadable(
                f"{file.name} is no whole log of objects: {wrong}.", hint=HINT
            ) from wrong
        return rows_of(connection, parts, file, work)


def _take_document(text: Text, parts: ObjectParts) -> None:
    takers: dict[str, Taker] = {"events": _take_event, "objects": _take_object}
    seen = set()
    if text.next() != "{":
        raise NotThisForm("it must be one object with 'events' and 'objects'")
    for name in members(text):
        if name not in takers:
            text.value()
        elif name in seen:
            raise NotThisForm(f"it has {name!r} twice")
        else:
            seen.add(name)
            _take_elements(text, name[:-1], takers[name], parts)
    missing = [name for name in takers if name not in seen]
    if missing:
        raise NotThisForm(f"it lacks {' and '.join(map(repr, missing))}")
    if text.next():
        raise NotThisForm(f"more follows after its end, on line {text.line:,}")


def _take_elements(text: Text, noun: str, take: Taker, parts: ObjectParts) -> None:
    for place, element in enumerate(elements(text), start=1):
        where = f"{noun} {place:,}"
        try:
            take(_record(element, where), where, parts)
        except NotThisForm as wrong:  # lines are counted only here, since that takes time
            raise NotThisForm(f"{wrong}; it ends on line {text.line:,}") from wrong


def _record(element: Any, where: str) -> dict[str, Any]:
    if not isinstance(element, dict):
        raise NotThisForm(f"{where} is no object with fields")
    return element


def _take_event(event: dict[str, Any], where: str, parts: ObjectParts) -> None:
    id_ = _needed(event, "id", where)
    where = f"{where} ({id_[:60]!r})"
    parts.add("events", id_, _needed(event, "type", where))
    parts.add("event_moments", id_, _needed(event, "time", where))
    for value in _listed(event, "attributes", where):
        parts.add("event_values", id_, _needed(value, "name", where), _value(value.get("value")))
    for tie in _listed(event, "relationships", where):
        qualifier = _value(tie.get("qualifier")) or ""
        parts.add("event_ties", id_, _needed(tie, "objectId", where), qualifier)


def _take_object(thing: dict[str, Any], where: str, parts: ObjectParts) -> None:
    id_ = _needed(thing, "id", where)
    where = f"{where} ({id_[:60]!r})"
    parts.add("objects", id_, _needed(thing, "type", where))
    for value in _listed(thing, "attributes", where):
        name, time = _needed(value, "name", where), _value(value.get("time"))
        parts.add("object_values", id_, name, _value(value.get("value")), time)
    for tie in _listed(thing, "relationships", where):
        qualifier = _value(tie.get("qualifier")) or ""
        parts.add("object_ties", id_, _needed(tie, "objectId", where), qualifier)


def _needed(record: dict[str, Any], name: str, where: str) -> str:
    value = record.get(name)
    if value is None:
        raise NotThisForm(f"{where} has no {name!r}")
    if not isinstance(value, str) or not value.strip():
        raise NotThisForm(f"{where}: {name!r} is {as_text(value)[:60]}, where a text should be")
    return str(value)


def _listed(record: dict[str, Any], name: str, where: str) -> Iterator[dict[str, Any]]:
    values = record.get(name)
    if values is None:
        return
    if not isinstance(values, list) or not all(isinstance(each, dict) for each in values):
        raise NotThisForm(f"{where}: {name!r} is no list of objects with fields")
    yield from values


def _value(value: Any) -> str | None:
    return str(value) if value is None or isinstance(value, str) else as_text(value)
