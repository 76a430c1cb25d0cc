"""Verbs about causes: what goes with an outcome, the few, what comes again, kinds of cause.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.analysis.causes.influence import SUPPORT
from opsgauge.analysis.causes.kinds import POINTS
from opsgauge.analysis.causes.pareto import COUNT
from opsgauge.analysis.causes.recurrence import MORE
from opsgauge.cli.choosing import chosen_tickets
from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, From, KnownAt, To, Version, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_suspect, print_table, say, told
from opsgauge.foundation.csv_text import marked
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.operations.cause_kinds import cause_kinds as cause_kinds_of
from opsgauge.operations.cause_kinds import evidence_words
from opsgauge.operations.causes import causes as causes_of
from opsgauge.operations.causes import part_text, parts_words
from opsgauge.operations.drawing.words import plain
from opsgauge.operations.outcomes import Asked
from opsgauge.operations.recurring import DAYS, cluster_words
from opsgauge.operations.recurring import recurring as recurring_of
from opsgauge.operations.troubles import delay_words
from opsgauge.operations.vital_few import USUAL, vital_few
from opsgauge.operations.word_themes import DESCRIPTIONS, LATELY, word_themes

OutcomeName = Annotated[
    str,
    typer.Argument(help="breach, reopen, slow or failed; or a share metric of tickets or changes."),
]
Hours = Annotated[
    float, typer.Option("--hours", help="What was known so many hours after the opening.")
]
Support = Annotated[
    float, typer.Option("--support", help="The least share of all tickets that is looked at.")
]
Also = Annotated[
    list[str] | None,
    typer.Option("--also", help="A column of which only the last value is kept, all the same."),
]
Level = Annotated[str, typer.Option("--level", help="For breach: of this service level alone.")]
FewBy = Annotated[str, typer.Argument(help="A dimension of tickets: category, service, team …")]
FewOf = Annotated[
    str, typer.Option("--of", help="count, hours (that tickets lay open), users or cost.")
]
In = Annotated[str, typer.Option("--in", help="Whose words: descriptions or notes.")]
RecentDays = Annotated[int, typer.Option("--days", help="How many days lately is.")]
SlowHours = Annotated[
    float | None,
    typer.Option("--slow-hours", help="For slow: above so many; else the slowest quarter."),
]
AnyPriority = Annotated[
    bool,
    typer.Option("--any-priority", help="For slow: priority is looked at, and not held alike."),
]


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the program."""
    app.command("causes")(causes)
    app.command("pareto")(pareto)
    app.command("recurring")(recurring)
    app.command("cause-kinds")(cause_kinds)
    app.command("words")(words)


