"""What tickets of each path kept agents busy with: the contacts tied to them, by team.

Floor 4, analysis. Talking holds the time on hold already; work after a contact is added. This is
the only time that records say somebody worked: how long a ticket is in a phase is no such time. A
contact is tied to one ticket at most (`log.contact_tying`), so the hours of all paths are those of
all contacts that belong to a ticket with a path.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.warehouse.portable import millionths, summed

KEY = ("source", "ticket_id")
CONTACT = ("source", "contact_id")


@dataclass(frozen=True)
class Handled:
    """Contacts of one path: how many have a length, and the hours of each team that answered."""

    contacts: int = 0
    by_team: Mapping[str | None, float] = field(default_factory=dict)

    @property
    def hours(self) -> float:
        """Hours of all teams together."""
        return sum(self.by_team.values())


def handled_rows(outcomes: ir.Table, contacts: ir.Table, tied: ir.Table) -> ir.Table:
    """Return variant, team, contacts and handled_us, of contacts with a length.

    Parameters
    ----------
    outcomes : tickets with their `variant`
    tied : which contact belongs to which ticket
    """
    seconds = contacts.talk_seconds + contacts.wrap_seconds.fill_null(0.0)
    timed = contacts.select(*CONTACT, "team", handled_us=millionths(seconds))
    timed = timed.filter(timed.handled_us >= 0)
    ties = tied.select(*CONTACT, "ticket_id")
    of_ticket = timed.inner_join(ties, list(CONTACT))
    met = of_ticket.inner_join(outcomes.select(*KEY, "variant"), list(KEY))
    return met.group_by("variant", "team").aggregate(
        contacts=met.count(), handled_us=summed(met.handled_us.sum())
    )


def handled(rows: pa.Table) -> dict[str, Handled]:
    """Return what `handled_rows` gave, by the hash of the path."""
    found: dict[str, Handled] = {}
    for row in rows.to_pylist():
        before = found.get(row["variant"], Handled())
        hours = int(row["handled_us"]) / MICROS_PER_HOUR
        found[row["variant"]] = Handled(
            before.contacts + int(row["contacts"]), {**before.by_team, row["team"]: hours}
        )
    return found
