"""The verb about open tickets that may break their promise: sla risk.

Floor 7.
"""

from datetime import datetime
from typing import Annotated

import typer

from opsgauge.analysis.forecast.alert_point import LATE_COST
from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, KnownAt, Version, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_suspect, print_table, say, told
from opsgauge.foundation.csv_text import marked
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.operations.asking import conditions
from opsgauge.operations.breach_reasons import reason_words
from opsgauge.operations.breach_risk import OpenTicket, Risks, breach_risk
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import at
from opsgauge.operations.service_levels import Clocks

Name = Annotated[str, typer.Argument(help="Name of the service level, from its file.")]
LateCost = Annotated[
    float, typer.Option("--late-cost", help="What a late ticket costs, in false alarms.")
]
Reliability = Annotated[
    bool,
    typer.Option("--reliability", help="Show how good the probabilities were instead."),
]
Limit = Annotated[int, typer.Option("--limit", min=1, help="How many tickets to list.")]


def add_to(levels: typer.Typer) -> None:
    """Add this verb to those of service levels."""
    levels.command("risk")(risk)


def risk(
    name: Name,
    where: Where = None,
    late_cost: LateCost = LATE_COST,
    reliability: Reliability = False,
    limit: Limit = 20,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """List open tickets by how likely they break a service level, with the time each has left.

    Exits 1 when an alert about a ticket pays, or the data is suspect.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    answer = breach_risk(ctx, name, Clocks(conditions(where or ())), late_cost)
    plain = answer.as_json(limit)
    lines = plain["reliability"] if reliability else _lines(plain["tickets"])
    if not told(form, plain, marked(lines, answer.suspect)):
        for sentence in answer.sentences():
            say(sentence)
        if reliability:
            _print_reliability(answer)
        else:
            _print_tickets(ctx, answer, limit)
        print_suspect(answer.suspect)
    due = any(ticket.is_due for ticket in answer.tickets)
    return Exit.SIGNAL if due or answer.suspect else Exit.OK


def _lines(tickets: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{key: each[key] for key in each if key != "why"} for each in tickets]


def _print_tickets(ctx: Context, answer: Risks, limit: int) -> None:
    rows = [_row(ctx, answer, each) for each in answer.tickets[:limit]]
    alert = ["Alert"] if answer.sorts else []
    heads = ["Ticket", "Team", "Priority", "Will break", "Used", "Time left", "Due", *alert, "Why"]
    print_table(heads, rows)
    say(f"{whole(len(answer.tickets))} open tickets have not broken it yet.")
    if answer.alert:
        say(answer.alert_sentence())


def _row(ctx: Context, answer: Risks, ticket: OpenTicket) -> list[str]:
    due_at = datetime.fromisoformat(ticket.due_at) if ticket.due_at else None
    return [
        ticket.ticket_id,
        ticket.team or "(none)",
        ticket.priority or "(none)",
        ticket.chance(),
        percent(ticket.used_share, 0),
        duration(ticket.left_hours),
        at(due_at, ctx.workspace.settings.zone) if due_at else "paused",
        *(["yes" if ticket.is_due else ""] if answer.sorts else []),
        reason_words(ticket.why),
    ]


def _print_reliability(answer: Risks) -> None:
    rows = [
        [
            percent(each.said),
            percent(each.broke),
            f"{percent(each.low)} to {percent(each.high)}",
            whole(each.n),
            f"{each.leaning} here" if each.leaning else "",
        ]
        for each in answer.bins
    ]
    print_table(["Said", "Broke", "95 % interval", "n", "Beyond chance"], rows, numbers=4)
    points = [
        [
            percent(each.share, 0),
            percent(each.threshold, 0),
            *(whole(n) for n in (each.alerts, each.false, each.missed)),
            f"{each.cost:.3f}",
        ]
        for each in answer.points
    ]
    heads = ["First alert at", "From", "Alerts", "False", "Missed", "Cost of a ticket"]
    print_table(heads, points, numbers=6)
