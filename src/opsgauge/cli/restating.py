"""The verb about numbers that are others now than when they were published: restated.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.moments import with_zone
from opsgauge.cli.numbers import MetricName
from opsgauge.cli.options import (
    AsOf,
    By,
    Format,
    From,
    KnownAt,
    Statistic,
    To,
    Version,
    Where,
    WorkspaceDir,
    context,
)
from opsgauge.cli.printing import Form, print_suspect, print_table, say, told
from opsgauge.foundation.units import amount, whole
from opsgauge.operations.asking import Asked
from opsgauge.operations.context import Context
from opsgauge.operations.restating import Restatement
from opsgauge.operations.restating import restated as restated_of

CompareVersion = Annotated[
    int | None,
    typer.Option("--compare-version", help="The earlier data version; else the one before."),
]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    app.command("restated")(restated)


def restated(
    metric: MetricName,
    statistic: Statistic = None,
    by: By = None,
    where: Where = None,
    period: Annotated[str, typer.Option("--period", help="day, week, month, quarter, year.")] = "",
    from_: From = None,
    to: To = None,
    as_of: AsOf = None,
    compare_version: CompareVersion = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """List the past periods of a metric that an earlier data version gave another value for.

    Exits 1 where there is one, or the data is suspect.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    asked = Asked(statistic, by or (), where or (), period, from_, to, as_of)
    answer = restated_of(ctx, asked.question(metric, ctx.workspace.zone), compare_version)
    plain = answer.as_json()
    if not told(form, plain, plain["restated"]):
        _tell(ctx, answer)
    return Exit.SIGNAL if answer.rows or answer.suspect else Exit.OK


def _tell(ctx: Context, answer: Restatement) -> None:
    say(answer.sentence)
    say(
        f"Data version {answer.now.version} against {answer.then.version}, made at "
        f"{with_zone(answer.then.made_at, ctx)}: {whole(len(answer.rows))} of "
        f"{whole(answer.periods)} {answer.question.period}s that were over are restated."
    )
    if answer.caveat:
        say(answer.caveat)
    rows = [
        [
            row.period,
            *(value or "(none)" for value in row.by.values()),
            ", ".join(row.why),
            amount(row.old, answer.unit),
            amount(row.new, answer.unit),
            whole(row.old_n),
            whole(row.new_n),
        ]
        for row in answer.rows
    ]
    heads = ["Period", *answer.question.by, "Why", "Was", "Is", "n was", "n is"]
    if rows:
        print_table(heads, rows, numbers=4)
    print_suspect(answer.suspect)
