"""The verb about early signs: metrics leading.

Floor 7.
"""

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, KnownAt, Version, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_table, say, told
from opsgauge.operations.asking import conditions
from opsgauge.operations.early_signs import Pair, early_signs


def add_to(metrics: typer.Typer) -> None:
    """Add this verb to those of the catalogue."""
    metrics.command("leading")(leading)


def leading(
    where: Where = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Try which metrics go before the one they are said to lead, on the records there are.

    Exits 1 where one leads the other way than meant.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    found = early_signs(ctx, conditions(where or ()))
    plain = found.as_json()
    if not told(form, plain, [_flat(each) for each in plain["pairs"]]):
        say(f"{found.sentence()}.")
        print_table(["Says", "n", "Correlation", "In words"], [_row(each) for each in found.pairs])
    return Exit.SIGNAL if any(each.is_other_way for each in found.pairs) else Exit.OK


def _flat(pair: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in pair.items() if key != "suspect"}


def _row(pair: Pair) -> list[str]:
    lagged, n = pair.shown, pair.told.n if pair.told else 0
    return [
        str(pair.verdict),
        str(n or ""),
        f"{lagged.correlation:+.2f}" if lagged else "",
        pair.sentence(),
    ]
