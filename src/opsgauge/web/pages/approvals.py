"""Who approves, at which level, how long that takes, and who never said no.

Floor 6.
"""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.analysis.requests.approvals import Decided
from opsgauge.analysis.requests.orders import ORDER
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.operations.approving import Approvals, approvals
from opsgauge.web.asked import SelectionOf
from opsgauge.web.ordered import OfPractice
from opsgauge.web.pages import choosers
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import (
    Values,
    View,
    ViewOf,
    frame,
    html,
    link,
    suspect_links,
    ticket_links,
)
from opsgauge.web.pages.requests import orders_at
from opsgauge.web.pages.tidy import TidyRoute

PLACE = "/requests/approvals"
SHOWN = 15
TITLES = {
    "steps": "By step, and by the group that decides",
    "chains": "By chain of steps: each {noun} counts once",
    "items": "By {item}: each {noun} counts once",
}
router = APIRouter(route_class=TidyRoute)


@router.get(PLACE)
def approvals_page(seen: ViewOf, chosen: SelectionOf, practice: OfPractice = ORDER) -> HTMLResponse:
    """Draw how approvals decide."""
    told = approvals(seen.ctx, chosen, practice=practice)
    state = [
        "Approvals of ",
        _practice(seen, told),
        ", of ",
        choosers.team(seen),
        " with ",
        choosers.other_filters(seen),
        ", opened ",
        choosers.dates(seen),
    ]
    back = Address("/requests", seen.address.pairs("practice"))
    return html(
        "approvals.html",
        {
            "page": frame(seen, "", "Approvals", state, provenance=told.provenance),
            "headline": told.sentence,
            "why": "A level is the place of an approval in the chain of its ticket. What is asked "
            "before any of a level was answered stands beside it.",
            "crumbs": [link("Where an order waits", back), link("Approvals", "")],
            "suspect": suspect_links(seen, told.suspect),
            "noun": practice,
            "item": _item(practice),
            "levels": [_level(seen, each, practice) for each in told.levels],
            "parts": [
                {
                    "id": of,
                    "title": title.format(noun=practice, item=_item(practice)),
                    "rows": [_row(seen, each) for each in told.parts[of][:SHOWN]],
                    "more": max(len(told.parts[of]) - SHOWN, 0),
                }
                for of, title in TITLES.items()
                if told.parts[of]
            ],
            "never": [{"of": of, **_row(seen, each)} for of, each in told.never_no],
            "fewest": told.floor.decided,
        },
    )


def _item(practice: str) -> str:
    return "item" if practice == ORDER else "type"


def _practice(seen: View, told: Approvals) -> Values:
    names = list(dict.fromkeys([*told.practices, told.practice]))
    options = [choosers.choice(each, f"{each}s") for each in names]
    one = choosers.field("select", "practice", "Approvals of", told.practice, options)
    words = f"{told.practice}s"
    return choosers.chooser(seen, "practice", words, "Choose whose approvals", [one])


def _level(seen: View, each: Decided, practice: str) -> Values:
    level = each.name.split()[-1]
    return {
        **_row(seen, each),
        "href": orders_at(seen, "asked", level=level, practice=practice),
        "waiting_href": orders_at(seen, "waiting", level=level, practice=practice),
        "steps": ", ".join(f"{name} {whole(n)}" for name, n in each.steps),
    }


def _row(seen: View, each: Decided) -> Values:
    n = each.decided
    return {
        "name": each.name + (f", {each.group}" if each.group else ""),
        "tickets": whole(each.orders),
        "decided": whole(n),
        "refused": percent(each.refused / n) if n else "",
        "most_refused": "" if each.most_refused is None else percent(each.most_refused),
        "unchanged": percent(each.unchanged / n, 0) if n else "",
        "unchanged_between": ""
        if each.unchanged_low is None or each.unchanged_high is None
        else f"{percent(each.unchanged_low, 0)} to {percent(each.unchanged_high, 0)}",
        "median": "" if each.median is None else duration(each.median),
        "p90": "" if each.p90 is None else duration(each.p90),
        "hours": whole(each.hours),
        "waiting": whole(each.waiting),
        "waits": each.waiting > 0,
        "links": ticket_links(seen, each.longest),
    }
