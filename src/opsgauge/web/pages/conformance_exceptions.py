"""Exceptions to rules over time: a picture and a table of each rule, and of any rule together.

Floor 6.
"""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.foundation.units import percent, whole
from opsgauge.log.periods import GRAINS, dates_of
from opsgauge.operations.conformance.over_time import Exceptions, Series, exceptions
from opsgauge.operations.drawing.sparkline import Size, Trend, sparkline
from opsgauge.operations.drawing.words import Said, period_words
from opsgauge.operations.flow import Selection
from opsgauge.web.asked import SelectionOf
from opsgauge.web.conforming import ExceptionsOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.conformance_parts import between, kept_address, parts_of, which_tickets
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, suspect_links
from opsgauge.web.pages.tidy import TidyRoute

PLACE, LIST = "/conformance/exceptions", "/conformance/tickets"
PICTURE = Size(420, 90)
ROWS_SHOWN = 12
BESIDE_DAYS = ("where", "data_version", "known_at")
SAID = {
    "worse": Said("concern", "More than usual"),
    "better": Said("improve", "Less than usual"),
}
router = APIRouter(route_class=TidyRoute)


@router.get(PLACE)
def exceptions_page(seen: ViewOf, chosen: SelectionOf, asked: ExceptionsOf) -> HTMLResponse:
    """Draw each rule over time."""
    told = exceptions(seen.ctx, asked, chosen)
    headline = told.sentence()
    state = [*which_tickets(seen), ", by ", choosers.grain(seen, asked.grain, GRAINS)]
    return html(
        "conformance_exceptions.html",
        {
            "page": frame(seen, "map", headline, state, provenance=told.provenance),
            "headline": headline,
            "why": "Broken without an exception on record, of the tickets whose verdict stands. "
            "The band is how far chance moves the share of so many tickets.",
            "crumbs": [
                link("Conformance", kept_address(seen, "/conformance")),
                link("Exceptions over time", ""),
            ],
            "parts": parts_of(seen, PLACE),
            "suspect": suspect_links(seen, told.suspect),
            "series": [_series(seen, each, chosen) for each in told.series],
            "notes": told.notes,
            "rows_shown": ROWS_SHOWN,
        },
    )


def _series(seen: View, series: Series, chosen: Selection) -> Values:
    rows = series.rows[::-1]
    return {
        "name": series.name or "any",
        "title": series.title,
        "sentence": series.sentence(),
        "picture": sparkline(_trend(series), f"{series.title}: {series.sentence()}", PICTURE)
        if series.chart
        else "",
        "why": series.why,
        "rows": [_row(seen, series, each, chosen) for each in rows[:ROWS_SHOWN]],
        "more": max(len(rows) - ROWS_SHOWN, 0),
    }


def _trend(series: Series) -> Trend:
    rows = [each for each in series.rows if each.whole]
    limits = series.chart.limits if series.chart else None
    return Trend(
        values=tuple(None if each.suppressed else each.share for each in rows),
        limits=(max(limits.lower, 0.0), min(limits.upper, 1.0)) if limits else None,
        verdicts=tuple(each.verdict for each in rows) if limits else (),
    )


def _row(seen: View, series: Series, each: Exceptions, chosen: Selection) -> Values:
    def number(count: int, outcome: str) -> Values:
        href = _behind(seen, series, each, chosen, outcome) if count else ""
        return {"text": whole(count), "href": href}

    return {
        "period": period_words(each.period),
        "judged": number(each.n, "judged"),
        "broken": number(each.broken, "broken"),
        "excepted": number(each.excepted, "excepted"),
        "undecided": whole(each.undecided),
        "share": "" if each.share is None else percent(each.share),
        "between": between(each.interval),
        "suppressed": each.suppressed,
        "said": SAID.get(each.verdict) if each.signals else None,
        "whole": each.whole,
    }


def _behind(seen: View, series: Series, each: Exceptions, chosen: Selection, outcome: str) -> str:
    """Return the list behind a number of a rule and period; "" for any rule, which has none."""
    if series.rule is None:
        return ""
    first, last = dates_of(each.period)
    days = (max(first, chosen.from_ or first), min(last, chosen.to or last))
    kept = tuple(pair for pair in seen.address.params if pair[0] in BESIDE_DAYS)
    more = {"from": days[0].isoformat(), "to": days[1].isoformat()}
    about = {"rule": series.rule.name, "outcome": outcome}
    return str(Address(LIST, (*kept, *more.items(), *about.items())))
