"""The verb about service level objectives: list, show.

Floor 7.
"""

from typing import Annotated, Any

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_table, say, told
from opsgauge.foundation.units import percent, whole
from opsgauge.operations.objectives import ObjectiveState, State, objective, objectives

Name = Annotated[str, typer.Argument(help="The objective, as slos/*.yaml names it.")]
TO_BE_SEEN = (State.BURNING, State.SPENT)


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    slo = typer.Typer(help="Service level objectives: list, show.", no_args_is_help=True)
    slo.command("list")(list_)
    slo.command("show")(show)
    app.add_typer(slo, name="slo")


def list_(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> Exit:
    """List every objective with how much of its error budget is spent; exit 1 if one burns."""
    found = objectives(context(workspace))
    lines = [_flat(each) for each in found.states]
    if not told(form, found.as_json(), lines):
        say(f"{found.sentence()}.")
        heads = ["State", "Objective", "Budget spent", "Good", "Of", "How it is doing"]
        rows = [
            [
                str(each.state),
                each.objective.name,
                _share(each.budget.spent, 0),
                _share(each.budget.counted.good_share),
                whole(each.budget.counted.total),
                each.sentence(),
            ]
            for each in found.states
        ]
        if rows:
            print_table(heads, rows)
    return _exit(*found.states)


def show(name: Name, workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> Exit:
    """Show one objective: its budget, how fast it burns, and both with maintenance."""
    found = objective(context(workspace), name)
    if not told(form, found.as_json(), [_flat(found)]):
        say(f"{found.objective.title}: {found.state}.")
        say(found.sentence())
        if found.whole and found.whole.spent is not None:
            reasons = "; ".join(found.maintenance)
            say(
                f"With the tickets of maintenance ({reasons}): "
                f"{_share(found.whole.spent, 0)} of the budget is spent."
            )
        if found.all_hours and found.all_hours.spent is not None:
            say(
                f"At all hours: {_share(found.all_hours.spent, 0)} of the budget is spent; "
                f"{whole(found.open_hours)} hours of the window are open."
            )
        rows = [
            [f"{each.hours} h", f"{each.limit:.1f}", _rate(each.long), _rate(each.short)]
            for each in found.burns
        ]
        if rows:
            print_table(["Window", "Told from", "Burned", "Newest twelfth"], rows, numbers=1)
        if found.objective.decision:
            say(found.objective.decision)
    return _exit(found)


def _exit(*states: ObjectiveState) -> Exit:
    seen = any(each.state in TO_BE_SEEN or each.suspect for each in states)
    return Exit.SIGNAL if seen else Exit.OK


def _share(share: float | None, digits: int = 1) -> str:
    return "" if share is None else percent(share, digits)


def _rate(rate: float | None) -> str:
    return "no records" if rate is None else f"{rate:.1f}"


def _flat(state: ObjectiveState) -> dict[str, Any]:
    """Return an objective as a line of a file."""
    lists = ("burns", "with_maintenance", "at_all_hours", "maintenance", "suspect", "where")
    plain = state.as_json()
    whole_ = plain["with_maintenance"] or {}
    return {
        **{name: value for name, value in plain.items() if name not in lists},
        "where": "; ".join(plain["where"]),
        "spent_with_maintenance": whole_.get("spent"),
        "spent_at_all_hours": (plain["at_all_hours"] or {}).get("spent"),
    }
