"""In which time zone the hours of a service level were read, and what said so.

Floor 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opsgauge.foundation.units import whole
from opsgauge.log.door import ATTRIBUTE_PREFIX
from opsgauge.log.service_levels.flags import KEY, zone_rows
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.operations.answers import Provenance
from opsgauge.operations.clocked import Clocked, once_for_level
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import plain

OWN = "calendar"  # the source where no column of the ticket had a zone


@dataclass(frozen=True)
class Zoned:
    """From where the zone came: the columns in their order, then the calendar's own.

    `tickets` counts a ticket for each source that gave it a zone on its way.
    """

    level: ServiceLevel
    own: Mapping[str, str]  # of each calendar it counts by, its own zone
    tickets: Mapping[str, int]
    provenance: Provenance

    def sentence(self) -> str:
        """Say it in words, the fallback included."""
        zones = list(dict.fromkeys(self.own.values()))
        own = "the calendars' own zones" if zones[1:] else "the calendar's own zone"
        fallback = f"{' and '.join(zones)}, {own}."
        if self.level.zones is None:
            return f"Hours are read in {fallback}"
        found = [
            f"{plain(source.removeprefix(ATTRIBUTE_PREFIX))} on {whole(count)} tickets"
            for source, count in self.tickets.items()
            if source != OWN
        ]
        rest = self.tickets.get(OWN, 0)
        return (
            f"Hours are read by the zone of {' and '.join(found) or 'nothing that was found'}; "
            f"where none is known, on {whole(rest)} tickets, in {fallback}"
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "service_level": self.level.name,
            "data_version": self.provenance.data_version,
            "by": list(self.level.zones.by) if self.level.zones else [],
            "own": dict(self.own),
            "tickets": dict(self.tickets),
            "sentence": self.sentence(),
        }


def zoned(ctx: Context, name: str) -> Zoned:
    """Say from where the time zone of a service level's hours came.

    Needs `metric:read`.

    Raises
    ------
    UnknownServiceLevel : there is none of that name
    """
    ctx.require("metric:read")
    return once_for_level(ctx, name, "zones", _asked)


def _asked(ctx: Context, clocked: Clocked, level: ServiceLevel) -> Zoned:
    seen = ctx.tables.tickets.select(*KEY) if ctx.scope.hides else None
    rows = ctx.opened().engine.run(zone_rows(level, clocked.followed, seen)).to_pylist()
    counts = {row["zone_by"] or OWN: int(row["tickets"]) for row in rows}
    order = (*(level.zones.by if level.zones else ()), OWN)
    own = {each: clocked.calendars.get(each).zone for each in level.calendar_names()}
    tickets = {source: counts[source] for source in order if source in counts}
    return Zoned(level, own, tickets, ctx.provenance())
