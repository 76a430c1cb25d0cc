"""Verb that tells one way of the process map over time: spectrum.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.cli.choosing import chosen_tickets
from opsgauge.cli.exits import Exit
from opsgauge.cli.flow import MapSteps
from opsgauge.cli.options import Format, From, To, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_suspect, print_table, say, told
from opsgauge.foundation.csv_text import marked
from opsgauge.foundation.units import whole
from opsgauge.operations.drawing.words import at, elapsed
from opsgauge.operations.map_words import key_words
from opsgauge.operations.spectrum import largest, moment
from opsgauge.operations.spectrum import spectrum as spectrum_of

WayFrom = Annotated[
    str, typer.Option("--way-from", help="The step tickets come from; else the longest way.")
]
WayTo = Annotated[str, typer.Option("--way-to", help="The step they go on to.")]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    app.command("spectrum")(spectrum)


def spectrum(
    steps: MapSteps = "phase",
    way_from: WayFrom = "",
    way_to: WayTo = "",
    where: Where = None,
    from_: From = None,
    to: To = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Tell of one way of the map how often tickets left in batches and overtook one another.

    Exits 1 where the data is suspect.
    """
    ctx = context(workspace)
    chosen = chosen_tickets(where, from_, to)
    way = (way_from, way_to) if way_from and way_to else None
    found = spectrum_of(ctx, steps, way, chosen)
    plain = found.as_json()
    if not told(form, plain, marked(plain["largest_batches"], found.suspect)):
        say(f"{key_words(found.way, steps)}: {found.sentence}.")
        zone = ctx.workspace.settings.zone
        rows = [
            [
                at(moment(each.left_us), zone),
                whole(each.tickets),
                elapsed(each.until_us - each.left_us),
                at(moment(each.came_us), zone),
            ]
            for each in largest(found.batches)
        ]
        print_table(["Batch left", "Tickets", "Within", "First of them came"], rows)
        for note in found.notes:
            say(note)
        print_suspect(found.suspect)
    return Exit.SIGNAL if found.suspect else Exit.OK
