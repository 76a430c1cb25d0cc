"""How work flows, as JSON: the process map and the paths behind it.

Floor 6.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from opsgauge.analysis.mining.steps import FIELDS, fields_of
from opsgauge.foundation.errors import NothingThere
from opsgauge.log.calendars.definition import ALWAYS
from opsgauge.operations.flow import process_map, variants
from opsgauge.operations.map_compared import compare_maps, no_comparison
from opsgauge.operations.map_notes import map_notes
from opsgauge.operations.spectrum import no_spectrum, spectrum
from opsgauge.web.against import EffectOf, SidesOf
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import Ctx, SelectionOf

Json = dict[str, Any]
Steps = Annotated[str, Query(description="phase, original_status, team or activity.")]
MapSteps = Annotated[
    str,
    Query(description=f"{', '.join(FIELDS)}, or two of them, as phase+team."),
]
Calendar = Annotated[str, Query(description="Whose open time counts; always: elapsed time.")]
Way = Annotated[str, Query(description="One of the way's two steps; empty: the longest way.")]
router = APIRouter(prefix="/api/v1", responses=ANSWERS)


@router.get("/map", tags=["pages"])
def read_map(
    ctx: Ctx, chosen: SelectionOf, steps: MapSteps = "phase", calendar: Calendar = ALWAYS
) -> Json:
    """Return the process map: steps, ways, how often and how long, and the notes on it."""
    process = process_map(ctx, "+".join(fields_of(steps)), chosen, calendar)
    return {**process.as_json(), "pinned": map_notes(ctx, process).as_json()["notes"]}


@router.get("/variants", tags=["numbers"])
def read_variants(
    ctx: Ctx,
    chosen: SelectionOf,
    steps: Steps = "phase",
    limit: Annotated[int, Query(ge=1, le=10_000)] = 20,
) -> Json:
    """Return the paths that tickets take, the most frequent first."""
    return variants(ctx, steps, chosen, limit).as_json()


@router.get("/map/compare", tags=["pages"])
def read_maps_compared(
    ctx: Ctx,
    sides: SidesOf,
    effect: EffectOf,
    steps: MapSteps = "phase",
    calendar: Calendar = ALWAYS,
) -> Json:
    """Return two process maps side by side: what differs in flow and time beyond chance.

    Where a side has no ticket, `nothing` says so and no row is there.
    """
    steps = "+".join(fields_of(steps))
    try:
        return compare_maps(ctx, steps, sides, calendar, effect).as_json()
    except NothingThere as told:
        return no_comparison(ctx, steps, sides, (calendar, effect), told)


@router.get("/map/spectrum", tags=["pages"])
def read_spectrum(
    ctx: Ctx, chosen: SelectionOf, steps: MapSteps = "phase", way_from: Way = "", way_to: Way = ""
) -> Json:
    """Return one way of the map over time: batches, overtaking, lines and dots to draw.

    Where no ticket goes from one step to another, `nothing` says so and nothing is there to draw.
    """
    way = (way_from, way_to) if way_from and way_to else None
    steps = "+".join(fields_of(steps))
    try:
        return spectrum(ctx, steps, way, chosen).as_json()
    except NothingThere as told:
        return no_spectrum(ctx, steps, told)
