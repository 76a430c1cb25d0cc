"""The routes of the API that compare: groups fairly, a period with one before, signs with effects.

Floor 6.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from opsgauge.metrics.question import Question
from opsgauge.operations.asking import conditions, day
from opsgauge.operations.context import Context
from opsgauge.operations.decomposing import stretch, why_changed
from opsgauge.operations.early_signs import early_signs
from opsgauge.operations.fairly import fair
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import AskedOf, Ctx

router = APIRouter(prefix="/api/v1", tags=["pages"], responses=ANSWERS)
Json = dict[str, Any]
Alike = Annotated[
    list[str] | None,
    Query(description="What makes work alike: priority, category …; else these two."),
]
Before = Annotated[str | None, Query(description="A day of the earlier stretch: 2026-01-31.")]


@router.get("/metrics/{metric}/compare")
def read_comparison(metric: str, ctx: Ctx, asked: AskedOf, alike: Alike = None) -> Json:
    """Return the groups of one dimension, as they are and as if their work were alike."""
    return fair(ctx, _question(ctx, metric, asked), tuple(alike or ())).as_json()


@router.get("/metrics/{metric}/decompose")
def read_decomposition(
    metric: str, ctx: Ctx, asked: AskedOf, before_from: Before = None, before_to: Before = None
) -> Json:
    """Return what a metric's change owes to other work, and to the same work done otherwise."""
    then = stretch([day("before_from", before_from), day("before_to", before_to)])
    return why_changed(ctx, _question(ctx, metric, asked), then).as_json()


@router.get("/leading")
def read_early_signs(ctx: Ctx, asked: AskedOf) -> Json:
    """Return every metric said to lead another, and whether the records say so.

    `lag` is by how many periods it goes before; `false_discovery_rate` the share of what is told
    at this chance that is chance, over all pairs.
    """
    return early_signs(ctx, conditions(asked.where)).as_json()


def _question(ctx: Context, metric: str, asked: AskedOf) -> Question:
    return asked.question(metric, ctx.workspace.zone)
