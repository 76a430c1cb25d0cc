"""The verb about how metrics are used: metrics unused.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_table, say, told
from opsgauge.foundation.units import whole
from opsgauge.operations.uses import DAYS, UseLine, used


def add_to(metrics: typer.Typer) -> None:
    """Add this verb to those of the catalogue."""
    metrics.command("unused")(unused)


def unused(
    days: Annotated[int, typer.Option(help="For how long nobody looked.")] = DAYS,
    everything: Annotated[
        bool, typer.Option("--all", help="List every metric with its views.")
    ] = False,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Say which metrics nobody looked at or decided of: candidates for retirement.

    Exits 1 where there are some.
    """
    answer = used(context(workspace), days)
    lines = answer.lines if everything else answer.proposed
    if not told(form, answer.as_json(), [_flat(line) for line in lines]):
        say(answer.sentence())
        if lines:
            heads = ["Metric", "Last looked at", "Last decided", "Needed by", "Page", "API", "CLI"]
            print_table(heads, [_row(line) for line in lines], numbers=3)
    return Exit.SIGNAL if answer.proposed else Exit.OK


def _row(line: UseLine) -> list[str]:
    days = [day.isoformat() if day else "never" for day in (line.last_view, line.last_decision)]
    views = [whole(line.views.get(way, 0)) for way in ("page", "api", "cli")]
    return [line.metric, *days, ", ".join(line.needed_by), *views]


def _flat(line: UseLine) -> dict[str, object]:
    plain = line.as_json()
    views = plain.pop("views")
    return {**plain, **{f"views_{way}": count for way, count in views.items()}}
