"""How approvals decide: of orders, of changes, and of whatever else asks for approval.

Floor 5. What a level is stands in `analysis/requests/approvals.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from opsgauge.analysis.requests.approval_free import Floor, approval_free, waited_hours
from opsgauge.analysis.requests.approvals import Decided, by_chain, by_item, by_level, by_step
from opsgauge.analysis.requests.orders import ORDER
from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.foundation.finding import Finding
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.log.vocabulary import PRACTICES
from opsgauge.operations.answers import Provenance
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.found import published_finding
from opsgauge.operations.gate import let_through
from opsgauge.operations.ordered import (
    STANDS_ON,
    approvals_in,
    evidence_of,
    loaded,
    offers,
    practices_asked,
    teams_of_orders,
)
from opsgauge.operations.pricing import an_hour_waited, priced
from opsgauge.operations.small_teams import Together


@dataclass(frozen=True)
class Approvals:
    """How the approvals of one practice decide, and which items may need none.

    Attributes
    ----------
    practice : whose approvals; `practices` are all that have some, and how many
    levels : the first one first; the others the most hours first
    chains, items : an order counts as one; of changes an item is a type
    findings : of orders alone
    """

    practice: str
    practices: dict[str, int]
    levels: tuple[Decided, ...]
    steps: tuple[Decided, ...]
    chains: tuple[Decided, ...]
    items: tuple[Decided, ...]
    findings: tuple[Finding, ...]
    floor: Floor
    provenance: Provenance
    suspect: tuple[str, ...] = ()

    @property
    def parts(self) -> dict[str, tuple[Decided, ...]]:
        """All that is told, by what it is told of."""
        return {
            "levels": self.levels,
            "steps": self.steps,
            "chains": self.chains,
            "items": self.items,
        }

    @property
    def never_no(self) -> tuple[tuple[str, Decided], ...]:
        """What never said no in decisions enough, and of what it is: the most hours first."""
        found = [
            (of[:-1], each)
            for of, every in self.parts.items()
            for each in every
            if each.never_in(self.floor.decided)
        ]
        return tuple(sorted(found, key=lambda each: -each[1].hours))

    @property
    def sentence(self) -> str:
        """How long approvals take, and how often they say no, in words."""
        decided = sum(each.decided for each in self.levels)
        slow = max(self.levels, key=lambda each: each.hours, default=None)
        if not decided or slow is None or slow.median is None:
            return f"No approval of a {self.practice} is decided"
        refused = sum(each.refused for each in self.levels)
        hours = sum(each.hours for each in self.levels)
        most = "" if len(self.levels) == 1 else f"most of them at {slow.name.lower()}, "
        return (
            f"{whole(hours)} hours went into {whole(decided)} approvals of {self.practice}s, "
            f"{percent(refused / decided)} of them refused; {most}half within "
            f"{duration(slow.median)}"
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "sentence": self.sentence,
            "practice": self.practice,
            "practices": self.practices,
            "fewest_decided": self.floor.decided,
            "most_price": self.floor.price,
            **{of: [each.as_json() for each in every] for of, every in self.parts.items()},
            "never_no": [{"of": of, **each.as_json()} for of, each in self.never_no],
            "findings": [published_finding(finding) for finding in self.findings],
        }


def approvals(
    ctx: Context,
    chosen: Selection | None = None,
    floor: Floor | None = None,
    practice: str = ORDER,
) -> Approvals:
    """Return how approvals decide: by level, by step, by chain and by item.

    Needs `request:read`.

    Parameters
    ----------
    floor : what an item must show before its approval is questioned
    practice : whose approvals, such as request or change

    Raises
    ------
    QueryWrong : a floor without decisions, or no such practice
    """
    ctx.require("request:read")
    asked = floor or Floor()
    if asked.decided < 1 or asked.price < 0:
        raise QueryWrong(
            "An approval is questioned after 1 decision or more, and no price below 0."
        )
    if practice not in PRACTICES:
        raise QueryWrong(
            f"There is no practice {practice!r}.", hint=did_you_mean(practice, PRACTICES)
        )
    key = ("approvals", ctx.scope, chosen, asked, practice)
    found = ctx.opened().once(key, lambda: _approvals(ctx, chosen, asked, practice))
    return replace(found, findings=priced(found.findings, an_hour_waited(ctx)))


def _approvals(ctx: Context, chosen: Selection | None, floor: Floor, practice: str) -> Approvals:
    orders, found = loaded(ctx, chosen, practice), approvals_in(ctx, chosen, practice)
    items, together = by_item(found, orders), teams_of_orders(ctx, chosen)
    findings: list[Finding] = []
    if practice == ORDER:
        prices = {name: offer.price for name, offer in offers(ctx).items()}
        evidence = evidence_of(ctx, "Approvals of orders by item", chosen)
        waited = waited_hours(orders, orders.parts())
        findings = approval_free(items, waited, prices, floor, evidence)
    return Approvals(
        practice=practice,
        practices=practices_asked(ctx, chosen),
        levels=tuple(by_level(found)),
        steps=_without_small(by_step(found), together),
        chains=tuple(by_chain(found)),
        items=tuple(items),
        findings=tuple(findings),
        floor=floor,
        provenance=ctx.provenance(),
        suspect=let_through(ctx, STANDS_ON),
    )


def _without_small(steps: Iterable[Decided], together: Together) -> tuple[Decided, ...]:
    """Return steps; examples of groups of few people that are told together would name them."""
    if not together.teams:
        return tuple(steps)
    return tuple(
        replace(each, longest=()) if each.group == together.label else each for each in steps
    )
