"""How long it usually takes from one step to another, and what is far out.

Floor 6.
"""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from opsgauge.analysis.conformance.times import EARLY, LATE, PairTime
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.metrics.policies.reading import STEPS
from opsgauge.operations.conformance.times import Profiled, chance_words, time_tickets, times
from opsgauge.operations.lists import Page
from opsgauge.web.asked import SelectionOf, paged
from opsgauge.web.conforming import ProfiledOf, TimesBehindOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.conformance_parts import (
    LIST_PAGE,
    between,
    kept_address,
    list_values,
    parts_of,
    which_tickets,
)
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, suspect_links
from opsgauge.web.pages.tidy import TidyRoute

PLACE, LIST = "/conformance/times", "/conformance/times/tickets"
MOST_PAIRS = 25
COLUMNS = (
    ("took_hours", "Took", False),
    ("since", "Since", False),
    ("priority", "Priority", True),
    ("team", "Team now", True),
)
STEP_WORDS = {"phase": "phase", "original_status": "state", "activity": "activity"}
router = APIRouter(route_class=TidyRoute)


@router.get(PLACE)
def times_page(seen: ViewOf, chosen: SelectionOf, asked: ProfiledOf) -> HTMLResponse:
    """Draw the pairs of steps, those with most hours beyond the usual first."""
    told = times(seen.ctx, asked, chosen)
    headline = told.sentence()
    options = [choosers.choice(each, STEP_WORDS[each]) for each in STEPS]
    one = choosers.field("select", "by", "Steps by", asked.steps, options)
    steps = choosers.chooser(seen, "by", STEP_WORDS[asked.steps], "Choose what a step is", [one])
    state = [*which_tickets(seen), ", from ", steps, f" to {STEP_WORDS[asked.steps]}"]
    return html(
        "conformance_times.html",
        {
            "page": frame(seen, "map", headline, state, provenance=told.provenance),
            "headline": headline,
            "why": f"Usual is within {asked.k:g} robust deviations of the median, on the scale of "
            f"logarithms; {chance_words(asked.k)}. Elapsed time, nights and weekends included.",
            "crumbs": [
                link("Process map", seen.address.to("/map")),
                link("Conformance", seen.address.to("/conformance")),
            ],
            "parts": parts_of(seen, PLACE),
            "suspect": suspect_links(seen, told.suspect),
            "rows": [_row(seen, asked, each) for each in told.pairs[:MOST_PAIRS]],
            "more": max(len(told.pairs) - MOST_PAIRS, 0),
        },
    )


@router.get(LIST)
def time_tickets_page(
    seen: ViewOf,
    chosen: SelectionOf,
    asked: ProfiledOf,
    behind: TimesBehindOf,
    page: Annotated[Page, Depends(paged)],
) -> HTMLResponse:
    """Draw the list of tickets behind a number of two steps."""
    listed = time_tickets(seen.ctx, asked, behind, chosen, page)
    return html(
        LIST_PAGE, list_values(seen, listed, COLUMNS, page, (PLACE, "The longest come first."))
    )


def _row(seen: View, asked: Profiled, pair: PairTime) -> Values:
    return {
        "from_": pair.from_,
        "to": pair.to,
        "n": _number(seen, asked, pair, "", pair.n),
        "median": duration(pair.median),
        "usual": ""
        if pair.low is None or pair.high is None
        else f"{duration(pair.low)} to {duration(pair.high)}",
        "late": _number(seen, asked, pair, LATE, pair.late),
        "share": percent(pair.share),
        "between": between(pair.interval),
        "early": _number(seen, asked, pair, EARLY, pair.early),
        "over": whole(pair.over_hours),
    }


def _number(seen: View, asked: Profiled, pair: PairTime, place: str, n: int) -> Values:
    where = {"by": asked.steps, "k": f"{asked.k:g}", "first": pair.from_, "second": pair.to}
    href = kept_address(seen, LIST, **where, place=place) if n else ""
    return {"text": whole(n), "href": href}
