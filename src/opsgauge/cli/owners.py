"""The verb about who answers for what: list, gaps, load, set, end.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_csv, print_json, print_table, say, told
from opsgauge.governance.owners import OWNER, Ownership
from opsgauge.operations.metric_load import metric_load
from opsgauge.operations.owners import end_ownership, owner_register, set_owner

Kind = Annotated[str, typer.Argument(help="process, metric, service or page.")]
Subject = Annotated[str, typer.Argument(help="Its name, e.g. time_to_resolve.")]
Person = Annotated[str, typer.Argument(help="A user, or somebody who does not sign in.")]
Part = Annotated[
    str,
    typer.Option(
        "--part", help="owner, consumer, responsible, accountable, consulted or informed."
    ),
]
Rights = Annotated[str, typer.Option("--rights", help="What they decide, in words.")]
Number = Annotated[
    int, typer.Argument(min=1, max=2**31 - 1, help="The number of the line, as the list tells it.")
]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    owners = typer.Typer(
        help="Who answers for what, and who uses it: list, gaps, load, set, end.",
        no_args_is_help=True,
    )
    owners.command("list")(list_)
    owners.command("gaps")(gaps)
    owners.command("load")(load)
    owners.command("set")(set_)
    owners.command("end")(end)
    app.add_typer(owners, name="owners")


def list_(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """List who has which part in which process, metric, service or page."""
    found = owner_register(context(workspace))
    lines = [each.as_json() for each in found.lines]
    if told(form, {"sentence": found.sentence(), "owners": lines}, lines):
        return
    say(found.sentence())
    rows = [
        [str(each.number), each.kind, each.subject, each.part, each.person, each.rights]
        for each in found.lines
    ]
    if rows:
        print_table(["No.", "Kind", "Name", "Part", "Who", "Decides"], rows)


def gaps(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> int:
    """List what has no owner, whose owner left, and what nobody decides by.

    Exits 1 where there is any.
    """
    found = owner_register(context(workspace))
    lines = [dict(vars(each)) for each in found.gaps]
    if not told(form, {"sentence": found.sentence(), "gaps": lines}, lines):
        say(found.sentence())
        rows = [[each.what, each.kind, each.subject, each.person] for each in found.gaps]
        if rows:
            print_table(["What is missing", "Kind", "Name", "Who left"], rows)
    return Exit.SIGNAL if found.gaps else Exit.OK


def load(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> int:
    """Say how many metrics each owner and team answers for. Exits 1 where some have too many."""
    found = metric_load(context(workspace))
    lines = [each.as_json() for each in found]
    flat = [{**each, "metrics": "; ".join(each["metrics"])} for each in lines]
    if not told(form, {"load": lines}, flat):
        for each in found:
            say(each.sentence())
        if not found:
            say("Nobody answers for a metric yet.")
    return Exit.SIGNAL if any(each.too_many for each in found) else Exit.OK


def set_(
    kind: Kind,
    subject: Subject,
    person: Person,
    part: Part = OWNER,
    rights: Rights = "",
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Give somebody a part in a thing; a new owner takes the place of the one before."""
    wanted = Ownership(kind, subject, part, person, rights)
    _print_one(set_owner(context(workspace), wanted), "is", form)


def end(number: Number, workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """End somebody's part; the line stays in the audit."""
    _print_one(end_ownership(context(workspace), number), "is no more", form)


def _print_one(line: Ownership, verb: str, form: Form) -> None:
    if form is Form.JSON:
        print_json(line.as_json())
    elif form is Form.CSV:
        print_csv([line.as_json()], export=False)
    else:
        say(f"{line.person} {verb} {line.part} of {line.kind} {line.subject} (line {line.number}).")
