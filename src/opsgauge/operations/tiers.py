"""Tiers of services: who set them, what an import told, and what is promised for each tier.

Floor 5. The records are `governance.tiers`; `publish_records` brings them to the numbers. A tier
drives two kinds of promises: service levels whose targets name it, and targets of metrics for the
tickets of that tier.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from opsgauge.foundation.agreed import Condition, Target
from opsgauge.foundation.errors import Misuse, NotAllowed, QueryWrong, UnknownName, did_you_mean
from opsgauge.governance import tiers as kept
from opsgauge.governance.access import decide, reaches
from opsgauge.governance.tiers import TIERS, Tier
from opsgauge.log.service_levels.paragraph import TIER
from opsgauge.operations.clocked import workspace_levels
from opsgauge.operations.context import Context
from opsgauge.operations.publish_records import Reached, reach_numbers
from opsgauge.operations.targets import set_target, target_states

# What a tier promises, and the metric whose target says it.
PROMISES = {
    "response": "time_to_first_response",
    "resolution": "time_to_resolve",
    "first-call resolution": "fcr_net_share",
}
PERIOD = "month"


@dataclass(frozen=True)
class TierSet:
    """A decision on a service's tier, and whether the numbers know it."""

    tier: Tier
    reached: Reached

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**self.tier.as_json(), **vars(self.reached)}


@dataclass(frozen=True)
class ServiceTier:
    """A service and its tier.

    Attributes
    ----------
    tickets : how many of those seen are of it
    tier : what counts, None where nobody and nothing tells
    told : what the sources tell; of several, the highest
    decided : what people decided, or None
    why_not : why the actor may not set it, "" where they may
    """

    service: str
    tickets: int
    tier: int | None
    told: int | None
    decided: Tier | None
    why_not: str

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        decided = self.decided.as_json() if self.decided else None
        return {**vars(self), "decided": decided}


@dataclass(frozen=True)
class Promise:
    """What is promised for one tier.

    Attributes
    ----------
    kind : a key of `PROMISES`
    by : the service level or metric that says it
    words : the promise, and of a target how it is doing
    """

    tier: int
    kind: str
    by: str
    words: str
    state: str = ""


@dataclass(frozen=True)
class ServiceTiers:
    """Every service one sees, and what is promised by tier."""

    services: tuple[ServiceTier, ...]
    promises: tuple[Promise, ...]

    def sentence(self) -> str:
        """Say it in words."""
        without = sum(each.tier is None for each in self.services)
        if not self.services:
            return "No ticket names a service."
        if not without:
            return "Every service has a tier."
        noun = "service" if len(self.services) == 1 else "services"
        verb = "has" if without == 1 else "have"
        return f"{without} of {len(self.services)} {noun} {verb} no tier."

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "sentence": self.sentence(),
            "services": [each.as_json() for each in self.services],
            "promises": [dict(vars(each)) for each in self.promises],
        }


def service_tiers(ctx: Context) -> ServiceTiers:
    """Return the services of the tickets one sees, with their tiers; needs `tier:read`."""
    ctx.require("tier:read")
    return ServiceTiers(tuple(_services(ctx)), tuple(_promises(ctx)))


def tier_history(ctx: Context) -> list[Tier]:
    """Return every tier that was ever set, by service; needs `tier:read`."""
    ctx.require("tier:read")
    seen = {each.service for each in _services(ctx)}
    every = kept.tiers(ctx.database, ended=True)
    return [each for each in every if not ctx.scope.hides or each.service in seen]


def set_tier(ctx: Context, wanted: Tier) -> TierSet:
    """Set the tier of a service; needs `tier:set` for that service.

    Raises
    ------
    UnknownName : no ticket one sees is of that service
    NotAllowed : the service is beyond what the actor may decide on
    QueryWrong : there is no such tier, it stands already, or it has no reason
    """
    ctx.require(kept.SET)
    wanted = replace(wanted, service=wanted.service.strip())
    known = [each.service for each in _services(ctx)]
    if wanted.service not in known:
        raise UnknownName(
            f"There is no service {wanted.service!r}.", hint=did_you_mean(wanted.service, known)
        )
    _must_reach(ctx, wanted.service)
    made = kept.set_tier(ctx.database, ctx.clock, ctx.actor, wanted)
    return TierSet(made, reach_numbers(ctx, kept.SET))


