"""Approvals inside orders: how long each step takes, how often it says no, and where it never does.

Floor 4, analysis. An approval is unchanged where it was a yes, its step was asked once of that
order, and neither category, service nor priority of the order changed between asking and deciding.
A step that never said no in n decisions may still do so: with 95 % certainty its share of noes is
at most 1 - 0.05^(1/n), close to 3/n.

Sources: Clopper and Pearson, Biometrika 26 (1934) 404-413, one-sided, for noes out of none; Hanley
and Lippman-Hand, JAMA 249 (1983) 1743-1745, for the rule of three.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from scipy.special import betaincinv

from opsgauge.analysis.requests.orders import KEY, Orders, Parts, hours_at
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import MICROS_PER_HOUR, percent, whole
from opsgauge.metrics.intervals import wilson
from opsgauge.warehouse.portable import micros, ones

KIND, METHOD = "approval_free_candidate", "clopper_pearson_one_sided"
FEWEST_DECIDED = 30  # decisions, before a step is said never to say no
MOST_PRICE = 50.0  # up to here an item counts as cheap
CERTAINTY = 0.95
CHANGED = ("category", "service", "priority")
ARROW = " \u2192 "


def approval_rows(orders: ir.Table, history: ir.Table, approvals: ir.Table) -> ir.Table:
    """Return the approvals of orders, one row each.

    Parameters
    ----------
    orders : as `orders.order_rows` gave them

    Returns
    -------
    source, ticket_id, approval_id, step, approver_group, approved, asked_us, decided_us, changed (1
    where the order was changed between the two)
    """
    own = approvals.semi_join(orders, list(KEY))
    own = own.select(
        *KEY,
        "approval_id",
        "step",
        "approver_group",
        "approved",
        asked_us=micros(own.asked_at),
        decided_us=micros(own.decided_at),
    )
    met = own.join(_changes(history), list(KEY))
    met = met.filter((met.at_us > met.asked_us) & (met.at_us <= met.decided_us))
    touched = met.group_by("source", "approval_id").aggregate(times=met.count())
    known = own.left_join(touched, ["source", "approval_id"])
    return known.select(*own.columns, changed=ones(known.times > 0))


def _changes(history: ir.Table) -> ir.Table:
    """Return when category, service or priority of an order changed."""
    rows = history.filter(history.practice == "request")
    order = ibis.window(group_by=KEY, order_by="seq")
    before = rows.mutate(**{f"old_{name}": rows[name].lag().over(order) for name in CHANGED})
    differs = ibis.literal(False)
    for name in CHANGED:
        old, new = before[f"old_{name}"], before[name]
        differs = differs | (old.notnull() & new.notnull() & (old != new))
    return before.filter(differs).select(*KEY, at_us=micros(before.since))


def most_refused(refused: int, n: int) -> float:
    """Return the share of noes that the true share does not exceed, with 95 % certainty.

    Examples
    --------
    >>> round(most_refused(0, 212), 4), round(most_refused(2, 100), 4)
    (0.014, 0.0616)
    """
    return 1.0 if refused >= n else float(betaincinv(refused + 1, n - refused, CERTAINTY))


@dataclass(frozen=True)
class Approval:
    """One approval, as fetched; `place` is its order's among all orders."""

    place: int
    step: str
    group: str | None
    approved: bool | None
    asked_us: int | None
    decided_us: int | None
    unchanged: bool

    @property
    def decided(self) -> bool:
        """Whether there is an answer."""
        return self.approved is not None

    @property
    def waited_us(self) -> int | None:
        """From asking to deciding, never below zero; None where a moment is missing."""
        if self.asked_us is None or self.decided_us is None:
            return None
        return max(self.decided_us - self.asked_us, 0)


@dataclass(frozen=True)
class Decided:
    """How one step, chain or item's approvals decide.

    Attributes
    ----------
    asked, decided, refused, unchanged : approvals; of a chain or an item, orders
    most_refused : the share of noes that the true share does not exceed, 95 % sure
    median, p90 : hours from asking to deciding; None where no moment is written
    hours : all of them together
    """

    name: str
    group: str | None
    orders: int
    asked: int
    decided: int
    refused: int
    unchanged: int
    most_refused: float | None
    unchanged_low: float | None
    unchanged_high: float | None
    median: float | None
    p90: float | None
    hours: float

    @property
    def never_no(self) -> bool:
        """Whether so many decisions held no no that one may say so."""
        return self.refused == 0 and self.decided >= FEWEST_DECIDED

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "never_no": self.never_no}


def approvals_of(rows: pa.Table, orders: Orders) -> list[Approval]:
    """Return what `approval_rows` gave, in the order in which each order's were asked."""
    places = orders.places(rows)
    read = sorted(
        zip(places.tolist(), rows.to_pylist(), strict=True),
        key=lambda each: (each[0], each[1]["asked_us"] or 0, each[1]["approval_id"]),
    )
    asked = Counter((place, row["step"]) for place, row in read)
    return [
        Approval(
            place,
            row["step"] or "Approval",
            row["approver_group"],
            row["approved"],
            row["asked_us"],
            row["decided_us"],
            row["approved"] is True and not row["changed"] and asked[place, row["step"]] == 1,
        )
        for place, row in read
        if place >= 0
    ]


