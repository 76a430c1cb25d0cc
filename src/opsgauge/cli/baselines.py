"""The verb about baselines: freeze, show, list, sign, object, rebase, exclude, undo, benchmark.

Floor 7.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from opsgauge.cli.options import Format, Statistic, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_table, say, told
from opsgauge.foundation.agreed import Series
from opsgauge.governance.baselines import Baseline
from opsgauge.governance.benchmarks import MOST_BYTES
from opsgauge.operations.asking import conditions, day, written
from opsgauge.operations.baselines import (
    NO_TARGET,
    Freezing,
    baseline_state,
    baseline_states,
    freeze,
    object_to,
    sign,
    summary,
)
from opsgauge.operations.benchmarks import benchmarks_beside, end_benchmark, load_benchmarks
from opsgauge.operations.drawing.words import counted
from opsgauge.operations.measure import CHART_PERIOD
from opsgauge.operations.phrases import limits_words
from opsgauge.operations.rebasing import (
    ExcludedPoint,
    Rebase,
    exclude_point,
    excluded_points,
    rebase,
    rebases,
    undo_exclusion,
    undo_rebase,
)

Metric = Annotated[str, typer.Argument(help="Name in the catalogue, e.g. time_to_resolve.")]
OfMetric = Annotated[str | None, typer.Option("--metric", help="Only those of this metric.")]
Number = Annotated[
    int, typer.Argument(min=1, max=2**31 - 1, help="Its number, as the list tells it.")
]
Period = Annotated[str, typer.Option("--period", help="day, week, month, quarter or year.")]
First = Annotated[
    str, typer.Option("--from", help="First period, or a day in it; the newest twenty without.")
]
Last = Annotated[str, typer.Option("--to", help="Last period, or a day in it.")]
Accept = Annotated[str, typer.Option("--accept", help="Why it is taken although it is not stable.")]
At = Annotated[str, typer.Argument(help="The period, or a day in it: 2026-W10, 2026-03-02.")]
Why = Annotated[str, typer.Option("--why", help="The reason; it is kept.")]
Event = Annotated[
    str, typer.Option("--event", help="What changed the process, or the name of an improvement.")
]
On = Annotated[str, typer.Option("--on", help="The day on which it happened.")]
Person = Annotated[str, typer.Option("--person", help="Who it is; kept as named, not signed in.")]
Ended = Annotated[bool, typer.Option("--all", help="Also what was superseded or undone.")]
File = Annotated[
    Path,
    typer.Argument(
        exists=True,
        dir_okay=False,
        help="A CSV: metric, source, date, peer_group, percentile, value, differences.",
    ),
]


class Part(StrEnum):
    """As what somebody signs."""

    OWNER = "owner"
    FRONTLINE = "frontline"


class Undone(StrEnum):
    """What can be undone."""

    REBASE = "rebase"
    POINT = "point"


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    baseline = typer.Typer(
        help="Baselines: freeze, show, list, sign, object, rebase, exclude, undo, benchmark.",
        no_args_is_help=True,
    )
    for name, command in (
        ("freeze", freeze_),
        ("show", show),
        ("list", list_),
        ("sign", sign_),
        ("object", object_),
        ("rebase", rebase_),
        ("exclude", exclude),
        ("undo", undo),
    ):
        baseline.command(name)(command)
    benchmark = typer.Typer(help="Numbers of others: load, list, end.", no_args_is_help=True)
    benchmark.command("load")(load)
    benchmark.command("list")(benchmarks)
    benchmark.command("end")(end)
    baseline.add_typer(benchmark, name="benchmark")
    app.add_typer(baseline, name="baseline")


def freeze_(
    metric: Metric,
    statistic: Statistic = None,
    where: Where = None,
    period: Period = CHART_PERIOD,
    from_: First = "",
    to: Last = "",
    accept: Accept = "",
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Freeze the numbers of a chart; provisional until two people sign them."""
    ctx = context(workspace)
    made = freeze(ctx, Freezing(_series(metric, statistic, where, period), from_, to, accept))
    if told(form, made.as_json(), [_flat(made)]):
        return
    _say(made)
    for each in (*made.numbers["warnings"], *made.numbers.get("pooling", ())):
        say(each)
    say(NO_TARGET)


