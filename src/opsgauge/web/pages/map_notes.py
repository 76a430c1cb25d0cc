"""Notes of a process map: the list under its picture, and the page where they are pinned.

Floor 6.
"""

import json
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from opsgauge.analysis.mining.steps import fields_of
from opsgauge.foundation.errors import QueryWrong
from opsgauge.governance.map_notes import LONGEST_NOTE, READ, WRITE, MapNote
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.map_choice import step_name
from opsgauge.operations.drawing.words import counted
from opsgauge.operations.flow import process_map
from opsgauge.operations.map_notes import (
    WHERE_WORDS,
    Pinned,
    PinnedNotes,
    Place,
    change_note,
    notes_by,
    pin_note,
    place_words,
    places_of,
    remove_note,
)
from opsgauge.web.asked import Number
from opsgauge.web.given import Given
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link
from opsgauge.web.pages.posting import UNSENT, Sent, acted, moment, options, why_not

PLACE = "/map/notes"
MOST_OFFERED = 200  # steps, and ways, to choose from
router = APIRouter()


@router.get(PLACE)
def map_notes_page(seen: ViewOf, steps: str = "phase") -> Response:
    """Draw the notes of the map by some steps, with the forms that pin and change them."""
    return _drawn(seen, UNSENT, steps)


@router.post(PLACE)
async def pin_one(request: Request, steps: str = "phase") -> Response:
    """Pin a note as the form says."""

    def pin(ctx: Context, form: Given) -> str:
        ctx.require(WRITE)
        place = _place_of(form.get("place"))
        then = place[1] if len(place) > 1 else None
        return _address(pin_note(ctx, MapNote(steps, place[0], then, form.get("words"))))

    return await acted(request, pin, lambda seen, sent: _drawn(seen, sent, steps))


@router.post(PLACE + "/{number}/change")
async def change_one(number: Number, request: Request, steps: str = "phase") -> Response:
    """Change what a note says."""

    def change(ctx: Context, form: Given) -> str:
        return _address(change_note(ctx, number, form.get("words")))

    return await acted(request, change, lambda seen, sent: _drawn(seen, sent, steps, number))


@router.post(PLACE + "/{number}/end")
async def remove_one(number: Number, request: Request, steps: str = "phase") -> Response:
    """Take a note away."""

    def remove(ctx: Context, form: Given) -> str:
        return _address(remove_note(ctx, number), "notes")

    return await acted(request, remove, lambda seen, sent: _drawn(seen, sent, steps, number))


def notes_values(seen: View, notes: PinnedNotes) -> Values | None:
    """Return what `parts/map_notes.html` takes; None for who may not read notes."""
    if why_not(seen.ctx, READ):
        return None
    may = not why_not(seen.ctx, WRITE)
    return {
        "rows": [_row(seen, each) for each in notes.rows],
        "withheld": notes.withheld,
        "href": str(seen.address.to(PLACE, steps=notes.steps)) if may else "",
        "pin": "Pin a note, change or remove one" if notes.rows else "Pin a note on a step or way",
    }


def _drawn(seen: View, sent: Sent, steps: str, changed: int = 0) -> Response:
    steps = "+".join(fields_of(steps))
    notes, may_not = notes_by(seen.ctx, steps), why_not(seen.ctx, WRITE)
    values = {
        "page": frame(seen, "map", "Notes on the map", json_href=f"/api/v1{PLACE}?steps={steps}"),
        "headline": f"{counted(len(notes.rows), 'note')} on the map by {_by(steps)}"
        if notes.rows
        else f"No note stands on the map by {_by(steps)}",
        "why": "A note stands on a step, or on the way from one step to another, and stays when "
        "new data comes. Whoever may read notes and sees the step reads it.",
        "crumbs": [link("Map", seen.address.to("/map", steps=steps)), link("Notes", "")],
        "rows": [{**_row(seen, each), **_forms(seen, each, sent, changed)} for each in notes.rows],
        "withheld": notes.withheld,
        "action": str(seen.address.to(PLACE, steps=steps)),
        "form": None if may_not else sent.typed("words", "place"),
        "places": [] if may_not else _places(seen.ctx, steps),
        "longest": LONGEST_NOTE,
        "fault": sent.fault,
        "why_not": may_not,
    }
    return html("map_notes.html", values, sent.status)


def _by(steps: str) -> str:
    return " and ".join(each.replace("_", " ") for each in fields_of(steps))


def _row(seen: View, each: Pinned) -> Values:
    note = each.note
    return {
        "number": note.number,
        "place": _named(note.place, note.steps),
        "where": WHERE_WORDS[each.where],
        "words": note.words,
        "by": f"{note.made_by}, {moment(note.made_at, seen.ctx)}",
        "changed": f"changed {moment(note.changed_at, seen.ctx)}" if note.changed_at else "",
    }


def _forms(seen: View, each: Pinned, sent: Sent, changed: int) -> Values:
    """Return what changes and removes a note; nothing for whose it is not."""
    note = each.note
    typed = sent.typed(words=note.words)["words"] if changed == note.number else ""
    address = f"{PLACE}/{note.number}"
    return {
        "mine": each.mine,
        "typed": typed or note.words,
        "change_href": str(seen.address.to(f"{address}/change", steps=note.steps)),
        "remove_href": str(seen.address.to(f"{address}/end", steps=note.steps)),
    }


def _places(ctx: Context, steps: str) -> list[Values]:
    """Return the steps and ways of the map to choose from."""
    there = places_of(process_map(ctx, steps))
    found = []
    for heading, wanted in (("Steps", 1), ("Ways", 2)):
        places = [each for each in there if len(each) == wanted][:MOST_OFFERED]
        pairs = [(json.dumps(each, ensure_ascii=False), _named(each, steps)) for each in places]
        found.append(options(pairs, heading))
    return found


def _place_of(text: str) -> Sequence[str]:
    """Return the step or way that the form's choice names."""
    try:
        place = json.loads(text)
    except (ValueError, RecursionError):
        place = None
    is_place = isinstance(place, list) and 0 < len(place) < 3
    if not is_place or not all(isinstance(each, str) for each in place):
        raise QueryWrong("The form names no step and no way.", hint="Choose one of the list.")
    named: list[str] = place
    return named


def _named(place: Place, steps: str) -> str:
    return place_words(tuple(step_name(each, steps) for each in place))


def _address(note: MapNote, at: str = "") -> str:
    here = at or f"note-{note.number}"
    return f"{PLACE}?steps={note.steps.replace('+', '%2B')}#{here}"
