"""Verbs that keep a workspace safe: backup, restore.

Floor 7.
"""

from pathlib import Path
from typing import Annotated

import typer

from opsgauge.cli.options import Format, WorkspaceDir, context
from opsgauge.cli.printing import Form, progress, say, told
from opsgauge.foundation.units import whole
from opsgauge.operations.backing_up import back_up
from opsgauge.operations.restoring import restore as restore_workspace

FileName = Annotated[Path, typer.Argument(help="A new file, such as desk-2026-01-31.zip.")]
Backup = Annotated[Path, typer.Argument(help="A file that 'opsgauge backup' has written.")]


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the program."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    file: FileName,
    with_data: Annotated[
        bool, typer.Option("--with-data", help="Also the tables that imports have filled.")
    ] = False,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Write one file from which the workspace can be made again.

    It holds the records, the files that people wrote, and the key that persons are hashed with:
    keep it where only those may read who may read the workspace.
    """
    with progress() as show:
        made = back_up(context(workspace, progress=show), file, with_data)
    plain = made.as_json()
    if told(form, plain, [plain], export=False):
        return
    say(
        f"{made.file} holds the records ({whole(made.lines)} lines of the audit) and "
        f"{whole(made.files)} files"
        + (", the data included." if made.with_data else "; the data is not in it (--with-data).")
    )
    for each in made.left_out:
        say(f"Left out, since it is a link: {each}")
    say(f"Last hash of the audit in it, to be kept elsewhere: {made.last_hash}")
    say(
        "It holds the key that persons are hashed with, and opsgauge.toml: keep it as safe as both."
    )


def restore(
    file: Backup,
    workspace: Annotated[Path, typer.Option("--workspace", help="A new or empty folder.")],
    records_url: Annotated[
        str, typer.Option(help="Where the records go, SQLite or PostgreSQL; else as they were.")
    ] = "",
    form: Format = Form.TABLE,
) -> None:
    """Make a workspace from a backup. Nothing is overwritten; its audit is verified."""
    done = restore_workspace(file, workspace, records_url)
    plain = done.as_json()
    if told(form, plain, [plain], export=False):
        return
    say(
        f"{done.workspace} is the workspace as it was backed up on {done.made_at}: "
        f"{whole(done.files)} files, {whole(done.lines)} lines of the audit, all as they were "
        "written."
    )
    if not done.with_data:
        say("The backup holds no data: import the files again, and numbers come back.")