def show(number: Number, workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """Show a baseline: its numbers, who signed it, where its time went, what came after."""
    state = baseline_state(context(workspace), number)
    made = state.baseline
    if told(form, state.as_json(), [_flat(made)]):
        return
    _say(made)
    say(state.sentence())
    for voice in made.voices:
        say(f"{voice.sentence()}{': ' + voice.why if voice.why else ''}")
    for each in (*made.numbers["warnings"], *made.numbers.get("pooling", ())):
        say(each)
    if state.charted:
        say(limits_words(state.charted))
    rows = [
        [
            each["phase"],
            each["team"] or "",
            "work" if each["touch"] else "wait",
            str(each["tickets"]),
            f"{each['hours']:,.1f}",
        ]
        for each in made.numbers.get("steps", ())
    ]
    if rows:
        print_table(["Phase", "Team", "Time", "Tickets", "Hours"], rows, numbers=2)


def list_(
    metric: OfMetric = None,
    everything: Ended = False,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """List baselines, rebases and excluded points."""
    ctx = context(workspace)
    states = baseline_states(ctx, metric, everything)
    marks = rebases(ctx, metric, everything)
    points = excluded_points(ctx, metric, everything)
    answer = {
        "sentence": summary([each.baseline for each in states]),
        "baselines": [each.as_json() for each in states],
        "rebases": [each.as_json() for each in marks],
        "excluded_points": [each.as_json() for each in points],
    }
    if told(form, answer, [_flat(each.baseline) for each in states]):
        return
    say(f"{answer['sentence']}.")
    rows = [
        [str(one.number), one.state, one.series.metric, _which(one.series), each.sentence()]
        for each in states
        for one in [each.baseline]
    ]
    if rows:
        print_table(["No.", "State", "Metric", "Of", "Frozen"], rows)
    changed = [
        [f"rebase {e.number}", e.series.metric, _which(e.series), e.at, f"{e.event}: {e.why}"]
        for e in marks
    ]
    changed += [
        [f"point {e.number}", e.series.metric, _which(e.series), e.at, e.why] for e in points
    ]
    if changed:
        print_table(["What", "Metric", "Of", "At", "Why"], changed)


def sign_(
    number: Number,
    part: Annotated[Part, typer.Argument(help="owner, or frontline: who does the work.")],
    person: Person = "",
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Sign a baseline; the second signature makes it count."""
    made = sign(context(workspace), number, part.value, person)
    if not told(form, made.as_json(), [_flat(made)]):
        _say(made)


def object_(
    number: Number,
    why: Why,
    person: Person = "",
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Say what is wrong with a baseline; it is kept beside it."""
    made = object_to(context(workspace), number, why, person)
    if not told(form, made.as_json(), [_flat(made)]):
        _say(made)


def rebase_(
    metric: Metric,
    at: At,
    why: Why,
    event: Event,
    on: On = "",
    statistic: Statistic = None,
    where: Where = None,
    period: Period = CHART_PERIOD,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Let a chart begin anew with a period, since its process is another."""
    one = _series(metric, statistic, where, period)
    parts = (one.metric, one.statistic, one.segment, one.period)
    wanted = Rebase(*parts, at=at, why=why, event=event, event_day=day("on", on))
    made = rebase(context(workspace), wanted)
    if not told(form, made.as_json(), [made.as_json()]):
        say(f"Rebase {made.number}: {metric}, {_which(made.series)}, begins anew with {made.at}.")


def exclude(
    metric: Metric,
    at: At,
    why: Why,
    statistic: Statistic = None,
    where: Where = None,
    period: Period = CHART_PERIOD,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Exclude a point of a chart, whose cause is known: shown, and not counted."""
    wanted = ExcludedPoint(_series(metric, statistic, where, period), at, why)
    made = exclude_point(context(workspace), wanted)
    if not told(form, made.as_json(), [made.as_json()]):
        say(f"Excluded point {made.number}: {metric}, {_which(made.series)}, {made.at}.")


def undo(
    what: Annotated[Undone, typer.Argument(help="rebase or point.")],
    number: Number,
    why: Why,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Undo a rebase, or let an excluded point count again."""
    ctx = context(workspace)
    undone = undo_rebase if what is Undone.REBASE else undo_exclusion
    plain = undone(ctx, number, why).as_json()
    if not told(form, plain, [plain]):
        say(f"{what.value.capitalize()} {number} is undone.")


def load(file: File, workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """Load a table of benchmarks; nothing of it where one line is wrong."""
    with file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    lines = [each.as_json() for each in load_benchmarks(context(workspace), content, file.name)]
    if not told(form, {"benchmarks": lines}, lines):
        many = counted(len(lines), "benchmark")
        are = "is" if len(lines) == 1 else "are"
        say(f"{many} {are} loaded, to stand beside your own numbers.")


def benchmarks(
    metric: OfMetric = None, workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> None:
    """List benchmarks, each beside one's own baseline and with what differs."""
    found = benchmarks_beside(context(workspace), metric)
    lines = [each.as_json() for each in found]
    if told(form, {"benchmarks": lines}, lines):
        return
    rows = [[str(e.benchmark.number), e.benchmark.metric, e.sentence()] for e in found]
    if rows:
        print_table(["No.", "Metric", "Beside one's own"], rows)
    else:
        say("No benchmark is loaded.")


def end(
    number: Number, why: Why, workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> None:
    """Let a benchmark count no more; it is kept."""
    plain = end_benchmark(context(workspace), number, why).as_json()
    if not told(form, plain, [plain]):
        say(f"Benchmark {number} has ended.")


def _series(metric: str, statistic: str | None, where: list[str] | None, period: str) -> Series:
    return Series(metric, statistic or "", conditions(where or ()), period)


def _which(series: Series) -> str:
    parts = [f"{series.statistic} by {series.period}".strip()]
    return ", ".join([*parts, *(each.sentence() for each in series.segment)])


def _say(made: Baseline) -> None:
    so_far = "" if made.signed else ", signed so far"
    signed = f"{so_far} by {' and '.join(made.signatures)}" if made.signatures else ""
    say(
        f"Baseline {made.number} is {made.state}{signed}: {made.series.metric}, "
        f"{_which(made.series)}, {made.first} to {made.last}."
    )


def _flat(made: Baseline) -> dict[str, Any]:
    """Return a baseline as a line: its numbers without the series behind them."""
    kept = ("centre", "lower", "upper", "mean_moving_range", "periods", "n")
    plain = {n: v for n, v in made.as_json().items() if n not in {"numbers", "voices"}}
    return {
        **plain,
        "segment": "; ".join(written(each) for each in made.series.segment),
        **{name: made.numbers[name] for name in kept},
        "signed_by": "; ".join(made.signatures),
    }
