"""Fulfilment time by item, channel, team or location: the whole, its parts, and the promise.

Floor 4, analysis. Plain arithmetic on what `orders.py` fetched.
Sources: Conover, Practical Nonparametric Statistics, 3rd ed., 1999, section 3.2, for the interval
of a median; Wilson, JASA 22 (1927) 209-212, for that of a share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, sqrt
from typing import Any

import numpy as np

from opsgauge.analysis.requests.orders import (
    Clock,
    Numbers,
    Orders,
    Parts,
    Truths,
    elapsed,
    hours_at,
)
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.metrics.intervals import EXACT_UP_TO, Interval, Z, high_rank, low_rank, wilson

GROUPS = ("item", "channel", "team", "location")


@dataclass(frozen=True)
class Times:
    """Where the time of n orders went, by one clock.

    Attributes
    ----------
    whole_us, touch_us, wait_us, approval_us : sums; the last three add up to the first
    median, p90 : hours from opening to completion
    low, high : where the true median lies, 95 %; None where the orders are too few to say
    part_medians : hours of touch, wait and approval, each by itself: these do not add up
    """

    n: int
    whole_us: int
    touch_us: int
    wait_us: int
    approval_us: int
    median: float
    p90: float
    low: float | None
    high: float | None
    part_medians: tuple[float, float, float]

    @property
    def percents(self) -> tuple[int, int, int]:
        """Touch, wait and approval in whole percent of the time; they add up to 100, or are 0.

        Largest remainder: what rounding down leaves goes to the parts that lost most by it.
        """
        if self.whole_us == 0:
            return 0, 0, 0
        parts = (self.touch_us, self.wait_us, self.approval_us)
        floors = [100 * part // self.whole_us for part in parts]
        lost = sorted(range(3), key=lambda at: -(100 * parts[at] % self.whole_us))
        for at in lost[: 100 - sum(floors)]:
            floors[at] += 1
        return floors[0], floors[1], floors[2]

    def as_json(self) -> dict[str, Any]:
        """Return the published form; sums in microseconds, the rest in hours."""
        touch, wait, approval = self.part_medians
        return {
            "n": self.n,
            "whole_us": self.whole_us,
            "touch_us": self.touch_us,
            "wait_us": self.wait_us,
            "approval_us": self.approval_us,
            "median_hours": self.median,
            "p90_hours": self.p90,
            "low": self.low,
            "high": self.high,
            "touch_median_hours": touch,
            "wait_median_hours": wait,
            "approval_median_hours": approval,
        }


@dataclass(frozen=True)
class Promise:
    """How often a promised time was kept.

    Attributes
    ----------
    hours : the promise, by the clock of the calendar chosen
    low, high : where the true share lies, 95 %
    """

    hours: float
    kept: int
    n: int
    low: float | None
    high: float | None

    @property
    def share(self) -> float:
        """The share of orders that kept it."""
        return self.kept / self.n

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "share": self.share}


@dataclass(frozen=True)
class Fulfilled:
    """The completed orders of one item, channel, team or location.

    Attributes
    ----------
    name : None for orders that say nothing there
    business : by the calendar chosen; None where none is
    """

    name: str | None
    elapsed: Times
    business: Times | None
    promise: Promise | None

    @property
    def chosen(self) -> Times:
        """The times by the calendar chosen, elapsed without one."""
        return self.business or self.elapsed

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "name": self.name,
            "n": self.elapsed.n,
            "elapsed": self.elapsed.as_json(),
            "business": self.business.as_json() if self.business else None,
            "promise": self.promise.as_json() if self.promise else None,
        }


@dataclass(frozen=True, eq=False)
class Timed:
    """Where the time of each order went, and how long it was promised to take.

    Attributes
    ----------
    business : by the clock of the calendar chosen; None where none is
    promised : hours; None where nothing is promised
    """

    elapsed: Parts
    business: Parts | None
    promised: Sequence[float | None]

    @cached_property
    def kept(self) -> Truths:
        """Which orders took no longer than promised, by the calendar chosen; shape (n,)."""
        whole = (self.business or self.elapsed).whole.tolist()
        pairs = zip(whole, self.promised, strict=True)
        kept = [hours is not None and us <= hours * MICROS_PER_HOUR for us, hours in pairs]
        return np.array(kept, dtype=np.bool_)


def timed(orders: Orders, clock: Clock | None, promised: Mapping[str, float]) -> Timed:
    """Return the times of each order.

    Parameters
    ----------
    clock : of the calendar chosen; None for elapsed time alone
    promised : hours promised, by name of the item
    """
    items = orders.named("item")
    return Timed(
        orders.parts(elapsed),
        orders.parts(clock) if clock else None,
        [None if item is None else promised.get(item) for item in items],
    )


def fulfilled(orders: Orders, timed: Timed, by: str) -> list[Fulfilled]:
    """Return the times of completed orders by one of `GROUPS`, the most orders first."""
    lines = [fulfilled_at(timed, name, chosen) for name, chosen in grouped(orders, by)]
    return sorted(lines, key=lambda line: (-line.elapsed.n, line.name is None, line.name or ""))


def fulfilled_at(timed: Timed, name: str | None, chosen: Numbers) -> Fulfilled:
    """Return the times of the completed orders at these places, one or more.

    Each order is held against its own promise, by the calendar chosen.
    """
    return Fulfilled(
        name,
        times(timed.elapsed, chosen),
        times(timed.business, chosen) if timed.business else None,
        _promise(timed, chosen),
    )


def grouped(orders: Orders, by: str, of: Truths | None = None) -> list[tuple[str | None, Numbers]]:
    """Return the places of orders by the words of a column; completed ones where `of` is None."""
    wanted = orders.completed if of is None else of
    places: dict[str | None, list[int]] = {}
    for place, word in enumerate(orders.named(by)):
        if wanted[place]:
            places.setdefault(word, []).append(place)
    return [(word, np.array(each, dtype=np.int64)) for word, each in places.items()]


def times(parts: Parts, chosen: Numbers) -> Times:
    """Return the times of the orders at these places, one or more."""
    whole, touch = parts.whole[chosen], parts.touch[chosen]
    approval, wait = parts.approval[chosen], parts.wait[chosen]
    low, high = median_interval(whole)
    return Times(
        n=len(chosen),
        whole_us=int(whole.sum()),
        touch_us=int(touch.sum()),
        wait_us=int(wait.sum()),
        approval_us=int(approval.sum()),
        median=hours_at(whole, 0.5),
        p90=hours_at(whole, 0.9),
        low=low,
        high=high,
        part_medians=(hours_at(touch, 0.5), hours_at(wait, 0.5), hours_at(approval, 0.5)),
    )


def median_interval(values: Numbers) -> Interval:
    """Return where the true median lies, 95 %, in hours; None for an end that n cannot give."""
    ordered, n = np.sort(values), len(values)
    if n <= EXACT_UP_TO:
        low, high = low_rank(n, 0.5), high_rank(n, 0.5)
    else:
        reach = Z * sqrt(n) / 2
        low, high = ceil(n / 2 - reach), ceil(n / 2 + reach)
    return (
        float(ordered[low - 1]) / MICROS_PER_HOUR if low >= 1 else None,
        float(ordered[high - 1]) / MICROS_PER_HOUR if high <= n else None,
    )


def _promise(timed: Timed, chosen: Numbers) -> Promise | None:
    """Return how often promises were kept; the hours of several are their middle one."""
    known = [place for place in chosen.tolist() if timed.promised[place] is not None]
    if not known:
        return None
    kept = int(timed.kept[known].sum())
    low, high = wilson(kept, len(known))
    middle = float(np.median([timed.promised[place] for place in known]))
    return Promise(middle, kept, len(known), low, high)
