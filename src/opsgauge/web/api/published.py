"""The routes of the API about published numbers: published, listed, computed again.

Floor 6.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from opsgauge.operations.publishing import (
    MOST_LISTED,
    publish,
    published_number,
    published_numbers,
)
from opsgauge.operations.recomputing import recompute
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import AskedOf, Ctx

router = APIRouter(prefix="/api/v1/published", tags=["published"], responses=ANSWERS)
Json = dict[str, Any]


@router.post("", status_code=201)
def make_published(
    ctx: Ctx,
    metric: Annotated[str, Query(description="Name in the catalogue.")],
    asked: AskedOf,
    place: Annotated[str, Query(max_length=200, description="Where it is published.")] = "api",
) -> Json:
    """Measure a metric, and keep the answer under a ref, by which it can be had again."""
    question = asked.question(metric, ctx.workspace.zone)
    return publish(ctx, question, place)[0].as_json()


@router.get("")
def read_published(
    ctx: Ctx,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 100,
    metric: Annotated[str, Query(description="Only numbers of this metric.")] = "",
) -> Json:
    """Return the numbers that were published, the newest first."""
    return {"published": [each.as_json() for each in published_numbers(ctx, limit, metric)]}


@router.get("/{ref}")
def read_one_published(ref: str, ctx: Ctx) -> Json:
    """Return a published number as it is kept."""
    return published_number(ctx, ref).as_json()


@router.get("/{ref}/recomputed")
def read_recomputed(ref: str, ctx: Ctx) -> Json:
    """Compute a published number again, and explain what differs."""
    return recompute(ctx, ref).as_json()
