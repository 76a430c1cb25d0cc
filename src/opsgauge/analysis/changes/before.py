"""Changes before incidents: on the same item, on one that it needs, or on the same service.

Floor 4, analysis. What a change touches is looked up by name, whatever source the name is in: a
workspace is one organisation. Before is not because: how many incidents a change usually has near
it stands beside how many it had.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.vocabulary import CANCELLED_PHASES
from opsgauge.warehouse.portable import micros, ones

ITEM, NEEDED, SERVICE = "item", "needed", "service"
HOW = (ITEM, NEEDED, SERVICE)  # the closest first
STEPS = 3  # from an item to one that it needs, followed as far
RANK = 10  # more than STEPS, so that how and steps are one number to take the least of
PAST_US = 12 * 7 * 24 * MICROS_PER_HOUR  # what is usual is counted over as long before a change
OF_CHANGE = ("change_source", "change_id", "begun_us", "ended_us", "by_plan")
OF_TICKET = ("source", "ticket_id", "opened_us")


@dataclass(frozen=True)
class Usual:
    """How many incidents one change has near it, and how many are usual there.

    Attributes
    ----------
    near : opened from its beginning to the end of the window after it
    past : opened before it, within `past_us`
    near_us, past_us : how long both stretches are, as far as there are records of them
    """

    near: int
    past: int
    near_us: int
    past_us: int

    @property
    def usual(self) -> float | None:
        """How many are usual in a stretch as long; None where the records begin too late to say.

        Examples
        --------
        >>> Usual(near=5, past=8, near_us=3, past_us=12).usual
        2.0
        """
        known = self.near_us > 0 and self.past_us >= self.near_us
        return self.past * self.near_us / self.past_us if known else None


def incidents_about(tickets: ir.Table, items: ir.Table) -> ir.Table:
    """Return what incidents are about: source, ticket_id, opened_us, item, service.

    An incident that names no service has that of its item.

    Parameters
    ----------
    tickets : those asked about, of any practice; others than incidents are left out
    items : the table `configuration_items`
    """
    incidents = tickets.filter(tickets.practice == "incident")
    rows = incidents.select(
        "source",
        "ticket_id",
        opened_us=micros(incidents.opened_at),
        item=incidents.configuration_item,
        own_service=incidents.service,
    )
    return _with_service(rows, items)


def change_rows(changes: ir.Table, tickets: ir.Table, items: ir.Table) -> ir.Table:
    """Return the changes that were made: change_source, change_id, begun_us, ended_us, by_plan …

    A change without an actual moment is taken to have been made as planned (`by_plan`), unless its
    own ticket says that it was called off. One without any moment is left out.

    Returns
    -------
    change_source, change_id, begun_us, ended_us, by_plan, item, service
    """
    off = tickets.filter(tickets.phase.isin(CANCELLED_PHASES))
    called_off = off.select("source", change_id=off.ticket_id, called_off=ibis.literal(True))
    rows = changes.left_join(called_off, ["source", "change_id"])
    start, end = micros(rows.actual_start), micros(rows.actual_end)
    planned, planned_end = micros(rows.planned_start), micros(rows.planned_end)
    by_plan = start.isnull() & end.isnull()
    before_end = ibis.least(ibis.coalesce(planned, end), end)
    begun = ibis.cases((start.notnull(), start), (end.notnull(), before_end), else_=planned)
    made = rows.select(
        change_source=rows.source,
        change_id=rows.change_id,
        begun_us=begun,
        end_us=ibis.coalesce(end, planned_end, begun),
        by_plan=by_plan,
        item=rows.configuration_item,
        own_service=rows.service,
        called_off=by_plan & rows.called_off.fill_null(False),
    )
    made = made.filter(made.begun_us.notnull() & ~made.called_off)
    made = made.select(
        "change_source",
        "change_id",
        "begun_us",
        "by_plan",
        "item",
        "own_service",
        ended_us=ibis.greatest(made.begun_us, made.end_us),
    )
    return _with_service(made, items)


def _with_service(rows: ir.Table, items: ir.Table) -> ir.Table:
    """Add the service of the item where none is named."""
    known = items.group_by(of_item=items.configuration_item).aggregate(carries=items.service.min())
    joined = rows.left_join(known, rows.item == known.of_item).select(*rows.columns, "carries")
    kept = [name for name in rows.columns if name != "own_service"]
    return joined.select(*kept, service=ibis.coalesce(joined.own_service, joined.carries))


def touching(incidents: ir.Table, changes: ir.Table, dependencies: ir.Table) -> ir.Table:
    """Pair incidents with changes on what they are about, whenever either was.

    Parameters
    ----------
    incidents, changes : as `incidents_about` and `change_rows` give them, filtered as far as can be
    dependencies : the table `dependencies`

    Returns
    -------
    columns of `OF_TICKET` and `OF_CHANGE`, and `rank`: read it with `how_of`. Once for each pair.
    """
    parts = []
    for steps, reached in enumerate(_reached(changes, dependencies)):
        rank = steps if not steps else RANK + steps
        met = incidents.inner_join(reached, "item")
        parts.append(met.select(*OF_TICKET, *OF_CHANGE, rank=ibis.literal(rank, "int64")))
    met = incidents.inner_join(changes.select(*OF_CHANGE, "service"), "service")
    parts.append(met.select(*OF_TICKET, *OF_CHANGE, rank=ibis.literal(2 * RANK, "int64")))
    every = ibis.union(*parts)
    return every.group_by(*OF_TICKET, *OF_CHANGE).aggregate(rank=every["rank"].min())


def _reached(changes: ir.Table, dependencies: ir.Table) -> list[ir.Table]:
    """Return the changes with each item that stands on the one changed, after 0, 1, 2 … steps."""
    needs = dependencies.select(
        needing=dependencies.configuration_item, item=dependencies.needs
    ).distinct()
    found = [changes.select(*OF_CHANGE, "item")]
    for _ in range(STEPS):
        further = found[-1].inner_join(needs, "item")
        found.append(further.select(*OF_CHANGE, item=further.needing).distinct())
    return found


def how_of(rank: int) -> tuple[str, int]:
    """Return how a change touches an incident, and over how many steps of need.

    Examples
    --------
    >>> how_of(0), how_of(12), how_of(20)
    (('item', 0), ('needed', 2), ('service', 0))
    """
    return HOW[rank // RANK], rank % RANK


def made_before(changes: ir.Table, opened_us: int, window_us: int) -> ir.Table:
    """Return the changes begun before a moment and not over for longer than the window then."""
    return changes.filter(
        (changes.begun_us <= opened_us) & (changes.ended_us >= opened_us - window_us)
    )


def near_and_past(pairs: ir.Table, window_us: int) -> ir.Table:
    """Count the incidents near each change and before it: change_source, change_id, near, past."""
    near = (pairs.opened_us >= pairs.begun_us) & (pairs.opened_us <= pairs.ended_us + window_us)
    past = (pairs.opened_us < pairs.begun_us) & (pairs.opened_us >= pairs.begun_us - PAST_US)
    return pairs.group_by("change_source", "change_id").aggregate(
        near=ones(near).sum(), past=ones(past).sum()
    )
