"""Two process maps held against each other: a picture of what differs, and each difference.

Floor 6.
"""

from collections.abc import Callable
from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.analysis.mining.map_differences import Difference
from opsgauge.analysis.mining.steps import fields_of
from opsgauge.foundation.errors import NothingThere
from opsgauge.foundation.units import whole
from opsgauge.log.calendars.definition import ALWAYS
from opsgauge.operations.asking import written
from opsgauge.operations.drawing.map_picture import Hrefs, MapPicture, map_picture
from opsgauge.operations.drawing.map_picture import View as Look
from opsgauge.operations.drawing.words import days_words
from opsgauge.operations.flow import Selection
from opsgauge.operations.map_compared import MapsCompared, Side, compare_maps
from opsgauge.operations.map_joined import joined_map, marks_of
from opsgauge.operations.map_words import (
    flow_words,
    key_words,
    share_words,
    time_said,
    time_words,
    typical_words,
)
from opsgauge.web.against import EffectOf, SidesOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, suspect_links
from opsgauge.web.pages.nothing import nothing_page
from opsgauge.web.pages.process_map import clock_chooser, steps_chooser
from opsgauge.web.pages.tidy import TidyRoute

STEPS_SHOWN, WAYS_SHOWN = 10, 18
NARROW_STEPS, NARROW_WAYS = 6, 9
ROWS_SHOWN = 60
OWN = ("against_where", "against_from", "against_to", "against_path", "least_share", "least_time")
TITLE = "Process maps compared"
router = APIRouter(route_class=TidyRoute)


@router.get("/map/compare")
def maps_compared_page(
    seen: ViewOf, sides: SidesOf, effect: EffectOf, steps: str = "phase", calendar: str = ALWAYS
) -> HTMLResponse:
    """Draw what differs between two maps."""
    steps = "+".join(fields_of(steps))
    crumbs = [
        link("Map", replace(seen.address.having(**dict.fromkeys(OWN)), path="/map")),
        link("Compared", ""),
    ]
    try:
        found = compare_maps(seen.ctx, steps, sides, calendar, effect)
    except NothingThere as nothing:
        state = _state(seen, choosers.dates(seen), (steps, calendar))
        return nothing_page(seen, TITLE, state, crumbs, nothing)
    days = choosers.dates(seen, _usual_days(found))
    state = _state(seen, days, (steps, calendar))
    told, picture = found.told, _pictures(seen, found)
    first = {each.key for each in told}  # of thousands of ways, each would be looked for in all
    rows = [*told, *(each for each in found.rows if each.key not in first)]
    return html(
        "maps_compared.html",
        {
            "page": frame(seen, "map", TITLE, state),
            "headline": found.sentence,
            "why": f"{whole(found.one.tickets)} {found.one.words}, against "
            f"{whole(found.other.tickets)} {found.other.words}.",
            "crumbs": crumbs,
            "suspect": suspect_links(seen, found.suspect),
            "wide": picture(Look(STEPS_SHOWN, WAYS_SHOWN)),
            "narrow": picture(Look(NARROW_STEPS, NARROW_WAYS, down=True)),
            "rows": [_row(seen, found, each) for each in rows[:ROWS_SHOWN]],
            "more": max(len(rows) - ROWS_SHOWN, 0),
            "caveats": found.caveats,
        },
    )


def _pictures(seen: View, found: MapsCompared) -> Callable[[Look], MapPicture]:
    """Return what draws the map of both sides; it is put together once."""
    hrefs = Hrefs(
        step=lambda step: _behind(seen.address, found.steps, found.one, (step,)),
        way=lambda from_, to: _behind(seen.address, found.steps, found.one, (from_, to)),
    )
    joined, marks = joined_map(found), marks_of(found)
    return lambda look: map_picture(joined, look, hrefs, marks)


def _state(seen: View, days: Values, by: tuple[str, str]) -> list[object]:
    """Return the state of the page, by steps and in a calendar."""
    return [
        *choosers.which_tickets(seen),
        ", opened ",
        days,
        ", against ",
        _against_chooser(seen),
        ", by ",
        steps_chooser(seen, by[0]),
        ", in ",
        clock_chooser(seen, by[1]),
    ]


def _usual_days(found: MapsCompared) -> str:
    """Say which days are meant where the address names none."""
    first, last = found.one.chosen.from_, found.one.chosen.to
    return days_words(first, last) if first and last else "at any time"


def _against_chooser(seen: View) -> Values:
    """Return the chooser of the other side: its days, and its value of a filter."""
    where = next(iter(seen.address.all("against_where")), "")
    days = [next(iter(seen.address.all(name)), "") for name in ("against_from", "against_to")]
    path = "another path" if seen.address.all("against_path") else ""
    words = ", ".join(each for each in (where, " to ".join(filter(None, days)), path) if each)
    fields = [
        choosers.field("date", "against_from", "First day of the other side", days[0]),
        choosers.field("date", "against_to", "Its last day", days[1]),
        choosers.field("text", "against_where", "Its value of a filter, as team=B", where),
    ]
    said = words or "as many days before"
    return choosers.chooser(seen, "against", said, "Choose the other side", fields)


def _row(seen: View, found: MapsCompared, row: Difference) -> Values:
    sides = ((found.one, row.one), (found.other, row.other))
    return {
        "name": key_words(row.key, found.steps),
        "tickets": [
            {
                "text": whole(passed.tickets),
                "href": _behind(seen.address, found.steps, side, row.key) if passed.tickets else "",
            }
            for side, passed in sides
        ],
        "shares": [share_words(passed, side.tickets) for side, passed in sides],
        "flow": flow_words(row, found.effect),
        "flow_told": bool(row.flow and row.flow.said),
        "typical": [typical_words(passed) for _, passed in sides],
        "time": time_words(row.time),
        "said": time_said(row.time),
    }


def _behind(address: Address, steps: str, side: Side, key: tuple[str | None, ...]) -> str:
    """Return the address of the tickets of one side that passed a step or a way."""
    way = dict(zip(("step", "then"), key, strict=False))
    chosen: Selection = side.chosen
    to = address.to(
        "/tickets",
        where=[written(each) for each in chosen.where],
        from_=chosen.from_.isoformat() if chosen.from_ else None,
        to=chosen.to.isoformat() if chosen.to else None,
        steps=steps,
        **way,
    )
    return str(to)
