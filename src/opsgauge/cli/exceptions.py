"""The verb about exceptions to rules over time, within conformance.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.cli.choosing import chosen_tickets
from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, From, KnownAt, To, Version, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_suspect, print_table, say, told
from opsgauge.foundation.csv_text import marked
from opsgauge.foundation.units import percent, whole
from opsgauge.log.periods import GRAINS
from opsgauge.operations.conformance.over_time import Asked, Exceptions, Series
from opsgauge.operations.conformance.over_time import exceptions as exceptions_of

Period = Annotated[str, typer.Option("--period", help=f"{', '.join(GRAINS)}.")]
Rules = Annotated[list[str] | None, typer.Option("--rule", help="Only this rule; may be repeated.")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="How many periods to show of each.")]


def exceptions(
    period: Period = "month",
    rule: Rules = None,
    limit: Limit = 12,
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> Exit:
    """Show what share of tickets breaks each rule by period, judged on a control chart.

    Exits 1 where the newest settled period of a rule stands out.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    asked = Asked(period, tuple(rule or ()))
    answer = exceptions_of(ctx, asked, chosen_tickets(where, from_, to))
    plain = answer.as_json()
    lines = [{"rule": each["rule"], **row} for each in plain["series"] for row in each["rows"]]
    if not told(form, plain, marked(lines, answer.suspect)):
        for each in answer.series:
            _say(each, limit)
        if not answer.series:
            say(f"{answer.sentence()}.")
        for note in answer.notes:
            say(note)
        print_suspect(answer.suspect)
    return Exit.SIGNAL if answer.signals or answer.suspect else Exit.OK


def _say(series: Series, limit: int) -> None:
    say(f"{series.title}: {series.sentence()}")
    heads = ["Period", "Judged", "Broken", "Share", "95 %", "Excused", "Undecided", "Chart"]
    rows = [_row(each) for each in series.rows[-limit:]]
    if rows:
        print_table(heads, rows, numbers=7)
    if series.why:
        say(series.why)


def _row(each: Exceptions) -> list[str]:
    if each.suppressed:
        return [each.period, *[""] * 6, "withheld"]
    low, high = each.interval
    between = f"{percent(low)} to {percent(high)}" if low is not None and high is not None else ""
    return [
        each.period,
        whole(each.n),
        whole(each.broken),
        "" if each.share is None else percent(each.share),
        between,
        whole(each.excepted),
        whole(each.undecided),
        (each.verdict if each.signals else "") if each.whole else "not settled",
    ]
