"""Verbs about what comes in: mapping draft and try, sync.

Floor 7.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from opsgauge.cli.exits import Exit
from opsgauge.foundation.errors import MappingWrong
from opsgauge.operations.drafting import Drafted, draft_file, told, try_mapping

Export = Annotated[Path, typer.Argument(help="An export, in any format that can be imported.")]


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the program."""
    mapping = typer.Typer(help="Mapping files: draft one, try one.", no_args_is_help=True)
    mapping.command("draft")(draft)
    mapping.command("try")(try_)
    app.add_typer(mapping, name="mapping")


def draft(file: Export) -> None:
    """Write a mapping file for an export from its own columns and values.

    The YAML alone goes to standard output, what it would give to standard error. No workspace is
    needed, and nothing is kept.
    """
    made = draft_file(file)
    sys.stdout.write(made.text)
    _say(made)
    note("Next: look through it, then: opsgauge mapping try FILE --mapping YOUR.yaml")


def try_(
    file: Export,
    mapping: Annotated[Path, typer.Option(help="The mapping file to try.")],
) -> int:
    """Say what a mapping makes of an export's first records. Nothing is kept.

    Exits 1 when records were refused or words had no mapping.
    """
    try:
        text = mapping.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        raise MappingWrong(f"The mapping {mapping} cannot be read: {wrong}") from wrong
    made = try_mapping(file, text, str(mapping))
    if made.fault is not None:
        raise MappingWrong(made.fault.message, made.fault.hint)
    _say(made)
    seen = made.preview
    return Exit.SIGNAL if seen and (seen.rejected or seen.unmapped) else Exit.OK


def _say(made: Drafted) -> None:
    for line in told(made):
        note(line)
    for ask in made.asks:
        note(f"To check: {ask}.")


def note(line: str) -> None:
    """Write a line beside the answer, on standard error."""
    sys.stderr.write(f"{line}\n")
