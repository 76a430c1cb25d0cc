"""The process map, the paths behind it, and both as tables.

Floor 6.
"""

from dataclasses import dataclass, replace
from itertools import permutations
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from opsgauge.analysis.mining.steps import BEGIN, FIELDS, FINISH, fields_of, has_paths
from opsgauge.foundation.units import percent, whole
from opsgauge.log.calendars.definition import ALWAYS
from opsgauge.log.vocabulary import DONE_PHASES, STEPS
from opsgauge.operations.calendars import calendar_names
from opsgauge.operations.drawing.bars import bar
from opsgauge.operations.drawing.map_choice import step_name
from opsgauge.operations.drawing.map_picture import Hrefs, MapPicture, map_picture
from opsgauge.operations.drawing.map_picture import View as Look
from opsgauge.operations.drawing.path_marks import MARKS_SHOWN, path_marks
from opsgauge.operations.drawing.words import plain, seconds
from opsgauge.operations.flow import Selection, process_map, variants, variants_ahead
from opsgauge.operations.flow_answers import ProcessMap, Variants, shortened
from opsgauge.operations.map_notes import PinnedNotes, map_notes
from opsgauge.web.asked import SelectionOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, option, suspect_links
from opsgauge.web.pages.map_notes import notes_values
from opsgauge.web.pages.tidy import TidyRoute

STEPS_SHOWN, WAYS_SHOWN = 8, 14
NARROW_STEPS, NARROW_WAYS = 6, 10
MOST_STEPS, MOST_WAYS = 60, 150  # drawn; nobody reads more, and the table has the rest
ROWS_SHOWN = 50  # of the table of steps
PATHS_SHOWN = 9
OWN = ("shown_steps", "shown_ways", "width", "time", "colour", "zoom")
MOST_NAMED = 2  # steps in the headline
KINDS = {"phase": "Phase", "original_status": "State", "team": "Team", "activity": "Activity"}
BY_STEP = ("in one step", "in two steps")
PLACES = {
    "phase": ("in one phase", "in two phases"),
    "original_status": ("in one state", "in two states"),
    "team": ("with one team", "with two teams"),
    "activity": ("after one activity", "after two activities"),
}
router = APIRouter(route_class=TidyRoute)


@dataclass(frozen=True)
class Drawing:
    """The two pictures of a map: for a wide page, and for a phone."""

    look: Look
    wide: MapPicture
    narrow: MapPicture


def wished(
    shown_steps: Annotated[int, Query(ge=1)] = STEPS_SHOWN,
    shown_ways: Annotated[int, Query(ge=1)] = WAYS_SHOWN,
    width: Literal["count", "time", "total"] = "count",
    time: Literal["median", "p90", "mean"] = "median",
    colour: Literal["none", "count", "time", "total"] = "none",
    zoom: Literal["fit", "100", "150", "200"] = "fit",
) -> Look:
    """Return how an address wants the map to look."""
    size = 0 if zoom == "fit" else int(zoom)
    return Look(shown_steps, shown_ways, width, time, colour=colour, zoom=size)


@router.get("/map")
def map_page(
    seen: ViewOf,
    chosen: SelectionOf,
    look: Annotated[Look, Depends(wished)],
    steps: str = "phase",
    calendar: str = ALWAYS,
) -> HTMLResponse:
    """Draw the map."""
    steps = "+".join(fields_of(steps))
    if has_paths(steps):
        variants_ahead(seen.ctx, steps, chosen, PATHS_SHOWN)
    process = process_map(seen.ctx, steps, chosen, calendar)
    if not process.nodes:
        return html("map.html", _empty(seen, process, look, chosen))
    hrefs, notes = _hrefs(seen.address, steps), map_notes(seen.ctx, process)
    # Laying out takes longer than all the rest; hrefs, and so the picture, follow the address.
    key = ("drawing", seen.ctx.scope, str(seen.address), tuple(notes.places.items()))
    drawing = seen.ctx.opened().once(key, lambda: drawn(process, look, hrefs, notes))
    walked = variants(seen.ctx, steps, chosen, PATHS_SHOWN) if has_paths(steps) else None
    if walked is not None:
        walked = shortened(walked, MARKS_SHOWN)

    def name(step: str | None) -> str:
        return step_name(step, steps)

    return html(
        "map.html",
        {
            **_around(seen, process, drawing.look, chosen),
            "notes": notes_values(seen, notes),
            "headline": _headline(process),
            "why": _why(seen, walked, name),
            "wide": drawing.wide,
            "narrow": drawing.narrow,
            "all_ways": drawing.wide.chosen.all_ways,
            "hrefs": hrefs,
            "variants": walked,
            "variant_hrefs": [
                _behind(seen.address, steps, path=row.id) for row in (walked.rows if walked else ())
            ],
            "path_marks": path_marks(walked, name) if walked else {},
            "name": name,
        },
    )


