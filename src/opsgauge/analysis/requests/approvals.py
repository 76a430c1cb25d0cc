"""Approvals: how long each step and level takes, how often it says no, and where it never does.

Floor 4, analysis. Of orders, and of other tickets that ask for approval, such as changes.

The level of an approval is its place in the chain of its ticket. The first that is asked is of
level 1; whatever is asked before any of that level was answered stands beside it; the first asked
from then on begins level 2, and so on. So approvals that are asked side by side share a level, also
where the answer of one is enough. One without a moment of asking has none.

An approval is unchanged where it was a yes, its step was asked once of that
order, and neither category, service nor priority of the order changed between asking and deciding.
A step that never said no in n decisions may still do so: with 95 % certainty its share of noes is
at most 1 - 0.05^(1/n), close to 3/n.

Sources: Clopper and Pearson, Biometrika 26 (1934) 404-413, one-sided, for noes out of none; Hanley
and Lippman-Hand, JAMA 249 (1983) 1743-1745, for the rule of three.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from scipy.special import betaincinv

from opsgauge.analysis.mining.examples import SHOWN
from opsgauge.analysis.requests.orders import KEY, ORDER, Orders, hours_at
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.metrics.intervals import wilson
from opsgauge.warehouse.portable import micros, ones

FEWEST_DECIDED = 30  # decisions, before a step is said never to say no
CERTAINTY = 0.95
CHANGED = ("category", "service", "priority")
ARROW = " \u2192 "
Row = Mapping[str, Any]


def approval_rows(
    orders: ir.Table, history: ir.Table, approvals: ir.Table, practice: str = ORDER
) -> ir.Table:
    """Return the approvals of orders, one row each.

    Parameters
    ----------
    orders : as `orders.order_rows` gave them, of the same practice

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
    met = own.join(_changes(history, practice), list(KEY))
    met = met.filter((met.at_us > met.asked_us) & (met.at_us <= met.decided_us))
    touched = met.group_by("source", "approval_id").aggregate(times=met.count())
    known = own.left_join(touched, ["source", "approval_id"])
    return known.select(*own.columns, changed=ones(known.times > 0))


