"""A service level beside the source's own flag, ticket by ticket.

Floor 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir

from opsgauge.log.service_levels.flags import KEY
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.operations.answers import Provenance
from opsgauge.operations.clocked import clocks_shown
from opsgauge.operations.context import Context
from opsgauge.operations.service_levels import (
    CLOCK,
    NO_CHOICE,
    OPEN,
    Clocks,
    clocks_chosen,
    decided_between,
)
from opsgauge.warehouse.portable import ones

EXAMPLES = 5


@dataclass(frozen=True)
class Beside:
    """A service level beside the source's own flag: both, one or neither say it was kept.

    `lasting` of the tickets that the source calls kept have a clock that runs on and has broken
    since: a flag is as old as the ticket's last update.
    """

    level: ServiceLevel
    counts: Mapping[str, int]
    lasting: int
    examples: Mapping[str, tuple[str, ...]]
    provenance: Provenance

    @property
    def n(self) -> int:
        """Tickets of which both say something."""
        return sum(self.counts.values())

    @property
    def agreeing(self) -> float | None:
        """The share on which both say the same."""
        same = self.counts["both kept"] + self.counts["both broken"]
        return same / self.n if self.n else None

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "service_level": self.level.name,
            "data_version": self.provenance.data_version,
            "n": self.n,
            "agreeing": self.agreeing,
            "counts": dict(self.counts),
            "still_running": self.lasting,
            "examples": {name: list(found) for name, found in self.examples.items()},
        }


BESIDE = {
    (True, True): "both kept",
    (False, False): "both broken",
    (True, False): "kept by the clock, broken by the source",
    (False, True): "broken by the clock, kept by the source",
}


def beside_source(ctx: Context, name: str, chosen: Clocks = NO_CHOICE) -> Beside:
    """Hold a service level against the source's own flag, ticket by ticket.

    Needs `ticket:read`. Of a ticket with several clocks of it, the newest counts.
    """
    ctx.require("ticket:read")
    ctx = ctx.holding()
    level = clocks_shown(ctx).levels.get(name)
    key = ("flag", ctx.scope, name, chosen)
    return ctx.opened().once(key, lambda: _beside(ctx, level, chosen))


def flagged(ctx: Context, name: str, chosen: Clocks) -> ir.Table:
    """Return the newest clocks decided, with the flag of their ticket where it has one.

    Returns
    -------
    key, cycle, kept, state, sla_met
    """
    rows = clocks_chosen(ctx, chosen)
    rows = rows.filter((rows.clock == name) & rows.newest & decided_between(ctx, chosen)(rows))
    flags = ctx.tables.tickets.select(*KEY, "sla_met")
    return rows.select(*CLOCK, "kept", "state").inner_join(
        flags.filter(flags.sla_met.notnull()), KEY
    )


def _beside(ctx: Context, level: ServiceLevel, chosen: Clocks) -> Beside:
    both = flagged(ctx, level.name, chosen)
    counted = both.group_by("kept", "sla_met").aggregate(
        n=both.count(), lasting=ones(both.state.isin(OPEN)).sum()
    )
    found = ctx.opened().engine.run(counted).to_pylist()
    differing = both.filter(both.kept != both.sla_met).order_by("ticket_id").limit(200)
    rows_of = ctx.opened().engine.run(differing).to_pylist()
    counts = {(row["kept"], row["sla_met"]): row for row in found}
    return Beside(
        level,
        {words: int(counts.get(pair, {}).get("n", 0)) for pair, words in BESIDE.items()},
        int(counts.get((False, True), {}).get("lasting", 0)),
        {
            words: tuple(
                row["ticket_id"] for row in rows_of if (row["kept"], row["sla_met"]) == pair
            )[:EXAMPLES]
            for pair, words in BESIDE.items()
            if pair[0] != pair[1]
        },
        ctx.provenance(),
    )
