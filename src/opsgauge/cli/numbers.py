"""Verbs about numbers: measure, chart.

Floor 7.
"""

from collections.abc import Iterator
from math import isfinite
from typing import Annotated, Any

import typer

from opsgauge.analysis.control_charts.kinds import KINDS
from opsgauge.analysis.control_charts.rules import RULE_SETS
from opsgauge.cli.exits import Exit
from opsgauge.cli.options import (
    Aggregate,
    AsOf,
    By,
    Events,
    Format,
    From,
    KnownAt,
    Period,
    Rolling,
    Shift,
    Statistic,
    To,
    ToDate,
    Version,
    Where,
    WorkspaceDir,
    context,
)
from opsgauge.cli.printing import (
    Form,
    note,
    print_csv,
    print_json,
    print_suspect,
    print_table,
    say,
)
from opsgauge.foundation.csv_text import marked
from opsgauge.foundation.units import amount, whole
from opsgauge.operations.about_chart import told
from opsgauge.operations.answers import Measured, Shifted, Value
from opsgauge.operations.asking import Asked
from opsgauge.operations.both_ways import csv_rows, pairs
from opsgauge.operations.chart_answers import Charted, ChartPoint
from opsgauge.operations.charting import charting
from opsgauge.operations.measure import chart as chart_of
from opsgauge.operations.measure import measure as measure_metric
from opsgauge.operations.phrases import limits_words
from opsgauge.operations.publishing import publish as publish_number
from opsgauge.operations.restating import restated
from opsgauge.operations.uses import note_now

CompareVersion = Annotated[
    int | None,
    typer.Option("--compare-version", help="Say also what is other than in that data version."),
]
WITH = ("With those left out", "n with them")
BESIDE = ("Against", "Its value", "Difference", "Change")
MetricName = Annotated[str, typer.Argument(help="Name in the catalogue, e.g. time_to_resolve.")]