def _around(seen: View, process: ProcessMap, look: Look, chosen: Selection) -> Values:
    """Return what is the same with and without a picture."""
    also = [chosen.passed.sentence()] if chosen.passed else []
    state = [
        *choosers.which_tickets(seen, also),
        ", opened ",
        choosers.dates(seen),
        ", by ",
        steps_chooser(seen, process.steps),
        ", in ",
        clock_chooser(seen, process.calendar),
    ]
    return {
        "page": frame(seen, "map", "Process map", state, provenance=process.provenance),
        "crumbs": [],
        "process": process,
        "notice": None,
        "suspect": suspect_links(seen, process.suspect),
        "view": look,
        "all_steps": len(process.nodes),
        "most_steps": min(len(process.nodes), MOST_STEPS),
        "most_ways": MOST_WAYS,
        "rows_shown": ROWS_SHOWN,
        "clock": clock_words(process.calendar),
        "links": _other_pages(seen.address),
        "action": "/map",
        "keep": seen.address.pairs(*OWN),
        "step_kinds": [
            option(
                KINDS[kind],
                seen.address.having(steps=kind, step=None, then=None, path=None),
                kind == process.steps,
            )
            for kind in STEPS
        ],
        "cell_bar": bar,
    }


def steps_chooser(seen: View, now: str) -> Values:
    """Return the chooser of what steps are told by: a field, or two."""
    pairs = [f"{one}+{other}" for one, other in permutations(FIELDS, 2)]
    options = [choosers.choice(each, _by_words(each)) for each in (*FIELDS, *pairs)]
    one = choosers.field("select", "steps", "A step is a", now, options)
    made = choosers.chooser(seen, "steps", _by_words(now), "Choose what a step is", [one])
    kept = tuple(pair for pair in made["keep"] if pair[0] not in {"step", "then", "path"})
    return {**made, "keep": kept}


def _by_words(steps: str) -> str:
    names = {"original_status": "state"}
    return " and ".join(names.get(field, plain(field)) for field in fields_of(steps))


def clock_chooser(seen: View, now: str) -> Values:
    """Return the chooser of the calendar whose open time counts."""
    options = [
        choosers.choice("" if each == ALWAYS else each, clock_words(each))
        for each in calendar_names(seen.ctx)
    ]
    one = choosers.field("select", "calendar", "Time", "" if now == ALWAYS else now, options)
    return choosers.chooser(seen, "clock", clock_words(now), "Choose which time counts", [one])


def clock_words(calendar: str) -> str:
    """Return which time is counted, in words."""
    return "elapsed time" if calendar == ALWAYS else f"open time of {calendar}"


def _other_pages(address: Address) -> list[Values]:
    """Return the ways to what else is drawn of the same tickets."""
    same = address.having(**dict.fromkeys(OWN))
    return [
        link("Compare with as many days before", replace(same, path="/map/compare")),
        link("Batches and overtaking over time", replace(same, path="/map/spectrum")),
    ]


