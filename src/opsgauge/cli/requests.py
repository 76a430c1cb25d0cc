"""The verb about orders: items, approvals, tasks, bundles, health.

Floor 7.
"""

from collections.abc import Sequence
from typing import Annotated

import typer

from opsgauge.analysis.requests.approval_free import MOST_PRICE, Floor
from opsgauge.analysis.requests.approvals import FEWEST_DECIDED
from opsgauge.analysis.requests.orders import ORDER
from opsgauge.cli.choosing import chosen_tickets
from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, From, KnownAt, To, Version, Where, WorkspaceDir, context
from opsgauge.cli.printing import (
    Form,
    print_suspect,
    print_table,
    say,
    told,
)
from opsgauge.foundation.csv_text import marked
from opsgauge.foundation.finding import Finding
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.operations.approving import approvals as approvals_of
from opsgauge.operations.request_tasks import catalogue_health, order_bundles, order_tasks
from opsgauge.operations.requests import fulfilment

By = Annotated[str, typer.Option("--by", help="item, channel, team or location.")]
OnCalendar = Annotated[
    str, typer.Option("--calendar", help="Whose open time counts as business time.")
]
IncidentDays = Annotated[
    int, typer.Option("--days", help="For how long an incident counts against an order.")
]
DueDays = Annotated[
    float, typer.Option("--days", help="Days until a bundle is due that promises nothing.")
]
Fewest = Annotated[
    int, typer.Option("--fewest", help="Decisions without a no, before approval is questioned.")
]
OfPractice = Annotated[
    str, typer.Option("--practice", help="Whose approvals: request, change, release …")
]
Price = Annotated[float, typer.Option("--price", help="Up to here an item counts as cheap.")]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    requests = typer.Typer(
        help="Where orders wait: items, approvals, tasks, bundles, health.", no_args_is_help=True
    )
    for command in (items, approvals, tasks, bundles, health):
        requests.command(command.__name__)(command)
    app.add_typer(requests, name="requests")