def causes(
    outcome: OutcomeName,
    hours: Hours = 0.0,
    support: Support = SUPPORT,
    also: Also = None,
    level: Level = "",
    slow_hours: SlowHours = None,
    any_priority: AnyPriority = False,
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Rank what goes with an outcome, of what was known before it; exits 1 where something does."""
    chosen = chosen_tickets(where, from_, to)
    columns = tuple(also or ())
    asked = Asked(outcome, chosen, hours, support, columns, level, slow_hours, any_priority)
    found = causes_of(context(workspace, data_version, known_at=known_at), asked)
    published = found.as_json()
    lines = [
        {**row, **{name: _joined(row[name]) for name in ("parts", "same_as", "only_with")}}
        for row in published["rows"]
    ]
    if not told(form, published, marked(lines, found.suspect)):
        say(f"{found.sentence()}.")
        say(f"{found.counted()}.")
        rows = [
            [
                parts_words(row.parts) + (" (only together)" if row.only_with else ""),
                whole(row.n),
                f"{whole(row.hits)} ({percent(row.hits / row.n, 0)})",
                percent(row.expected, 0),
                percent(row.rest_hits / row.rest_n, 0),
                f"{row.ratio:.1f}",
                f"{row.low:.1f} to {row.high:.1f}",
                whole(row.excess),
            ]
            for row in found.found.rows
        ]
        heads = ["Known beforehand", "n", "With outcome", "Alike otherwise", "All others"]
        print_table([*heads, "Times", "95 % interval", "Would be spared"], rows, numbers=7)
        for note in found.notes:
            say(note)
        if found.as_written:
            say(f"As last written: {', '.join(map(plain, found.as_written))}.")
        if found.barred:
            say(f"Left out, known only afterwards: {', '.join(map(plain, found.barred))}.")
        print_suspect(found.suspect)
    return Exit.SIGNAL if found.found.rows or found.suspect else Exit.OK


def pareto(
    by: FewBy = USUAL,
    of: FewOf = COUNT,
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Show the few groups that hold four fifths, and how surely; exits 1 where data is suspect."""
    chosen = chosen_tickets(where, from_, to)
    found = vital_few(context(workspace, data_version, known_at=known_at), chosen, by, of)
    published = found.as_json()
    if not told(form, published, marked(published["rows"], found.suspect)):
        say(f"{found.sentence()}.")
        say(f"{found.stability()}.")
        rows = [
            [
                found.group_words(row),
                whole(row.n),
                found.value_words(row),
                percent(row.share),
                percent(row.so_far),
                "yes" if row.vital else "",
                percent(row.stays, 0),
            ]
            for row in found.found.rows
        ]
        heads = [plain(by).capitalize(), "n", of.capitalize(), "Share", "So far"]
        print_table([*heads, "Among the few", "In draws of weeks"], rows, numbers=6)
        for note in (*found.notes, *found.price_notes()):
            say(note)
        print_suspect(found.suspect)
    return Exit.SIGNAL if found.suspect else Exit.OK


def recurring(
    days: RecentDays = DAYS,
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Show which trouble comes again; exits 1 where some comes more often than expected."""
    chosen = chosen_tickets(where, from_, to)
    found = recurring_of(context(workspace, data_version, known_at=known_at), chosen, days)
    published = found.as_json()
    lines = [
        {**row, "words": " ".join(row["words"]), "delay": delay_words(each.delay, holder)}
        for row, each, holder in zip(
            published["rows"], found.found.rows, found.holders, strict=True
        )
    ]
    if not told(form, published, marked(lines, found.suspect)):
        say(f"{found.sentence()}.")
        rows = [
            [
                cluster_words(row),
                whole(row.n),
                whole(row.recent),
                f"{row.expected:.1f}",
                row.verdict,
                duration(row.hours),
                delay_words(row.delay, holder),
            ]
            for row, holder in zip(found.found.rows, found.holders, strict=True)
        ]
        heads = ["Trouble", "n", f"Last {days} days", "Expected", "Comes", "Open together"]
        print_table([*heads, "Longer than tickets alike"], rows, numbers=4)
        for note in found.notes:
            say(note)
        print_suspect(found.suspect)
    more = any(row.verdict == MORE for row in found.found.rows)
    return Exit.SIGNAL if more or found.suspect else Exit.OK


def cause_kinds(
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Say which of five kinds of cause the data point to; exits 1 where they point to one."""
    chosen = chosen_tickets(where, from_, to)
    found = cause_kinds_of(context(workspace, data_version, known_at=known_at), chosen)
    published = found.as_json()
    if not told(form, published, marked(published["rows"], found.suspect)):
        say(f"{found.sentence()}.")
        rows = [[each.kind, each.verdict, evidence_words(each)] for each in found.rows]
        print_table(["Kind of cause", "The data", "Evidence"], rows)
        for note in found.notes:
            say(note)
        print_suspect(found.suspect)
    points = any(each.verdict == POINTS for each in found.rows)
    return Exit.SIGNAL if points or found.suspect else Exit.OK


def words(
    by: FewBy = USUAL,
    within: In = DESCRIPTIONS,
    days: RecentDays = DAYS,
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Show words of descriptions or notes by segment and lately; exits 1 on new ones."""
    chosen = chosen_tickets(where, from_, to)
    ctx = context(workspace, data_version, known_at=known_at)
    found = word_themes(ctx, chosen, by, days, within)
    published = found.as_json()
    if not told(form, published, marked(published["rows"], found.suspect)):
        say(f"{found.sentence()}.")
        rows = [
            [
                "lately" if row["segment"] == LATELY else row["group"] or "missing",
                row["word"],
                f"{whole(row['n'])} of {whole(row['of'])}",
                f"{whole(row['others'])} of {whole(row['others_of'])}",
                f"{row['odds']:.1f}",
            ]
            for row in published["rows"]
        ]
        print_table([plain(by).capitalize(), "Word", "Tickets", "Others", "Odds, times"], rows)
        for note in found.notes:
            say(note)
        print_suspect(found.suspect)
    return Exit.SIGNAL if found.lately or found.suspect else Exit.OK


def _joined(parts: list[dict[str, str]]) -> str:
    return "; ".join(part_text((each["attribute"], each["value"])) for each in parts)
