"""The route by which a definition is tried before it is taken.

Floor 6. Nothing is stored: the text is read, measured and forgotten.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Body

from opsgauge.operations.comparing import compare_with_text
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import AskedOf, Ctx

router = APIRouter(prefix="/api/v1", responses=ANSWERS)


@router.post("/diff/{metric}", tags=["catalogue"])
def compare_definitions(
    metric: str, ctx: Ctx, asked: AskedOf, text: Annotated[str, Body(embed=True)]
) -> dict[str, Any]:
    """Measure a metric and another definition of it (`text`, YAML) on the same data."""
    return compare_with_text(ctx, text, asked.question(metric, ctx.workspace.zone)).as_json()
