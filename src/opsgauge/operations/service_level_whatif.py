"""What would be: the clocks under another definition.

Floor 5. Nothing here touches the table `clocks`: another definition's clocks are worked out beside
it from the same history, for every ticket there ever was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.errors import ServiceLevelWrong, did_you_mean
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.related import CLOCKS
from opsgauge.log.service_levels.compiled import lacking
from opsgauge.log.service_levels.flags import KEY
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.log.service_levels.reading import parse_service_levels
from opsgauge.log.service_levels.table import clock_rows
from opsgauge.operations.answers import Provenance
from opsgauge.operations.clocked import clocks_shown
from opsgauge.operations.context import Context
from opsgauge.warehouse.portable import summed

LARGEST_FILE = 1_000_000  # letters
EXAMPLES, MOST_EXAMPLES = 5, 500
OUTCOMES: Mapping[tuple[bool | None, bool | None], str] = {
    (True, True): "kept either way",
    (False, False): "broken either way",
    (True, False): "kept now, broken then",
    (False, True): "broken now, kept then",
}
OTHERWISE = "decided under one of them alone"


@dataclass(frozen=True)
class WhatIf:
    """A service level under another definition: how many tickets change sides.

    Attributes
    ----------
    counts : tickets by what becomes of them, see `OUTCOMES`
    examples : some tickets of those that change sides
    hours_now, hours_then : open hours used by the newest clocks of the tickets
    """

    now: ServiceLevel
    then: ServiceLevel
    counts: Mapping[str, int]
    examples: Mapping[str, tuple[str, ...]]
    hours_now: float
    hours_then: float
    provenance: Provenance

    @property
    def flips(self) -> int:
        """Tickets that are kept under one definition and broken under the other."""
        return self.counts[OUTCOMES[True, False]] + self.counts[OUTCOMES[False, True]]

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "service_level": self.now.name,
            "data_version": self.provenance.data_version,
            "n": sum(self.counts.values()),
            "flips": self.flips,
            "counts": dict(self.counts),
            "examples": {name: list(found) for name, found in self.examples.items()},
            "used_hours_now": self.hours_now,
            "used_hours_then": self.hours_then,
        }


def read_other(file: Path, name: str) -> ServiceLevel:
    """Read another definition of a service level from a file.

    Raises
    ------
    ServiceLevelWrong : it cannot be read, does not fit, or does not define that service level
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise ServiceLevelWrong(f"{file} cannot be read: {fault}") from fault
    return other_definition(text, str(file), name)


def other_definition(text: str, where: str, name: str) -> ServiceLevel:
    """Return the definition that a text gives a service level.

    Raises
    ------
    ServiceLevelWrong : it does not fit, or does not define that service level
    """
    if len(text) > LARGEST_FILE:
        raise ServiceLevelWrong(f"{where} is too long for service levels: {len(text):,} letters.")
    found = parse_service_levels(text, where)
    if name not in found:
        raise ServiceLevelWrong(
            f"{where} does not define {name!r}.", hint=did_you_mean(name, found)
        )
    return found[name]


def whatif(ctx: Context, name: str, other: ServiceLevel) -> WhatIf:
    """Compare the clocks of a service level with those under another definition.

    Needs `metric:read`. Of a ticket with several clocks the newest counts; one whose clock is
    decided under one definition alone stands by itself.

    Raises
    ------
    UnknownServiceLevel : there is none of that name
    ServiceLevelWrong : the other definition counts by a calendar that is not there
    """
    ctx.require("metric:read")
    ctx = ctx.holding()
    clocked = clocks_shown(ctx)
    now, followed = clocked.levels.get(name), clocked.followed
    missing = lacking(other, followed.compiled)
    if missing:
        raise ServiceLevelWrong(
            f"There is no calendar {missing[0]!r}.",
            hint=did_you_mean(missing[0], followed.compiled.numbers),
        )
    both = _both(ctx, clock_rows(other, followed), now)
    engine = ctx.opened().engine
    counted = both.group_by("now", "then").aggregate(
        n=both.count(), used_now=summed(both.used_now.sum()), used_then=summed(both.used_then.sum())
    )
    found = engine.run(counted).to_pylist()
    counts = dict.fromkeys((*OUTCOMES.values(), OTHERWISE), 0)
    for row in found:
        if row["now"] is not None or row["then"] is not None:
            counts[OUTCOMES.get((row["now"], row["then"]), OTHERWISE)] += int(row["n"])
    flipped = both.filter(both.now != both.then).order_by("ticket_id").limit(MOST_EXAMPLES)
    rows = engine.run(flipped.select("ticket_id", "now", "then")).to_pylist()
    return WhatIf(
        now,
        other,
        counts,
        {
            words: tuple(r["ticket_id"] for r in rows if (r["now"], r["then"]) == pair)[:EXAMPLES]
            for pair, words in OUTCOMES.items()
            if pair[0] != pair[1]
        },
        sum(int(row["used_now"] or 0) for row in found) / MICROS_PER_HOUR,
        sum(int(row["used_then"] or 0) for row in found) / MICROS_PER_HOUR,
        ctx.provenance(),
    )


def _both(ctx: Context, others: ir.Table, now: ServiceLevel) -> ir.Table:
    """Return the newest clock of each ticket under both definitions."""
    own = ctx.tables.related[CLOCKS.name]
    own = own.filter((own.clock == now.name) & own.newest)
    seen = ctx.tables.tickets.select(*KEY)
    then = others.filter(others.newest).semi_join(seen, KEY)
    then = then.select(*KEY, then=then.kept, used_then=then.used_us)
    own = own.select(*KEY, now=own.kept, used_now=own.used_us)
    return own.outer_join(then, KEY).select(
        ticket_id=ibis.coalesce(own.ticket_id, then.ticket_id),
        now="now",
        then="then",
        used_now="used_now",
        used_then="used_then",
    )
