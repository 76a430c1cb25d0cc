"""The routes of the API about outages' times and services' tiers, as people decide them.

Floor 6. A body is checked for form and length here, and for its meaning by the operation it asks.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from opsgauge.governance.register import LONGEST_REASON
from opsgauge.governance.tiers import Tier
from opsgauge.operations.outages import end_outage, outage_list, outage_of, set_outage
from opsgauge.operations.tiers import end_tier, service_tiers, set_tier, tier_history
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import Ctx, Served

router = APIRouter(prefix="/api/v1", tags=["decided"], responses=ANSWERS)
Json = dict[str, Any]
Name = Annotated[str, Field(min_length=1, max_length=500)]
Moment = Annotated[
    str, Field(max_length=40, description="2026-01-31T06:00Z; of the workspace's zone without one.")
]
Reason = Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Ended = Annotated[bool, Query(description="Also what counts no more.")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NewOutage(_Body):
    """When an outage began and was detected; what is left out is the ticket's own."""

    source: Name
    ticket_id: Name
    started_at: Moment = ""
    detected_at: Moment = ""
    why: Reason


class NewTier(_Body):
    """The tier of a service, 1 to 4."""

    service: Name
    tier: int
    why: Reason


class Why(_Body):
    """A reason, which the audit keeps."""

    why: Reason


@router.get("/outages")
def read_outages(ctx: Ctx, ended: Ended = False) -> Json:
    """Return the outages whose times were set by hand, of tickets one sees."""
    return {"outages": [each.as_json() for each in outage_list(ctx, ended)]}


@router.post("/outages", status_code=201)
def make_outage(wanted: NewOutage, ctx: Served) -> Json:
    """Say when an outage began and was detected; it takes the place of what was said before."""
    outage = outage_of(
        ctx, wanted.source, wanted.ticket_id, wanted.started_at, wanted.detected_at, wanted.why
    )
    return set_outage(ctx, outage).as_json()


@router.post("/outages/{number}/end")
def finish_outage(number: Number, body: Why, ctx: Served) -> Json:
    """Let a ticket's own times count again."""
    return end_outage(ctx, number, body.why).as_json()


@router.get("/services")
def read_services(ctx: Ctx) -> Json:
    """Return the services of the tickets one sees, their tiers, and what is promised by tier."""
    return service_tiers(ctx).as_json()


@router.get("/tiers")
def read_tiers(ctx: Ctx) -> Json:
    """Return every tier that was ever set, by service."""
    return {"tiers": [each.as_json() for each in tier_history(ctx)]}


@router.post("/tiers", status_code=201)
def make_tier(wanted: NewTier, ctx: Served) -> Json:
    """Set the tier of a service, over what an import told."""
    return set_tier(ctx, Tier(wanted.service, wanted.tier, wanted.why)).as_json()


@router.post("/tiers/{number}/end")
def finish_tier(number: Number, body: Why, ctx: Served) -> Json:
    """Let what an import told of a service count again."""
    return end_tier(ctx, number, body.why).as_json()