def end_tier(ctx: Context, number: int, why: str) -> TierSet:
    """Let what an import told of a service count again; needs `tier:set` for that service."""
    ctx.require(kept.SET)
    _must_reach(ctx, kept.tier(ctx.database, number).service)
    made = kept.end_tier(ctx.database, ctx.clock, ctx.actor, number, why)
    return TierSet(made, reach_numbers(ctx, kept.SET))


def set_promises(
    ctx: Context, tier: int, goals: dict[str, float], from_day: date | None, why: str
) -> list[Target]:
    """Set targets for all tickets of a tier; needs `target:set` for them.

    Parameters
    ----------
    goals : by key of `PROMISES`: hours, and of first-call resolution a share
    from_day : the first day they count; None: today

    Raises
    ------
    QueryWrong : there is no such tier or promise, or none is given
    """
    if tier not in TIERS:
        raise QueryWrong(f"There is no tier {tier}.", hint="Tiers are 1 to 4.")
    if not goals:
        raise QueryWrong("No goal is given.", hint=f"Give one for {' or '.join(PROMISES)}.")
    unknown = next((name for name in goals if name not in PROMISES), None)
    if unknown is not None:
        raise QueryWrong(f"A tier promises no {unknown!r}.", hint=did_you_mean(unknown, PROMISES))
    begin = from_day or ctx.clock().astimezone(ctx.workspace.zone).date()
    segment = (Condition(TIER, (str(tier),)),)
    return [
        set_target(
            ctx, Target(PROMISES[name], "", segment, PERIOD, "number", goal, None, begin, None, why)
        )
        for name, goal in goals.items()
    ]


def _services(ctx: Context) -> list[ServiceTier]:
    tickets, services = ctx.tables.tickets, ctx.tables.related["services"]
    engine = ctx.opened().engine
    named = tickets.filter(tickets.service.notnull())
    counted = named.group_by("service").aggregate(
        n=named.count(), tier=named.tier.cast("int64").min()
    )
    rows = engine.run(counted).to_pylist()
    told = engine.run(services.group_by("service").aggregate(tier=services.tier.min())).to_pylist()
    by_source = {row["service"]: row["tier"] for row in told}
    decided = {each.service: each for each in kept.tiers(ctx.database)}
    made = []
    for row in sorted(rows, key=lambda row: str(row["service"])):
        name, said = row["service"], decided.get(row["service"])
        # Of a data version that an older program made, the tickets tell none.
        standing = said.tier if said else row["tier"] or by_source.get(name)
        found = ServiceTier(
            name, row["n"], standing, by_source.get(name), said, _why_not(ctx, name)
        )
        made.append(found)
    return sorted(made, key=lambda each: (each.tier or len(TIERS) + 1, each.service))


def _why_not(ctx: Context, service: str) -> str:
    verdict = decide(ctx.actor, kept.SET)
    if not verdict.allowed:
        return verdict.reason
    within = any(
        all(rule.column == "service" and service in rule.values for rule in rules)
        for rules in reaches(ctx.actor, kept.SET)
    )
    return "" if within else f"{ctx.actor.name} may not set the tier of {service}."


def _must_reach(ctx: Context, service: str) -> None:
    reason = _why_not(ctx, service)
    if reason:
        raise NotAllowed(reason)


def _promises(ctx: Context) -> list[Promise]:
    found = [*_of_levels(ctx), *_of_targets(ctx)]
    kinds = [*PROMISES]
    return sorted(found, key=lambda each: (each.tier, kinds.index(each.kind), each.by))


def _of_levels(ctx: Context) -> Iterator[Promise]:
    """Yield what service levels promise to a tier by name; who may not read them has none."""
    if not decide(ctx.actor, "metric:read").allowed:
        return
    try:
        levels: Sequence[Any] = [*workspace_levels(ctx).by_name.values()]
    except Misuse:  # told on their own page
        return
    for level in levels:
        for target in level.targets if level.kind in PROMISES else ():
            for tier in target.conditions().get(TIER, ()):
                yield Promise(int(tier), level.kind, level.name, f"within {target.within}")


def _of_targets(ctx: Context) -> Iterator[Promise]:
    if not decide(ctx.actor, "target:read").allowed:
        return
    kinds = {metric: kind for kind, metric in PROMISES.items()}
    for state in target_states(ctx):
        kind = kinds.get(state.target.metric)
        tiers = next((each.values for each in state.target.segment if each.column == TIER), ())
        if kind is None or len(state.target.segment) != 1:
            continue
        for tier in tiers:
            if tier is not None:
                found = str(state.outlook.state)
                yield Promise(int(tier), kind, state.target.metric, state.sentence(), found)
