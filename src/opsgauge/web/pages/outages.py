"""What the forms of a ticket's page do that say when its outage began and was detected.

Floor 6.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from opsgauge.governance.outages import Outage
from opsgauge.operations.outages import end_outage, outage_of, set_outage
from opsgauge.web.asked import Number, Served
from opsgauge.web.given import short_form
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import View
from opsgauge.web.pages.ticket import drawn
from opsgauge.web.pages.ticket_outage import FIELDS, ticket_href
from opsgauge.web.pages.trying import tried

router = APIRouter()


@router.post("/outages")
async def set_times(request: Request, ctx: Served) -> Response:
    """Set when an outage began and was detected."""
    form = await short_form(request, ctx)
    source, ticket_id = form.get("source"), form.get("ticket_id")

    def act() -> str:
        started, detected, why = (form.get(name) for name in FIELDS)
        made = set_outage(ctx, outage_of(ctx, source, ticket_id, started, detected, why))
        return _page(made.outage)

    def again(fault: str) -> Response:
        seen = View(request, ctx, Address(ticket_href(source, ticket_id)))
        return drawn(seen, source, ticket_id, {n: form.get(n) for n in FIELDS}, fault)

    return await tried(act, again)


@router.post("/outages/{number}/end")
async def end_times(number: Number, request: Request, ctx: Served) -> Response:
    """Let a ticket's own times count again."""
    form = await short_form(request, ctx)
    source, ticket_id = form.get("source"), form.get("ticket_id")

    def again(fault: str) -> Response:
        seen = View(request, ctx, Address(ticket_href(source, ticket_id)))
        return drawn(seen, source, ticket_id, {}, fault)

    return await tried(lambda: _page(end_outage(ctx, number, form.get("why")).outage), again)


def _page(outage: Outage) -> str:
    return f"{ticket_href(outage.source, outage.ticket_id)}#outage"
