"""Pauses of clocks, by team, and the teams that pause them just before they break.

Floor 5.
"""

from dataclasses import dataclass
from typing import Any

from opsgauge.analysis.promises.pauses import Crowd, Pauses, crowds, odd_pauses, pause_rows, pauses
from opsgauge.foundation.finding import Evidence, Finding
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.operations.answers import Provenance
from opsgauge.operations.clocked import Clocked, once_for_level
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
    return once_for_level(ctx, name, "pauses", _asked)


def _asked(ctx: Context, clocked: Clocked, level: ServiceLevel) -> Paused:
    engine, provenance = ctx.opened().engine, ctx.provenance()
    teams = pauses(engine.run(pause_rows(level, clocked.followed)))
    each = engine.run(pause_rows(level, clocked.followed, ("team", "assignee")))
    evidence = Evidence(f"Pauses of the clocks of {level.name} by team", provenance.data_version)
    found = tuple(odd_pauses(level, teams, evidence))
    return Paused(level, tuple(teams), tuple(crowds(each)), found, provenance)
