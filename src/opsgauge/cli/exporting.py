"""The verb that takes the log away: `export log`, as XES, CSV or OCEL 2.0.

Floor 7.
"""

from pathlib import Path
from typing import Annotated

import typer

from opsgauge.cli.choosing import chosen_tickets
from opsgauge.cli.options import Format, From, KnownAt, To, Version, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, note, say, told
from opsgauge.foundation.units import whole
from opsgauge.operations.exchange.export import LogAsked, export_log, form_of, keep_mappings

LogFile = Annotated[Path, typer.Argument(help="The file to write: .xes, .csv, .jsonocel, .sqlite.")]
LogForm = Annotated[
    str | None,
    typer.Option("--form", help="xes, csv, ocel-json or ocel-sqlite; else as the file is named."),
]
View = Annotated[
    str, typer.Option("--view", help="Of XES and CSV: classical (updates) or interval.")
]
Source = Annotated[str | None, typer.Option("--source", help="Which source, where several are.")]
Mappings = Annotated[
    Path | None,
    typer.Option("--mappings", help="A folder for the mappings that read the file back."),
]
exporting = typer.Typer(help="Take the log away, for another program.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the program."""
    app.add_typer(exporting, name="export")


@exporting.callback()
def _exports() -> None:
    """Take the log away, for another program."""


@exporting.command("log")
def log(
    file: LogFile,
    kind: LogForm = None,
    view: View = "classical",
    source: Source = None,
    mappings: Mappings = None,
    where: Where = None,
    from_: From = None,
    to: To = None,
    workspace: WorkspaceDir = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    form: Format = Form.TABLE,
) -> None:
    """Write tickets and their history as an event log: XES, CSV, or objects as OCEL 2.0.

    Who did what is in it only where you may see it. The audit notes it.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    chosen = chosen_tickets(where, from_, to)
    asked = LogAsked(kind or form_of(file.name), view, source, chosen)
    done = export_log(ctx, file, asked)
    kept = keep_mappings(done, mappings) if mappings else ()
    if told(form, done.as_json(), [done.counts()], export=False):
        return
    beside = f", {whole(done.objects)} objects, {whole(done.ties)} ties" if done.objects else ""
    say(
        f"{whole(done.tickets)} tickets, {whole(done.events)} events{beside} of {done.source} are "
        f"in {file}."
    )
    for each in kept:
        say(f"To read it back: opsgauge import {file} --mapping {each}")
    for line in done.notes:
        note(line)
