"""Trouble that comes again, and the tickets of each.

Floor 6.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from opsgauge.analysis.causes.delay_place import Position
from opsgauge.analysis.causes.recurrence import MORE
from opsgauge.foundation.units import duration, whole
from opsgauge.operations.drawing.stacked import stacked
from opsgauge.operations.drawing.words import Said
from opsgauge.operations.recurring import (
    DAYS,
    Recurring,
    cluster_conditions,
    cluster_words,
    recurring,
)
from opsgauge.operations.recurring_tickets import recurring_tickets
from opsgauge.operations.troubles import delay_words
from opsgauge.web.asked import SelectionOf
from opsgauge.web.caused import RecentDays, TroubleOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.causes_beside import causes_sides, days_chooser, tickets_href
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, suspect_links
from opsgauge.web.pages.tidy import TidyRoute
from opsgauge.web.pages.word_themes import listed_values

router = APIRouter(route_class=TidyRoute)
PAGE, LIST = "/causes/recurring", "/causes/recurring/tickets"
SAME = {
    True: "descriptions that share half of their words; where none can be told, one category and "
    "subcategory",
    False: "one category and subcategory",
}


@router.get(PAGE)
def recurring_page(seen: ViewOf, chosen: SelectionOf, days: RecentDays = DAYS) -> HTMLResponse:
    """Draw which trouble comes again."""
    found = recurring(seen.ctx, chosen, days)
    state = [
        *choosers.which_tickets(seen),
        ", opened ",
        choosers.dates(seen),
        ", lately the last ",
        days_chooser(seen, days),
    ]
    told = found.found
    longest = max((_whole(each.delay.position) for each in told.rows if each.delay), default=1.0)
    values = {
        "page": frame(seen, "findings", "Again and again", state, provenance=found.provenance),
        "headline": found.sentence(),
        "why": f"{whole(told.alone_tickets)} tickets are isolated: their trouble came once or "
        "twice. Trouble is one item, or a service where no item is named, with "
        f"{SAME[found.by_words]}.",
        "crumbs": [
            link("Findings", seen.address.to("/findings")),
            link("Causes", seen.address.to("/causes")),
            link("Again and again", ""),
        ],
        "sides": causes_sides(seen),
        "days": days,
        "rows": [_cluster(seen, found, at, longest) for at in range(len(told.rows))],
        "notes": found.notes,
        "suspect": suspect_links(seen, found.suspect),
    }
    return html("recurring.html", values)


@router.get(LIST)
def recurring_tickets_page(
    seen: ViewOf,
    chosen: SelectionOf,
    asked: TroubleOf,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> HTMLResponse:
    """Draw the tickets of a trouble."""
    listed = recurring_tickets(seen.ctx, chosen, asked, offset)
    back = Address(PAGE, seen.address.pairs("first_source", "first_ticket", "lately", "offset"))
    crumbs = [link("Again and again", back), link("Tickets", "")]
    return html("cases.html", listed_values(seen, listed, "Again and again", crumbs))


def _cluster(seen: View, found: Recurring, at: int, longest: float) -> Values:
    row, delay = found.found.rows[at], found.found.rows[at].delay
    return {
        "words": cluster_words(row),
        "said": Said("concern", "More often than expected") if row.verdict == MORE else None,
        "n": link(whole(row.n), _listed(seen, found, at)),
        "recent": link(whole(row.recent), _listed(seen, found, at, True) if row.recent else ""),
        "expected": f"{row.expected:.1f}",
        "bar": _position(delay.position, longest) if delay else "",
        "hours": duration(row.hours),
        "place": delay_words(delay, found.holders[at]),
    }


def _listed(seen: View, found: Recurring, at: int, lately: bool = False) -> str:
    """Return the list of a trouble's tickets, by conditions where these say all of it."""
    row, chosen = found.found.rows[at], found.chosen
    if found.by_words:
        source, ticket = found.firsts[at]
        href = Address(LIST, seen.address.params).having(
            first_source=source, first_ticket=ticket, lately="true" if lately else None
        )
        return str(href)
    begin = found.since if lately else chosen.from_
    practice = tuple(each for each in chosen.where if each.column == "practice")
    days = {
        "from_": begin.isoformat() if begin else None,
        "to": chosen.to.isoformat() if chosen.to else None,
    }
    return tickets_href(seen, *practice, *cluster_conditions(row), **days)


def _whole(position: Position) -> float:
    return position.upstream + position.own + position.downstream


def _position(position: Position, longest: float) -> str:
    parts = (
        ("wait", "before", position.upstream),
        ("work", "with the team", position.own),
        ("hold", "after it first had it", position.downstream),
    )
    return stacked([(k, h / (longest or 1.0), f"{words} {duration(h)}") for k, words, h in parts])
