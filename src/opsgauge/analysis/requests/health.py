"""The catalogue's health: items nobody orders, items that end as incidents, work to automate.

Floor 4, analysis. Plain arithmetic on what `orders.py` and `right_first_time.py` fetched.

An item is a candidate for automation by its touch hours times its stability: the share of its
orders on its most frequent path, divided by 1 + the coefficient of variation of their touch time.
One path and equal times give 1, and nothing is ever above.

Sources: Wilson, JASA 22 (1927) 209-212; Student's t for the sum of touch hours.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from opsgauge.analysis.requests.fulfilment import grouped
from opsgauge.analysis.requests.orders import KEY, Numbers, Orders, Parts, Truths
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import MICROS_PER_HOUR, percent, whole
from opsgauge.metrics.intervals import mean_interval, wilson

FEWEST_ORDERS = 20
FEWEST_INCIDENTS = 5
FEWEST_FREE = 20
FREE_SHARE = 0.2  # of the orders about a service
TIMES_OTHERS = 2.0
MOST_CANDIDATES = 5
NEVER, INCIDENTS, FREE, AUTOMATE = (
    "item_never_ordered",
    "item_ends_as_incident",
    "free_text_beside_item",
    "automation_candidate",
)


def tied_incident_rows(orders: ir.Table, tickets: ir.Table, links: ir.Table) -> ir.Table:
    """Return the orders tied to an incident, whichever way: source, ticket_id (of the order)."""
    incidents = tickets.filter(tickets.practice == "incident").select(
        "source", incident=tickets.ticket_id
    )
    own = orders.select(*KEY)
    ties = links.select("source", "ticket_id", "to_id")
    there = ties.select("source", "ticket_id", incident=ties.to_id)
    back = ties.select("source", ticket_id=ties.to_id, incident=ties.ticket_id)
    tied = ibis.union(there, back).semi_join(incidents, ["source", "incident"])
    return tied.semi_join(own, list(KEY)).select(*KEY).distinct()


@dataclass(frozen=True)
class Automation:
    """What speaks for automating an item.

    Attributes
    ----------
    n : completed orders
    touch_hours : of all of them together; low, high : where the true sum lies, 95 %
    variation : coefficient of variation of their touch time, spread / mean
    paths, usual_path : ways they took; the share of orders on the most frequent one
    stability : 0 to 1, see above
    """

    item: str
    n: int
    touch_hours: float
    low: float | None
    high: float | None
    variation: float
    paths: int
    usual_path: float
    stability: float

    @property
    def score(self) -> float:
        """Touch hours that go the same way every time."""
        return self.touch_hours * self.stability

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "score": self.score}


@dataclass(frozen=True)
class AsIncident:
    """How many orders of an item were followed by an incident, or tied to one.

    Attributes
    ----------
    n, incidents : orders judged, and of these how many
    others : the share among the orders of all other items
    """

    item: str
    n: int
    incidents: int
    low: float
    high: float
    others: float

    @property
    def stands_out(self) -> bool:
        """Whether it is more than other items by far."""
        return self.incidents >= FEWEST_INCIDENTS and self.low > TIMES_OTHERS * self.others

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "stands_out": self.stands_out}


@dataclass(frozen=True)
class FreeText:
    """Orders without an item about a service, or category, for which the catalogue has items."""

    about: str
    n: int
    orders: int
    low: float
    high: float
    items: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "items": list(self.items)}


def automation(orders: Orders, parts: Parts) -> list[Automation]:
    """Return the items by what speaks for automating them, the most first.

    Only items with `FEWEST_ORDERS` completed orders or more, and any touch time, are ranked.
    """
    variants = orders.named("variant")
    found = [
        _automation(item, at, parts.touch, variants)
        for item, at in grouped(orders, "item")
        if item is not None and len(at) >= FEWEST_ORDERS and parts.touch[at].sum() > 0
    ]
    return sorted(found, key=lambda each: (-each.score, each.item))


def _automation(
    item: str, at: Numbers, touch: Numbers, variants: Sequence[str | None]
) -> Automation:
    hours = touch[at] / MICROS_PER_HOUR
    n, mean, spread = len(at), float(hours.mean()), float(hours.std(ddof=1))
    paths = Counter(variants[place] for place in at.tolist())
    usual = max(paths.values()) / n
    low, high = mean_interval(mean, spread, n)
    variation = spread / mean
    return Automation(
        item=item,
        n=n,
        touch_hours=n * mean,
        low=None if low is None else max(low, 0.0) * n,
        high=None if high is None else high * n,
        variation=variation,
        paths=len(paths),
        usual_path=usual,
        stability=usual / (1 + variation),
    )


def as_incidents(orders: Orders, ripe: Truths, followed: Truths) -> list[AsIncident]:
    """Return how often orders of each item end as incidents, the most often first.

    Parameters
    ----------
    ripe : orders judged; followed : those after which an incident came, or that are tied to one
    """
    hits, every = int((followed & ripe).sum()), int(ripe.sum())
    found = []
    for item, at in grouped(orders, "item", ripe):
        own = int(followed[at].sum())
        low, high = wilson(own, len(at))
        rest = every - len(at)
        if item is not None and low is not None and high is not None:
            others = (hits - own) / rest if rest else 0.0
            found.append(AsIncident(item, len(at), own, low, high, others))
    return sorted(found, key=lambda each: (-each.low, each.item))


def free_text(orders: Orders, about: Mapping[str, tuple[str | None, str | None]]) -> list[FreeText]:
    """Return where orders are written by hand beside items of the catalogue, the most first.

    Parameters
    ----------
    about : service and category of each item. Orders are matched by service; an order without one
        by category
    """
    services, categories = orders.named("service"), orders.named("category")
    items = orders.named("item")
    by: dict[str, list[str]] = {}
    for name, words in about.items():
        for known in filter(None, words):
            by.setdefault(known, []).append(name)
    free: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for place, item in enumerate(items):
        word = services[place] or categories[place]
        if word in by:
            every[word] += 1
            free[word] += item is None
    found = []
    for word, n in free.items():
        low, high = wilson(n, every[word])
        if n and low is not None and high is not None:
            found.append(FreeText(word, n, every[word], low, high, tuple(sorted(by[word]))))
    return sorted(found, key=lambda each: (-each.n, each.about))


def never_ordered(orders: Orders, offered: Mapping[str, bool | None]) -> list[str]:
    """Return the items on offer that none of the orders is of, by name."""
    ordered = set(orders.named("item"))
    return sorted(item for item, on in offered.items() if on is not False and item not in ordered)


def never_findings(items: Sequence[str], orders: int, evidence: Evidence) -> list[Finding]:
    """Return a finding for each item never ordered."""
    return [
        Finding(
            id=f"{NEVER}-{item}",
            kind=NEVER,
            lane=Lane.DEMAND,
            claim=f"{item} is on offer and was never ordered: 0 of {whole(orders)} orders.",
            size=0.0,
            unit="tickets",
            interval=None,
            n=orders,
            method="counted",
            evidence=evidence,
            caveats=("It may be new, or needed once in a while.",),
        )
        for item in items
    ]


def incident_findings(found: Sequence[AsIncident], days: int, evidence: Evidence) -> list[Finding]:
    """Return a finding for each item whose orders end as incidents far more than others do."""
    return [
        Finding(
            id=f"{INCIDENTS}-{each.item}",
            kind=INCIDENTS,
            lane=Lane.QUALITY,
            claim=(
                f"{whole(each.incidents)} of {whole(each.n)} orders of {each.item} were followed "
                f"by an incident of the same user within {days} days, where "
                f"{percent(each.others)} of other orders were."
            ),
            size=each.incidents / each.n,
            unit="share",
            interval=(each.low, each.high),
            n=each.n,
            method="wilson_against_others",
            evidence=evidence,
            caveats=(f"{whole(len(found))} items were looked at.",),
        )
        for each in found
        if each.stands_out
    ]


def free_findings(found: Sequence[FreeText], evidence: Evidence) -> list[Finding]:
    """Return a finding for each service whose orders are often written by hand."""
    return [
        Finding(
            id=f"{FREE}-{each.about}",
            kind=FREE,
            lane=Lane.DEMAND,
            claim=(
                f"{whole(each.n)} of {whole(each.orders)} requests about {each.about} name no "
                f"item, though the catalogue has {', '.join(each.items)}."
            ),
            size=each.n / each.orders,
            unit="share",
            interval=(each.low, each.high),
            n=each.orders,
            method="wilson",
            evidence=evidence,
            caveats=("Whether one of these items was meant, no record says.",),
        )
        for each in found
        if each.n >= FEWEST_FREE and each.n / each.orders >= FREE_SHARE
    ]


def automation_findings(found: Sequence[Automation], evidence: Evidence) -> list[Finding]:
    """Return a finding for each of the first few candidates for automation."""
    return [
        Finding(
            id=f"{AUTOMATE}-{each.item}",
            kind=AUTOMATE,
            lane=Lane.TIME,
            claim=(
                f"{each.item} is number {place} among candidates for automation: {whole(each.n)} "
                f"orders took {whole(each.touch_hours)} touch hours, "
                f"{percent(each.usual_path, 0)} of them on one path."
            ),
            size=each.touch_hours,
            unit="hours",
            interval=(each.low or 0.0, each.high or each.touch_hours),
            n=each.n,
            method="touch_hours_by_stability",
            evidence=evidence,
            worth_hours=each.score,
            caveats=(
                "Touch is the time in assigned and in progress; whether anybody worked all that "
                "time, no record says.",
                f"{whole(len(found))} items were ranked; stability {each.stability:.2f}, "
                f"spread of touch time {each.variation:.2f} of its mean.",
            ),
        )
        for place, each in enumerate(found[:MOST_CANDIDATES], start=1)
    ]