def drawn(
    process: ProcessMap, look: Look, hrefs: Hrefs, notes: PinnedNotes | None = None
) -> Drawing:
    """Draw a map twice, with no more steps and ways than one can read."""
    all_steps = len(process.nodes)
    all_ways = sum(arc.from_ != arc.to for arc in process.arcs)
    steps, ways = min(look.steps, all_steps, MOST_STEPS), min(look.ways, all_ways, MOST_WAYS)
    look = replace(look, steps=steps, ways=max(ways, 1))
    narrow = replace(
        look, steps=min(steps, NARROW_STEPS), ways=min(look.ways, NARROW_WAYS), down=True
    )
    pins = notes.places if notes else None
    wide, tall = (map_picture(process, each, hrefs, pins=pins) for each in (look, narrow))
    return Drawing(look, wide, tall)


def _behind(address: Address, steps: str, **way: str | None) -> str:
    """Return the address of the tickets that took a way, of those that the map is drawn of."""
    chosen = address.to("/tickets", steps=steps, **way)
    kept = tuple(pair for pair in address.params if pair[0] in {"where", "from", "to"})
    return str(Address(chosen.path, (*kept, *chosen.params)))


def way_behind(address: Address, steps: str, from_: str, to: str) -> str:
    """Return the address of the tickets that took a way, of those that a page is drawn of."""
    return _behind(address, steps, step=from_, then=to)


def _hrefs(address: Address, steps: str) -> Hrefs:
    """Return where steps and ways of the map lead."""
    return Hrefs(
        step=lambda step: _behind(address, steps, step=step),
        way=lambda from_, to: _behind(address, steps, step=from_, then=to),
        start=lambda step: _behind(address, steps, step=BEGIN, then=step),
        end=lambda step: _behind(address, steps, step=step, then=FINISH),
    )


def _headline(process: ProcessMap) -> str:
    """Name the steps in which most hours pass; what comes after the end is no work."""
    done = DONE_PHASES if process.steps == "phase" else ()
    steps = [node for node in process.nodes if node.id not in done]
    ranked = sorted(steps, key=lambda node: -node.total_seconds)
    total = sum(node.total_seconds for node in ranked)
    if not total:
        return "No time passes between these steps"
    named = ranked[:MOST_NAMED]
    share = percent(sum(node.total_seconds for node in named) / total, 0)
    hours = "all hours before the end" if done else "all hours"
    where = " and ".join(step_name(node.id, process.steps) for node in named)
    one, two = PLACES.get(process.steps, BY_STEP)
    return f"{share} of {hours} pass {two if len(named) > 1 else one}: {where}"


def _why(seen: View, walked: Variants | None, name: Any) -> str:
    """Say how many take the most frequent path, and how many paths there are."""
    if walked is None or not walked.rows:
        return ""
    first = walked.rows[0]
    path = ", ".join(name(step) for step in first.path[:5])
    more = f" and {len(first.path) - 5} more" if len(first.path) > 5 else ""
    rest = ""
    if walked.variants > 1:
        paths = "one path" if walked.variants == 2 else f"{whole(walked.variants - 1)} paths"
        rest = f"; the other {whole(walked.tickets - first.count)} spread over {paths}"
    lasting = walked.case_seconds["median"]
    half = f" Half of them last {seconds(lasting)} or less." if lasting else ""
    return f"{percent(first.share, 0)} of {seen.noun}s take one path, {path}{more}{rest}.{half}"


def _empty(seen: View, process: ProcessMap, look: Look, chosen: Selection) -> Values:
    notice = {
        "kind": "empty",
        "title": "No ticket fits these filters and days",
        "why": "A map is drawn of the tickets chosen, and none is.",
        "facts": [],
        "links": [link("The map of all tickets", seen.address.to("/map", steps=process.steps))],
    }
    unseen: Values = {
        "wide": None,
        "narrow": None,
        "all_ways": 0,
        "hrefs": None,
        "variants": None,
        "variant_hrefs": [],
        "path_marks": {},
        "name": None,
    }
    return {
        **_around(seen, process, look, chosen),
        **unseen,
        "notes": None,
        "headline": "Nothing to draw",
        "why": "",
        "notice": notice,
    }
