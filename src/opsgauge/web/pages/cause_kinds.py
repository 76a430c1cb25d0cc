"""Kinds of cause: what the data say of each, and the tickets that bear its mark.

Floor 6.
"""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.analysis.causes.kinds import NOT, OWNERSHIP, POINTS, SILENT, Cause
from opsgauge.foundation.units import duration, whole
from opsgauge.operations.cause_kinds import cause_kinds, evidence_words, kind_tickets
from opsgauge.operations.drawing.words import Said, capfirst
from opsgauge.web.asked import SelectionOf
from opsgauge.web.caused import KindName, PageOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.causes_beside import causes_sides
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, suspect_links
from opsgauge.web.pages.tickets import ticket_href
from opsgauge.web.pages.tidy import TidyRoute

router = APIRouter(route_class=TidyRoute)
PAGE, LIST = "/causes/kinds", "/causes/kinds/tickets"
SAID = {
    POINTS: Said("concern", "The data point to it"),
    NOT: Said("steady", "The data do not point to it"),
    SILENT: Said("held", "No data to say"),
}
COLUMNS = (
    ("priority", "Priority"),
    ("category", "Category"),
    ("team", "Team"),
    ("original_status", "State"),
)


@router.get(PAGE)
def kinds_page(seen: ViewOf, chosen: SelectionOf) -> HTMLResponse:
    """Draw what the data say of each kind of cause."""
    found = cause_kinds(seen.ctx, chosen)
    state = [*choosers.which_tickets(seen), ", opened ", choosers.dates(seen)]
    values = {
        "page": frame(seen, "findings", "Kinds of cause", state, provenance=found.provenance),
        "headline": found.sentence(),
        "why": "Five usual sources of poor performance, each with the test that the records can "
        "make of it. Where they hold nothing of it, that is said: look yourself.",
        "crumbs": [
            link("Findings", seen.address.to("/findings")),
            link("Causes", seen.address.to("/causes")),
            link("Kinds of cause", ""),
        ],
        "sides": causes_sides(seen),
        "rows": [_kind(seen, each) for each in found.rows],
        "notes": found.notes,
        "suspect": suspect_links(seen, found.suspect),
    }
    return html("cause_kinds.html", values)


@router.get(LIST)
def kind_tickets_page(
    seen: ViewOf, chosen: SelectionOf, page: PageOf, kind: KindName = OWNERSHIP
) -> HTMLResponse:
    """Draw the tickets that bear the mark of a kind."""
    listed = kind_tickets(seen.ctx, chosen, kind, page)
    offset, shown = page.offset, len(listed.rows)
    back = Address(PAGE, seen.address.pairs("kind", "offset", "sort", "limit"))
    more = offset + shown
    values = {
        "page": frame(seen, "findings", capfirst(kind), provenance=listed.provenance),
        "headline": f"{whole(listed.total)} with the mark of {kind}",
        "why": f"{listed.sentence}. The newest come first.",
        "crumbs": [link("Kinds of cause", back), link("Tickets", "")],
        "suspect": suspect_links(seen, listed.suspect),
        "listed": listed,
        "columns": [{"key": key, "text": text} for key, text in COLUMNS],
        "with_outcome": False,
        "hrefs": [
            ticket_href(seen.address, row, offset + at) for at, row in enumerate(listed.rows)
        ],
        "first": offset + 1 if shown else 0,
        "last": more,
        "previous_href": _from(seen, offset - page.limit) if offset else "",
        "next_href": _from(seen, more) if more < listed.total else "",
    }
    return html("cases.html", values)


def _from(seen: View, offset: int) -> str:
    return str(seen.address.having(offset=offset if offset > 0 else None))


def _kind(seen: View, row: Cause) -> Values:
    href = Address(LIST, seen.address.params).having(kind=row.kind, offset=None)
    return {
        "kind": capfirst(row.kind),
        "said": SAID[row.verdict],
        "evidence": evidence_words(row),
        "n": link(whole(row.marked), href if row.marked else "") if row.said else None,
        "lost": duration(row.lost) if row.lost is not None and row.lost > 0 else "",
    }
