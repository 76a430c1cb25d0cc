"""The verb about what the records say by themselves: find.

Floor 7.
"""

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, From, KnownAt, To, Version, Where, WorkspaceDir, context
from opsgauge.cli.printing import (
    Form,
    print_csv,
    print_json,
    print_suspect,
    print_table,
    say,
)
from opsgauge.foundation.csv_text import marked
from opsgauge.foundation.finding import Finding
from opsgauge.foundation.units import amount, whole
from opsgauge.operations.asking import conditions, day
from opsgauge.operations.find import find as find_all
from opsgauge.operations.flow import Selection


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    app.command("find")(find)


def find(
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Find what stands out: teams that send tickets to and fro, weekdays that bring more.

    Exits 1 when something is found, or the data is suspect.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    chosen = Selection(conditions(where or ()), day("--from", from_), day("--to", to))
    answer = find_all(ctx, chosen)
    plain = answer.as_json()
    if form is Form.JSON:
        print_json(plain)
    elif form is Form.CSV:
        print_csv(marked(plain["findings"], answer.suspect))
    else:
        rows = [[each.claim, *_figures(each)] for each in answer.findings]
        print_table(["Finding", "Size", "95 % interval", "n"], rows, numbers=3)
        if not rows:
            say("Nothing else stands out." if answer.notes else "Nothing stands out beyond chance.")
        for caveat in dict.fromkeys(text for each in answer.findings for text in each.caveats):
            say(f"Beware: {caveat}")
        for note in answer.notes:
            say(note)
        print_suspect(answer.suspect)
    return Exit.SIGNAL if answer.findings or answer.suspect else Exit.OK


def _figures(finding: Finding) -> list[str]:
    between = ""
    if finding.interval is not None:
        between = " to ".join(_figure(end, finding.unit) for end in finding.interval)
    return [_figure(finding.size, finding.unit), between, whole(finding.n)]


def _figure(size: float, unit: str) -> str:
    # Hours lost are a sum, which nobody thinks of as so many days.
    return f"{whole(size)} hours" if unit == "hours" else amount(size, unit)
