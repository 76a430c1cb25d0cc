"""The verb about people whom records name: erase.

Floor 7. A name is never an argument, which the shell would keep and other programs could read.
"""

import sys
from typing import Annotated

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, WorkspaceDir, context
from opsgauge.cli.printing import Form, note, progress, say, told
from opsgauge.foundation.units import whole
from opsgauge.operations.erasing import Erasure, Wanted, erase_person
from opsgauge.operations.erasing_ended import ACTION

Alias = Annotated[
    str, typer.Option("--alias", help="Their pseudonym: 'Agent 17'; else the name is asked for.")
]
Why = Annotated[str, typer.Option("--why", help="The reason; the audit keeps it, so name nobody.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say who it would be; change nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask once more.")]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    persons = typer.Typer(help="People whom records name: erase.", no_args_is_help=True)
    persons.callback()(_of_persons)
    persons.command("erase")(erase)
    app.add_typer(persons, name="persons")


def _of_persons() -> None:
    """People whom records name."""


def erase(
    why: Why,
    alias: Alias = "",
    dry_run: DryRun = False,
    yes: Yes = False,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Erase a person from the records; their pseudonym and every number stay.

    Without --alias the name, as the source writes it, is asked for or read from standard input.
    Exits 1 where the name is found to stand in other text yet.
    """
    ctx = context(workspace)
    ctx.require(ACTION)
    piped = not sys.stdin.isatty()
    name = "" if alias else _name(piped)
    if not (dry_run or yes):
        _confirm(piped)
    with progress() as show:
        done = erase_person(context(workspace, progress=show), Wanted(why, name, alias), dry_run)
    plain = done.as_json()
    if not told(form, plain, [{**plain, "left": len(done.left), "users": " ".join(done.users)}]):
        _tell(done)
    return Exit.SIGNAL if done.left or done.audit_lines else Exit.OK


def _name(piped: bool) -> str:
    if piped:
        return sys.stdin.readline(10_000).rstrip("\r\n")
    return str(typer.prompt("Name, as the source writes it"))


def _confirm(piped: bool) -> None:
    note("This cannot be undone: nobody will be able to say again who the pseudonym is.")
    if piped:
        note("Say --yes, since nobody can be asked here.")
        raise typer.Exit(Exit.MISUSE)
    typer.confirm("Erase them?", abort=True)


def _tell(done: Erasure) -> None:
    if done.before:
        say(f"{done.called} was erased before, in data version {done.data_version}.")
    elif done.data_version:
        say(
            f"{done.called} is erased, in data version {done.data_version}: what led to their name "
            f"is gone from {whole(done.records)} records. Every number stays what it was."
        )
    else:
        say(f"It would be {done.called}, named in {whole(done.records)} records. Nothing is done.")
    if done.users:
        say(f"No longer said to be them: the user {', '.join(done.users)}.")
    if done.audit_lines:
        lines = ", ".join(map(str, done.audit_lines))
        say(f"Lines of the audit that say which user they were, and stay: {lines}")
    for each in done.left:
        say(f"The name stands yet in {each.place} ({whole(each.count)})")
    say(
        "Not looked into: backups, exports and reports made before, the source itself, and files "
        "that are packed. Texts of tickets may name anybody."
    )
