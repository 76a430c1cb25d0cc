"""Verbs about waiting: steps with time to win, queues, how work flows.

Floor 7.
"""

from collections.abc import Sequence
from typing import Annotated

import typer

from opsgauge.analysis.waiting.bottlenecks import ACHIEVABLE, Step
from opsgauge.analysis.waiting.causes import CAUSES, TEAM
from opsgauge.analysis.waiting.steps import KINDS, TEAM_PHASE
from opsgauge.cli.choosing import chosen_tickets
from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, From, KnownAt, To, Version, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_suspect, print_table, say, told
from opsgauge.foundation.csv_text import marked
from opsgauge.foundation.money import Money, between_words, money_words
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.log.calendars.definition import ALWAYS
from opsgauge.operations.automating import automatable
from opsgauge.operations.pricing import rate_notes
from opsgauge.operations.queueing import flowing
from opsgauge.operations.queueing import queues as queues_of
from opsgauge.operations.waiting import waits
from opsgauge.operations.waiting_tables import Told
from opsgauge.operations.why_waiting import DAYS
from opsgauge.operations.why_waiting import causes as causes_of
from opsgauge.operations.why_waiting import intake as intake_of
from opsgauge.operations.why_waiting import stages as stages_of

SHOWN = 25
Steps = Annotated[str, typer.Option("--steps", help=", ".join(KINDS) + ".")]
Achievable = Annotated[
    int,
    typer.Option("--achievable", help="Percentile of a step's own cases that all could reach."),
]
Grain = Annotated[str, typer.Option("--period", help="day, week, month, quarter or year.")]

OnCalendar = Annotated[
    str, typer.Option("--calendar", help="Outside of whose hours nobody could begin.")
]
CauseBy = Annotated[str, typer.Option("--by", help="team or transition.")]
Days = Annotated[
    int, typer.Option("--days", help="Of tickets updated in so many newest days, unless --from.")
]


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the program."""
    waiting = typer.Typer(
        help="Where tickets wait: steps with time to win, queues, how work flows.",
        no_args_is_help=True,
    )
    for command in (steps, queues, flow, causes, stages, intake, automation):
        waiting.command(command.__name__)(command)
    app.add_typer(waiting, name="waiting")


def steps(
    by: Steps = TEAM_PHASE,
    achievable: Achievable = ACHIEVABLE,
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Rank steps by the hours that can be won in them. Exits 1 where the data is suspect."""
    ctx = context(workspace, data_version, known_at=known_at)
    answer = waits(ctx, chosen_tickets(where, from_, to), by, achievable)
    plain = answer.as_json()
    if not told(form, plain, marked(plain["rows"], answer.told.suspect)):
        say(f"{answer.sentence}. {answer.why}")
        rows = [
            [
                answer.words[each.name],
                ", ".join(one.key[1] for one in each.longest),
                "" if each.recoverable is None else whole(each.recoverable),
                between(each.recoverable_low, each.recoverable_high),
                *_in_money(each, answer.an_hour),
                whole(each.cases),
                time(each.mean),
                time(each.achievable),
                whole(each.running),
            ]
            for each in answer.rows[:SHOWN]
        ]
        money = ["In money", "95 % interval"] if answer.an_hour else []
        heads = ["Hours to win", "95 % interval", *money, "Tickets", "Mean", "Achievable"]
        heads = ["Step", "Longest there", *heads, "There now"]
        print_table(heads, rows, numbers=len(heads) - 2)
        beside(answer.told, len(answer.rows), rate_notes(answer.an_hour))
    return code(answer.told)


