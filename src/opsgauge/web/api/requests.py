"""The routes of the API about orders: where they wait, approvals, tasks, bundles, health.

Floor 6.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from opsgauge.analysis.requests.approval_free import MOST_PRICE, Floor
from opsgauge.analysis.requests.approvals import FEWEST_DECIDED
from opsgauge.analysis.requests.orders import ORDER
from opsgauge.operations.approving import approvals
from opsgauge.operations.orders_behind import orders_behind
from opsgauge.operations.request_tasks import catalogue_health, order_bundles, order_tasks
from opsgauge.operations.requests import fulfilment
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import Ctx, SelectionOf
from opsgauge.web.ordered import BehindOf, CalendarName, Days, OfPractice

router = APIRouter(prefix="/api/v1/requests", tags=["requests"], responses=ANSWERS)
Json = dict[str, Any]


@router.get("")
@router.get("/items")
def read_items(
    ctx: Ctx,
    chosen: SelectionOf,
    group: Annotated[str, Query(description="item, channel, team or location.")] = "item",
    calendar: CalendarName = "always",
    days: Days = 14,
) -> Json:
    """Return where completed orders waited, and how many were right first time."""
    return fulfilment(ctx, chosen, group, calendar, days).as_json()


@router.get("/approvals")
def read_approvals(
    ctx: Ctx,
    chosen: SelectionOf,
    practice: OfPractice = ORDER,
    fewest: Annotated[int, Query(ge=1, description="Decisions without a no.")] = FEWEST_DECIDED,
    price: Annotated[float, Query(ge=0, description="Up to here an item is cheap.")] = MOST_PRICE,
) -> Json:
    """Return how approvals decide by level, step, chain and item, and which items may need none."""
    return approvals(ctx, chosen, Floor(fewest, price), practice).as_json()


@router.get("/tasks")
def read_tasks(ctx: Ctx, chosen: SelectionOf) -> Json:
    """Return how the tasks of orders run, and which of them decide the end."""
    return order_tasks(ctx, chosen).as_json()


@router.get("/bundles")
def read_bundles(
    ctx: Ctx,
    chosen: SelectionOf,
    calendar: CalendarName = "always",
    days: Annotated[float, Query(description="Until a bundle is due that promises nothing.")] = 5,
) -> Json:
    """Return whether bundles are complete when due, and which piece is late."""
    return order_bundles(ctx, chosen, calendar, days).as_json()


@router.get("/health")
def read_health(ctx: Ctx, chosen: SelectionOf, days: Days = 14) -> Json:
    """Return items never ordered or ending as incidents, and candidates for automation."""
    return catalogue_health(ctx, chosen, days).as_json()


@router.get("/orders")
def read_orders(
    ctx: Ctx,
    chosen: SelectionOf,
    behind: BehindOf,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Json:
    """Return the orders behind a number, as many as its n."""
    return orders_behind(ctx, chosen, behind, offset).as_json()
