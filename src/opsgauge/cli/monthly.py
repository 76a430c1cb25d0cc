"""The verb `summary`: a month on one page.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_table, say, told
from opsgauge.foundation.units import amount, whole
from opsgauge.operations.answers import Value
from opsgauge.operations.asking import conditions
from opsgauge.operations.monthly import NEWS, MonthLine, month
from opsgauge.operations.phrases import when

Label = Annotated[str, typer.Option("--month", help="2026-03; else the newest that is over.")]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    app.command("summary")(summary)


def summary(
    label: Label = "",
    where: Where = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Say how a month went: its numbers, what is news, targets, signals and findings."""
    found = month(context(workspace), label, conditions(where or ()))
    if not told(form, found.as_json(), [each.as_json() for each in found.lines]):
        say(f"I{when(found.label)[1:]}, {found.which}: {found.sentence()}.")
        rows = [
            [
                each.title,
                _written(each.value, each),
                _written(each.before, each),
                _written(each.year_before, each),
                whole(each.value.n) if each.value else "",
                each.said,
            ]
            for each in found.lines
        ]
        print_table(["Metric", "Month", "Before", "A year before", "n", "Said"], rows)
        for state in found.targets:
            say(f"At its end: target {state.target.number}, {state.title}: {state.sentence()}")
        for objective in found.objectives:
            say(f"At its end: objective {objective.objective.title}: {objective.sentence()}")
        for line in found.signals:
            kept = line.signal
            say(f"Signal {kept.number}, {kept.state_words}, {line.title}: {line.sentence}")
        for finding in found.findings:
            say(f"Of {found.found_in}: {finding.claim}")
    news = any(each.verdict in NEWS for each in found.lines)
    return Exit.SIGNAL if news else Exit.OK


def _written(value: Value | None, line: MonthLine) -> str:
    return "" if value is None else amount(value.value, line.unit)
