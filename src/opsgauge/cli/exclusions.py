"""The verb about tickets left out of numbers: list, ask, approve, end.

Floor 7.
"""

from typing import Annotated, Any

import typer

from opsgauge.cli.options import Format, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_csv, print_json, print_table, say, told
from opsgauge.governance.exclusions import Entry, Wanted
from opsgauge.operations.asking import conditions, day, written
from opsgauge.operations.excluded import (
    approve_exclusion,
    ask_exclusion,
    end_exclusion,
    exclusion_register,
    named,
    which_words,
)

Metric = Annotated[
    str, typer.Argument(help="The metric whose numbers leave them out; none: all metrics.")
]
Ticket = Annotated[
    list[str] | None,
    typer.Option("--ticket", metavar="SOURCE:NUMBER", help="This ticket; may be repeated."),
]
First = Annotated[
    str | None, typer.Option("--from", help="Opened on this day or later: 2026-01-31.")
]
Last = Annotated[str | None, typer.Option("--to", help="Opened on this day or before.")]
Why = Annotated[str, typer.Option("--why", help="The reason; it stands beside every such number.")]
Number = Annotated[
    int, typer.Argument(min=1, max=2**31 - 1, help="Its number, as the list tells it.")
]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    exclusions = typer.Typer(
        help="Tickets left out of numbers by agreement: list, ask, approve, end.",
        no_args_is_help=True,
    )
    exclusions.command("list")(list_)
    exclusions.command("ask")(ask)
    exclusions.command("approve")(approve)
    exclusions.command("end")(end)
    app.add_typer(exclusions, name="exclusions")


def list_(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """List every exclusion ever asked for, newest first, and how far it has come."""
    found = exclusion_register(context(workspace))
    plain = {"exclusions": [each.as_json() for each in found]}
    if told(form, plain, [_flat(each) for each in found]):
        return
    counting = sum(each.state == "in force" for each in found)
    say(f"{counting} of {len(found)} exclusions are in force.")
    heads = ["No.", "State", "Metric", "Which tickets", "Asked by", "Approved by", "Why"]
    rows = [
        [
            str(each.number),
            each.state,
            each.wanted.metric or "all",
            which_words(each.wanted),
            each.made_by,
            each.approved_by or "",
            each.wanted.why,
        ]
        for each in found
    ]
    if rows:
        print_table(heads, rows)


def ask(
    why: Why,
    metric: Metric = "",
    where: Where = None,
    ticket: Ticket = None,
    from_: First = None,
    to: Last = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Ask for tickets to be left out of numbers; it counts once somebody else approves it."""
    wanted = Wanted(
        why=why,
        metric=metric,
        rules=conditions(where or ()),
        tickets=named(ticket or ()),
        from_=day("from", from_),
        to=day("to", to),
    )
    _print_one(ask_exclusion(context(workspace), wanted), form)


def approve(number: Number, workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """Let an exclusion count from now on."""
    _print_one(approve_exclusion(context(workspace), number), form)


def end(
    number: Number, why: Why, workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> None:
    """Refuse an exclusion that was asked for, or end one that is in force."""
    _print_one(end_exclusion(context(workspace), number, why), form)


def _print_one(entry: Entry, form: Form) -> None:
    if form is Form.JSON:
        print_json(entry.as_json())
    elif form is Form.CSV:
        print_csv([_flat(entry)], export=False)
    else:
        said = f"Exclusion {entry.number} is {entry.state}: {which_words(entry.wanted)}"
        say(f"{said}, of {entry.wanted.metric or 'all metrics'}.")


def _flat(entry: Entry) -> dict[str, Any]:
    """Return an exclusion as a line: conditions and tickets as they are written."""
    return entry.as_json() | {
        "where": "; ".join(written(each) for each in entry.wanted.rules),
        "tickets": " ".join(f"{source}:{number}" for source, number in entry.wanted.tickets),
    }