def by_step(approvals: Iterable[Approval]) -> list[Decided]:
    """Return how each step and group decides, the most hours first."""
    sets: dict[tuple[str, str | None], list[Approval]] = {}
    for each in approvals:
        sets.setdefault((each.step, each.group), []).append(each)
    return _ranked(_decided(step, group, found) for (step, group), found in sets.items())


def by_item(approvals: Iterable[Approval], orders: Orders) -> list[Decided]:
    """Return how orders of each item are decided, one order as one, the most hours first."""
    items = orders.named("item")
    sets: dict[str, list[Approval]] = {}
    for each in as_orders(approvals):
        item = items[each.place]
        if item is not None:
            sets.setdefault(item, []).append(each)
    return _ranked(_decided(item, None, found) for item, found in sets.items())


def by_chain(approvals: Iterable[Approval]) -> list[Decided]:
    """Return how each chain of steps decides, one order as one, the most hours first."""
    chains: dict[str, list[Approval]] = {}
    for place, steps in groupby(approvals, key=lambda each: each.place):
        taken = list(steps)
        name = ARROW.join(each.step for each in taken)
        chains.setdefault(name, []).append(_as_one(place, taken))
    return _ranked(_decided(name, None, found) for name, found in chains.items())


def as_orders(approvals: Iterable[Approval]) -> list[Approval]:
    """Return the approvals of each order as one: a no where any step says no.

    It waits from the first asking to the last answer, and is decided by a no or when all are.
    """
    by_order = groupby(approvals, key=lambda each: each.place)
    return [_as_one(place, list(steps)) for place, steps in by_order]


def _as_one(place: int, taken: Sequence[Approval]) -> Approval:
    answers = [each.approved for each in taken]
    verdict = False if False in answers else (None if None in answers else True)
    asked = [each.asked_us for each in taken if each.asked_us is not None]
    decided = [each.decided_us for each in taken if each.decided_us is not None]
    return Approval(
        place,
        taken[0].step,
        None,
        verdict,
        min(asked, default=None),
        max(decided, default=None),
        all(each.unchanged for each in taken),
    )


def _ranked(found: Iterable[Decided]) -> list[Decided]:
    return sorted(found, key=lambda each: (-each.hours, each.name, each.group or ""))


def _decided(name: str, group: str | None, found: Sequence[Approval]) -> Decided:
    decided = [each for each in found if each.decided]
    refused = sum(each.approved is False for each in decided)
    unchanged = sum(each.unchanged for each in decided)
    waits = np.array([w for each in found if (w := each.waited_us) is not None], dtype=np.int64)
    low, high = wilson(unchanged, len(decided))
    return Decided(
        name=name,
        group=group,
        orders=len({each.place for each in found}),
        asked=len(found),
        decided=len(decided),
        refused=refused,
        unchanged=unchanged,
        most_refused=most_refused(refused, len(decided)) if decided else None,
        unchanged_low=low,
        unchanged_high=high,
        median=hours_at(waits, 0.5) if len(waits) else None,
        p90=hours_at(waits, 0.9) if len(waits) else None,
        hours=float(waits.sum()) / MICROS_PER_HOUR,
    )


@dataclass(frozen=True)
class Floor:
    """What an item must show before its approval is questioned."""

    decided: int = FEWEST_DECIDED
    price: float = MOST_PRICE


def approval_free(
    items: Sequence[Decided],
    waited: Mapping[str, float],
    prices: Mapping[str, float | None],
    floor: Floor,
    evidence: Evidence,
) -> list[Finding]:
    """Return the items whose approvals never said no and cost little, the most waiting first.

    Parameters
    ----------
    items : as `by_item` gave them
    waited : hours of completed orders' approval time, by item, see `waited_hours`
    prices : by item; an item without a price is one too, with a caveat
    """
    found = []
    for item in items:
        price = prices.get(item.name)
        cheap = price is None or price <= floor.price
        if item.refused == 0 and item.decided >= floor.decided and cheap:
            found.append(_candidate(item, waited.get(item.name, 0.0), price, evidence))
    return sorted(found, key=lambda finding: (-(finding.worth_hours or 0), finding.id))


def waited_hours(orders: Orders, parts: Parts) -> dict[str, float]:
    """Return the hours of approval of completed orders, by item."""
    hours: dict[str, float] = {}
    for item, us in zip(orders.named("item"), parts.approval.tolist(), strict=True):
        if item is not None:
            hours[item] = hours.get(item, 0.0) + us / MICROS_PER_HOUR
    return hours


def _candidate(item: Decided, hours: float, price: float | None, evidence: Evidence) -> Finding:
    at_most = item.most_refused or 0.0
    priced = (
        "Its price is not on record."
        if price is None
        else f"Its price is {price:,.2f}; what else a yes may cost, no record says."
    )
    return Finding(
        id=f"{KIND}-{item.name}",
        kind=KIND,
        lane=Lane.TIME,
        claim=(
            f"{item.name} may need no approval: 0 of {whole(item.decided)} were refused, at most "
            f"{percent(at_most)}; its orders waited {whole(hours)} hours for it."
        ),
        size=0.0,
        unit="share",
        interval=(0.0, at_most),
        n=item.decided,
        method=METHOD,
        evidence=evidence,
        worth_hours=hours,
        caveats=(
            priced,
            "An approval that never says no may still keep people from asking.",
            "The upper end is one-sided: with 95 % certainty no more than that would be refused.",
        ),
    )
