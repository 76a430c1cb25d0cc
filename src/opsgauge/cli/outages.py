"""The verb about outages: list, set, end.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.cli.moments import moment, with_zone, zoned
from opsgauge.cli.options import Format, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_table, say, told
from opsgauge.operations.context import Context
from opsgauge.operations.excluded import named
from opsgauge.operations.outages import OutageSet, end_outage, outage_list, outage_of, set_outage
from opsgauge.operations.publish_records import Reached

Ticket = Annotated[str, typer.Argument(help="Source and number, as desk:INC1.")]
Began = Annotated[
    str, typer.Option("--started", help="When it began: 2026-01-31T06:00Z; local without a zone.")
]
Seen = Annotated[str, typer.Option("--detected", help="When it was detected.")]
Why = Annotated[str, typer.Option("--why", help="The reason, which the audit keeps.")]
Number = Annotated[
    int, typer.Argument(min=1, max=2**31 - 1, help="The number, as the list tells it.")
]
Everything = Annotated[bool, typer.Option("--all", help="Also what counts no more.")]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    outages = typer.Typer(
        help="When outages really began and were detected: list, set, end.", no_args_is_help=True
    )
    outages.command("list")(list_)
    outages.command("set")(set_)
    outages.command("end")(end)
    app.add_typer(outages, name="outages")


def list_(
    everything: Everything = False, workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> None:
    """List the outages whose times were set by hand."""
    ctx = context(workspace)
    lines = [each.as_json() for each in outage_list(ctx, everything)]
    if told(form, {"outages": lines}, lines):
        return
    if not lines:
        say("No outage's times were set by hand.")
        return
    heads = ["No.", "Ticket", zoned("Began", ctx), zoned("Detected", ctx), "By", "Why"]
    rows = [
        [
            str(each["number"]),
            f"{each['source']}:{each['ticket_id']}",
            moment(each["started_at"], ctx),
            moment(each["detected_at"], ctx),
            each["made_by"],
            each["why"],
        ]
        for each in lines
    ]
    print_table(heads, rows)


def set_(
    ticket: Ticket,
    why: Why,
    started: Began = "",
    detected: Seen = "",
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Say when an outage began and was detected, over what its ticket says.

    What is left out is the ticket's own.
    """
    ctx = context(workspace)
    [(source, number)] = named([ticket])
    made = set_outage(ctx, outage_of(ctx, source, number, started, detected, why))
    _print_one(ctx, made, "counts", form)


def end(
    number: Number, why: Why, workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> None:
    """Let a ticket's own times count again."""
    ctx = context(workspace)
    _print_one(ctx, end_outage(ctx, number, why), "counts no more", form)


def _print_one(ctx: Context, made: OutageSet, verb: str, form: Form) -> None:
    plain = made.as_json()
    if told(form, plain, [plain], export=False):
        return
    outage = made.outage
    times = [
        f"{word} {with_zone(at, ctx)}"
        for word, at in (("began", outage.started_at), ("detected", outage.detected_at))
        if at
    ]
    where = f"{outage.source}:{outage.ticket_id}"
    say(f"Outage {outage.number} of {where} {verb}: {', '.join(times)}.")
    say_reached(made.reached)


def say_reached(reached: Reached) -> None:
    """Say which numbers know a decision."""
    if reached.waits:
        say(reached.waits)
    elif reached.data_version:
        say(f"Numbers know it from data version {reached.data_version} on.")
