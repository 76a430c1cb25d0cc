"""The routes of the API about service level objectives.

Floor 6.
"""

from typing import Any

from fastapi import APIRouter

from opsgauge.operations.objectives import objective, objectives
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import Ctx

router = APIRouter(prefix="/api/v1/objectives", tags=["pages"], responses=ANSWERS)
Json = dict[str, Any]


@router.get("")
def read_objectives(ctx: Ctx) -> Json:
    """Return every service level objective: its error budget, and how fast it burns."""
    return objectives(ctx).as_json()


@router.get("/{name}")
def read_objective(name: str, ctx: Ctx) -> Json:
    """Return one service level objective."""
    return objective(ctx, name).as_json()
