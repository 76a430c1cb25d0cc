"""Pauses of clocks, by team, and the teams that pause them just before they break.

Floor 5.
"""

from dataclasses import dataclass
from typing import Any

from opsgauge.analysis.promises.pauses import Crowd, Pauses, crowds, odd_pauses, pause_rows, pauses
from opsgauge.foundation.finding import Evidence, Finding
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.operations.answers import Provenance
from opsgauge.operations.clocked import clocks_shown
from opsgauge.operations.context import Context
from opsgauge.operations.found import published_finding


@dataclass(frozen=True)
class Paused:
    """The pauses of a service level's clocks."""

    level: ServiceLevel
    teams: tuple[Pauses, ...]
    agents: tuple[Crowd, ...]  # of teams that are large enough not to point at anybody
    findings: tuple[Finding, ...]
    provenance: Provenance

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "service_level": self.level.name,
            "data_version": self.provenance.data_version,
            "teams": [
                {
                    "team": each.team,
                    "pauses": each.pauses,
                    "late": each.late,
                    "late_share": each.late_share,
                    "short": each.short,
                    "short_share": each.short_share,
                }
                for each in self.teams
            ],
            "agents": [dict(vars(each)) for each in self.agents],
            "findings": [published_finding(each) for each in self.findings],
        }


def paused(ctx: Context, name: str) -> Paused:
    """Return the pauses of a service level's clocks by team, and what stands out among them.

    Needs `finding:read`.

    Raises
    ------
    UnknownServiceLevel : there is none of that name
    """
    ctx.require("finding:read")
    ctx = ctx.holding()
    clocked = clocks_shown(ctx)
    level = clocked.levels.get(name)
    opened, provenance = ctx.opened(), ctx.provenance()

    def ask() -> Paused:
        teams = pauses(opened.engine.run(pause_rows(level, clocked.followed)))
        each = opened.engine.run(pause_rows(level, clocked.followed, ("team", "assignee")))
        people = tuple(crowds(each))
        evidence = Evidence(f"Pauses of the clocks of {name} by team", provenance.data_version)
        found = tuple(odd_pauses(level, teams, evidence))
        return Paused(level, tuple(teams), people, found, provenance)

    return opened.once(("pauses", name), ask)
