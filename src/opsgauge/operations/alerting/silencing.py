"""Silences of alerts: maintenance in which what fires is kept, listed and told only after it.

Floor 5. The register is `governance.silences`; a silence is shown where all records of its segment
are seen, and set by whoever may set alerts for all of these.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from opsgauge.foundation.errors import QueryWrong
from opsgauge.governance import silences as register
from opsgauge.governance.firings import SILENCED, Firing
from opsgauge.governance.moments import text_of
from opsgauge.governance.silences import SET, Silence
from opsgauge.operations.alerting.drafting import READ, rule_seen
from opsgauge.operations.alerting.scoring import firing_list
from opsgauge.operations.context import Context
from opsgauge.operations.meant import meant_of_tickets
from opsgauge.operations.reached import must_reach, sees


@dataclass(frozen=True)
class Silenced:
    """A silence, how it stands, and what fired in it and was not told."""

    silence: Silence
    state: str
    firings: tuple[Firing, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        firings = [
            {
                "number": each.number,
                "rule": each.rule,
                "made_at": each.made_at,
                "cleared_at": each.cleared_at,
                "what": each.told.get("what", ""),
            }
            for each in self.firings
        ]
        return {**self.silence.as_json(), "state": self.state, "firings": firings}


def add_silence(
    ctx: Context, wanted: Silence, from_: datetime | None, until: datetime | None
) -> Silence:
    """Silence a rule, some records or both for a time; needs `alert:set` for all they are of.

    Parameters
    ----------
    wanted : its rule, segment and reason
    from_ : when it begins; None: at once

    Raises
    ------
    UnknownRecord : there is no such rule
    UnknownColumn : it names what is not there
    QueryWrong : it has no end, ends before it begins or in the past, or has no reason
    """
    ctx.require(SET)
    if until is None:
        raise QueryWrong("A silence needs an end.", hint="Name the moment when it ends.")
    wanted = replace(wanted, segment=meant_of_tickets(ctx, wanted.segment))
    reach = wanted.segment
    if wanted.rule:
        reach = (*reach, *rule_seen(ctx, wanted.rule).segment)
    must_reach(ctx, SET, "silence alerts", reach)
    span = (from_ or ctx.clock(), until)
    return register.add_silence(ctx.database, ctx.clock, ctx.actor, wanted, span)


def end_silence(ctx: Context, number: int, why: str) -> Silence:
    """End a silence early; what still fires is told then. Needs `alert:set` as for setting it."""
    ctx.require(SET)
    must_reach(ctx, SET, "silence alerts", register.silence(ctx.database, number).segment)
    return register.end_silence(ctx.database, ctx.clock, ctx.actor, number, why)


def silence_list(ctx: Context) -> list[Silenced]:
    """Return every silence, the newest first, with what fired in it; needs `alert:read`."""
    ctx.require(READ)
    now, fired = text_of(ctx.clock()), firing_list(ctx)
    return [
        Silenced(
            each,
            each.state(now),
            tuple(one for one in fired if one.told.get(SILENCED) == each.number),
        )
        for each in register.silences(ctx.database)
        if sees(ctx, each.segment)
    ]
