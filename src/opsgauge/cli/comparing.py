"""Verbs that compare fairly: compare groups, decompose a change.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.options import By, Format, From, To, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_suspect, print_table, say, told
from opsgauge.foundation.csv_text import marked
from opsgauge.foundation.units import percent, whole
from opsgauge.metrics.question import Question
from opsgauge.operations.asking import conditions, day
from opsgauge.operations.decomposing import stretch, why_changed
from opsgauge.operations.fairly import fair, value_words

MetricName = Annotated[str, typer.Argument(help="Name in the catalogue, e.g. time_to_resolve.")]
Alike = Annotated[
    list[str] | None,
    typer.Option("--alike", help="What makes work alike: priority, category …; else these two."),
]
BeforeFrom = Annotated[
    str | None, typer.Option("--before-from", help="First day of the earlier stretch.")
]
BeforeTo = Annotated[str | None, typer.Option("--before-to", help="Its last day.")]


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the program."""
    app.command("compare")(compare)
    app.command("decompose")(decompose)


def compare(
    metric: MetricName,
    by: By = None,
    alike: Alike = None,
    where: Where = None,
    from_: From = None,
    to: To = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Compare groups as if all had the same mix of work; exits 1 where one lies beyond chance."""
    question = _question(metric, by, where, from_, to)
    found = fair(context(workspace), question, tuple(alike or ()))
    suspect = found.measured.suspect
    lines = marked([each.as_json() for each in found.rows], suspect, found.measured.withheld)
    if not told(form, found.as_json(), lines):
        say(f"{found.sentence()}.")
        say(f"{found.target_sentence()}.")
        unit = found.measured.unit
        rows = [
            [
                each.group or "missing",
                value_words(each.raw, unit),
                value_words(each.adjusted, unit),
                value_words(each.direct, unit),
                f"{value_words(each.low, unit)} to {value_words(each.high, unit)}"
                if each.direct is not None
                else "",
                percent(each.in_common, 0),
                whole(each.n),
                each.why_not or each.verdict,
            ]
            for each in found.rows
        ]
        heads = [found.by, "As it is", "Adjusted", "With the mix of all", "95 % interval"]
        print_table([*heads, "In common", "n", "Said"], rows)
        if found.reversals:
            say(f"{found.reversal_sentence()}.")
        for caveat in found.caveats:
            say(caveat)
        print_suspect(suspect)
    seen = any(each.verdict in ("worse", "better", "change") for each in found.rows)
    return Exit.SIGNAL if seen or suspect else Exit.OK


def decompose(
    metric: MetricName,
    by: By = None,
    where: Where = None,
    from_: From = None,
    to: To = None,
    before_from: BeforeFrom = None,
    before_to: BeforeTo = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Say what a metric's change owes to other work, and what to the same work done otherwise."""
    question = _question(metric, by, where, from_, to)
    then = stretch([day("before-from", before_from), day("before-to", before_to)])
    found = why_changed(context(workspace), question, then)
    plain = found.as_json()
    if not told(form, plain, marked(plain["rows"], found.after.suspect, found.after.withheld)):
        say(f"{found.sentence()}.")
        say(found.chart_sentence())
        say(f"{found.then[0]} to {found.then[1]} against {found.now[0]} to {found.now[1]}.")
        columns = found.columns()
        rows = [
            [
                ", ".join(each or "missing" for each in effect.segment),
                *told_as[:2],
                percent(effect.share_before),
                percent(effect.share_after),
                *told_as[2:],
            ]
            for effect, told_as in zip(found.found.effects, columns, strict=False)
        ]
        rows.append(["All", *columns[-1][:2], "", "", *columns[-1][2:]])
        heads = ["Of", "Before", "After", "Share before", "Share after"]
        print_table([*heads, "Mix", "Within", "Together"], rows, numbers=7)
        for caveat in found.caveats:
            say(caveat)
        print_suspect(found.after.suspect)
    return Exit.SIGNAL if found.after.suspect else Exit.OK


def _question(metric: str, by: By, where: Where, from_: From, to: To) -> Question:
    """Return what both verbs ask of the metric."""
    return Question(
        metric,
        by=tuple(by or ()),
        where=conditions(where or ()),
        from_=day("from", from_),
        to=day("to", to),
    )