def items(
    by: By = "item",
    calendar: OnCalendar = "always",
    days: IncidentDays = 14,
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Show where completed orders waited, and how many were right first time.

    Exits 1 where the data is suspect.
    """
    answer = fulfilment(
        context(workspace, data_version, known_at=known_at),
        chosen_tickets(where, from_, to),
        by,
        calendar,
        days,
    )
    plain = answer.as_json()
    if not told(form, plain, marked(plain["rows"], answer.suspect)):
        say(f"{answer.sentence}.")
        right = {line.name: line for line in answer.first_time_by}
        rows = []
        for line in answer.lines:
            times, promise, first = line.chosen, line.promise, right.get(line.name)
            rows.append(
                [
                    line.name or "Not written",
                    whole(times.n),
                    duration(times.median),
                    duration(times.p90),
                    *(percent(part / 100, 0) for part in times.percents),
                    f"{whole(promise.kept)} of {whole(promise.n)}" if promise else "",
                    f"{whole(first.right)} of {whole(first.n)}" if first else "",
                ]
            )
        heads = [by.capitalize(), "n", "Half within", "One in ten over"]
        heads += ["Touch", "Wait", "Approval", "Promise kept", "Right first time"]
        print_table(heads, rows, numbers=8)
        print_suspect(answer.suspect)
    return Exit.SIGNAL if answer.suspect else Exit.OK


def approvals(
    practice: OfPractice = ORDER,
    fewest: Fewest = FEWEST_DECIDED,
    price: Price = MOST_PRICE,
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Show how approvals decide by level, step, chain and item, and which never said no.

    Exits 1 when such an item is found, or the data is suspect.
    """
    answer = approvals_of(
        context(workspace, data_version, known_at=known_at),
        chosen_tickets(where, from_, to),
        Floor(fewest, price),
        practice,
    )
    plain = answer.as_json()
    of = answer.parts
    lines = [{"of": name, **each.as_json()} for name, found in of.items() for each in found]
    if not told(form, plain, marked(lines, answer.suspect)):
        say(f"{answer.sentence}.")
        rows = [
            [
                name,
                each.name + (f", {each.group}" if each.group else ""),
                whole(each.decided),
                whole(each.refused),
                "" if each.most_refused is None else percent(each.most_refused),
                f"{whole(each.unchanged)}",
                whole(each.waiting),
                "" if each.median is None else duration(each.median),
                "" if each.p90 is None else duration(each.p90),
            ]
            for name, found in of.items()
            for each in found
        ]
        heads = ["Of", "Name", "Decided", "Refused", "At most", "Unchanged", "Waiting"]
        print_table([*heads, "Half within", "One in ten over"], rows, numbers=7)
        for kind, each in answer.never_no:
            say(
                f"Never said no: {kind} {each.name}, 0 of {whole(each.decided)}, at most "
                f"{percent(each.most_refused or 0.0)}; waited {whole(each.hours)} hours."
            )
        _print_findings(answer.findings)
        print_suspect(answer.suspect)
    return _code(answer.findings, answer.suspect)


def tasks(
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Show how the tasks of orders run, and which decides the end.

    Exits 1 when one decides more often than its share, or the data is suspect.
    """
    answer = order_tasks(
        context(workspace, data_version, known_at=known_at), chosen_tickets(where, from_, to)
    )
    lines = [{"item": each.item, **line.as_json()} for each in answer.items for line in each.lines]
    if not told(form, answer.as_json(), marked(lines, answer.suspect)):
        rows = [
            [
                each.item or "Not written",
                line.name,
                whole(line.n),
                duration(line.begins),
                duration(line.lasts),
                whole(line.critical),
                whole(line.decides),
                f"{whole(line.freed_hours)} hours",
            ]
            for each in answer.items
            for line in each.lines
        ]
        heads = ["Item", "Task", "n", "Begins after", "Lasts", "On critical path", "Decides"]
        print_table([*heads, "Freed without it"], rows, numbers=6)
        for each in answer.items:
            shapes = ", ".join(f"{n} {name}" for name, n in each.shapes.items())
            path = " > ".join(each.path)
            say(f"{each.item or 'Not written'}: {shapes}; most often critical: {path}.")
        _print_findings(answer.findings)
        print_suspect(answer.suspect)
    return _code(answer.findings, answer.suspect)


def bundles(
    calendar: OnCalendar = "always",
    days: DueDays = 5,
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Show whether bundles are complete when due, and which piece is late.

    Exits 1 when a piece is late often, or the data is suspect.
    """
    answer = order_bundles(
        context(workspace, data_version, known_at=known_at),
        chosen_tickets(where, from_, to),
        calendar,
        days,
    )
    lines = [
        {"item": each.item, **piece.as_json()} for each in answer.items for piece in each.pieces
    ]
    if not told(form, answer.as_json(), marked(lines, answer.suspect)):
        for each in answer.items:
            if each.median is not None and each.p90 is not None:
                say(
                    f"{each.item or 'Not written'}: half are complete within "
                    f"{duration(each.median)}, one in ten later than {duration(each.p90)}; "
                    f"{whole(each.in_time)} of {whole(each.judged)} when due."
                )
        rows = [
            [
                each.item or "Not written",
                piece.name,
                whole(piece.n),
                whole(piece.late),
                "" if piece.late_median is None else duration(piece.late_median),
                whole(piece.last),
            ]
            for each in answer.items
            for piece in each.pieces
        ]
        print_table(["Item", "Piece", "n", "Late", "Half late by", "Last"], rows, numbers=4)
        _print_findings(answer.findings)
        print_suspect(answer.suspect)
    return _code(answer.findings, answer.suspect)


def health(
    days: IncidentDays = 14,
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Show items that nobody orders or that end as incidents, and work to automate.

    Exits 1 when something is found, or the data is suspect.
    """
    answer = catalogue_health(
        context(workspace, data_version, known_at=known_at), chosen_tickets(where, from_, to), days
    )
    plain = answer.as_json()
    if not told(form, plain, marked(plain["findings"], answer.suspect)):
        rows = [
            [
                each.item,
                whole(each.n),
                f"{whole(each.touch_hours)} hours",
                percent(each.usual_path, 0),
                f"{each.variation:.2f}",
                f"{each.stability:.2f}",
            ]
            for each in answer.automation
        ]
        heads = ["Item", "n", "Touch", "On the usual path", "Spread / mean", "Stability"]
        print_table(heads, rows, "Candidates for automation", numbers=5)
        _print_findings(answer.findings)
        print_suspect(answer.suspect)
    return _code(answer.findings, answer.suspect)


def _print_findings(findings: Sequence[Finding]) -> None:
    for finding in findings:
        say(f"{finding.claim}")
    for caveat in dict.fromkeys(text for each in findings for text in each.caveats):
        say(f"Beware: {caveat}")


def _code(findings: Sequence[Finding], suspect: Sequence[str]) -> int:
    return Exit.SIGNAL if findings or suspect else Exit.OK
