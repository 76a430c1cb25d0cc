"""Options that many commands share, and what they mean.

Floor 7.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from opsgauge.cli.printing import Form, noting_exports
from opsgauge.foundation.settings import find_workspace, open_workspace
from opsgauge.governance.access import LOCAL
from opsgauge.operations.asking import as_known
from opsgauge.operations.context import Context
from opsgauge.operations.exporting import command_asked, note_export
from opsgauge.operations.signing_in import with_token

TOKEN = "OPSGAUGE_TOKEN"  # noqa: S105 - the name of a variable
WorkspaceDir = Annotated[
    Path | None,
    typer.Option("--workspace", help="The workspace; else the nearest one from here upward."),
]
Events = Annotated[
    list[str] | None,
    typer.Option(
        "--event",
        metavar="NAME=FIRST..LAST",
        help="Something known ahead, such as a rollout; may be repeated, also with one name.",
    ),
]
Format = Annotated[Form, typer.Option("--format", help="How to print the answer.")]
By = Annotated[
    list[str] | None,
    typer.Option(
        "--by", help="Split by this dimension, level or band; may be repeated: team.department."
    ),
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where", metavar="COL=VALUE", help="Only such tickets; several values: 'COL=A|B'."
    ),
]
Period = Annotated[str, typer.Option("--period", help="day, week, month, quarter, year or all.")]
From = Annotated[str | None, typer.Option("--from", help="First date, included: 2026-01-31.")]
To = Annotated[str | None, typer.Option("--to", help="Last date, included.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", help="As things stood then: 2026-01-31T06:00Z, or a date, when it begins."
    ),
]
Statistic = Annotated[
    str | None, typer.Option("--statistic", help="Such as median, mean or p90; see metrics show.")
]
Shift = Annotated[
    str | None,
    typer.Option(
        "--shift",
        help="Set each value against the previous period, the same one last year (year), or the "
        "one N periods before.",
    ),
]
Rolling = Annotated[
    str | None,
    typer.Option(
        "--rolling", help="Of the window that ends with each period: 7d, 28d, 30d, 3m or 12m."
    ),
]
ToDate = Annotated[
    bool,
    typer.Option(
        "--to-date", help="The running period so far, and the one before up to the same point."
    ),
]
Aggregate = Annotated[
    str | None,
    typer.Option("--aggregate", help="Of a stock within each period: its first, last or average."),
]
Version = Annotated[
    int | None, typer.Option("--data-version", help="Read this data version, not the newest.")
]
KnownAt = Annotated[
    str | None,
    typer.Option(
        "--known-at", help="As it was known then: with the imports made by 2026-01-31T06:00Z."
    ),
]


def context(
    workspace: Path | None,
    version: int | None = None,
    progress: Callable[[str, float | None], None] | None = None,
    known_at: str | None = None,
) -> Context:
    """Return the context of the workspace named, or of the nearest one upward.

    Where the environment holds a token, the command does and shows what its owner may.

    Raises
    ------
    NotSignedIn : the token is none, or the settings ask for one and there is none
    QueryWrong : both a data version and a moment are named, or the moment is none
    UnknownVersion : nothing was imported by that moment
    """
    found = open_workspace(workspace) if workspace else find_workspace(Path.cwd())
    made = with_token(Context(found, version=version), os.environ.get(TOKEN, ""))
    noting_exports(None if made.actor == LOCAL else partial(_note_export, made))
    if progress is not None:
        made = replace(made, progress=progress)
    return as_known(made, known_at)


def _note_export(ctx: Context, rows: int) -> None:
    """Note that whoever holds the token takes rows away; who may read the folder has them anyway.

    What was asked for stands in the command as it was typed.
    """
    words = sys.argv[1:]
    note_export(ctx, f"opsgauge {words[0] if words else ''}".strip(), command_asked(words), rows)
