"""What the forms of a ticket's page do that say when its outage began and was detected.

Floor 6.
"""

from collections.abc import Mapping
from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import Response

from opsgauge.governance.outages import Outage
from opsgauge.operations.context import Context
from opsgauge.operations.outages import end_outage, outage_of, set_outage
from opsgauge.web.asked import Number
from opsgauge.web.given import Given
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import View
from opsgauge.web.pages.posting import Sent, acted
from opsgauge.web.pages.ticket import drawn
from opsgauge.web.pages.ticket_outage import FIELDS, ticket_href

router = APIRouter()


@router.post("/outages")
async def set_times(request: Request) -> Response:
    """Set when an outage began and was detected."""

    def act(ctx: Context, form: Given) -> str:
        started, detected, why = (form.get(name) for name in FIELDS)
        of = (form.get("source"), form.get("ticket_id"))
        return _page(set_outage(ctx, outage_of(ctx, *of, started, detected, why)).outage)

    return await acted(request, act, lambda seen, sent: _again(seen, sent, sent.typed(*FIELDS)))


@router.post("/outages/{number}/end")
async def end_times(number: Number, request: Request) -> Response:
    """Let a ticket's own times count again."""

    def act(ctx: Context, form: Given) -> str:
        return _page(end_outage(ctx, number, form.get("why")).outage)

    return await acted(request, act, lambda seen, sent: _again(seen, sent, {}))


def _again(seen: View, sent: Sent, typed: Mapping[str, str]) -> Response:
    """Draw the ticket's page again, with what was typed and what is wrong with it."""
    source, ticket_id = sent.form.get("source"), sent.form.get("ticket_id")
    there = replace(seen, address=Address(ticket_href(source, ticket_id)))
    return drawn(there, source, ticket_id, dict(typed), sent)


def _page(outage: Outage) -> str:
    return f"{ticket_href(outage.source, outage.ticket_id)}#outage"
