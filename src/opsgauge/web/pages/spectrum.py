"""One way of the process map over time: performance spectrum and dotted chart.

Floor 6.
"""

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.analysis.mining.spectrum import Batch
from opsgauge.analysis.mining.steps import fields_of
from opsgauge.foundation.errors import NothingThere
from opsgauge.foundation.units import whole
from opsgauge.operations.drawing.map_choice import step_name
from opsgauge.operations.drawing.spectrum_picture import dotted_picture, spectrum_picture
from opsgauge.operations.drawing.words import at, counted, elapsed
from opsgauge.operations.flow import process_map
from opsgauge.operations.spectrum import largest, moment, spectrum
from opsgauge.web.asked import SelectionOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, suspect_links
from opsgauge.web.pages.nothing import nothing_page
from opsgauge.web.pages.process_map import steps_chooser, way_behind
from opsgauge.web.pages.tidy import TidyRoute

WAYS_OFFERED = 15
router = APIRouter(route_class=TidyRoute)


@router.get("/map/spectrum")
def spectrum_page(
    seen: ViewOf, chosen: SelectionOf, steps: str = "phase", way_from: str = "", way_to: str = ""
) -> HTMLResponse:
    """Draw every passage of one way, and the updates of tickets."""
    steps = "+".join(fields_of(steps))
    way = (way_from, way_to) if way_from and way_to else None
    try:
        found = spectrum(seen.ctx, steps, way, chosen)
    except NothingThere as nothing:
        crumbs = [_map(seen), link("Over time", "")]
        return nothing_page(seen, "Over time", _state(seen, steps), crumbs, nothing)
    zone = seen.ctx.workspace.zone
    name = " → ".join(step_name(step, steps) for step in found.way)
    offered = [arc for arc in process_map(seen.ctx, steps, chosen).arcs if arc.from_ != arc.to][
        :WAYS_OFFERED
    ]
    return html(
        "spectrum.html",
        {
            "page": frame(seen, "map", f"{name} over time", _state(seen, steps)),
            "headline": found.sentence,
            "why": f"{name}: each line is a ticket, from when it came to when it went on.",
            "crumbs": [_map(seen), link(name, "")],
            "suspect": suspect_links(seen, found.suspect),
            "picture": spectrum_picture(found, zone),
            "dotted": dotted_picture(found, zone),
            "behind": link(
                f"The tickets of the {counted(found.passages, 'passage')}",
                way_behind(seen.address, steps, *found.way),
            ),
            "names": [step_name(step, steps) for step in found.way],
            "batches": [_batch(each, zone.key) for each in largest(found.batches)],
            "batch_count": len(found.batches),
            "ways": [
                {
                    "text": " → ".join(step_name(step, steps) for step in (arc.from_, arc.to)),
                    "href": str(seen.address.having(way_from=arc.from_, way_to=arc.to)),
                    "times": whole(arc.count),
                    "current": (arc.from_, arc.to) == found.way,
                }
                for arc in offered
            ],
            "notes": found.notes,
        },
    )


def _map(seen: View) -> Values:
    return link("Map", replace(seen.address.having(way_from=None, way_to=None), path="/map"))


def _state(seen: View, steps: str) -> list[object]:
    chooser = steps_chooser(seen, steps)
    kept = tuple(pair for pair in chooser["keep"] if pair[0] not in {"way_from", "way_to"})
    return [
        *choosers.which_tickets(seen),
        ", opened ",
        choosers.dates(seen),
        ", by ",
        {**chooser, "keep": kept},
    ]


def _batch(batch: Batch, zone: str) -> Values:
    return {
        "tickets": whole(batch.tickets),
        "left": at(moment(batch.left_us), zone),
        "came": at(moment(batch.came_us), zone),
        "within": elapsed(batch.until_us - batch.left_us),
    }
