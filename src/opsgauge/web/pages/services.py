"""Services: how much the business depends on each, who said so, and what is promised by tier.

Floor 6.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from opsgauge.foundation.errors import QueryWrong
from opsgauge.governance.moments import moment_of
from opsgauge.governance.tiers import TIERS, Tier
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import at, counted
from opsgauge.operations.tiers import ServiceTier, end_tier, service_tiers, set_tier
from opsgauge.web.asked import Number
from opsgauge.web.given import Given
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link
from opsgauge.web.pages.posting import UNSENT, Sent, acted, ends, options
from opsgauge.web.pages.tidy import TidyRoute

PLACE = "/services"
FIELDS = ("service", "tier", "why")
router = APIRouter(route_class=TidyRoute)
posts = APIRouter()


@router.get(PLACE)
def services_page(seen: ViewOf) -> Response:
    """Draw the services and their tiers."""
    return _drawn(seen, UNSENT)


@posts.post(PLACE)
async def set_one(request: Request) -> Response:
    """Set the tier of a service."""

    def act(ctx: Context, form: Given) -> str:
        ctx.require("tier:set")
        set_tier(ctx, Tier(form.get("service"), _tier(form), form.get("why")))
        return PLACE

    return await acted(request, act, _drawn)


@posts.post(PLACE + "/{number}/end")
async def end_one(number: Number, request: Request) -> Response:
    """Let what an import told of a service count again."""

    def act(ctx: Context, form: Given) -> str:
        end_tier(ctx, number, form.get("why"))
        return PLACE

    return await acted(request, act, _drawn)


def _tier(form: Given) -> int:
    text = form.get("tier").strip()
    if not text.isascii() or not text.isdigit() or len(text) > 1:
        raise QueryWrong(f"There is no tier {text[:20]!r}.", hint="Tiers are 1 to 4.")
    return int(text)


def _drawn(seen: View, sent: Sent) -> Response:
    found = service_tiers(seen.ctx)
    own = [each.service for each in found.services if not each.why_not]
    values: Values = {
        "page": frame(seen, "levels", "Services", json_href=f"/api/v1{PLACE}"),
        "headline": found.sentence().rstrip("."),
        "why": "The tier says how much the business depends on a service: 1 most, 4 least. "
        "Numbers can be split by it, and promises made for it.",
        "crumbs": [
            link("Service levels", seen.address.to("/service-levels")),
            link("Services", ""),
        ],
        "rows": [_row(seen, each) for each in found.services],
        "promises": found.promises,
        "services": [options([(each, each) for each in own])],
        "tiers": [options([(str(tier), str(tier)) for tier in TIERS])],
        "form": sent.typed(*FIELDS) if own else None,
        "fault": sent.fault,
    }
    return html("services.html", values, sent.status)


def _row(seen: View, one: ServiceTier) -> Values:
    said, zone = one.decided, seen.ctx.workspace.settings.zone
    return {
        "service": link(one.service, seen.address.to("/tickets", where=f"service={one.service}")),
        "tier": one.tier,
        "told": one.told,
        "decided": f"{said.made_by}, {at(moment_of(said.made_at), zone)}" if said else "",
        "why": said.why if said else "",
        "tickets": counted(one.tickets, "ticket"),
        "end": ends(PLACE, said.number, "End it") if said and not one.why_not else None,
    }
