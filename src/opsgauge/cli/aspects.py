"""The verb about a practice's score card: metrics aspects.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, Version, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_suspect, print_table, say, told
from opsgauge.operations.aspects import ACROSS, TIME, TYPE, Compared, score_card


def add_to(metrics: typer.Typer) -> None:
    """Add this verb to those of the catalogue."""
    metrics.command("aspects")(aspects)


def aspects(
    practice: Annotated[str, typer.Option(help="A practice, such as incident or change.")],
    metric: Annotated[str, typer.Option(help="A time of tickets, in hours.")] = TIME,
    type_: Annotated[str, typer.Option("--type", help="What makes work alike.")] = TYPE,
    across: Annotated[str, typer.Option(help="Whose work is compared: team, location.")] = ACROSS,
    shift: Annotated[str, typer.Option(help="Shifts, as bands of hours: work_shift.")] = "",
    data_version: Version = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Measure how consistent, repeatable and scalable a practice is, beside its score card.

    Exits 1 where an aspect has neither a metric nor a finding, or the data is suspect.
    """
    compared = Compared(metric, type_, across, shift)
    card = score_card(context(workspace, data_version), practice, compared)
    lines = [
        {"aspect": aspect, "metrics": " ".join(names), "found": card.sentences.get(aspect, "")}
        for aspect, names in card.metrics.items()
    ]
    if not told(form, card.as_json(), lines):
        print_table(
            ["Aspect", f"Metrics of {practice}"],
            [[line["aspect"], line["metrics"].replace(" ", ", ") or "none"] for line in lines],
        )
        for aspect, sentence in card.sentences.items():
            say(f"{aspect.capitalize()}: {sentence}")
        print_suspect(card.suspect)
    return Exit.SIGNAL if card.gaps or card.suspect else Exit.OK
