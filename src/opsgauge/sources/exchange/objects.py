"""Logs of objects, and how they become JSON in the form of OCEL 2.0.

Floor 3. Objects with their attributes and ties to one another; events with their moment, their
attributes and the objects they are of. As an SQLite database: `objects_sqlite.py`.
Source: OCEL (Object-Centric Event Log) 2.0 Specification, 2024.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO

from opsgauge.sources.exchange.cases import Attributes, Value, text_of

FROM_THE_START = "1970-01-01T00:00:00Z"  # dates an attribute that holds all the time
KINDS = {bool: "boolean", int: "integer", float: "float", str: "string", datetime: "time"}


@dataclass(frozen=True)
class Tie:
    """What an object or an event points at, and as what."""

    to: str
    qualifier: str


@dataclass(frozen=True)
class Thing:
    """One object: its type, what is said of it, and the objects it is tied to."""

    id: str
    type: str
    attributes: Attributes
    ties: Sequence[Tie] = ()


@dataclass(frozen=True)
class Happening:
    """One event: its type, its moment, what is said of it, and the objects it is of."""

    id: str
    type: str
    at: datetime
    attributes: Attributes
    ties: Sequence[Tie] = ()


@dataclass
class Written:
    """How much was written; `types` are the attributes met, by type of object or event."""

    objects: int = 0
    events: int = 0
    ties: int = 0
    object_types: dict[str, dict[str, str]] = field(default_factory=dict)
    event_types: dict[str, dict[str, str]] = field(default_factory=dict)

    def meet_object(self, thing: Thing) -> None:
        """Count an object."""
        self.objects += 1
        self.ties += len(thing.ties)
        _note(self.object_types, thing.type, thing.attributes)

    def meet_event(self, happening: Happening) -> None:
        """Count an event."""
        self.events += 1
        self.ties += len(happening.ties)
        _note(self.event_types, happening.type, happening.attributes)


def _note(types: dict[str, dict[str, str]], name: str, attributes: Attributes) -> None:
    known = types.setdefault(name, {})
    for key, value in attributes.items():
        if value is not None and key not in known:
            known[key] = KINDS.get(type(value), "string")


def write_json(things: Iterable[Thing], happenings: Iterable[Happening], to: IO[bytes]) -> Written:
    """Write a log of objects as JSON, one object or event a line."""
    done = Written()
    to.write(b'{"objects": [')
    for thing in things:
        to.write(b",\n" if done.objects else b"\n")
        done.meet_object(thing)
        to.write(_line(_object(thing)))
    to.write(b'\n], "events": [')
    for happening in happenings:
        to.write(b",\n" if done.events else b"\n")
        done.meet_event(happening)
        to.write(_line(_event(happening)))
    to.write(b'\n], "objectTypes": ' + _line(_types(done.object_types)))
    to.write(b', "eventTypes": ' + _line(_types(done.event_types)) + b"}\n")
    return done


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _object(thing: Thing) -> dict[str, object]:
    told = [
        {"name": name, "time": FROM_THE_START, "value": _plain(value)}
        for name, value in thing.attributes.items()
        if value is not None
    ]
    return {
        "id": thing.id,
        "type": thing.type,
        "attributes": told,
        "relationships": _relationships(thing.ties),
    }


def _event(happening: Happening) -> dict[str, object]:
    told = [
        {"name": name, "value": _plain(value)}
        for name, value in happening.attributes.items()
        if value is not None
    ]
    return {
        "id": happening.id,
        "type": happening.type,
        "time": text_of(happening.at),
        "attributes": told,
        "relationships": _relationships(happening.ties),
    }


def _relationships(ties: Sequence[Tie]) -> list[dict[str, str]]:
    return [{"objectId": tie.to, "qualifier": tie.qualifier} for tie in ties]


def _plain(value: Value) -> str | int | float | bool:
    return text_of(value) if isinstance(value, datetime) else value


def _types(met: Mapping[str, Mapping[str, str]]) -> list[dict[str, object]]:
    return [
        {"name": name, "attributes": [{"name": each, "type": kind} for each, kind in told.items()]}
        for name, told in met.items()
    ]
