"""The verb about changes: what was changed before an incident.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.cli.moments import moment, zoned
from opsgauge.cli.options import Format, KnownAt, Version, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_table, say, told
from opsgauge.foundation.units import amount, whole
from opsgauge.operations.changes_before import changes_before, how_words, usual_words

Ticket = Annotated[str, typer.Argument(help="The incident's number, as in its tool.")]
Source = Annotated[
    str | None, typer.Option("--source", help="Its source, where several have that number.")
]
Hours = Annotated[
    float | None,
    typer.Option("--hours", help="How long before it to look; else change_window_hours."),
]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    app.command("changes-before")(before)


def before(
    ticket: Ticket,
    source: Source = None,
    hours: Hours = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """List the changes made before an incident, on its item, one it needs, or its service.

    Before is not because: beside each stands how many other incidents it has near it, and how many
    are usual in as long a time.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    answer = changes_before(ctx, ticket, source, hours)
    plain = answer.as_json()
    if told(form, plain, plain["changes"]):
        return
    say(answer.words)
    rows = [
        [
            each.change_id,
            how_words(each),
            f"{moment(each.ended_at, ctx)}{' (as planned)' if each.by_plan else ''}",
            amount(each.hours_before, "hours") if each.hours_before else "under way",
            usual_words(each),
            "yes" if each.named else "",
        ]
        for each in answer.changes
    ]
    if rows:
        heads = [
            "Change",
            "On",
            zoned("Ended", ctx),
            "Before it",
            "Incidents near it",
            "Named as cause",
        ]
        print_table(heads, rows)
    if answer.more:
        say(f"{whole(answer.more)} more are not shown.")
