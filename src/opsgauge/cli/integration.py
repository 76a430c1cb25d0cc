"""The verb about how data comes in: integration.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.moments import moment, zoned
from opsgauge.cli.options import Format, Version, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_table, say, told
from opsgauge.foundation.units import amount, whole
from opsgauge.operations.integration_compared import Compared, change_words, integration_log

OfChange = Annotated[
    int | None,
    typer.Option("--change", help="Compare the change of this data version; else the newest."),
]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    app.command("integration")(integration)


def integration(
    change: OfChange = None,
    data_version: Version = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """List changes of mappings, columns and words, with key numbers before and after one of them.

    The numbers are of the same tickets, as things stood before. Exits 1 where one is another.
    """
    ctx = context(workspace, data_version)
    found = integration_log(ctx, change)
    rows = [
        {**each.as_json(), "data_version": one.change.version, "source": one.change.source}
        for one in found.compared
        for each in one.numbers
    ]
    if not told(form, found.as_json(), rows):
        heads = ["Version", zoned("Made", ctx), "Source", "What changed"]
        lines = [
            [f"{each.version}", moment(each.made_at, ctx), each.source, " ".join(each.words)]
            for each in found.changes
        ]
        if lines:
            print_table(heads, lines, numbers=1)
        else:
            say("Every source comes in as it did at its first import.")
        for one in found.compared:
            _tell(one)
    return Exit.SIGNAL if any(each.differing for each in found.compared) else Exit.OK


def _tell(one: Compared) -> None:
    say(f"Data version {one.change.version}, {one.change.source}. {one.sentence}")
    rows = [
        [
            each.title,
            amount(each.before, each.unit),
            amount(each.after, each.unit),
            change_words(each),
            whole(each.n_before),
            whole(each.n_after),
        ]
        for each in one.numbers
    ]
    if rows:
        print_table(["Metric", "Before", "After", "Change", "n before", "n after"], rows, numbers=5)
