"""The program `opsgauge`: its verbs, put together.

Floor 7. Exit codes: 0 fine; 1 it worked and found something a person should see; 2 the user can
mend it; 3 we must, or a source is down.
"""

import sys

import click
import typer

from opsgauge import __version__
from opsgauge.cli import flow, numbers, records
from opsgauge.cli.exits import Exit, run
from opsgauge.cli.printing import say

app = typer.Typer(
    name="opsgauge",
    help="Says how well the work of an IT organisation runs, with numbers one can trust.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
records.add_to(app)
numbers.add_to(app)
flow.add_to(app)


@app.command()
def version() -> None:
    """Print the version of Opsgauge."""
    say(__version__)


def main() -> None:
    """Run the program and exit with its code."""
    sys.exit(run(_program))


def _program() -> int:
    try:
        done = app(standalone_mode=False)
    except click.exceptions.UsageError as wrong:
        wrong.show()
        return Exit.MISUSE
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.exceptions.Abort:
        return Exit.MISUSE
    return int(done) if isinstance(done, int) else Exit.OK
