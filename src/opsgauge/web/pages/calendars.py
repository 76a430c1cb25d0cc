"""The business calendars: which there are, and one of them as a year.

Floor 6.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from opsgauge.operations.calendars import (
    CalendarLine,
    calendar_year,
    day_words,
    differs_words,
    hours_words,
    listed_calendars,
)
from opsgauge.operations.drawing.year_grid import year_grid
from opsgauge.web.pages.frame import ViewOf, frame, html, link
from opsgauge.web.pages.tidy import TidyRoute

router = APIRouter(route_class=TidyRoute)
Year = Annotated[int | None, Query()]


@router.get("/calendars")
def calendars_page(seen: ViewOf) -> HTMLResponse:
    """Draw the list of calendars."""
    lines = listed_calendars(seen.ctx)
    return html(
        "calendars.html",
        {
            "page": frame(seen, "", "Calendars", provenance=None),
            "headline": _headline(lines),
            "why": "Business time counts only while a calendar is open. Each is a file in the "
            "workspace's folder calendars, and is shown here as a year.",
            "crumbs": [link("Home", seen.address.to("/"))],
            "calendars": lines,
            "hrefs": {
                line.name: str(seen.address.to(f"/calendars/{line.name}"))
                for line in lines
                if not line.fault
            },
        },
    )


def _headline(lines: tuple[CalendarLine, ...]) -> str:
    wrong = sum(bool(line.fault) for line in lines)
    if wrong:
        return f"{wrong} of {len(lines)} calendars cannot be read"
    if len(lines) == 1:
        return "One calendar, open day and night"
    return f"{len(lines)} calendars say when time counts"


@router.get("/calendars/{name}")
def calendar_page(name: str, seen: ViewOf, year: Year = None) -> HTMLResponse:
    """Draw one calendar as a year."""
    shown = calendar_year(seen.ctx, name, year)
    line, here = shown.line, seen.address.to(f"/calendars/{name}")
    return html(
        "calendar.html",
        {
            "page": frame(seen, "", f"{line.title}, {shown.year}", provenance=None),
            "headline": shown.sentence,
            "why": f"{line.hours}, on the clock of {line.zone}.",
            "crumbs": [link("Calendars", seen.address.to("/calendars")), link(line.title, "")],
            "line": line,
            "year": shown.year,
            "years": [
                link(str(each), here.having(year=each)) for each in (shown.year - 1, shown.year + 1)
            ],
            "grid": year_grid(shown),
            "differing": [
                {
                    "day": day_words(day.date),
                    "what": differs_words(day),
                    "hours": hours_words(day),
                    "open": f"{day.open_hours:g}",
                }
                for day in shown.days
                if not day.usual
            ],
        },
    )
