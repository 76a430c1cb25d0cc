"""Verbs about the catalogue: list, show, explain, gaps, diff, export, import.

Floor 7.
"""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from opsgauge.cli import aspects, leading, uses
from opsgauge.cli.exits import Exit
from opsgauge.cli.numbers import MetricName
from opsgauge.cli.options import (
    Aggregate,
    AsOf,
    By,
    Format,
    From,
    KnownAt,
    Period,
    Rolling,
    Shift,
    Statistic,
    To,
    ToDate,
    Where,
    WorkspaceDir,
    context,
)
from opsgauge.cli.printing import Form, print_csv, print_json, print_table, say
from opsgauge.foundation.errors import WorkspaceMissing
from opsgauge.foundation.settings import find_workspace, open_workspace
from opsgauge.foundation.units import amount, whole
from opsgauge.operations.asking import Asked
from opsgauge.operations.catalogue import (
    exported,
    import_metrics,
    left_out_of,
    listed_metrics,
    scorecard_gaps,
    shown_metric,
)
from opsgauge.operations.comparing import compare
from opsgauge.operations.measure import explain as explain_metric
from opsgauge.operations.uses import note_now


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the program."""
    metrics = typer.Typer(
        help="The catalogue: list, show, explain, gaps, aspects, unused, leading, diff, export, "
        "import.",
        no_args_is_help=True,
    )
    metrics.command("list")(list_)
    metrics.command("show")(show)
    metrics.command("explain")(explain)
    metrics.command("gaps")(gaps)
    aspects.add_to(metrics)
    uses.add_to(metrics)
    leading.add_to(metrics)
    metrics.command("diff")(diff)
    metrics.command("export")(export)
    metrics.command("import")(import_)
    app.add_typer(metrics, name="metrics")


def _catalogue_folders(workspace: Path | None) -> tuple[Path, ...]:
    """Return the workspace's own catalogue folder; without a workspace there is none."""
    try:
        found = open_workspace(workspace) if workspace else find_workspace(Path.cwd())
    except WorkspaceMissing:
        if workspace:
            raise
        return ()
    return (found.path / "catalogue",)


