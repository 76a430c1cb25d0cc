"""Verbs about silences of alerts: maintenance in which nothing is told.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.cli.moments import moment, with_zone, zoned
from opsgauge.cli.options import Format, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_table, say, told
from opsgauge.governance.silences import Silence
from opsgauge.operations.alerting.silencing import (
    Silenced,
    add_silence,
    end_silence,
    silence_list,
)
from opsgauge.operations.asking import conditions, instant, written

Why = Annotated[str, typer.Option("--why", help="What is being done; the audit keeps it.")]
Number = Annotated[int, typer.Argument(min=1, max=2**31 - 1, help="Its number, as lists tell it.")]
Rule = Annotated[int, typer.Option("--rule", min=0, max=2**31 - 1, help="Its rule; 0: every rule.")]
From = Annotated[str, typer.Option("--from", help="2026-01-31T06:00Z; else at once.")]
Until = Annotated[str, typer.Option("--until", help="When it ends: 2026-01-31T08:00Z or a date.")]


def add_to(alerts: typer.Typer) -> None:
    """Add these verbs to those about alerts."""
    alerts.command("silence")(silence)
    alerts.command("silences")(silences)
    alerts.command("unsilence")(unsilence)


def silence(
    until: Until,
    why: Why,
    rule: Rule = 0,
    from_: From = "",
    where: Where = None,
    workspace: WorkspaceDir = None,
) -> None:
    """Keep what fires in a time of maintenance from being told before its end."""
    ctx = context(workspace)
    zone = ctx.workspace.zone
    wanted = Silence(rule, conditions(where or ()), "", "", why)
    made = add_silence(ctx, wanted, instant("from", from_, zone), instant("until", until, zone))
    say(f"Silence {made.number} is kept, until {with_zone(made.until_at, ctx)}.")


def silences(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """List silences, the newest first, with what fired in each."""
    ctx = context(workspace)
    found = silence_list(ctx)
    if told(form, {"silences": [each.as_json() for each in found]}, [_flat(e) for e in found]):
        return
    if not found:
        say("Nothing was ever silenced.")
        return
    heads = ["No.", "State", zoned("From", ctx), zoned("Until", ctx), "Of", "Why", "Fired in it"]
    rows = [
        [
            str(each.silence.number),
            each.state,
            moment(each.silence.from_at, ctx),
            moment(each.silence.until_at, ctx),
            _of(each.silence),
            each.silence.why,
            str(len(each.firings)),
        ]
        for each in found
    ]
    print_table(heads, rows)
    for each in found:
        for one in each.firings:
            say(f"  Silence {each.silence.number}, firing {one.number}: {one.told.get('what', '')}")


def unsilence(number: Number, why: Why, workspace: WorkspaceDir = None) -> None:
    """End a silence early; what still fires is told by the next watch."""
    made = end_silence(context(workspace), number, why)
    say(f"Silence {made.number} has ended.")


def _of(silence: Silence) -> str:
    rule = [f"rule {silence.rule}"] if silence.rule else ["every rule"]
    return ", ".join([*rule, *(each.sentence() for each in silence.segment)])


def _flat(each: Silenced) -> dict[str, object]:
    plain = {name: value for name, value in each.as_json().items() if name != "firings"}
    plain["segment"] = "; ".join(written(one) for one in each.silence.segment)
    return {**plain, "fired": len(each.firings)}
