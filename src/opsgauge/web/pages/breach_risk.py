"""Open tickets by how likely they break a service level, and how far that can be trusted.

Floor 6.
"""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.foundation.units import duration, percent, whole
from opsgauge.operations.asking import conditions
from opsgauge.operations.breach_reasons import reason_words
from opsgauge.operations.breach_risk import OpenTicket, Risks
from opsgauge.operations.clocked import clocks_shown
from opsgauge.operations.drawing.reliability_plot import reliability_plot
from opsgauge.operations.drawing.words import Said, counted
from opsgauge.operations.learning import breach_risk_meanwhile
from opsgauge.operations.service_levels import Clocks
from opsgauge.web.asked import AskedOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, suspect_links
from opsgauge.web.pages.posting import moment
from opsgauge.web.pages.tidy import TidyRoute

SHOWN = 50  # of the riskiest tickets
router = APIRouter(route_class=TidyRoute)


@router.get("/service-levels/{name}/risk")
def risk_page(name: str, seen: ViewOf, asked: AskedOf) -> HTMLResponse:
    """Draw the open tickets of a service level, the riskiest first."""
    chosen = Clocks(conditions(asked.where))
    found = breach_risk_meanwhile(seen.ctx, name, chosen)
    title = clocks_shown(seen.ctx).levels.get(name).title
    values = {
        "page": frame(
            *(seen, "levels", f"{title}, breach risk"),
            [title, ", ", *choosers.which_tickets(seen)],
        ),
        "crumbs": [
            link("Service levels", seen.address.to("/service-levels")),
            link(title, seen.address.to(f"/service-levels/{name}", where=asked.where)),
            link("Breach risk", ""),
        ],
        "headline": f"{title}: learning from what became of its tickets",
        "why": "This takes some seconds, once for each data version. The page opens by itself when "
        "it is done.",
        "learning": found is None,
        "rows": [],
        "more": "",
        "tested": (),
        "picture": "",
        "bins": [],
        "sorts": False,
        "alert": "",
        "suspect": [],
    }
    return html("breach_risk.html", values if found is None else values | _found(seen, found))


def _found(seen: View, found: Risks) -> Values:
    likely = sum(each.is_likely for each in found.tickets)
    shown = found.tickets[:SHOWN]
    told = "No open ticket has a clock that lasts"
    if found.tickets:
        told = f"{whole(likely)} of {counted(len(found.tickets), 'open ticket')} will more likely"
        told += " than not break their promise"
    return {
        "headline": f"{found.level.title}: {told[:1].lower()}{told[1:]}",
        "why": "Time left is exact, by the clock. The probability is learnt from what became of "
        "tickets before, and tried on tickets that came later.",
        "learning": False,
        "rows": [_row(seen, each, found.sorts) for each in shown],
        "sorts": found.sorts,
        "more": f"The {len(shown)} riskiest are shown." if len(found.tickets) > SHOWN else "",
        "tested": found.sentences(),
        "picture": reliability_plot(found.bins, f"Reliability of {found.level.title}"),
        "bins": [
            {
                "said": percent(each.said),
                "broke": percent(each.broke),
                "between": f"{percent(each.low)} to {percent(each.high)}",
                "n": whole(each.n),
                "leaning": f"{each.leaning} here" if each.leaning else "",
            }
            for each in found.bins
        ],
        "alert": found.alert_sentence(),
        "suspect": suspect_links(seen, found.suspect),
    }


def _row(seen: View, each: OpenTicket, sorts: bool) -> Values:
    said = Said("concern", "Alert") if each.is_due else Said("steady", "Not yet")
    return {
        "ticket": link(each.ticket_id, seen.address.to(f"/tickets/{each.source}/{each.ticket_id}")),
        "team": each.team or "missing",
        "priority": each.priority or "missing",
        "chance": each.chance(),
        "used": percent(each.used_share, 0),
        "left": duration(each.left_hours),
        "due": moment(each.due_at, seen.ctx) if each.due_at else "paused",
        "said": said if sorts else None,
        "why": reason_words(each.why),
    }
