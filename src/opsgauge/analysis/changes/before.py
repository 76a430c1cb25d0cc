"""Changes before incidents: on the same item, on one that it needs, or on the same service.

Floor 4, analysis. What a change touches is looked up by name, whatever source the name is in: a
workspace is one organisation. Before is not because: how many incidents a change usually has near
it stands beside how many it had. The tables are read once, and held as columns and as a graph of
what needs what; each question is then a walk over a few items and a look at moments.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.vocabulary import CANCELLED_PHASES
from opsgauge.warehouse.portable import micros

ITEM, NEEDED, SERVICE = "item", "needed", "service"
HOW = (ITEM, NEEDED, SERVICE)  # the closest first
STEPS = 3  # from an item to one that it needs, followed as far
PAST_US = 12 * 7 * 24 * MICROS_PER_HOUR  # what is usual is counted over as long before a change
NOTHING = -1  # the place of a name that nothing bears

Whole = npt.NDArray[np.int64]
Edges = Mapping[str, frozenset[str]]


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


def services_of(items: ir.Table) -> ir.Table:
    """Return the service that each item carries: item, carries."""
    return items.group_by(item=items.configuration_item).aggregate(carries=items.service.min())


def _with_service(rows: ir.Table, items: ir.Table) -> ir.Table:
    """Add the service of the item where none is named."""
    joined = rows.left_join(services_of(items), "item").select(*rows.columns, "carries")
    kept = [name for name in rows.columns if name != "own_service"]
    return joined.select(*kept, service=ibis.coalesce(joined.own_service, joined.carries))


@dataclass(frozen=True)
class Made:
    """The changes that were made, as columns."""

    keys: tuple[tuple[str, str], ...]  # source and number
    begun: Whole
    ended: Whole
    by_plan: tuple[bool, ...]
    item: tuple[str | None, ...]
    service: tuple[str | None, ...]


@dataclass(frozen=True)
class Incidents:
    """All incidents, as columns: when, and the places of what they are about among the names."""

    opened: Whole
    item: Whole
    service: Whole
    items: Mapping[str, int]
    services: Mapping[str, int]


@dataclass(frozen=True)
class Needs:
    """Which item needs which, both ways."""

    needed: Edges  # by an item
    needing: Edges  # an item


@dataclass(frozen=True)
class About:
    """One incident: when it was opened and what it is about."""

    opened_us: int
    item: str | None
    service: str | None


@dataclass(frozen=True)
class Tie:
    """A change that touches an incident: its place among those made, how, over how many steps."""

    at: int
    how: str
    steps: int = 0


def made_of(rows: pa.Table) -> Made:
    """Return what `change_rows` gave as columns."""
    told = rows.to_pydict()
    return Made(
        keys=tuple(zip(told["change_source"], told["change_id"], strict=True)),
        begun=np.array(told["begun_us"], np.int64),
        ended=np.array(told["ended_us"], np.int64),
        by_plan=tuple(told["by_plan"]),
        item=tuple(told["item"]),
        service=tuple(told["service"]),
    )


def incidents_of(rows: pa.Table) -> Incidents:
    """Return what `incidents_about` gave as columns."""
    item, items = _places(rows["item"])
    service, services = _places(rows["service"])
    return Incidents(
        np.array(rows["opened_us"].to_pylist(), np.int64), item, service, items, services
    )


def _places(names: pa.ChunkedArray) -> tuple[Whole, dict[str, int]]:
    coded = names.combine_chunks().dictionary_encode()
    places = np.array(coded.indices.fill_null(NOTHING).to_pylist(), np.int64)
    return places, {name: at for at, name in enumerate(coded.dictionary.to_pylist())}


def needs_of(rows: Iterable[Mapping[str, str | None]]) -> Needs:
    """Return the rows of `dependencies` as a graph."""
    needed: dict[str, set[str]] = {}
    needing: dict[str, set[str]] = {}
    for row in rows:
        one, other = row["configuration_item"], row["needs"]
        if one and other:
            needed.setdefault(one, set()).add(other)
            needing.setdefault(other, set()).add(one)
    return Needs(
        *({name: frozenset(there) for name, there in e.items()} for e in (needed, needing))
    )


def reached(item: str | None, edges: Edges) -> dict[str, int]:
    """Return the items that can be reached from one, itself included, with the fewest steps.

    Examples
    --------
    >>> reached("web", {"web": frozenset({"app"}), "app": frozenset({"web", "db"})})
    {'web': 0, 'app': 1, 'db': 2}
    """
    found = {item: 0} if item else {}
    last = list(found)
    for steps in range(1, STEPS + 1):
        further = sorted({each for name in last for each in edges.get(name, ())} - found.keys())
        found |= dict.fromkeys(further, steps)
        last = further
    return found


def before(about: About, made: Made, needs: Needs, window_us: int) -> list[Tie]:
    """Return the changes begun before an incident and not over for longer than the window then.

    Each is there once, by its closest tie; the closest first, then the latest.
    """
    there = (made.begun <= about.opened_us) & (made.ended >= about.opened_us - window_us)
    on = reached(about.item, needs.needed)
    ties = [_tie(int(at), about, on, made) for at in np.flatnonzero(there)]
    found = [each for each in ties if each is not None]
    return sorted(
        found,
        key=lambda tie: (HOW.index(tie.how), tie.steps, -made.ended[tie.at], made.keys[tie.at]),
    )


def _tie(at: int, about: About, on: Mapping[str, int], made: Made) -> Tie | None:
    item, service = made.item[at], made.service[at]
    if item is not None and item in on:
        return Tie(at, NEEDED if on[item] else ITEM, on[item])
    return Tie(at, SERVICE) if service and service == about.service else None


def near_and_past(
    at: int, made: Made, incidents: Incidents, needs: Needs, window_us: int
) -> tuple[int, int]:
    """Count the incidents on what a change touches: near it, and up to twelve weeks before it."""
    begun, ended = int(made.begun[at]), int(made.ended[at])
    on = [incidents.items.get(name, NOTHING) for name in reached(made.item[at], needs.needing)]
    service = incidents.services.get(made.service[at] or "", NOTHING)
    touched = np.isin(incidents.item, [each for each in on if each != NOTHING])
    if service != NOTHING:
        touched |= incidents.service == service
    opened = incidents.opened[touched]
    near = (opened >= begun) & (opened <= ended + window_us)
    past = (opened < begun) & (opened >= begun - PAST_US)
    return int(near.sum()), int(past.sum())
