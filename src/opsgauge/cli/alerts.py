"""Verbs about alerts: rules, what fired, what is on its way, how rules do.

Floor 7.
"""

from dataclasses import replace
from typing import Annotated

import typer

from opsgauge.cli import silences
from opsgauge.cli.exits import Exit
from opsgauge.cli.moments import moment, zoned
from opsgauge.cli.options import Format, Statistic, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_csv, print_json, print_table, say, told
from opsgauge.foundation.alerting import KINDS, SEVERITIES, AlertRule
from opsgauge.governance.deliveries import DIGESTS, Delivery
from opsgauge.governance.firings import MARKS
from opsgauge.governance.moments import text_of
from opsgauge.operations.alerting.draft import Draft
from opsgauge.operations.alerting.drafting import (
    add_rule,
    mute,
    retire,
    rule_list,
    switch_on,
)
from opsgauge.operations.alerting.replaying import Replayed, replay
from opsgauge.operations.alerting.scoring import (
    firing_list,
    mark_firing,
    outbox_list,
    scorecard,
    set_delivery,
)
from opsgauge.operations.alerting.sending import send_test
from opsgauge.operations.alerting.spoken import fires_on
from opsgauge.operations.asking import instant, written
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers

Number = Annotated[int, typer.Argument(min=1, max=2**31 - 1, help="Its number, as lists tell it.")]
Why = Annotated[str, typer.Option("--why", help="What for; the audit keeps it.")]
Kind = Annotated[str, typer.Argument(help=f"One of {', '.join(KINDS)}.")]
Name = Annotated[str, typer.Option("--name", help="What it is called in messages.")]
Metric = Annotated[str, typer.Option("--metric", help="Its metric; of signals: else all.")]
Above = Annotated[str, typer.Option("--above", help="Fires above this: 8.5, 0.2, 20% or target.")]
Below = Annotated[str, typer.Option("--below", help="Or below this.")]
Clears = Annotated[str, typer.Option("--clears", help="Is calm again only past this value.")]
Lasting = Annotated[int, typer.Option("--lasting", help="Periods in a row beyond the limit.")]
Hits = Annotated[str, typer.Option("--of", help="Or so many of the newest: 2/3.")]
Windows = Annotated[str, typer.Option("--windows", help="Means that are beyond too: 4 or 4,12.")]
Grain = Annotated[str, typer.Option("--period", help="day, week, month or quarter.")]
Split = Annotated[str, typer.Option("--by", help="Judged one by one, such as each team.")]
Hours = Annotated[
    float | None, typer.Option("--hours", help="Of sla_risk: time left; of absence: of silence.")
]
AtLeast = Annotated[int, typer.Option("--at-least", help="Of sla_risk: from so many tickets on.")]
About = Annotated[str, typer.Option("--about", help="A service level, a check or a source.")]
Severity = Annotated[str, typer.Option("--severity", help=f"One of {', '.join(SEVERITIES)}.")]
Decision = Annotated[str, typer.Option("--decision", help="What is to be decided when it fires.")]
Runbook = Annotated[str, typer.Option("--runbook", help="The address where it says how.")]
ToChannel = Annotated[
    str, typer.Option("--channel", help="A name of channels.toml; a draft needs none yet.")
]
Season = Annotated[
    bool, typer.Option("--season", help="Only beyond what its season lets expect, too.")
]
Ahead = Annotated[int, typer.Option("--ahead", help="Of forecast: within so many periods.")]
Sure = Annotated[str, typer.Option("--sure", help="Of forecast: above this chance, else 80%.")]
Escalate = Annotated[
    list[str] | None,
    typer.Option("--escalate", help="Whom next if unseen: '30m: ana', '2h: role X via PAGER'."),
]
Owner = Annotated[str, typer.Option("--owner", help="A user, where the register names nobody.")]
Until = Annotated[str, typer.Option("--until", help="2026-01-31T06:00Z or a date; else for good.")]
Events = Annotated[
    typer.FileText | None, typer.Option("--events", help="CSV with a column 'at': what was real.")
]
Within = Annotated[
    float | None,
    typer.Option(
        "--within", help="Days between an event and its alert; else 14, fewer of many events."
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    alerts = typer.Typer(
        help="Alerts: rules, firings, messages on their way.", no_args_is_help=True
    )
    alerts.command("list")(list_)
    alerts.command("add", context_settings={"ignore_unknown_options": True})(add)
    alerts.command("on")(on)
    alerts.command("mute")(mute_)
    alerts.command("retire")(retire_)
    alerts.command("replay")(replay_)
    alerts.command("test")(send_one)
    alerts.command("firings")(firings)
    alerts.command("mark")(mark)
    alerts.command("outbox")(outbox)
    alerts.command("scorecard")(scorecard_)
    alerts.command("delivery")(delivery)
    silences.add_to(alerts)
    app.add_typer(alerts, name="alerts")


def list_(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """List every rule and its state."""
    ctx = context(workspace)
    now = text_of(ctx.clock())
    rules = rule_list(ctx)
    plain = [{**each.as_json(), "state": each.state(now)} for each in rules]
    if told(form, {"alerts": plain}, [_flat(ctx, each, now) for each in rules]):
        return
    if not rules:
        say("There is no rule yet. Draft one: opsgauge alerts add KIND --name NAME ...")
        return
    heads = ["No.", "State", "Rule", "Fires on", "Severity", "Channel"]
    rows = [
        [str(r.number), r.state(now), r.name, fires_on(ctx, r), r.severity, r.channel]
        for r in rules
    ]
    print_table(heads, rows)


def add(
    kind: Kind,
    name: Name,
    why: Why,
    channel: ToChannel = "",
    metric: Metric = "",
    above: Above = "",
    below: Below = "",
    clears: Clears = "",
    lasting: Lasting = 1,
    of: Hits = "",
    windows: Windows = "",
    season: Season = False,
    ahead: Ahead = 0,
    sure: Sure = "",
    statistic: Statistic = None,
    where: Where = None,
    period: Grain = "week",
    by: Split = "",
    hours: Hours = None,
    at_least: AtLeast = 1,
    about: About = "",
    severity: Severity = "warning",
    decision: Decision = "",
    runbook: Runbook = "",
    owner: Owner = "",
    escalate: Escalate = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Draft a rule: it looks at nothing until it is switched on; replay it before."""
    ctx = context(workspace)
    draft = Draft(
        *(name, kind, why, metric, above, below, clears, lasting, of, windows),
        statistic=statistic or "",
        where=where or (),
        period=period,
        split=by,
        hours=hours,
        at_least=at_least,
        about=about,
        severity=severity,
        decision=decision,
        runbook=runbook,
        channel=channel,
        owner=owner,
        season=season,
        ahead=ahead,
        sure=sure,
        escalate=escalate or (),
    )
    made = add_rule(ctx, draft.rule(ctx))
    _print_one(ctx, made, "is drafted", form, text_of(ctx.clock()))
    if form is Form.TABLE:
        say(f"See how it would have done: opsgauge alerts replay {made.number}")


def on(
    number: Number,
    why: Why,
    channel: ToChannel = "",
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Switch a rule on, or end its mute."""
    ctx = context(workspace)
    _print_one(ctx, switch_on(ctx, number, why, channel), "is on", form, text_of(ctx.clock()))


def mute_(
    number: Number,
    why: Why,
    until: Until = "",
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Keep a rule from telling anything, until a moment or for good."""
    ctx = context(workspace)
    end = instant("until", until, ctx.workspace.zone)
    _print_one(ctx, mute(ctx, number, why, end), "is muted", form, text_of(ctx.clock()))


def retire_(
    number: Number, why: Why, workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> None:
    """Switch a rule off for good; it stays on record."""
    ctx = context(workspace)
    _print_one(ctx, retire(ctx, number, why), "is retired", form, text_of(ctx.clock()))


def replay_(
    number: Number,
    events: Events = None,
    within: Within = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Say how often a rule would have fired over the past year, and how rightly."""
    # Week after week asks much the same.
    ctx = replace(context(workspace), readers=Readers(remember=True))
    made = replay(ctx, number, events.read() if events else "", within)
    lines = [each.as_json() for each in made.firings]
    if told(form, made.as_json(), lines):
        return
    say(made.sentence())
    if made.firings:
        _print_firings(ctx, made)
    for note in made.notes:
        say(note)


def _print_firings(ctx: Context, made: Replayed) -> None:
    """Print the newest firings, and how many came before them."""
    heads = [zoned("Decided" if made.decided else "Fired", ctx), "Until", "What"]
    rows = [
        [moment(each.at, ctx), moment(each.until, ctx) or "still", each.what]
        for each in made.firings
    ]
    if made.decided:
        heads, rows = [heads[0], heads[2]], [[row[0], row[2]] for row in rows]
    print_table(heads, rows)
    if made.count > len(rows):
        say(f"And {made.count - len(rows)} before these.")


def send_one(
    channel: Annotated[str, typer.Argument(help="A name of channels.toml.")],
    to: Annotated[str, typer.Option("--to", help="An e-mail, where the channel needs one.")] = "",
    workspace: WorkspaceDir = None,
) -> None:
    """Send a test message through a channel."""
    say(send_test(context(workspace), channel, to))


def firings(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """List what fired, the newest first."""
    ctx = context(workspace)
    found = firing_list(ctx)
    plain = [each.as_json() for each in found]
    if told(form, {"firings": plain}, [{**p, "told": p["told"].get("what")} for p in plain]):
        return
    heads = ["No.", "Rule", zoned("Fired", ctx), zoned("Calm", ctx), "What", "Became"]
    rows = [
        [
            str(each.number),
            str(each.rule),
            moment(each.made_at, ctx),
            moment(each.cleared_at, ctx) or "still fires",
            str(each.told.get("what", "")),
            each.mark.kind if each.mark else "",
        ]
        for each in found
    ]
    print_table(heads, rows)


def mark(
    number: Number,
    what: Annotated[str, typer.Argument(help=f"One of {', '.join(MARKS)}.")],
    why: Why,
    workspace: WorkspaceDir = None,
) -> None:
    """Say what became of a firing."""
    made = mark_firing(context(workspace), number, what, why)
    say(f"Firing {made.number} is marked: {what}.")


def outbox(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> int:
    """List messages, the newest first. Exits 1 where one could not be sent yet."""
    box = outbox_list(context(workspace))
    plain = box.as_json()
    failed = any(each["last_error"] for each in plain["messages"] if each["state"] != "sent")
    if not told(form, plain, plain["messages"]):
        say(box.sentence())
        heads = ["No.", "State", "Channel", "For", "Subject", "Tries", "Last error"]
        names = ("number", "state", "channel", "person", "subject", "tries", "last_error")
        rows = [[str(each[name]) for name in names] for each in plain["messages"]]
        if rows:
            print_table(heads, rows)
    return Exit.SIGNAL if failed else Exit.OK


def scorecard_(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> int:
    """Say how each rule does. Exits 1 where one should be retired."""
    cards = scorecard(context(workspace))
    plain = [each.as_json() for each in cards]
    if not told(form, {"rules": plain}, plain):
        heads = ["No.", "Rule", "Fired", "Acted on", "Ignored", "False", "Time to act", "Proposed"]
        rows = [
            [
                *(str(card.rule.number), card.rule.name),
                *map(str, (card.score.fired, card.score.acted)),
                *map(str, (card.score.ignored, card.score.false)),
                *(card.time_words, card.proposal),
            ]
            for card in cards
        ]
        print_table(heads, rows)
    return Exit.SIGNAL if any(card.proposal for card in cards) else Exit.OK


def delivery(
    person: Annotated[str, typer.Argument(help="A user, or 'channel NAME'.")],
    zone: Annotated[str, typer.Option("--zone", help="Of the times told: Europe/Berlin.")] = "",
    calendar: Annotated[
        str, typer.Option("--calendar", help="Messages come within its hours; else at any time.")
    ] = "",
    digest: Annotated[
        str, typer.Option("--digest", help=f"One of {', '.join(DIGESTS)}: how many at once.")
    ] = "none",
    workspace: WorkspaceDir = None,
) -> None:
    """Say in which zone, within which hours and how bundled somebody gets messages."""
    made = set_delivery(context(workspace), Delivery(person, zone, calendar, digest))
    hours = f"within {made.calendar!r}" if made.calendar else "at any time"
    say(f"{made.person} gets messages {hours}, digest: {made.digest}.")


def _print_one(ctx: Context, rule: AlertRule, words: str, form: Form, now: str) -> None:
    if form is Form.JSON:
        print_json({**rule.as_json(), "state": rule.state(now)})
    elif form is Form.CSV:
        print_csv([_flat(ctx, rule, now)])
    else:
        say(f"Rule {rule.number}, {rule.name!r}, {words}.")


def _flat(ctx: Context, rule: AlertRule, now: str) -> dict[str, object]:
    plain = {
        name: value
        for name, value in rule.as_json().items()
        if name not in ("steps", "guard", "escalation")
    }
    plain["escalation"] = "; ".join(each.words() for each in rule.escalation)
    plain["segment"] = "; ".join(written(each) for each in rule.segment)
    return {**plain, "fires_on": fires_on(ctx, rule), "state": rule.state(now)}
