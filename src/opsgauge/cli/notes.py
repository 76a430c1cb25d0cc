"""Verbs about what people leave for each other: notes on process maps, and saved filters.

Floor 7.
"""

from typing import Annotated, Any

import typer

from opsgauge.cli.flow import MapSteps
from opsgauge.cli.options import Format, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_table, say, told
from opsgauge.foundation.units import percent, whole
from opsgauge.governance.map_notes import MapNote
from opsgauge.operations.map_notes import (
    WHERE_WORDS,
    change_note,
    notes_by,
    pin_note,
    place_words,
    remove_note,
)
from opsgauge.operations.saved import (
    PAGES,
    Saved,
    save_filter,
    saved_list,
    saved_one,
    take_back_filter,
)

Number = Annotated[
    int, typer.Argument(min=1, max=2**31 - 1, help="Its number, as the list tells it.")
]
Step = Annotated[str, typer.Argument(help="The step it stands on, as the map names it.")]
Then = Annotated[
    str | None, typer.Option("--then", help="It stands on the way from the step to this one.")
]
Words = Annotated[str, typer.Option("--words", help="What one should know here.")]
Name = Annotated[str, typer.Argument(help="What it is called.")]
Of = Annotated[
    str,
    typer.Argument(help=f"A page's address with its filters; pages: {', '.join(PAGES)}."),
]
Why = Annotated[str, typer.Option("--why", help="Why it is worth a look, in a sentence.")]


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the program."""
    notes = typer.Typer(
        help="Notes on process maps: list, pin, change, remove.", no_args_is_help=True
    )
    notes.command("list")(list_notes)
    notes.command("pin")(pin)
    notes.command("change")(change)
    notes.command("remove")(remove)
    app.add_typer(notes, name="notes")
    saved = typer.Typer(
        help="Filters under a name, with their numbers of now: list, show, save, end.",
        no_args_is_help=True,
    )
    saved.command("list")(list_saved)
    saved.command("show")(show)
    saved.command("save")(save)
    saved.command("end")(end)
    app.add_typer(saved, name="saved")


def list_notes(
    steps: MapSteps = "phase", workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> None:
    """List the notes on the map by some steps."""
    found = notes_by(context(workspace), steps)
    plain = found.as_json()
    if told(form, plain, plain["notes"]):
        return
    rows = [
        [
            str(each.note.number),
            place_words(each.note.place),
            WHERE_WORDS[each.where],
            each.note.words,
            each.note.made_by,
        ]
        for each in found.rows
    ]
    if rows:
        print_table(["No.", "On", "Where", "Note", "By"], rows)
    else:
        say(f"No note stands on the map by {found.steps}.")
    if found.withheld:
        say(found.withheld)


def pin(
    step: Step,
    words: Words,
    then: Then = None,
    steps: MapSteps = "phase",
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Pin a note on a step of a map, or on the way from it to another."""
    _say_note(pin_note(context(workspace), MapNote(steps, step, then, words)), "stands on", form)


def change(
    number: Number, words: Words, workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> None:
    """Change what one's own note says; the audit keeps what it said."""
    _say_note(change_note(context(workspace), number, words), "is changed, on", form)


def remove(number: Number, workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """Take one's own note away."""
    _say_note(remove_note(context(workspace), number), "is removed from", form)


def _say_note(note: MapNote, does: str, form: Form) -> None:
    plain = note.as_json()
    if not told(form, plain, [plain], export=False):
        say(f"Note {note.number} {does} {place_words(note.place)}.")


def list_saved(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """List the saved filters with their numbers of now, the newest first."""
    found = saved_list(context(workspace))
    plain = {"saved": [each.as_json() for each in found]}
    if told(form, plain, [_flat(each) for each in found]):
        return
    rows = [
        [
            str(each.filter.number),
            each.filter.name,
            "" if each.numbers.why_not else whole(each.numbers.chosen.tickets),
            "" if each.numbers.share is None else percent(each.numbers.share),
            each.filter.made_by,
            each.filter.why,
        ]
        for each in found
    ]
    if rows:
        print_table(["No.", "Name", "Tickets", "Share", "By", "Why"], rows)
    else:
        say("No filter is saved.")


def show(number: Number, workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """Show one saved filter with its numbers of now, and its address."""
    found = saved_one(context(workspace), number)
    if told(form, found.as_json(), [_flat(found)]):
        return
    say(f"{found.filter.name}: {found.which}")
    say(found.numbers.sentence())
    say(f"Why: {found.filter.why}")
    say(f"{found.filter.link} leads to {found.filter.address}")


def save(
    name: Name,
    address: Of,
    why: Why,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Save the filter of a page's address under a name."""
    made = save_filter(context(workspace), name, address, why)
    plain = made.as_json()
    if not told(form, plain, [plain], export=False):
        say(f"Saved as filter {made.number}: {made.link} leads to it.")


def end(number: Number, workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """Take back one's own saved filter."""
    plain = take_back_filter(context(workspace), number).as_json()
    if not told(form, plain, [plain], export=False):
        say(f"Saved filter {number} is taken back.")


def _flat(each: Saved) -> dict[str, Any]:
    """Return a saved filter as a line of a file."""
    plain = {name: value for name, value in each.as_json().items() if name != "numbers"}
    numbers = each.numbers
    return {
        **plain,
        "tickets": numbers.chosen.tickets,
        "share": numbers.share,
        "median_hours": numbers.chosen.median,
        "rest_tickets": numbers.rest.tickets,
        "rest_median_hours": numbers.rest.median,
        "withheld": numbers.why_not,
    }
