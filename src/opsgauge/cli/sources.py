"""Verbs about what comes in: mapping draft and try, sync.

Floor 7.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, WorkspaceDir, context
from opsgauge.cli.printing import Form, note, print_csv, print_json, print_table, progress, say
from opsgauge.foundation.errors import MappingWrong
from opsgauge.foundation.units import whole
from opsgauge.operations.drafting import Drafted, draft_file, to_check, told, try_mapping
from opsgauge.operations.sync import Synced
from opsgauge.operations.sync import sync as sync_inbox

Export = Annotated[Path, typer.Argument(help="An export, in any format that can be imported.")]


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the program."""
    mapping = typer.Typer(help="Mapping files: draft one, try one.", no_args_is_help=True)
    mapping.command("draft")(draft)
    mapping.command("try")(try_)
    app.add_typer(mapping, name="mapping")
    app.command("sync")(sync)


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
        line = f"{mapping}, line {made.fault.line}: " if made.fault.line else ""
        raise MappingWrong(f"{line}{made.fault.message}", made.fault.hint)
    _say(made)
    seen = made.preview
    return Exit.SIGNAL if seen and (seen.rejected or seen.unmapped) else Exit.OK


def _say(made: Drafted) -> None:
    for line in (*told(made), *to_check(made)):
        note(line)


def sync(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> int:
    """Import what is new in the workspace's inbox/. May run as often as one likes, as from cron.

    Exits 1 when a file has no mapping or records were refused, 2 when a file cannot be imported.
    """
    with progress() as show:
        done = sync_inbox(context(workspace, progress=show))
    if form is Form.JSON:
        print_json(done.as_json())
    elif form is Form.CSV:
        print_csv(done.as_json()["files"], export=False)
    else:
        _tell(done)
    for fault in done.faults:
        note(fault)
    if done.failed:
        return Exit.MISUSE
    return Exit.SIGNAL if done.noteworthy else Exit.OK


def _tell(done: Synced) -> None:
    if not done.files:
        say("Nothing lies in the inbox.")
        return
    print_table(
        [
            "File",
            "Mapping",
            "State",
            "What to know",
            "Version",
            "Read",
            "Accepted",
            "Known",
            "Refused",
        ],
        [
            [
                each.file,
                each.mapping,
                each.state,
                each.message,
                str(each.data_version or ""),
                *(whole(n) for n in (each.read, each.accepted, each.duplicate, each.rejected)),
            ]
            for each in done.files
        ],
        numbers=5,
    )