def _changes(history: ir.Table, practice: str) -> ir.Table:
    """Return when category, service or priority of an order changed."""
    rows = history.filter(history.practice == practice)
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
    """One approval, as fetched.

    Attributes
    ----------
    place, key : its order's among all orders; source and number
    level : its place in the chain of its order, from 1; None where it was never asked
    waiting_us : for how long it waits by now; None where it is answered, or its order is done
    """

    place: int
    key: tuple[str, str]
    level: int | None
    step: str
    group: str | None
    approved: bool | None
    asked_us: int | None
    decided_us: int | None
    unchanged: bool
    waiting_us: int | None = None

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
    """How one level, step, chain or item's approvals decide.

    Attributes
    ----------
    asked, decided, refused, unchanged : approvals; of a chain or an item, orders
    waiting, waiting_hours : those that wait for an answer by now, and for how long together; the
        others of asked that are not decided were never answered: their order is done
    most_refused : the share of noes that the true share does not exceed, 95 % sure
    median, p90 : hours from asking to deciding; None where no moment is written
    hours : all of them together; what still waits is not in it
    steps : of a level, its steps with how often each was asked, the most first
    longest : source and number of the orders that waited longest for an answer
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
    waiting: int = 0
    waiting_hours: float = 0.0
    steps: tuple[tuple[str, int], ...] = ()
    longest: tuple[tuple[str, str], ...] = ()

    @property
    def never_no(self) -> bool:
        """Whether so many decisions held no no that one may say so."""
        return self.never_in(FEWEST_DECIDED)

    def never_in(self, decided: int) -> bool:
        """Say whether so many decisions, or more, held no no."""
        return self.refused == 0 and self.decided >= decided

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        share = {
            name: getattr(self, name) / self.decided if self.decided else None
            for name in ("refused", "unchanged")
        }
        return {
            **vars(self),
            "refused_share": share["refused"],
            "unchanged_share": share["unchanged"],
            "never_no": self.never_no,
            "steps": dict(self.steps),
            "longest": [{"source": source, "ticket": ticket} for source, ticket in self.longest],
        }


def approvals_of(rows: pa.Table, orders: Orders, until_us: int) -> list[Approval]:
    """Return what `approval_rows` gave, in the order in which each order's were asked.

    Parameters
    ----------
    until_us : up to when the records go: what is not answered waits until then
    """
    places = orders.places(rows)
    read = sorted(
        zip(places.tolist(), rows.to_pylist(), strict=True),
        key=lambda each: (each[0], each[1]["asked_us"] or 0, each[1]["approval_id"]),
    )
    asked = Counter((place, row["step"]) for place, row in read)
    still = orders.rows["open"].to_pylist()
    return [
        Approval(
            place=place,
            key=(row["source"], row["ticket_id"]),
            level=level,
            step=row["step"] or "Approval",
            group=row["approver_group"],
            approved=row["approved"],
            asked_us=row["asked_us"],
            decided_us=row["decided_us"],
            unchanged=_is_unchanged(row) and asked[place, row["step"]] == 1,
            waiting_us=_waiting(row, until_us) if still[place] else None,
        )
        for place, of in groupby(read, key=lambda each: each[0])
        if place >= 0
        for row, level in _with_levels([row for _, row in of])
    ]


def _is_unchanged(row: Row) -> bool:
    return row["approved"] is True and not row["changed"]


def _waiting(row: Row, until_us: int) -> int | None:
    if row["approved"] is not None or row["decided_us"] is not None or row["asked_us"] is None:
        return None
    return max(until_us - int(row["asked_us"]), 0)


def _with_levels(rows: Sequence[Row]) -> Iterator[tuple[Row, int | None]]:
    """Yield the approvals of one order, as they were asked, each with its level."""
    level, begun, answered = 0, None, None
    for row in rows:
        asked, decided = row["asked_us"], row["decided_us"]
        if asked is None:
            yield row, None
            continue
        if begun is None or (answered is not None and asked >= answered and asked > begun):
            level, begun, answered = level + 1, asked, None
        if decided is not None:
            answered = decided if answered is None else min(answered, decided)
        yield row, level


def by_level(approvals: Iterable[Approval]) -> list[Decided]:
    """Return how each level decides, the first level first, with the steps that it has."""
    sets: dict[int, list[Approval]] = {}
    for each in approvals:
        if each.level is not None:
            sets.setdefault(each.level, []).append(each)
    found = []
    for level, of in sorted(sets.items()):
        steps = Counter(each.step for each in of)
        ordered = tuple(sorted(steps.items(), key=lambda step: (-step[1], step[0])))
        found.append(replace(_decided(f"Level {level}", None, of), steps=ordered))
    return found


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
    waiting = [each.waiting_us for each in taken if each.waiting_us is not None]
    return Approval(
        place=place,
        key=taken[0].key,
        level=None,
        step=taken[0].step,
        group=None,
        approved=verdict,
        asked_us=min(asked, default=None),
        decided_us=max(decided, default=None),
        unchanged=all(each.unchanged for each in taken),
        waiting_us=max(waiting, default=None) if verdict is None else None,
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
        waiting=sum(each.waiting_us is not None for each in found),
        waiting_hours=sum(each.waiting_us or 0 for each in found) / MICROS_PER_HOUR,
        longest=_longest(found),
    )


def _longest(found: Sequence[Approval]) -> tuple[tuple[str, str], ...]:
    """Return the orders that waited longest for an answer, or wait for it."""
    waited: dict[tuple[str, str], int] = {}
    for each in found:
        us = each.waiting_us if each.waited_us is None else each.waited_us
        if us:
            waited[each.key] = max(waited.get(each.key, 0), us)
    return tuple(sorted(waited, key=lambda key: (waited[key], key), reverse=True)[:SHOWN])
