"""Pauses of clocks, by team: late ones, short ones, and those without a word to the customer.

Floor 5.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import ibis.expr.types as ir

from opsgauge.analysis.promises.pause_rows import Pauses, message_rows, pause_rows, pauses
from opsgauge.analysis.promises.pauses import Crowd, crowds, odd_pauses
from opsgauge.foundation.finding import Evidence, Finding
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.operations.answers import Provenance
from opsgauge.operations.clocked import Clocked, once_for_level, with_calendars, with_clocks
from opsgauge.operations.context import Context
from opsgauge.operations.found import published_finding
from opsgauge.operations.meant import meant_of_tickets
from opsgauge.operations.service_levels import (
    CLOCK,
    NO_CHOICE,
    Clocks,
    clocks_chosen,
    decided_between,
)
from opsgauge.operations.small_teams import Together, told_together


@dataclass(frozen=True)
class Paused:
    """The pauses of a service level's clocks.

    `untold` says why nothing is told of messages to customers; it is empty where something is.
    """

    level: ServiceLevel
    teams: tuple[Pauses, ...]
    agents: tuple[Crowd, ...]  # of teams that are large enough not to point at anybody
    findings: tuple[Finding, ...]
    provenance: Provenance
    untold: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "service_level": self.level.name,
            "data_version": self.provenance.data_version,
            "messages_untold": self.untold or None,
            "teams": [
                {
                    "team": each.team,
                    "pauses": each.pauses,
                    "late": each.late,
                    "late_share": each.late_share,
                    "short": each.short,
                    "short_share": each.short_share,
                    "messages_known": each.judged,
                    "without_message": each.silent if each.judged else None,
                    "without_message_share": each.silent_share,
                }
                for each in self.teams
            ],
            "agents": [
                vars(each) | ({"silent_apart": None} if self.untold else {}) for each in self.agents
            ],
            "findings": [published_finding(each) for each in self.findings],
        }


def paused(ctx: Context, name: str, chosen: Clocks = NO_CHOICE) -> Paused:
    """Return the pauses of a service level's clocks by team, and what stands out among them.

    Needs `finding:read`. With dates, of the clocks that were decided in them, whenever they were
    paused.

    Raises
    ------
    UnknownServiceLevel : there is none of that name
    """
    ctx.require("finding:read")
    what = ("pauses", ctx.scope, chosen)
    ready = with_calendars if _of_all(ctx, chosen) else with_clocks
    return once_for_level(ctx, name, what, partial(_asked, chosen=chosen), ready)


def _asked(ctx: Context, clocked: Clocked, level: ServiceLevel, chosen: Clocks) -> Paused:
    engine, provenance = ctx.opened().engine, ctx.provenance()
    clocks = _clocks(ctx, level, chosen)
    each = engine.run(pause_rows(level, clocked.followed, ("team", "assignee"), clocks))
    together = told_together(ctx, meant_of_tickets(ctx, chosen.where))
    each = together.in_rows(each, "team")
    teams = pauses(each)
    untold = _untold(ctx, clocked, level)
    if untold:
        teams = [replace(team, judged=0, silent=0) for team in teams]
    asked = f"Pauses of the clocks of {level.name} by team{_which(chosen)}"
    evidence = Evidence(asked, provenance.data_version)
    # Of teams told together nothing is found: they are no team, and count among the others.
    unnamed = [replace(team, team=_found_as(team.team, together)) for team in teams]
    found = tuple(odd_pauses(level, unnamed, evidence))
    agents = tuple(crowd for crowd in crowds(each) if _found_as(crowd.team, together) is not None)
    return Paused(level, tuple(teams), agents, found, provenance, untold)


def _found_as(team: str | None, together: Together) -> str | None:
    return None if together.teams and team == together.label else team


def _which(chosen: Clocks) -> str:
    """Return in words which of the clocks are asked of."""
    days = [f" {word} {day}" for word, day in (("from", chosen.from_), ("to", chosen.to)) if day]
    parts = [f", where {each.sentence()}" for each in chosen.where]
    return "".join([*parts, *([f", decided{''.join(days)}"] if days else [])])


def _of_all(ctx: Context, chosen: Clocks) -> bool:
    return chosen == NO_CHOICE and not ctx.scope.hides


def _clocks(ctx: Context, level: ServiceLevel, chosen: Clocks) -> ir.Table | None:
    """Return key and cycle of the clocks whose pauses count; None for every clock there is."""
    if _of_all(ctx, chosen):
        return None
    rows = clocks_chosen(ctx, chosen)
    rows = rows.filter(rows.clock == level.name)
    if chosen.from_ or chosen.to:
        rows = rows.filter(decided_between(ctx, chosen)(rows))
    return rows.select(*CLOCK)


def _untold(ctx: Context, clocked: Clocked, level: ServiceLevel) -> str:
    """Say why nothing tells which pauses had no message; empty where the records do."""
    if not level.messages:
        return (
            "Which pauses had no message to the customer is not told: the service level does not "
            "say under 'messages' what such an update is called."
        )
    [counted] = ctx.opened().engine.run(message_rows(level, ctx.tables.history)).to_pylist()
    if counted["sent"]:
        return ""
    words = " or ".join(repr(word) for values in level.messages.values() for word in values)
    return (
        f"Which pauses had no message to the customer is not told: no update in the records is "
        f"called {words}, as 'messages' of the service level has it."
    )
