"""Verbs about the workspace and its records: init, import, check, versions.

Floor 7.
"""

from pathlib import Path
from typing import Annotated

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.moments import moment, zoned
from opsgauge.cli.options import Format, KnownAt, Version, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_csv, print_json, print_table, progress, say
from opsgauge.foundation.units import whole
from opsgauge.operations.answers import Imported
from opsgauge.operations.check import check_by_source
from opsgauge.operations.checked import Check, Checked
from opsgauge.operations.deleted import deleted as list_deleted
from opsgauge.operations.going import FullExport
from opsgauge.operations.ingest import ingest
from opsgauge.operations.phrases import score_words
from opsgauge.operations.rejected import rejected as list_rejected
from opsgauge.operations.versions import data_versions
from opsgauge.operations.workspace import make

MOST_NAMED = 3  # metrics that a check touches


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the program."""
    app.command("init")(init)
    app.command("import")(import_)
    app.command("check")(check)
    app.command("rejected")(rejected)
    app.command("deleted")(deleted)
    app.command("versions")(versions)


def init(directory: Annotated[Path, typer.Argument(help="A new or empty folder.")]) -> None:
    """Make a workspace: a folder with settings, tables, records and your own files."""
    made = make(directory)
    say(f"{made.path} is a workspace now. Its settings are in opsgauge.toml.")
    say("Next: opsgauge import FILE --mapping NAME_OR_PATH")


def import_(
    files: Annotated[
        list[Path], typer.Argument(help="CSV, Excel, JSON, Parquet, XES, OCEL; .gz, in a .zip too.")
    ],
    mapping: Annotated[
        str, typer.Option(help="A mapping file, or the name of one in the workspace's mappings/.")
    ],
    workspace: WorkspaceDir = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would do.")] = False,
    full: Annotated[
        bool,
        typer.Option("--full", help="These are all tickets of the source; others are gone there."),
    ] = False,
    full_window: Annotated[
        bool,
        typer.Option("--full-window", help="As --full, of tickets opened since the file's first."),
    ] = False,
    yes_delete: Annotated[
        bool, typer.Option("--yes-delete", help="However many tickets a full export lacks.")
    ] = False,
    form: Format = Form.TABLE,
) -> int:
    """Import records. The same file twice changes nothing; a later one extends the tickets.

    Exits 1 when records were rejected or words had no mapping.
    """
    export = FullExport(full, full_window, yes_delete)
    with progress() as show:
        done = ingest(context(workspace, progress=show), files, mapping, dry_run, export=export)
    if form is Form.JSON:
        print_json(done.as_json())
    elif form is Form.CSV:
        print_csv([done.as_json()], export=False)
    else:
        _tell(done)
    return Exit.SIGNAL if done.rejected or done.unmapped else Exit.OK


def _tell(done: Imported) -> None:
    verb = "would be" if done.dry_run else "were"
    say(
        f"{whole(done.read)} records read in {done.seconds:.1f} s: {whole(done.accepted)} {verb} "
        f"accepted, {whole(done.duplicate)} were known, {whole(done.rejected)} rejected."
    )
    if not done.dry_run:
        say(f"{whole(done.tickets_touched)} tickets touched; data version {done.data_version}.")
    if done.gone or done.back:
        say(
            f"{whole(done.gone)} tickets {verb} found gone at the source, {whole(done.back)} back; "
            "opsgauge deleted lists what is gone."
        )
    for field, words in done.unmapped.items():
        shown = ", ".join(f"{word!r} {whole(count)} times" for word, count in words.items())
        say(f"No mapping for {field}: {shown}.")
    for note in done.notes:
        say(note)
    for reason, count in done.reasons.items():
        say(f"Refused: {reason}, {whole(count)} times.")
    if done.rejected and not done.dry_run:
        say("opsgauge rejected lists them, each with its row and the reason.")


def check(
    workspace: WorkspaceDir = None,
    everything: Annotated[
        bool, typer.Option("--all", help="List also the checks that passed.")
    ] = False,
    form: Format = Form.TABLE,
) -> int:
    """Look for what makes numbers doubtful: words, clocks, order, gaps, repeats, drift and more.

    Gives the data-quality score, 0 to 100, over all and by source, and which metrics are touched.
    Exits 1 when a check warns, fails or cannot be made.
    """
    answer = check_by_source(context(workspace))
    plain = answer.as_json()
    if form is Form.JSON:
        print_json(plain)
    elif form is Form.CSV:
        print_csv(plain["checks"])
    else:
        shown = [each for each in answer.checks if everything or each.state != "pass"]
        rows = [[c.state, c.title, c.words, ", ".join(c.examples[:3]), _touches(c)] for c in shown]
        if rows:
            print_table(["State", "Check", "What was seen", "Such as", "Touches"], rows)
        if len(shown) < len(answer.checks):
            passed = len(answer.checks) - len(shown)
            say(f"{passed} of {len(answer.checks)} checks passed; --all lists them too.")
        _tell_score(answer)
    worried = any(each.state not in ("pass", "note") for each in answer.checks)
    return Exit.SIGNAL if worried else Exit.OK


def _touches(check: Check) -> str:
    """Return the metrics a check touches, the first few by name, and what becomes of them."""
    named = ["every metric"] if "*" in check.affects else list(check.affects[:MOST_NAMED])
    more = len(check.affects) - MOST_NAMED
    named += [f"{whole(more)} more"] if more > 0 else []
    return f"{check.numbers}: {', '.join(named)}" if check.numbers else ", ".join(named)


def _tell_score(answer: Checked) -> None:
    say(f"Data-quality score: {score_words(answer.score)}.")
    if len(answer.sources) > 1:
        for source, score in answer.sources.items():
            say(f"  {source}: {score_words(score)}")
    for numbers in ("withheld", "suspect"):
        count = sum(each.numbers == numbers for each in answer.impact)
        if count:
            noun = "metric" if count == 1 else "metrics"
            say(f"The numbers of {whole(count)} {noun} are {numbers}; --format json names them.")


def rejected(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> int:
    """List every record that could not be used: file, row, column, reason and value.

    Exits 1 when there is one.
    """
    answer = list_rejected(context(workspace))
    if form is Form.JSON:
        print_json(answer.as_json())
    elif form is Form.CSV:
        print_csv(list(answer.rows))
    elif not answer.rows:
        say("None: every record could be used.")
    else:
        heads = ["Source", "File", "Row", "Column", "Reason", "Value"]
        print_table(heads, [[str(each or "") for each in row.values()] for row in answer.rows])
    return Exit.SIGNAL if answer.rows else Exit.OK


def deleted(
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """List the tickets that are gone at their source: since when, why, and what was last known."""
    ctx = context(workspace, data_version, known_at=known_at)
    answer = list_deleted(ctx)
    if form is Form.JSON:
        print_json(answer.as_json())
    elif form is Form.CSV:
        print_csv(answer.as_json()["deleted"])
    else:
        rows = [
            [
                row.source,
                row.ticket_id,
                moment(row.deleted_at, ctx),
                row.why,
                moment(row.opened_at, ctx) or "not known",
                row.original_status or "",
                row.team or "",
            ]
            for row in answer.rows
        ]
        heads = ["Source", "Ticket", zoned("Gone", ctx), "Why", zoned("Opened", ctx)]
        print_table([*heads, "Last state", "Team"], rows)
        if not rows:
            say("No ticket is gone at its source.")


def versions(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """List the data versions: every state the data was in, readable as it was."""
    ctx = context(workspace)
    lines = data_versions(ctx)
    if form is Form.TABLE:
        print_table(
            ["Version", zoned("Made", ctx), "What", zoned("Data to", ctx), "Tickets", "Updates"],
            [
                [
                    str(line.version),
                    moment(line.made_at, ctx),
                    line.what,
                    moment(line.watermark, ctx) or "not known",
                    whole(line.tickets),
                    whole(line.updates),
                ]
                for line in lines
            ],
            numbers=2,
        )
        return
    plain = [line.as_json() for line in lines]
    if form is Form.JSON:
        print_json({"versions": plain})
    else:
        print_csv(plain)
