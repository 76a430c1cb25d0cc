"""Items that may need no approval: they cost little, and nobody ever said no.

Floor 4, analysis. That nobody said no among so many does not mean that nobody will: how large the
share of noes may still be is in `approvals.py`, with its source.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opsgauge.analysis.requests.approvals import FEWEST_DECIDED, Decided
from opsgauge.analysis.requests.orders import Orders, Parts
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import MICROS_PER_HOUR, percent, whole

KIND, METHOD = "approval_free_candidate", "clopper_pearson_one_sided"
MOST_PRICE = 50.0  # up to here an item counts as cheap


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
        examples=item.longest,
        caveats=(
            priced,
            "An approval that never says no may still keep people from asking.",
            "The upper end is one-sided: with 95 % certainty no more than that would be refused.",
        ),
    )
