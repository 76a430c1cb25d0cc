"""The answer to "what happened to this ticket?": its stretches, where its time went, what is tied.

Floor 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from opsgauge.operations.answers import Provenance, published


def aware(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with its naive instants marked as the UTC they are, and maps as dictionaries."""
    return {name: _marked(value) for name, value in row.items()}


def _marked(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    if isinstance(value, list):  # Arrow hands maps over as pairs
        return dict(value)
    return value


@dataclass(frozen=True)
class Beside:
    """One record of another tool about the ticket: an approval, a call, an answer …"""

    table: str
    record: Mapping[str, Any]  # columns of the table; moments carry their zone
    at: datetime | None  # the moment that dates it

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {"table": self.table, **{k: published(v) for k, v in self.record.items()}}


@dataclass(frozen=True)
class Interval:
    """One stretch of a ticket's history."""

    seq: int
    since: datetime
    until: datetime | None
    activity: str | None
    phase: str | None
    original_status: str | None
    team: str | None
    assignee: str | None
    priority: str | None
    category: str | None
    actor: str | None
    elapsed_us: int  # up to the watermark where it still lasts
    lasts: bool  # it has no end yet
    kind: str  # "wait" nobody named, "work" somebody named, "hold" paused, "done"


@dataclass(frozen=True)
class TimePart:
    """Part of a ticket's life: one kind of time with one team. Parts sum to the whole."""

    kind: str
    team: str | None
    phase: str | None
    us: int


@dataclass(frozen=True)
class TicketStory:
    """One ticket: as it stands, what happened, and where its time went."""

    ticket: Mapping[str, Any]
    intervals: tuple[Interval, ...]
    parts: tuple[TimePart, ...]
    links: tuple[Mapping[str, Any], ...]
    provenance: Provenance
    beside: tuple[Beside, ...] = ()  # what other tools recorded of it, the earliest first
    persons: str = "shown"  # or "hidden": then "somebody" stands for each

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.provenance.data_version,
            "persons": self.persons,
            "ticket": {k: published(v) for k, v in self.ticket.items()},
            "intervals": [{k: published(v) for k, v in vars(i).items()} for i in self.intervals],
            "parts": [vars(part) for part in self.parts],
            "links": [{k: published(v) for k, v in link.items()} for link in self.links],
            "beside": [each.as_json() for each in self.beside],
        }
