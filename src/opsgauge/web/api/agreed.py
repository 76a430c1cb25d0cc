"""The routes of the API about what people agree on: targets, owners, tickets left out.

Floor 6. A body is checked for form and length here, and for its meaning by the operation it asks.
"""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from opsgauge.governance.exclusions import MOST_TICKETS, Wanted
from opsgauge.governance.owners import LONGEST, OWNER, Ownership
from opsgauge.governance.register import LONGEST_REASON
from opsgauge.operations.aiming import USUAL_PERIOD, Aim
from opsgauge.operations.asking import conditions
from opsgauge.operations.excluded import (
    approve_exclusion,
    ask_exclusion,
    end_exclusion,
    exclusion_register,
    named,
)
from opsgauge.operations.owners import end_ownership, owner_register, set_owner
from opsgauge.operations.targets import (
    end_target,
    set_target,
    summary,
    target_history,
    target_states,
)
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import Ctx, Newest, Number

router = APIRouter(prefix="/api/v1", responses=ANSWERS)
Json = dict[str, Any]
OfMetric = Annotated[str | None, Query(max_length=200, description="Only those of this metric.")]
Name = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=LONGEST)]
Reason = Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]
Conditions = Annotated[
    list[Annotated[str, Field(max_length=2_000)]],
    Field(max_length=20, description="As in an address: team=A, or priority=1|2."),
]
Tickets = Annotated[
    list[Annotated[str, Field(max_length=300)]],
    Field(max_length=MOST_TICKETS, description="Tickets as SOURCE:NUMBER."),
]


class Body(BaseModel):
    """What a request sends; a key that is none is refused."""

    model_config = ConfigDict(extra="forbid")


class Why(Body):
    """A reason, which the audit keeps."""

    why: Reason


class NewTarget(Body):
    """A target that is to be set."""

    metric: Name
    value: Annotated[float, Field(allow_inf_nan=False, description="A share as 0.95.")]
    percent: Annotated[
        bool, Field(description="`value` is a change in percent of what was before.")
    ] = False
    statistic: Name = ""
    where: Conditions = []
    period: Name = USUAL_PERIOD
    from_: Annotated[date | None, Field(alias="from", description="Else today.")] = None
    review: date | None = None
    why: Reason


class NewOwner(Body):
    """A part that somebody is to have in a thing."""

    kind: Name
    subject: Text
    person: Text
    part: Name = OWNER
    rights: Text = ""


class NewExclusion(Body):
    """Tickets that are to be left out: by name, or by conditions and the day of their opening."""

    metric: Annotated[Name, Field(description="Empty: all metrics.")] = ""
    where: Conditions = []
    tickets: Tickets = []
    from_: Annotated[date | None, Field(alias="from")] = None
    to: date | None = None
    why: Reason


@router.get("/targets", tags=["pages"])
def read_targets(ctx: Ctx, metric: OfMetric = None) -> Json:
    """Return every target with how it is doing."""
    states = target_states(ctx, metric)
    return {"sentence": summary(states), "targets": [each.as_json() for each in states]}


@router.get("/targets/history", tags=["agreed"])
def read_target_history(ctx: Ctx, metric: OfMetric = None) -> Json:
    """Return every target that ever stood, oldest first."""
    return {"targets": [each.as_json() for each in target_history(ctx, metric)]}


@router.post("/targets", tags=["agreed"], status_code=201)
def make_target(wanted: NewTarget, ctx: Newest) -> Json:
    """Set a target; one of the same metric, statistic, tickets and period ends."""
    aim = Aim(
        metric=wanted.metric,
        value=repr(wanted.value),
        statistic=wanted.statistic,
        where=wanted.where,
        period=wanted.period,
        percent=wanted.percent,
        from_=wanted.from_.isoformat() if wanted.from_ else "",
        review=wanted.review.isoformat() if wanted.review else "",
        why=wanted.why,
    )
    return set_target(ctx, aim.target(ctx)).as_json()


@router.post("/targets/{number}/end", tags=["agreed"])
def finish_target(number: Number, body: Why, ctx: Newest) -> Json:
    """End a target without another in its place."""
    return end_target(ctx, number, body.why).as_json()


@router.get("/owners", tags=["pages"])
def read_owners(ctx: Ctx) -> Json:
    """Return who has which part in what, and `gaps`: what has no owner, or whose owner left."""
    return owner_register(ctx).as_json()


@router.get("/owners/gaps", tags=["agreed"])
def read_gaps(ctx: Ctx) -> Json:
    """Return what has no owner, whose owner left, and what nobody decides by."""
    told = owner_register(ctx).as_json()
    return {"sentence": told["sentence"], "gaps": told["gaps"]}


@router.post("/owners", tags=["agreed"], status_code=201)
def make_owner(wanted: NewOwner, ctx: Newest) -> Json:
    """Give somebody a part in a thing; a new owner takes the place of the one before."""
    line = Ownership(wanted.kind, wanted.subject, wanted.part, wanted.person, wanted.rights)
    return set_owner(ctx, line).as_json()


@router.post("/owners/{number}/end", tags=["agreed"])
def finish_owner(number: Number, ctx: Newest) -> Json:
    """End somebody's part."""
    return end_ownership(ctx, number).as_json()


@router.get("/exclusions", tags=["pages"])
def read_exclusions(ctx: Ctx) -> Json:
    """Return every exclusion ever asked for, newest first."""
    return {"exclusions": [each.as_json() for each in exclusion_register(ctx)]}


@router.post("/exclusions", tags=["agreed"], status_code=201)
def make_exclusion(wanted: NewExclusion, ctx: Newest) -> Json:
    """Ask for tickets to be left out of numbers; it counts once somebody else approves it."""
    asked = Wanted(
        why=wanted.why,
        metric=wanted.metric,
        rules=conditions(wanted.where),
        tickets=named(wanted.tickets),
        from_=wanted.from_,
        to=wanted.to,
    )
    return ask_exclusion(ctx, asked).as_json()


@router.post("/exclusions/{number}/approve", tags=["agreed"])
def let_exclusion(number: Number, ctx: Newest) -> Json:
    """Let an exclusion count from now on."""
    return approve_exclusion(ctx, number).as_json()


@router.post("/exclusions/{number}/end", tags=["agreed"])
def finish_exclusion(number: Number, body: Why, ctx: Newest) -> Json:
    """Refuse an exclusion that was asked for, or end one that is in force."""
    return end_exclusion(ctx, number, body.why).as_json()
