"""The verb about what is normal by season: expected.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.options import (
    Aggregate,
    Events,
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
from opsgauge.foundation.csv_text import marked
from opsgauge.foundation.units import amount, percent
from opsgauge.operations.asking import Asked
from opsgauge.operations.expected import AHEAD, Point
from opsgauge.operations.expected import expected as expected_of
from opsgauge.operations.named_events import event_of
from opsgauge.operations.uses import note_now

MetricName = Annotated[str, typer.Argument(help="Name in the catalogue, e.g. tickets_opened.")]
Grain = Annotated[str, typer.Option("--period", help="hour (of counts), day or week.")]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    app.command("expected")(expected)


def expected(
    metric: MetricName,
    statistic: Statistic = None,
    where: Where = None,
    period: Grain = "day",
    event: Events = None,
    from_: From = None,
    to: To = None,
    aggregate: Aggregate = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Show what was expected by season, what lay outside its range, and what is ahead.

    Exits 1 when the newest day or week lies far outside its range, or the data is suspect.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    asked = Asked(statistic, (), where or (), period, from_, to, aggregate=aggregate)
    events = [event_of(each) for each in event or ()]
    answer = expected_of(ctx, asked.question(metric, ctx.workspace.zone), events)
    note_now(ctx, metric, "cli")
    plain, measured = answer.as_json(), answer.measured
    if not told(form, plain, marked(plain["points"], measured.suspect)):
        say(measured.sentence)
        for sentence in answer.profile.sentences():
            say(sentence)
        rows = [_row(each, measured.unit) for each in answer.points if _is_shown(each, period)]
        print_table(["Period", "Value", "Expected", "80 % range", "State", "With"], rows)
        for name, score in answer.foreseen.scores.items():
            mase = "none" if score.mase is None else f"{score.mase:.2f}"
            covered = "none" if score.covered is None else percent(score.covered)
            say(f"{name.replace('_', ' ').capitalize()}: MASE {mase}, range held {covered}.")
        say(answer.backtest)
        for caveat in answer.caveats:
            say(caveat)
        print_suspect(measured.suspect)
    return Exit.SIGNAL if answer.new_signals or measured.suspect else Exit.OK


def _is_shown(point: Point, period: str) -> bool:
    """Say whether a table shows a point: of hours, those ahead and those far outside alone."""
    return bool(point.sentence) and (period != "hour" or point.is_signal or point.state == AHEAD)


def _row(point: Point, unit: str) -> list[str]:
    numbers = [amount(each, unit) for each in (point.low, point.high)]
    return [
        point.period,
        "" if point.value is None else amount(point.value, unit),
        amount(point.expected, unit),
        " to ".join(numbers),
        point.state,
        ", ".join(point.occasions),
    ]
