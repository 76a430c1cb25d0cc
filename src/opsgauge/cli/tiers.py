"""The verb about how much the business depends on services: list, set, end, promise.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.cli.moments import moment, zoned
from opsgauge.cli.options import Format, WorkspaceDir, context
from opsgauge.cli.outages import Number, Why, say_reached
from opsgauge.cli.printing import Form, print_table, say, told
from opsgauge.foundation.units import whole
from opsgauge.governance.tiers import Tier
from opsgauge.operations.asking import day
from opsgauge.operations.tiers import (
    PROMISES,
    TierSet,
    end_tier,
    service_tiers,
    set_promises,
    set_tier,
    tier_history,
)

Service = Annotated[str, typer.Argument(help="The service, as on tickets.")]
Level = Annotated[int, typer.Argument(help="1, which the business needs most, to 4.")]
Everything = Annotated[bool, typer.Option("--all", help="Every tier that was ever set.")]
Response = Annotated[float | None, typer.Option("--response", help="Hours to the first response.")]
Resolution = Annotated[float | None, typer.Option("--resolution", help="Hours to the resolution.")]
FirstCall = Annotated[
    float | None, typer.Option("--first-call", help="Share resolved in the first contact: 0.7.")
]
From = Annotated[
    str, typer.Option("--from", help="The first day they count: 2026-01-31; else today.")
]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    tiers = typer.Typer(
        help="How much the business depends on services: list, set, end, promise.",
        no_args_is_help=True,
    )
    tiers.command("list")(list_)
    tiers.command("set")(set_)
    tiers.command("end")(end)
    tiers.command("promise")(promise)
    app.add_typer(tiers, name="tiers")


def list_(
    everything: Everything = False, workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> None:
    """List services with their tiers, and what is promised for each tier."""
    ctx = context(workspace)
    if everything:
        lines = [each.as_json() for each in tier_history(ctx)]
        if not told(form, {"tiers": lines}, lines):
            heads = ["No.", "Service", "Tier", zoned("Set", ctx), "By", zoned("Ended", ctx), "Why"]
            names = ("number", "service", "tier", "made_at", "made_by", "ended_at", "why")
            shown = [
                each | {name: moment(each[name], ctx) for name in ("made_at", "ended_at")}
                for each in lines
            ]
            print_table(heads, [[str(each[name] or "") for name in names] for each in shown])
        return
    found = service_tiers(ctx)
    if told(form, found.as_json(), found.as_json()["services"]):
        return
    say(found.sentence())
    rows = [
        [
            each.service,
            str(each.tier or ""),
            str(each.told or ""),
            f"{each.decided.number}: {each.decided.why}" if each.decided else "",
            whole(each.tickets),
        ]
        for each in found.services
    ]
    if rows:
        print_table(["Service", "Tier", "Imported", "Decided", "Tickets"], rows, numbers=1)
    promises = [[str(each.tier), each.kind, each.by, each.words] for each in found.promises]
    if promises:
        print_table(["Tier", "Promise", "By", "How much"], promises)


def set_(
    service: Service,
    tier: Level,
    why: Why,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Set the tier of a service, over what an import told."""
    made = set_tier(context(workspace), Tier(service, tier, why))
    _print_one(made, f"is of tier {tier}", form)


def end(
    number: Number, why: Why, workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> None:
    """Let what an import told of a service count again."""
    made = end_tier(context(workspace), number, why)
    _print_one(made, f"is no more of tier {made.tier.tier} by decision", form)


def promise(
    tier: Level,
    why: Why,
    from_: From = "",
    response: Response = None,
    resolution: Resolution = None,
    first_call: FirstCall = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Set targets for all tickets of a tier: response, resolution, first-call resolution."""
    given = zip(PROMISES, (response, resolution, first_call), strict=True)
    goals = {name: goal for name, goal in given if goal is not None}
    made = set_promises(context(workspace), tier, goals, day("from", from_), why)
    lines = [each.as_json() for each in made]
    if not told(form, {"targets": lines}, lines):
        for each in made:
            say(f"Target {each.number}: {each.metric} of tier {tier}, {each.goal:g}.")


def _print_one(made: TierSet, verb: str, form: Form) -> None:
    plain = made.as_json()
    if told(form, plain, [plain], export=False):
        return
    say(f"{made.tier.service} {verb} (line {made.tier.number}).")
    say_reached(made.reached)
