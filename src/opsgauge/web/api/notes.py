"""The routes of the API about what people leave for each other: notes on maps, saved filters.

Floor 6. A body is checked for form and length here, and for its meaning by the operation it asks.
"""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from opsgauge.governance.map_notes import LONGEST_NOTE, LONGEST_STEP, MapNote
from opsgauge.governance.register import LONGEST_REASON
from opsgauge.governance.saved_filters import LONGEST_NAME, LONGEST_QUERY
from opsgauge.operations.map_notes import change_note, notes_by, pin_note, remove_note
from opsgauge.operations.saved import save_filter, saved_list, saved_one, take_back_filter
from opsgauge.web.api.flow import MapSteps
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import Ctx, Newest, Number

router = APIRouter(prefix="/api/v1", tags=["decided"], responses=ANSWERS)
Json = dict[str, Any]
Step = Annotated[str, Field(min_length=1, max_length=LONGEST_STEP)]
Words = Annotated[str, Field(min_length=1, max_length=LONGEST_NOTE)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NewNote(_Body):
    """A note on a step of a map, or, with `then`, on the way from it to another."""

    steps: str = "phase"
    step: Step
    then: Step | None = None
    words: Words


class NoteWords(_Body):
    """What a note says from now on."""

    words: Words


class NewFilter(_Body):
    """A filter to save: the address of a page, such as /map?where=team=Network."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    address: Annotated[str, Field(min_length=1, max_length=2 * LONGEST_QUERY)]
    why: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


@router.get("/map/notes")
def read_notes(ctx: Ctx, steps: MapSteps = "phase") -> Json:
    """Return the notes on the map by some steps."""
    return notes_by(ctx, steps).as_json()


@router.post("/map/notes", status_code=201)
def make_note(wanted: NewNote, ctx: Newest) -> Json:
    """Pin a note on a step or a way of a map."""
    note = MapNote(wanted.steps, wanted.step, wanted.then, wanted.words)
    return pin_note(ctx, note).as_json()


@router.post("/map/notes/{number}/change")
def reword_note(number: Number, body: NoteWords, ctx: Newest) -> Json:
    """Change what one's own note says; the audit keeps what it said."""
    return change_note(ctx, number, body.words).as_json()


@router.post("/map/notes/{number}/end")
def end_note(number: Number, ctx: Newest) -> Json:
    """Take one's own note away."""
    return remove_note(ctx, number).as_json()


@router.get("/saved")
def read_saved(ctx: Ctx) -> Json:
    """Return the saved filters, each with its tickets, share and median time of now."""
    return {"saved": [each.as_json() for each in saved_list(ctx)]}


@router.get("/saved/{number}")
def read_one_saved(number: Number, ctx: Ctx) -> Json:
    """Return one saved filter with its numbers of now."""
    return saved_one(ctx, number).as_json()


@router.post("/saved", status_code=201)
def make_saved(wanted: NewFilter, ctx: Newest) -> Json:
    """Save the filter of a page's address under a name."""
    return save_filter(ctx, wanted.name, wanted.address, wanted.why).as_json()


@router.post("/saved/{number}/end")
def end_saved(number: Number, ctx: Newest) -> Json:
    """Take back one's own saved filter."""
    return take_back_filter(ctx, number).as_json()
