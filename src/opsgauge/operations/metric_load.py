"""How many metrics each owner and team is asked to answer for, and who has too many.

Floor 5. Somebody answers for the metrics that the register gives them, as owner or accountable, and
as owner of a process for those of its watched metrics that nobody else owns; a team for those that
have a target or a response protocol for it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from opsgauge.foundation.errors import WorkspaceMissing
from opsgauge.foundation.settings import SETTINGS_FILE
from opsgauge.governance import owners as register
from opsgauge.governance.owners import OWNER
from opsgauge.governance.protocols import protocols
from opsgauge.governance.targets import targets
from opsgauge.operations.context import Context
from opsgauge.operations.protocols import process_of
from opsgauge.operations.reached import sees
from opsgauge.operations.watched import watched_names

TEAM = "team"
PERSON = "owner"
ANSWERING = (OWNER, "accountable")


@dataclass(frozen=True)
class Load:
    """What one owner or team is asked to answer for.

    `metrics` are names of the catalogue; `most` is how many are not too many.
    """

    kind: str  # "owner" or "team"
    who: str
    metrics: tuple[str, ...]
    most: int

    @property
    def too_many(self) -> bool:
        """Whether that is too many."""
        return len(self.metrics) > self.most

    def sentence(self) -> str:
        """Say it, with the reason where it is too many."""
        many = len(self.metrics)
        told = f"{self.who} answers for {many} metric{'s' if many != 1 else ''}"
        if not self.too_many:
            return f"{told}."
        return (
            f"{told}: more than {self.most} are not looked at one by one each week "
            f"(most_metrics in {SETTINGS_FILE})."
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            **vars(self),
            "metrics": list(self.metrics),
            "count": len(self.metrics),
            "too_many": self.too_many,
            "sentence": self.sentence(),
        }


def metric_load(ctx: Context) -> tuple[Load, ...]:
    """Return how much everybody is asked to answer for, the most first; needs `owner:read`."""
    ctx.require("owner:read")
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for kind, who, metric in (*_of_owners(ctx), *_of_teams(ctx)):
        found[kind, who].add(metric)
    most = ctx.workspace.settings.most_metrics
    loads = [
        Load(kind, who, tuple(sorted(metrics)), most) for (kind, who), metrics in found.items()
    ]
    return tuple(sorted(loads, key=lambda each: (-len(each.metrics), each.kind, each.who)))


def _of_owners(ctx: Context) -> Iterable[tuple[str, str, str]]:
    lines = register.owners(ctx.database)
    known = ctx.catalogue.metrics
    owned = set()
    for line in lines:
        if line.kind == "metric" and line.part in ANSWERING and line.subject in known:
            yield PERSON, line.person, line.subject
            owned |= {line.subject} if line.part == OWNER else set()
    watched = _watched(ctx)
    for line in lines:
        if line.kind == "process" and line.part == OWNER:
            theirs = [each for each in watched - owned if process_of(ctx, each) == line.subject]
            yield from ((PERSON, line.person, name) for name in theirs)


def _watched(ctx: Context) -> frozenset[str]:
    """Return what is watched; nothing where there are no records to watch."""
    try:
        ctx.opened()
    except WorkspaceMissing:
        return frozenset()
    return watched_names(ctx)


def _of_teams(ctx: Context) -> Iterable[tuple[str, str, str]]:
    agreed = [(each.metric, each.segment) for each in targets(ctx.database)]
    agreed += [(each.metric, each.segment) for each in protocols(ctx.database)]
    for metric, segment in agreed:
        if metric in ctx.catalogue.metrics and sees(ctx, segment):
            teams = [each.values for each in segment if each.column == TEAM]
            yield from ((TEAM, team, metric) for team in chain(*teams) if team)
