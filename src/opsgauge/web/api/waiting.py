"""The routes of the API about waiting: steps with time to win, queues, flow, handoffs.

Floor 6.
"""

from typing import Any

from fastapi import APIRouter

from opsgauge.analysis.waiting.causes import TEAM, TRANSITION
from opsgauge.log.calendars.definition import ALWAYS
from opsgauge.operations.automating import automatable
from opsgauge.operations.handoffs import handoffs
from opsgauge.operations.queueing import flowing, queues
from opsgauge.operations.waiting import waits
from opsgauge.operations.why_waiting import DAYS, causes, intake, stages
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import Ctx, SelectionOf
from opsgauge.web.ordered import CalendarName
from opsgauge.web.waited import (
    USUAL_ACHIEVABLE,
    USUAL_GRAIN,
    USUAL_KIND,
    Achievable,
    CauseBy,
    CauseDays,
    Grain,
    Kind,
)

router = APIRouter(prefix="/api/v1", tags=["pages"], responses=ANSWERS)
Json = dict[str, Any]


@router.get("/waiting")
def read_waiting(
    ctx: Ctx,
    chosen: SelectionOf,
    kind: Kind = USUAL_KIND,
    achievable: Achievable = USUAL_ACHIEVABLE,
    grain: Grain = USUAL_GRAIN,
) -> Json:
    """Return where tickets wait: steps by the hours to win, queues, and how work flows."""
    return {
        "steps": waits(ctx, chosen, kind, achievable).as_json(),
        "queues": queues(ctx, chosen, kind, grain).as_json(),
        "flow": flowing(ctx, chosen).as_json(),
    }


@router.get("/waiting/why")
def read_why(ctx: Ctx, chosen: SelectionOf, calendar: CalendarName = ALWAYS) -> Json:
    """Return why tickets wait: causes, stages, faults of intake, work that could be automated."""
    return {
        "causes": causes(ctx, chosen, calendar).as_json(),
        "transitions": causes(ctx, chosen, calendar, by=TRANSITION).as_json(),
        "stages": stages(ctx, chosen).as_json(),
        "intake": intake(ctx, chosen).as_json(),
        "automation": automatable(ctx, chosen).as_json(),
    }


@router.get("/waiting/steps")
def read_steps(
    ctx: Ctx,
    chosen: SelectionOf,
    kind: Kind = USUAL_KIND,
    achievable: Achievable = USUAL_ACHIEVABLE,
) -> Json:
    """Return steps by the hours that can be won in them."""
    return waits(ctx, chosen, kind, achievable).as_json()


@router.get("/waiting/queues")
def read_queues(
    ctx: Ctx, chosen: SelectionOf, kind: Kind = USUAL_KIND, grain: Grain = USUAL_GRAIN
) -> Json:
    """Return the queue of each step over time, and the age of what is open now."""
    return queues(ctx, chosen, kind, grain).as_json()


@router.get("/waiting/flow")
def read_flow(ctx: Ctx, chosen: SelectionOf, grain: Grain = "month") -> Json:
    """Return flow efficiency by team, and Little's law with its conditions."""
    return flowing(ctx, chosen, grain).as_json()


@router.get("/waiting/causes")
def read_causes(
    ctx: Ctx,
    chosen: SelectionOf,
    calendar: CalendarName = ALWAYS,
    days: CauseDays = DAYS,
    group: CauseBy = TEAM,
) -> Json:
    """Return what the waiting of tickets is put down to, team by team or by transition."""
    return causes(ctx, chosen, calendar, days, group).as_json()


@router.get("/waiting/stages")
def read_stages(ctx: Ctx, chosen: SelectionOf) -> Json:
    """Return at which stage delayed tickets broke, and the hours lost there."""
    return stages(ctx, chosen).as_json()


@router.get("/waiting/intake")
def read_intake(ctx: Ctx, chosen: SelectionOf) -> Json:
    """Return how well tickets were taken in, and what goes with each fault."""
    return intake(ctx, chosen).as_json()


@router.get("/waiting/automation")
def read_automation(ctx: Ctx, chosen: SelectionOf) -> Json:
    """Return work that is short, waits long and is always the same, and whether it is stable."""
    return automatable(ctx, chosen).as_json()


@router.get("/handoffs")
def read_handoffs(ctx: Ctx, chosen: SelectionOf) -> Json:
    """Return what teams hand to one another, and what becomes of it."""
    return handoffs(ctx, chosen).as_json()