def list_(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """List the metrics of the catalogue."""
    metrics = listed_metrics(*_catalogue_folders(workspace))
    if form is Form.JSON:
        print_json({"metrics": metrics})
    elif form is Form.CSV:
        print_csv(metrics)
    else:
        rows = [[m["id"], m["title"], m["practice"], m["unit"], _marked(m)] for m in metrics]
        print_table(["Name", "Title", "Chapter", "Unit", "Question"], rows)


def _marked(metric: dict[str, Any]) -> str:
    """Return a metric's question, with a mark for a count alone or one that is not certified."""
    marks = ["count alone"] if metric["vanity"] else []
    marks += [metric["lifecycle"]] if metric["lifecycle"] != "certified" else []
    return " ".join([metric["question"], *([f"[{', '.join(marks)}]"] if marks else [])])


def show(metric: MetricName, workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """Show a metric's definition with its worked example."""
    shown = shown_metric(metric, *_catalogue_folders(workspace))
    if form is Form.JSON:
        print_json(shown)
    elif form is Form.CSV:
        print_csv([shown])
    else:
        print_table(["Key", "Value"], [[key, _words(value)] for key, value in shown.items()])


def explain(
    metric: MetricName,
    statistic: Statistic = None,
    by: By = None,
    where: Where = None,
    period: Period = "all",
    from_: From = None,
    to: To = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    shift: Shift = None,
    rolling: Rolling = None,
    to_date: ToDate = False,
    aggregate: Aggregate = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Say what a number means: as a sentence, as the SQL that gives it, and what is left out."""
    ctx = context(workspace, known_at=known_at)
    asked = Asked(
        *(statistic, by or (), where or (), period, from_, to, as_of),
        *(shift, rolling, to_date, aggregate),
    )
    answer = explain_metric(ctx, asked.question(metric, ctx.workspace.zone))
    note_now(ctx, metric, "cli")
    plain = answer.as_json()
    if form is Form.JSON:
        print_json(plain)
    elif form is Form.CSV:
        print_csv([plain])
    else:
        say(answer.sentence)
        say(f"Left out: {answer.left_out}")
        for pitfall in answer.pitfalls:
            say(f"Beware: {pitfall}")
        say("")
        say(answer.sql)


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_words(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_words(each)}" for key, each in value.items())
    return "" if value is None else str(value)


def gaps(
    practice: Annotated[str, typer.Option(help="A practice, such as incident or change.")],
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Say which aspects of a practice no metric of its score card tells of; exits 1 for any."""
    found = scorecard_gaps(practice, *_catalogue_folders(workspace))
    rows = [{"aspect": a, "metrics": " ".join(names)} for a, names in found["aspects"].items()]
    if form is Form.JSON:
        print_json(found)
    elif form is Form.CSV:
        print_csv(rows)
    else:
        shown = [[row["aspect"], row["metrics"].replace(" ", ", ") or "none"] for row in rows]
        print_table(["Aspect", f"Metrics of {practice}"], shown)
    return Exit.SIGNAL if found["gaps"] else Exit.OK


def diff(
    one: Annotated[str, typer.Argument(help="A metric's name, or a file of metrics.")],
    other: Annotated[str, typer.Argument(help="A file of metrics, or a metric's name.")],
    metric: Annotated[str, typer.Option(help="Which one, where the files hold several.")] = "",
    where: Where = None,
    period: Period = "month",
    from_: From = None,
    to: To = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Measure two versions of a definition on the same data; exits 1 where they differ."""
    ctx = context(workspace)
    asked = Asked(None, (), where or (), period, from_, to).question(metric, ctx.workspace.zone)
    found = compare(ctx, one, other, asked)
    plain, unit = found.as_json(), found.one.definition.unit
    if form is Form.JSON:
        print_json(plain)
    elif form is Form.CSV:
        print_csv(plain["rows"])
    else:
        say(f"{found.one.definition.title}: {found.one.origin} against {found.other.origin}.")
        say(f"Changed: {', '.join(found.changed) or 'nothing'}.")
        rows = [
            [
                row["period"],
                amount(row["one"], unit),
                amount(row["other"], unit),
                amount(row["difference"], unit),
                whole(row["n_one"]),
                whole(row["n_other"]),
            ]
            for row in plain["rows"]
        ]
        print_table(
            ["Period", "One", "Other", "Difference", "n", "n of the other"], rows, numbers=5
        )
    return Exit.SIGNAL if any(row["difference"] for row in plain["rows"]) else Exit.OK


def export(
    form: Annotated[
        str, typer.Option("--format", help="yaml, csv, metricflow, osi, or json for reading alone.")
    ] = "yaml",
    workspace: WorkspaceDir = None,
) -> int:
    """Write the whole catalogue to standard output; it can be imported again.

    Exits 1 where the form cannot say some metrics, which are named at its beginning.
    """
    folders = _catalogue_folders(workspace)
    sys.stdout.write(exported(form, *folders))
    return Exit.SIGNAL if left_out_of(form, *folders) else Exit.OK


def import_(
    file: Annotated[
        Path,
        typer.Argument(help="The catalogue's own YAML, MetricFlow's, OSI's, or CSV as exported."),
    ],
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Take the metrics of a file into the workspace's own catalogue: all of them, or none.

    Exits 1 where a metric of MetricFlow or OSI cannot be said here; it is named with the reason.
    """
    done = import_metrics(context(workspace), file)
    if form is Form.JSON:
        print_json(done)
    elif form is Form.CSV:
        print_csv([{"metric": name} for name in done["imported"]], export=False)
    else:
        say(f"Imported: {', '.join(done['imported']) or 'nothing'}.")
        if done["there_already"]:
            say(f"There already, with the same definition: {len(done['there_already'])}.")
        for name, why in done["left_out"].items():
            say(f"Not carried: {name}: {why}.")
    return Exit.SIGNAL if done["left_out"] else Exit.OK
