"""Verbs about how work flows: map, variants.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.analysis.mining.steps import FIELDS
from opsgauge.cli.choosing import chosen_tickets
from opsgauge.cli.exits import Exit
from opsgauge.cli.options import (
    Format,
    From,
    KnownAt,
    To,
    Version,
    Where,
    WorkspaceDir,
    context,
)
from opsgauge.cli.printing import (
    Form,
    print_csv,
    print_json,
    print_suspect,
    print_table,
    say,
)
from opsgauge.foundation.csv_text import marked
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.log.calendars.definition import ALWAYS
from opsgauge.operations.flow import process_map
from opsgauge.operations.flow import variants as variants_of
from opsgauge.operations.map_notes import map_notes, place_words

Steps = Annotated[str, typer.Option("--steps", help="phase, original_status, team or activity.")]
MapSteps = Annotated[
    str, typer.Option("--steps", help=f"{', '.join(FIELDS)}, or two of them, as phase+team.")
]
CalendarName = Annotated[
    str, typer.Option("--calendar", help="Whose open time counts; always: elapsed time.")
]


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the program."""
    app.command("map")(map_)
    app.command("variants")(variants)


def map_(
    steps: MapSteps = "phase",
    calendar: CalendarName = ALWAYS,
    where: Where = None,
    from_: From = None,
    to: To = None,
    workspace: WorkspaceDir = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    form: Format = Form.TABLE,
) -> int:
    """Show the process map: how often each step is entered and what follows it, with times.

    Exits 1 where the data is suspect.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    chosen = chosen_tickets(where, from_, to)
    answer = process_map(ctx, steps, chosen, calendar)
    notes, plain = map_notes(ctx, answer), answer.as_json()
    if form is Form.JSON:
        plain["pinned"] = notes.as_json()["notes"]
        print_json(plain)
    elif form is Form.CSV:
        print_csv(marked(plain["arcs"], answer.suspect))
    else:
        say(f"{whole(answer.tickets)} tickets, {len(answer.nodes)} steps, {len(answer.arcs)} ways.")
        print_table(
            ["Step", "Entered", "Tickets", "Half last up to", "One in ten longer than"],
            [
                [
                    n.id,
                    whole(n.count),
                    whole(n.tickets),
                    _time(n.median_seconds),
                    _time(n.p90_seconds),
                ]
                for n in answer.nodes
            ],
            numbers=4,
        )
        print_table(
            ["From", "To", "Times", "Half within", "One in ten longer than"],
            [
                [a.from_, a.to, whole(a.count), _time(a.median_seconds), _time(a.p90_seconds)]
                for a in answer.arcs[:30]
            ],
            numbers=3,
        )
        if len(answer.arcs) > 30:
            say(f"{len(answer.arcs) - 30} rarer ways are not shown; --format csv lists all.")
        for note in notes.rows:
            say(f"Note {note.note.number} on {place_words(note.note.place)}: {note.note.words}")
        for note in plain["notes"]:
            say(note)
        print_suspect(answer.suspect)
    return Exit.SIGNAL if answer.suspect else Exit.OK


def variants(
    steps: Steps = "phase",
    limit: Annotated[int, typer.Option(help="How many to show.")] = 20,
    where: Where = None,
    from_: From = None,
    to: To = None,
    workspace: WorkspaceDir = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    form: Format = Form.TABLE,
) -> int:
    """Show the paths that tickets take, the most frequent first. Exits 1 on suspect data."""
    ctx = context(workspace, data_version, known_at=known_at)
    chosen = chosen_tickets(where, from_, to)
    answer = variants_of(ctx, steps, chosen, limit)
    plain = answer.as_json()
    if form is Form.JSON:
        print_json(plain)
    elif form is Form.CSV:
        print_csv(marked(plain["rows"], answer.suspect))
    else:
        say(f"{whole(answer.tickets)} tickets take {whole(answer.variants)} paths.")
        print_table(
            ["Path", "Tickets", "Share"],
            [
                [" > ".join(str(step) for step in row.path), whole(row.count), percent(row.share)]
                for row in answer.rows
            ],
            numbers=2,
        )
        for note in plain["notes"]:
            say(note)
        print_suspect(answer.suspect)
    return Exit.SIGNAL if answer.suspect else Exit.OK


def _time(seconds: float | None) -> str:
    return "" if seconds is None else duration(seconds / 3600)
