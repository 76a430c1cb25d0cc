"""The routes of the API about what was aimed at: service level objectives, a month on one page.

Floor 6.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from opsgauge.operations.asking import conditions
from opsgauge.operations.monthly import month as summary
from opsgauge.operations.objectives import objective, objectives
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import AskedOf, Ctx

router = APIRouter(prefix="/api/v1", tags=["pages"], responses=ANSWERS)
Json = dict[str, Any]
Label = Annotated[str, Query(description="2026-03; else the newest that is over.")]


@router.get("/objectives")
def read_objectives(ctx: Ctx) -> Json:
    """Return every service level objective: its error budget, and how fast it burns."""
    return objectives(ctx).as_json()


@router.get("/objectives/{name}")
def read_objective(name: str, ctx: Ctx) -> Json:
    """Return one service level objective."""
    return objective(ctx, name).as_json()


@router.get("/summary")
def read_summary(ctx: Ctx, asked: AskedOf, month: Label = "") -> Json:
    """Return a month on one page: its numbers, what is news, targets, signals, findings."""
    return summary(ctx, month, conditions(asked.where)).as_json()