Kind = Annotated[
    str,
    typer.Option(
        "--chart",
        help=f"Kind of chart: auto for the one that suits the numbers, or {', '.join(KINDS)}.",
    ),
]
Rules = Annotated[
    str,
    typer.Option(
        "--rules",
        help=f"Which rules make a signal: {', '.join(RULE_SETS)}. Empty: those of the chart.",
    ),
]
Freeze = Annotated[
    int | None,
    typer.Option("--freeze", help="Take the limits from the first so many periods only."),
]
RebaseAt = Annotated[
    list[str] | None,
    typer.Option("--rebase", help="A lasting change, 2026-01-31: limits begin anew with its week."),
]


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the program."""
    app.command("measure")(measure)
    app.command("chart")(chart)


def measure(
    metric: MetricName,
    statistic: Statistic = None,
    by: By = None,
    where: Where = None,
    period: Period = "all",
    from_: From = None,
    to: To = None,
    as_of: AsOf = None,
    compare_version: CompareVersion = None,
    shift: Shift = None,
    rolling: Rolling = None,
    to_date: ToDate = False,
    aggregate: Aggregate = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Keep the answer under a ref; see recompute.")
    ] = False,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Measure a metric, with its n and its interval. Exits 1 where the data is suspect.

    Where the workspace says so, suspect numbers are withheld: the rows stay, without them.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    asked = Asked(
        *(statistic, by or (), where or (), period, from_, to, as_of),
        *(shift, rolling, to_date, aggregate),
    )
    question = asked.question(metric, ctx.workspace.zone)
    if publish:
        kept, answer = publish_number(ctx, question, "cli")
        note(f"Published as {kept.ref}; opsgauge recompute {kept.ref} computes it again.")
    else:
        answer = measure_metric(ctx, question)
    note_now(ctx, metric, "cli")
    other: list[dict[str, Any]] | None = None
    if compare_version is not None:
        other = restated(ctx, question, compare_version).as_json()["restated"]
    _print_measured(answer, form, other)
    return Exit.SIGNAL if answer.suspect else Exit.OK


def _print_measured(
    answer: Measured, form: Form, restated: list[dict[str, Any]] | None = None
) -> None:
    plain = answer.as_json() | ({} if restated is None else {"restated": restated})
    if form is Form.JSON:
        print_json(plain)
    elif form is Form.CSV:
        print_csv(marked(csv_rows(plain), answer.suspect, answer.withheld))
    else:
        say(answer.sentence)
        counted = ["Counted"] if answer.unit == "share" and _counts(answer) else []
        beside = list(BESIDE) if any(row.shifted for row in answer.rows) else []
        both = list(WITH) if answer.left_out else []
        rows = [
            [*_row(row, answer, bool(counted), bool(beside)), *_with(other, answer)]
            for row, other in pairs(answer)
        ]
        heads = [
            "Period",
            *answer.by,
            answer.statistic,
            "95 % interval",
            *counted,
            "n",
            *beside,
            *both,
        ]
        print_table(heads, rows, numbers=3 + len(counted) + len(beside) + len(both))
        for caveat in answer.caveats:
            say(caveat)
        if not rows:
            say("No ticket answers this question.")
        if restated is not None:
            say(
                f"{len(restated)} values of past periods are restated; opsgauge restated "
                f"{answer.metric} lists the old and the new ones."
            )
        print_suspect(answer.suspect, answer.withheld)


def _counts(answer: Measured) -> bool:
    """Say whether a share is one of tickets, of which the number counted can be named."""
    return any(row.denominator == row.n for row in answer.rows)


def _with(row: Value | None, answer: Measured) -> list[str]:
    """Return what a row comes to with the tickets left out; nothing where none are."""
    if not answer.left_out:
        return []
    if row is None or row.suppressed:
        return ["withheld" if row else "", ""]
    return [amount(row.value, answer.unit), whole(row.n)]


def _row(row: Value, answer: Measured, counted: bool, beside: bool) -> list[str]:
    between = ""
    if row.low is not None and row.high is not None:
        between = f"{amount(row.low, answer.unit)} to {amount(row.high, answer.unit)}"
    split = [value if value is not None else "(none)" for value in row.by.values()]
    nothing = [""] * len(BESIDE) if beside else []
    shifted = _shifted(row.shifted, answer.unit) if row.shifted else nothing
    label = f"{row.period} (not ended)" if row.complete is False else row.period
    if row.suppressed:
        return [label, *split, "withheld", "", *([""] if counted else []), "", *shifted]
    of_them = [whole(round(row.numerator or 0))] if counted else []
    numbers = [amount(row.value, answer.unit), between, *of_them, whole(row.n)]
    return [label, *split, *numbers, *shifted]


def _shifted(other: Shifted, unit: str) -> list[str]:
    if not other.period:
        return ["", "", "", ""]
    if other.n is None:
        return [other.period, "", "", ""]
    few = " (few)" if other.few else ""
    change = "" if other.change is None else f"{other.change:+.1%}{few}"
    return [other.period, amount(other.value, unit), amount(other.difference, unit), change]


def _signals(point: ChartPoint) -> str:
    """Say which rules a point breaks, or why it is excluded or not flagged."""
    if point.predictable:
        return f"known ahead: {point.predictable}"
    return f"excluded: {point.excluded}" if point.excluded else ", ".join(point.signals)


def chart(
    metric: MetricName,
    statistic: Statistic = None,
    where: Where = None,
    period: Period = "week",
    from_: From = None,
    to: To = None,
    as_of: AsOf = None,
    aggregate: Aggregate = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    kind: Kind = "xmr",
    rules: Rules = "",
    freeze: Freeze = None,
    rebase: RebaseAt = None,
    event: Events = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Draw the control chart of a metric and name its signals.

    Exits 1 when a signal is found or the data is suspect, so that
    `opsgauge chart time_to_resolve || page-me` works.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    asked = Asked(statistic, (), where or (), period, from_, to, as_of, aggregate=aggregate)
    how = charting(kind, rules, freeze, rebase or (), event or ())
    answer = chart_of(ctx, asked.question(metric, ctx.workspace.zone), how)
    note_now(ctx, metric, "cli")
    plain = told(ctx, answer)
    unit, suspect = answer.measured.unit, answer.measured.suspect
    if form is Form.JSON:
        print_json(plain)
    elif form is Form.CSV:
        print_csv(marked(plain["points"], suspect))
    else:
        say(answer.measured.sentence)
        for line in (*_of_limits(answer), *_of_kind(plain), *plain["about"]):
            say(line)
        if limits_words(answer):
            say(limits_words(answer))
        rows = [
            [
                point.period,
                amount(point.value, unit),
                whole(point.n),
                point.part or _signals(point),
                point.verdict if point.signals else "",
            ]
            for point in answer.points
        ]
        print_table(["Period", answer.measured.statistic, "n", "Signals", "Verdict"], rows)
        print_suspect(suspect)
    signal = suspect or any(point.signals for point in answer.points if not point.excluded)
    return Exit.SIGNAL if signal else Exit.OK


def _of_kind(plain: dict[str, Any]) -> Iterator[str]:
    """Yield which kind of chart would suit the numbers, where it is another one."""
    suited = plain["suited"]
    if suited and suited["chart"] != plain["chart"]:
        yield f"{suited['why']} See --chart {suited['chart']}."


def _of_limits(answer: Charted) -> Iterator[str]:
    """Yield what is said over the table of a chart."""
    unit = answer.measured.unit
    between = f"limits {amount(answer.lower, unit)} to {amount(answer.upper, unit)}"
    limits = between if isfinite(answer.upper) else "no limits"
    yield f"Centre {amount(answer.centre, unit)}, {limits}."
    if answer.why:
        yield answer.why
    yield from answer.judged.notes if answer.judged else ()
