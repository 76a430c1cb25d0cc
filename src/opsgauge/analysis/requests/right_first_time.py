"""Right first time: orders that went through once and held.

Floor 4, analysis. A completed order was right first time unless

* rework: a step (a phase with its team) or a team was visited again after being left, before the
  first completion. A pause (any pending phase) is not leaving: back from it, work goes on;
* returned: it went back to the requester (pending_user);
* reopened: it was open again after being done;
* incident: its requester opened an incident about the same service or item within so many days of
  its completion. Who that is, is a key to join by and nothing else.

An order is judged once those days have passed. Source: Wilson, JASA 22 (1927) 209-212.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opsgauge.analysis.requests.fulfilment import grouped
from opsgauge.analysis.requests.orders import KEY, Numbers, Orders, Truths, whole_numbers
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.vocabulary import DONE_PHASES, PENDING_PHASES
from opsgauge.metrics.intervals import wilson
from opsgauge.warehouse.portable import micros

DAYS = 14
REASONS = ("rework", "returned", "reopened", "incident")
MICROS_PER_DAY = 24 * MICROS_PER_HOUR


def fault_rows(orders: ir.Table, history: ir.Table) -> ir.Table:
    """Return which completed orders were worked twice or sent back: source, ticket_id, why.

    Parameters
    ----------
    orders : as `orders.order_rows` gave them
    history : the rows of these orders, or of more
    """
    done = orders.filter(orders.done_us.notnull())
    rows = history.filter((history.practice == "request") & (history.seq > 0))
    rows = rows.semi_join(done, list(KEY))
    ends = rows.filter(rows.phase.isin(DONE_PHASES))
    first = ends.group_by(*KEY).aggregate(first_end=ends.seq.min())
    known = rows.left_join(first, list(KEY))
    before = known.filter(known.first_end.isnull() | (known.seq < known.first_end))
    before = before.select(*rows.columns)
    working = before.filter(~before.phase.isin(PENDING_PHASES) & before.phase.notnull())
    stepped = working.select(*KEY, "seq", "phase", team=working.team.fill_null(""))
    named = before.filter(before.team.notnull())
    held = named.select(*KEY, "seq", "team", phase=ibis.literal("", "string"))
    back = rows.filter(rows.phase == "pending_user").select(*KEY).distinct()
    again = ibis.union(_again(stepped), _again(held)).distinct()
    return ibis.union(
        again.mutate(why=ibis.literal("rework", "string")),
        back.mutate(why=ibis.literal("returned", "string")),
    )


def _again(steps: ir.Table) -> ir.Table:
    """Return the orders that visit a step again after having left it."""
    order = ibis.window(group_by=KEY, order_by="seq")
    rows = steps.mutate(
        old_phase=steps.phase.lag().over(order), old_team=steps.team.lag().over(order)
    )
    new = (rows.phase != rows.old_phase) | (rows.team != rows.old_team) | rows.old_team.isnull()
    visits = rows.filter(new)
    counted = visits.group_by(*KEY, "phase", "team").aggregate(times=visits.count())
    return counted.filter(counted.times > 1).select(*KEY).distinct()


def incident_rows(
    orders: ir.Table, tickets: ir.Table, items: ir.Table, days: int = DAYS
) -> ir.Table:
    """Return orders after which their requester opened an incident, with source and number of it.

    Parameters
    ----------
    orders : as `orders.order_rows` gave them
    tickets : of all practices
    items : the catalogue's, which say the service of an order that does not say it itself
    days : how long after the completion; at its moment counts, when they are over no more
    """
    asked = tickets.select(*KEY, "requester")
    done = orders.filter(orders.done_us.notnull()).join(asked, list(KEY))
    offer = items.select("source", item=items.catalogue_item, offered_for=items.service)
    done = done.left_join(offer, ["source", "item"]).select(
        *KEY, "requester", "item", "done_us", "service", "offered_for"
    )
    done = done.mutate(about=ibis.coalesce(done.service, done.offered_for))
    incidents = tickets.filter((tickets.practice == "incident") & tickets.requester.notnull())
    came = incidents.select(
        "requester",
        incident=incidents.ticket_id,
        incident_source=incidents.source,
        of_service=incidents.service,
        of_item=incidents.catalogue_item,
        at_us=micros(incidents.opened_at),
    )
    met = done.join(came, ["requester"])
    after = (met.at_us >= met.done_us) & (met.at_us < met.done_us + days * MICROS_PER_DAY)
    same = (met.about == met.of_service).fill_null(False) | (met.item == met.of_item).fill_null(
        False
    )
    return met.filter(after & same).select(*KEY, "incident", "incident_source").distinct()


@dataclass(frozen=True, eq=False)
class Judged:
    """Of each order, whether it is judged, and what went wrong; shapes (n,)."""

    ripe: Truths
    faults: Mapping[str, Truths]

    @property
    def right(self) -> Truths:
        """Judged, and nothing went wrong."""
        wrong = np.zeros(len(self.ripe), dtype=np.bool_)
        for each in self.faults.values():
            wrong |= each
        return np.asarray(self.ripe & ~wrong)


def judged(
    orders: Orders, faults: pa.Table, incidents: pa.Table, known_until_us: int, days: int = DAYS
) -> Judged:
    """Judge completed orders.

    Parameters
    ----------
    faults, incidents : as `fault_rows` and `incident_rows` gave them
    known_until_us : the latest recorded update; an order done later than `days` before is not ripe
    """
    done = whole_numbers(orders.rows["done_us"].fill_null(0))
    ripe = orders.completed & (done + days * MICROS_PER_DAY <= known_until_us)
    found = {
        why: orders.marked(faults.filter(pc.equal(faults["why"], why)))
        for why in ("rework", "returned")
    }
    found["reopened"] = whole_numbers(orders.rows["reopened"]) > 0
    found["incident"] = orders.marked(incidents)
    return Judged(np.asarray(ripe), {why: np.asarray(found[why] & ripe) for why in REASONS})


@dataclass(frozen=True)
class FirstTime:
    """How many orders were right first time.

    Attributes
    ----------
    failed : by reason, orders; one order may have failed for several
    low, high : where the true share lies, 95 %
    """

    name: str | None
    n: int
    right: int
    low: float | None
    high: float | None
    failed: Mapping[str, int]

    @property
    def share(self) -> float | None:
        """The share that was right first time; None without orders."""
        return self.right / self.n if self.n else None

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "failed": dict(self.failed), "share": self.share}


def right_first_time(orders: Orders, verdict: Judged) -> FirstTime:
    """Return the share of all judged orders that were right first time."""
    return _first_time(None, verdict, np.flatnonzero(verdict.ripe))


def right_by(orders: Orders, verdict: Judged, by: str) -> list[FirstTime]:
    """Return the same by one of `fulfilment.GROUPS`, the most orders first."""
    lines = [_first_time(name, verdict, at) for name, at in grouped(orders, by, verdict.ripe)]
    return sorted(lines, key=lambda line: (-line.n, line.name is None, line.name or ""))


def _first_time(name: str | None, verdict: Judged, at: Numbers) -> FirstTime:
    right = int(verdict.right[at].sum())
    low, high = wilson(right, len(at))
    failed = {why: int(each[at].sum()) for why, each in verdict.faults.items()}
    return FirstTime(name, len(at), right, low, high, failed)
