"""Verbs about the audit: audit, verify.

Floor 7.
"""

import json
from typing import Annotated

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.moments import moment, zoned
from opsgauge.cli.options import Format, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_csv, print_json, print_table, say, told
from opsgauge.foundation.units import whole
from opsgauge.operations.auditing import (
    MOST_LINES,
    USUAL_LINES,
    Asked,
    audit_lines,
    exported_lines,
    verified,
)

Subject = Annotated[str, typer.Option(help="Only lines of this thing, such as opsgauge.toml.")]
Action = Annotated[str, typer.Option(help="Only lines of this action, such as import:run.")]
Actor = Annotated[str, typer.Option(help="Only lines of what this user or program did.")]
Before = Annotated[
    int | None, typer.Option(help="Only lines with a lower number, to read on.", min=1)
]
Limit = Annotated[int, typer.Option(help="At most so many lines.", min=1, max=MOST_LINES)]
Expect = Annotated[
    str,
    typer.Option(
        help="The last hash of an earlier verdict, kept elsewhere; it must still be there."
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the program."""
    app.command("audit")(audit)
    app.command("verify")(verify)


def audit(
    subject: Subject = "",
    action: Action = "",
    actor: Actor = "",
    before: Before = None,
    limit: Limit = USUAL_LINES,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Show who did what, the newest first. As CSV it is an export, and noted in the audit."""
    asked = Asked(subject, action, actor, before, limit)
    ctx = context(workspace)
    if form is Form.CSV:
        print_csv(exported_lines(ctx, asked).as_json()["lines"], export=False)
        return
    page = audit_lines(ctx, asked)
    if form is Form.JSON:
        print_json(page.as_json())
        return
    rows = [
        [
            whole(line.number),
            moment(line.at, ctx),
            line.actor,
            line.action,
            line.subject,
            line.why,
            "" if line.after is None else _short(json.dumps(line.after, ensure_ascii=False)),
        ]
        for line in page.lines
    ]
    print_table(
        ["Line", zoned("When", ctx), "Who", "What", "To what", "Why", "How it is now"], rows
    )
    if not rows:
        say("No line of the audit is of that.")
    if page.older is not None:
        say(f"Older lines: --before {page.older}.")


def verify(expect: Expect = "", workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> int:
    """Say whether every line of the audit is as it was written. Exits 1 where one is not.

    Prints the last hash, which is to be kept elsewhere: given with --expect, a later verdict finds
    even a chain that was made anew as a whole.
    """
    verdict = verified(context(workspace), expect)
    plain = verdict.as_json()
    if not told(form, plain, [plain], export=False):
        say(plain["words"])
        if verdict.holds:
            say(f"Last hash, to be kept elsewhere: {plain['last_hash']}")
        else:
            say(f"The lines before that hold: {whole(plain['lines'])}, up to {plain['last_hash']}")
    return Exit.OK if verdict.holds else Exit.SIGNAL


def _short(text: str, most: int = 80) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
