"""The shapes in which process maps and variants answer.

Floor 5. Plain frozen data, like `answers.py`; `as_json` gives the published names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from opsgauge.log.calendars.definition import ALWAYS
from opsgauge.operations.answers import Provenance

MORE = "…"  # what a path ends in that is not shown whole


@dataclass(frozen=True)
class MapNode:
    """A step of the process map."""

    id: str
    count: int  # times entered
    tickets: int  # tickets that passed through it
    stays: int  # times it followed itself
    starts: int  # tickets that begin with it
    ends: int  # tickets whose last update it is
    median_seconds: float | None
    p90_seconds: float | None
    mean_seconds: float | None
    total_seconds: float  # of stays that have ended, as the three above
    running_seconds: float = 0.0  # of stays that last, up to the newest record, of open tickets


@dataclass(frozen=True)
class MapArc:
    """A way from one step to the next."""

    from_: str
    to: str
    count: int
    tickets: int
    median_seconds: float | None
    p90_seconds: float | None
    mean_seconds: float | None
    total_seconds: float


@dataclass(frozen=True)
class ProcessMap:
    """How tickets flow from step to step: directly-follows counts and times."""

    steps: str
    tickets: int
    nodes: tuple[MapNode, ...]  # most frequent first
    arcs: tuple[MapArc, ...]  # most frequent first, self-loops included
    provenance: Provenance
    suspect: tuple[str, ...] = ()  # as in `Measured`
    notes: tuple[str, ...] = ()  # values of filters that the records do not hold
    withheld: str = ""  # which teams are told together, and why
    calendar: str = ALWAYS  # whose open time counts

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        arcs = [{"from": arc.from_, **_plain(arc, skip="from_")} for arc in self.arcs]
        return {
            "steps": self.steps,
            "calendar": self.calendar,
            "tickets": self.tickets,
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "notes": [*self.notes, *([self.withheld] if self.withheld else [])],
            "nodes": [_plain(node) for node in self.nodes],
            "arcs": arcs,
        }


def _plain(part: MapNode | MapArc, skip: str = "") -> dict[str, Any]:
    return {name: value for name, value in vars(part).items() if name != skip}


@dataclass(frozen=True)
class Variant:
    """One path that tickets took."""

    path: tuple[str | None, ...]
    count: int
    share: float
    id: str = ""  # hash of the path


@dataclass(frozen=True)
class Variants:
    """The paths that tickets took, most frequent first, and how long cases last."""

    steps: str
    variants: int  # all there are, also those beyond the rows shown
    tickets: int
    case_seconds: Mapping[str, float | None]  # mean, median, p90 from first to last update
    rows: tuple[Variant, ...]
    provenance: Provenance
    suspect: tuple[str, ...] = ()  # as in `Measured`
    notes: tuple[str, ...] = ()  # values of filters that the records do not hold
    withheld: str = ""  # which teams are told together, and why

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "steps": self.steps,
            "variants": self.variants,
            "tickets": self.tickets,
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "notes": [*self.notes, *([self.withheld] if self.withheld else [])],
            "case_seconds": dict(self.case_seconds),
            "rows": [
                {"path": list(row.path), "count": row.count, "share": row.share, "id": row.id}
                for row in self.rows
            ],
        }


def shortened(walked: Variants, most: int) -> Variants:
    """Return the paths with only so many steps of each, for a page; a longer one ends in dots."""
    rows = tuple(
        row if len(row.path) <= most else replace(row, path=(*row.path[:most], MORE))
        for row in walked.rows
    )
    return replace(walked, rows=rows)