def queues(
    by: Steps = TEAM_PHASE,
    period: Grain = "week",
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Show the queue of each step: length, coming, going, and the age of what is open.

    Exits 1 where the data is suspect.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    answer = queues_of(ctx, chosen_tickets(where, from_, to), by, period)
    plain = answer.as_json()
    if not told(form, plain, marked(plain["rows"], answer.told.suspect)):
        say(f"{answer.sentence}.")
        aging = {each.name: each for each in answer.aging}
        rows = []
        for queue in answer.rows[:SHOWN]:
            points, old = answer.points(queue), aging.get(queue.name)
            last = points[-1] if points else None
            rows.append(
                [
                    answer.words[queue.name],
                    whole(last.length) if last else "",
                    f"{last.mean_length:,.1f}" if last else "",
                    whole(last.came) if last else "",
                    whole(last.went) if last else "",
                    time(old.median) if old else "",
                    time(old.oldest) if old else "",
                ]
            )
        heads = ["Step", "At the end", f"Mean of the {period}", "Came", "Went"]
        print_table([*heads, "Half older than", "Oldest"], rows, numbers=6)
        beside(answer.told, len(answer.rows))
    return code(answer.told)


def flow(
    period: Grain = "month",
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Show flow efficiency by team, and Little's law with its conditions.

    Exits 1 where the data is suspect, or contradicts itself.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    answer = flowing(ctx, chosen_tickets(where, from_, to), period)
    plain = answer.as_json()
    if not told(form, plain, marked(plain["rows"], answer.told.suspect)):
        say(f"{answer.sentence}.")
        rows = [
            [
                "All teams" if each.everybody else each.team or "No team",
                whole(each.tickets),
                "" if each.share is None else percent(each.share, 0),
                f"{whole(each.hours - each.touch_hours)} hours",
                "longer, work not" if each.broken else "",
            ]
            for each in answer.rows
        ]
        heads = ["Team", "Finished", "Flow efficiency", "Waited", "Takes"]
        print_table(heads, rows, numbers=4)
        say(f"From {answer.window.first} to {answer.window.last}: {answer.law_words}")
        for each in answer.law.conditions:
            held = {True: "holds", False: "does not hold", None: "cannot be told"}[each.holds]
            say(f"{each.name}: {held} ({each.words}).")
        beside(answer.told, 0)
    return Exit.OK if answer.law.identity and not answer.told.suspect else Exit.SIGNAL


def causes(
    by: CauseBy = TEAM,
    calendar: OnCalendar = ALWAYS,
    days: Days = DAYS,
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Show why tickets waited: closed, pending, batching, contention, prioritisation, the rest.

    Exits 1 where the data is suspect.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    answer = causes_of(ctx, chosen_tickets(where, from_, to), calendar, days, by)
    plain = answer.as_json()
    if not told(form, plain, marked(plain["rows"], answer.told.suspect)):
        say(f"{answer.sentence}.")
        rows = [
            [
                "All" if each.everybody else each.name or "No team",
                whole(each.waits),
                whole(each.hours),
                *(percent(hours / each.hours, 0) for hours in each.by_cause.values()),
            ]
            for each in answer.rows[:SHOWN]
        ]
        heads = [by.capitalize(), "Waits", "Hours", *(name.capitalize() for name in CAUSES)]
        print_table(heads, rows, numbers=8)
        for caveat in answer.caveats:
            say(caveat)
        beside(answer.told, len(answer.rows))
    return code(answer.told)


def stages(
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Show at which stage delayed tickets broke, and the hours lost there.

    Exits 1 where the data is suspect.
    """
    answer = stages_of(
        context(workspace, data_version, known_at=known_at), chosen_tickets(where, from_, to)
    )
    plain = answer.as_json()
    if not told(form, plain, marked(plain["rows"], answer.told.suspect)):
        say(f"{answer.sentence}. {answer.how}")
        rows = [
            [
                row["stage"].capitalize(),
                whole(row["broke"]),
                whole(row["lost_hours"]),
                percent(row["lost_share_so_far"], 0),
                whole(row["hours"]),
            ]
            for row in plain["rows"]
        ]
        heads = ["Stage", "Broke here", "Hours lost", "Up to here", "Hours there"]
        print_table(heads, rows, numbers=4)
        beside(answer.told, 0)
    return code(answer.told)


def intake(
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Show what was wrong when tickets were taken in, and what goes with it.

    Exits 1 where the data is suspect.
    """
    answer = intake_of(
        context(workspace, data_version, known_at=known_at), chosen_tickets(where, from_, to)
    )
    plain = answer.as_json()
    if not told(form, plain, marked(plain["rows"], answer.told.suspect)):
        say(f"{answer.sentence}.")
        rows = [
            [
                row["means"],
                whole(row["tickets"]),
                "" if row["share"] is None else percent(row["share"]),
                "" if row["longer_hours"] is None else whole(row["longer_hours"]),
                between(row["low"], row["high"]),
                whole(row["compared"]),
            ]
            for row in plain["rows"]
        ]
        heads = ["Fault", "Tickets", "Share", "Longer by, hours", "95 % interval", "Compared"]
        print_table(heads, rows, numbers=5)
        for caveat in plain["caveats"]:
            say(caveat)
        beside(answer.told, 0)
    return code(answer.told)


def automation(
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Show work that is short, waits long and is always the same, and whether it is stable.

    Exits 1 where the data is suspect.
    """
    answer = automatable(
        context(workspace, data_version, known_at=known_at), chosen_tickets(where, from_, to)
    )
    plain = answer.as_json()
    if not told(form, plain, marked(plain["rows"], answer.told.suspect)):
        say(f"{answer.sentence}.")
        rows = [
            [
                f"{each.practice or 'none'}, {each.item or 'not written'}",
                f"{each.gate}{': ' if each.why else ''}{each.why}",
                whole(each.tickets),
                whole(each.hours),
                duration(each.work),
                duration(each.wait),
                percent(each.usual_path, 0),
            ]
            for each in answer.candidates[:SHOWN]
        ]
        heads = ["Kind of work", "Gate", "Tickets", "Hours of work", "Half within", "Half wait"]
        print_table([*heads, "On one path"], rows, numbers=5)
        beside(answer.told, len(answer.candidates))
    return code(answer.told)


def time(hours: float | None) -> str:
    """Write hours in the unit a person would use; "" where there are none."""
    return "" if hours is None else duration(hours)


def between(low: float | None, high: float | None) -> str:
    """Write an interval of hours."""
    return "" if low is None or high is None else f"{whole(low)} to {whole(high)}"


def _in_money(step: Step, an_hour: Money | None) -> list[str]:
    if an_hour is None:
        return []
    return [
        money_words(step.recoverable, an_hour),
        between_words(step.recoverable_low, step.recoverable_high, an_hour),
    ]


def beside(about: Told, rows: int, notes: Sequence[str] = ()) -> None:
    """Say what is not shown, and what to know of the numbers."""
    if rows > SHOWN:
        say(f"{rows - SHOWN} more are not shown; --format csv lists all.")
    for note in (*notes, *about.notes):
        say(note)
    print_suspect(about.suspect)


def code(about: Told) -> int:
    """Return what the exit code says."""
    return Exit.SIGNAL if about.suspect else Exit.OK
