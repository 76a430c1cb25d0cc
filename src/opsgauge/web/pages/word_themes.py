"""Words of descriptions or notes by segment and lately, and the tickets of each.

Floor 6.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from opsgauge.analysis.causes.words import Theme
from opsgauge.foundation.errors import ColumnsMissing
from opsgauge.foundation.units import percent, whole
from opsgauge.operations.drawing.words import capfirst, named
from opsgauge.operations.recurring import DAYS
from opsgauge.operations.vital_few import USUAL
from opsgauge.operations.word_themes import (
    DESCRIPTIONS,
    FIRST_PAGE,
    NOTES,
    TEXTS,
    WordTickets,
    word_themes,
    word_tickets,
)
from opsgauge.web.asked import SelectionOf
from opsgauge.web.caused import FewBy, RecentDays, WordOf, WordsIn
from opsgauge.web.pages import choosers
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.causes_beside import causes_sides, days_chooser, groups_chooser
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, suspect_links
from opsgauge.web.pages.tickets import ticket_href
from opsgauge.web.pages.tidy import TidyRoute

router = APIRouter(route_class=TidyRoute)
HAVE = {DESCRIPTIONS: "a description", NOTES: "a note whose text is kept"}
PAGE, LIST = "/causes/words", "/causes/words/tickets"


@router.get(PAGE)
def words_page(
    seen: ViewOf,
    chosen: SelectionOf,
    by: FewBy = USUAL,
    days: RecentDays = DAYS,
    within: WordsIn = DESCRIPTIONS,
) -> HTMLResponse:
    """Draw words by segment, and those that came up lately."""
    state = [
        *choosers.which_tickets(seen),
        ", opened ",
        choosers.dates(seen),
        ", by ",
        groups_chooser(seen, by),
        ", lately the last ",
        days_chooser(seen, days),
        ", in ",
        _texts_chooser(seen, within),
    ]
    values: Values = {
        "crumbs": [
            link("Findings", seen.address.to("/findings")),
            link("Causes", seen.address.to("/causes")),
            link("Words", ""),
        ],
        "sides": causes_sides(seen),
        "groups": [],
        "notes": (),
        "suspect": [],
    }
    try:
        found = word_themes(seen.ctx, chosen, by, days, within)
    except ColumnsMissing as missing:
        values |= {
            "page": frame(seen, "findings", "Words", state),
            "headline": missing.message,
            "why": missing.hint,
        }
        return html("words.html", values)
    told: list[tuple[str, str | None, bool, tuple[Theme, ...]]] = []
    if found.lately:
        told.append((f"The last {days} days", None, True, found.lately))
    told += [(capfirst(named(group, by)), group, False, words) for group, words in found.rows]
    values |= {
        "page": frame(seen, "findings", "Words", state, provenance=found.provenance),
        "headline": found.sentence(),
        "why": f"{whole(found.written)} of {whole(found.n)} tickets have {HAVE[within]}. Words "
        "that look like names are never told.",
        "groups": [
            {"title": title, "rows": [_word(seen, each, by, group, lately) for each in words]}
            for title, group, lately, words in told
        ],
        "notes": found.notes,
        "suspect": suspect_links(seen, found.suspect),
    }
    return html("words.html", values)


@router.get(LIST)
def word_tickets_page(
    seen: ViewOf,
    chosen: SelectionOf,
    asked: WordOf,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> HTMLResponse:
    """Draw the tickets behind a word."""
    listed = word_tickets(seen.ctx, chosen, asked, offset)
    back = Address(PAGE, seen.address.pairs("word", "group", "lately", "offset"))
    crumbs = [link("Words", back), link("Tickets", "")]
    return html("cases.html", listed_values(seen, listed, "Words", crumbs))


def listed_values(seen: View, listed: WordTickets, title: str, crumbs: list[Values]) -> Values:
    """Return what the page of a list of tickets is drawn from."""
    offset, more = listed.offset, listed.offset + len(listed.rows)
    before = max(offset - FIRST_PAGE, 0) or None
    return {
        "page": frame(seen, "findings", title, provenance=listed.provenance),
        "headline": listed.sentence,
        "why": "The newest come first.",
        "crumbs": crumbs,
        "suspect": suspect_links(seen, listed.suspect),
        "listed": listed,
        "columns": [],
        "with_outcome": False,
        "hrefs": [
            ticket_href(seen.address, row, offset + at) for at, row in enumerate(listed.rows)
        ],
        "first": offset + 1 if listed.rows else 0,
        "last": more,
        "previous_href": str(seen.address.having(offset=before)) if offset else "",
        "next_href": str(seen.address.having(offset=more)) if more < listed.total else "",
    }


def _texts_chooser(seen: View, now: str) -> Values:
    options = [choosers.choice(each, each) for each in TEXTS]
    one = choosers.field("select", "in", "Texts", now, options)
    return choosers.chooser(seen, "texts", now, "Choose whose words", [one])


def _word(seen: View, row: Theme, by: str, group: str | None, lately: bool) -> Values:
    href = Address(LIST, seen.address.params).having(
        by=by,
        word=row.word,
        group=None if lately else group or "",
        lately="true" if lately else None,
    )
    return {
        "word": row.word,
        "n": link(whole(row.n), href),
        "share": percent(row.n / row.of),
        "others": percent(row.others / row.others_of),
        "odds": f"{row.odds:.1f}",
    }
