"""The verb about targets: list, set, end, history.

Floor 7.
"""

from typing import Annotated, Any

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.moments import moment, zoned
from opsgauge.cli.options import Format, Statistic, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_csv, print_json, print_suspect, print_table, say, told
from opsgauge.foundation.agreed import Target
from opsgauge.operations.aiming import USUAL_PERIOD, Aim
from opsgauge.operations.asking import written
from opsgauge.operations.targets import (
    MISSED,
    end_target,
    set_target,
    summary,
    target_history,
    target_states,
)

Metric = Annotated[str, typer.Argument(help="Name in the catalogue, e.g. time_to_resolve.")]
OfMetric = Annotated[str | None, typer.Option("--metric", help="Only those of this metric.")]
Number = Annotated[
    int, typer.Argument(min=1, max=2**31 - 1, help="Its number, as the list tells it.")
]
Value = Annotated[
    str,
    typer.Argument(
        help="The number to reach: hours as 8.5, a share as 0.95 or 95%, with --percent -20."
    ),
]
Period = Annotated[
    str, typer.Option("--period", help="Of each week, month or quarter the value is judged.")
]
Percent = Annotated[
    bool,
    typer.Option(
        "--percent", help="VALUE is a change in percent of the twelve periods before the first day."
    ),
]
Begin = Annotated[str, typer.Option("--from", help="First day; today where none is given.")]
Review = Annotated[
    str, typer.Option("--review", help="The day on which it is judged for good: 2026-06-30.")
]
Why = Annotated[str, typer.Option("--why", help="What for; the audit keeps it.")]
NEGATIVE = {"ignore_unknown_options": True}  # or -20 would be taken for an option


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    targets = typer.Typer(help="Targets: list, set, end, history.", no_args_is_help=True)
    targets.command("list")(list_)
    targets.command("set", context_settings=NEGATIVE)(set_)
    targets.command("end")(end)
    targets.command("history")(history)
    app.add_typer(targets, name="targets")


def list_(
    metric: OfMetric = None, workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> int:
    """Say how every target is doing. Exits 1 where one is off track or not met."""
    states = target_states(context(workspace), metric)
    suspect = sorted({check for each in states for check in each.suspect})
    answer = {"sentence": summary(states), "targets": [each.as_json() for each in states]}
    lines = [_flat(each.as_json(), each.target) for each in states]
    if not told(form, answer, lines):
        say(f"{summary(states)}.")
        rows = [
            [
                str(each.target.number),
                str(each.outlook.state),
                each.target.metric,
                _which(each.target),
                each.sentence(),
            ]
            for each in states
        ]
        if rows:
            print_table(["No.", "State", "Metric", "Of", "How it is doing"], rows)
        print_suspect(suspect)
    missed = any(each.outlook.state in MISSED for each in states)
    return Exit.SIGNAL if missed or suspect else Exit.OK


def set_(
    metric: Metric,
    value: Value,
    why: Why,
    statistic: Statistic = None,
    where: Where = None,
    period: Period = USUAL_PERIOD,
    percent: Percent = False,
    from_: Begin = "",
    review: Review = "",
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Set a target; one of the same metric, statistic, tickets and period ends."""
    ctx = context(workspace)
    aim = Aim(metric, value, statistic or "", where or (), period, percent, from_, review, why)
    _print_one(set_target(ctx, aim.target(ctx)), "stands", form)


def end(
    number: Number, why: Why, workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> None:
    """End a target without another in its place; it stays in the history."""
    _print_one(end_target(context(workspace), number, why), "has ended", form)


def history(
    metric: OfMetric = None, workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> None:
    """List every target that ever stood, oldest first."""
    ctx = context(workspace)
    found = target_history(ctx, metric)
    answer = {"targets": [each.as_json() for each in found]}
    if told(form, answer, [_flat(each.as_json(), each) for each in found]):
        return
    heads = ["No.", "Metric", "Of", "Goal", "From", "Review", "Set by", zoned("Ended", ctx), "Why"]
    rows = [
        [
            str(each.number),
            each.metric,
            _which(each),
            f"{each.goal:g}",
            each.from_day.isoformat(),
            each.review_day.isoformat() if each.review_day else "none",
            each.made_by,
            moment(each.ended_at, ctx) or "stands",
            each.why,
        ]
        for each in found
    ]
    print_table(heads, rows)


def _print_one(target: Target, has: str, form: Form) -> None:
    plain = target.as_json()
    if form is Form.JSON:
        print_json(plain)
    elif form is Form.CSV:
        print_csv([_flat(plain, target)], export=False)
    else:
        said = f"{target.metric}, {_which(target)}, goal {target.goal:g}"
        say(f"Target {target.number} {has}: {said}.")


def _which(target: Target) -> str:
    parts = [f"{target.statistic} by {target.period}".strip()]
    return ", ".join([*parts, *(each.sentence() for each in target.segment)])


def _flat(plain: dict[str, Any], target: Target) -> dict[str, Any]:
    """Return a target as a line: its conditions as they are written, without its series."""
    kept = {name: value for name, value in plain.items() if name != "series"}
    return kept | {"segment": "; ".join(written(each) for each in target.segment)}
