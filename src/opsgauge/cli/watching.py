"""The verb watch: one round of sync, checks, signals and alerts, or one after another.

Floor 7.
"""

import time
from dataclasses import replace
from typing import Annotated

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_csv, print_json, progress, say
from opsgauge.operations.alerting.watching import Watched, watch
from opsgauge.operations.opened import Readers

Once = Annotated[bool, typer.Option("--once", help="One round, whatever watch_every says.")]
NoSend = Annotated[
    bool, typer.Option("--no-send", help="Send nothing; what waits goes on waiting.")
]
SECONDS = 60


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    app.command("watch")(watch_)


def watch_(
    once: Once = False,
    no_send: NoSend = False,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Import what is new, look for what a person should see, and tell them.

    Where the settings hold watch_every, round after round. Exits 1 where something was found, 3
    where a step or a channel failed; of two at once the second says so, does nothing and exits 0.
    """
    while True:
        # What one step has measured the next one need not.
        ctx = replace(context(workspace), readers=Readers(remember=True))
        with progress() as show:
            done = watch(replace(ctx, progress=show), sends=not no_send)
        _print(done, form)
        minutes = ctx.workspace.settings.watch_every
        if once or not minutes:
            return _code(done)
        ctx.database.close()
        time.sleep(minutes * SECONDS)


def _code(done: Watched) -> int:
    if done.failed:
        return Exit.FAULT
    return Exit.SIGNAL if done.found else Exit.OK


def _print(done: Watched, form: Form) -> None:
    if form is Form.JSON:
        print_json(done.as_json())
        return
    if form is Form.CSV:
        print_csv([{"firing": number, "what": what} for number, what in done.fired.items()])
        return
    say(f"{done.sentence()}.")
    for number, what in done.fired.items():
        say(f"  Firing {number}: {what}")
    for rule, why in done.unsaid.items():
        say(f"  Rule {rule}: {why}")
    failed = {**done.faults, **(done.sent.failed if done.sent else {})}
    for name, why in failed.items():
        say(f"  {name}: {why}")
    if done.failing:
        say(f"  Data checks that fail: {', '.join(done.failing)}.")
    for note in done.notes:
        say(f"  {note}")
