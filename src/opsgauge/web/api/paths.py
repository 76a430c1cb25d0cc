"""The routes of the API about the ways tickets take: paths, standardisation.

Floor 6.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from opsgauge.operations.paths import MOST_PATHS, PROCESS, SHOWN, standardisation, walked_paths
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import Ctx, SelectionOf

router = APIRouter(prefix="/api/v1", tags=["pages"], responses=ANSWERS)
Json = dict[str, Any]
Steps = Annotated[str, Query(description="phase, original_status, team or activity.")]
Limit = Annotated[int, Query(ge=1, le=MOST_PATHS)]
Process = Annotated[str, Query(description="What is one process: practice, category, service …")]
Grain = Annotated[str, Query(description="day, week, month, quarter or year.")]


@router.get("/paths")
def read_paths(
    ctx: Ctx,
    chosen: SelectionOf,
    steps: Steps = "phase",
    limit: Limit = SHOWN,
    process: Process = PROCESS,
) -> Json:
    """Return what becomes of tickets on each path, and how standardised processes are."""
    return {
        "paths": walked_paths(ctx, steps, chosen, limit).as_json(),
        "standardisation": standardisation(ctx, process, steps, chosen=chosen).as_json(),
    }


@router.get("/paths/standardisation")
def read_standardisation(
    ctx: Ctx,
    chosen: SelectionOf,
    steps: Steps = "phase",
    process: Process = PROCESS,
    grain: Grain = "month",
) -> Json:
    """Return how standardised each process is: one path, in every team, at all times."""
    return standardisation(ctx, process, steps, grain, chosen).as_json()
