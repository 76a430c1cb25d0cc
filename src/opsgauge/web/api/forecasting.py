"""The routes of the API about what is ahead: expected ranges, and the risk that promises break.

Floor 6.
"""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from opsgauge.analysis.forecast.alert_point import LATE_COST
from opsgauge.operations.asking import conditions, day
from opsgauge.operations.breach_risk import breach_risk
from opsgauge.operations.expected import expected
from opsgauge.operations.named_events import event_of
from opsgauge.operations.service_levels import Clocks
from opsgauge.web.api.as_csv import AS_CSV, FormOf, answered
from opsgauge.web.api.routes import ANSWERS, COUNTED
from opsgauge.web.asked import AskedOf, Ctx

router = APIRouter(prefix="/api/v1", responses=ANSWERS)
Json = dict[str, Any]
Events = Annotated[
    list[str] | None,
    Query(description="Known ahead: Rollout=2026-03-02..2026-03-06."),
]
Grain = Annotated[str, Query(description="hour (of counts), day or week.")]


@router.get("/metrics/{metric}/expected", tags=["numbers"], dependencies=COUNTED, **AS_CSV)
def read_expected(
    metric: str,
    ctx: Ctx,
    asked: AskedOf,
    form: FormOf,
    period: Grain = "day",
    event: Events = None,
) -> Json | Response:
    """Return what a metric was expected to be by its season, and what is ahead.

    `scores` tells how good the season's and the seasonal naive forecasts were over the last eight
    weeks, each made from what came before; `method` which of them the day to come goes by.
    """
    question = replace(asked, period=period).question(metric, ctx.workspace.zone)
    plain = expected(ctx, question, [event_of(each) for each in event or ()]).as_json()
    return answered(ctx, form, plain, "points", f"{metric}-expected")


@router.get("/service-levels/{name}/risk", tags=["numbers"], **AS_CSV)
def read_breach_risk(
    name: str,
    ctx: Ctx,
    asked: AskedOf,
    form: FormOf,
    late_cost: Annotated[float, Query(description="A late one, in false alarms.")] = LATE_COST,
    limit: Annotated[int, Query(ge=1, le=5_000)] = 100,
) -> Json | Response:
    """List open tickets by how likely they break a service level, with the time each has left.

    `reliability` holds what was said of tickets that came after all that was learnt from, and how
    many of them broke; `alert` the share of the target at which first alerts cost least.
    """
    chosen = Clocks(conditions(asked.where), day("from", asked.from_), day("to", asked.to))
    plain = breach_risk(ctx, name, chosen, late_cost).as_json(limit)
    if form.is_csv:
        plain["tickets"] = [
            {key: each[key] for key in each if key != "why"} for each in plain["tickets"]
        ]
    return answered(ctx, form, plain, "tickets", f"{name}-risk")
