"""Verbs about the ways tickets take: paths with what becomes of them, standardisation.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.cli.choosing import chosen_tickets
from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, From, KnownAt, To, Version, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_suspect, print_table, say, told
from opsgauge.foundation.csv_text import marked
from opsgauge.foundation.money import Money
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.operations.paths import PROCESS, SHOWN, standardisation, walked_paths

Steps = Annotated[str, typer.Option("--steps", help="phase, original_status, team or activity.")]
Limit = Annotated[int, typer.Option("--limit", help="How many paths to show.")]
Process = Annotated[
    str, typer.Option("--by", help="What says what is one process: practice, category, service.")
]
Grain = Annotated[str, typer.Option("--period", help="day, week, month, quarter or year.")]


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the program."""
    app.command("paths")(paths)
    app.command("standardisation")(standard)


def paths(
    steps: Steps = "phase",
    limit: Limit = SHOWN,
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Show what becomes of tickets on each path: time, service level, reopened, extra steps.

    Exits 1 where the data is suspect.
    """
    chosen = chosen_tickets(where, from_, to)
    answer = walked_paths(context(workspace, data_version, known_at=known_at), steps, chosen, limit)
    plain, suspect = answer.as_json(), answer.variants.suspect
    if not told(form, plain, marked(plain["rows"], suspect)):
        say(f"{answer.sentence}.")
        waited = answer.rates is not None and answer.rates.waited is not None
        rows = [
            [
                ("* " if place == answer.happy else "") + " > ".join(row["path"]),
                whole(row["count"]),
                percent(row["covered"]),
                _hours(row["median_hours"]),
                percent(row["kept"] / row["judged"], 0) if row["judged"] else "",
                percent(row["reopened"] / row["known"]) if row["known"] else "",
                ", ".join(row["extra_steps"]),
                _hours(row["extra_hours"]),
                "" if row["satisfaction"] is None else percent(row["satisfaction"], 0),
                *([_words(answer.waited_money(place))] if waited else []),
                *([_words(answer.worked_money(place))] if answer.handled else []),
            ]
            for place, row in enumerate(plain["rows"])
        ]
        heads = ["Path", "Tickets", "Covered", "Half within", "Service level kept", "Reopened"]
        heads += ["With extra", "Longer by", "Satisfied"]
        heads += ["Time open cost"] * waited
        heads += ["Contacts cost"] * bool(answer.handled)
        print_table(heads, rows, numbers=len(heads) - 1)
        say("* is the happy path: done, not reopened, service level not broken.")
        for note in (*answer.notes, *plain["notes"]):
            say(note)
        print_suspect(suspect)
    return Exit.SIGNAL if suspect else Exit.OK


def standard(
    by: Process = PROCESS,
    steps: Steps = "phase",
    period: Grain = "month",
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Show how standardised each process is: one path, in every team, at all times.

    Exits 1 where the data is suspect.
    """
    chosen = chosen_tickets(where, from_, to)
    ctx = context(workspace, data_version, known_at=known_at)
    answer = standardisation(ctx, by, steps, period, chosen)
    plain = answer.as_json()
    if not told(form, plain, marked(plain["rows"], answer.told.suspect)):
        say(f"{answer.sentence}.")
        rows = [
            [
                row["process"] or "Not written",
                whole(row["tickets"]),
                percent(row["index"], 0),
                percent(row["share_on_standard"], 0),
                whole(row["paths"]),
                f"{row['effective_paths']:.1f}",
                "" if row["spread"] is None else percent(row["spread"], 0),
                row["trend"],
            ]
            for row in plain["rows"]
        ]
        heads = [by.capitalize(), "Finished", "Index", "On standard path", "Paths", "As many as"]
        print_table([*heads, "Spread of teams", "Trend"], rows, numbers=7)
        for note in plain["notes"]:
            say(note)
        print_suspect(answer.told.suspect)
    return Exit.SIGNAL if answer.told.suspect else Exit.OK


def _words(money: Money | None) -> str:
    return money.words if money else ""


def _hours(hours: float | None) -> str:
    return "" if hours is None else duration(hours)
