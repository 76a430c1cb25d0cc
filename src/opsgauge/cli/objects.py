"""The verb about objects side by side: incident, problem, known error, change, article.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.cli.choosing import chosen_tickets
from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, From, KnownAt, To, Version, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_suspect, print_table, say, told
from opsgauge.foundation.units import duration, whole
from opsgauge.operations.objects import CAVEAT, objects

KnownError = Annotated[
    list[str] | None,
    typer.Option(
        "--known-error",
        metavar="WORD",
        help="A problem's state, or an article's kind, that means a known error; may be repeated.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    app.command("objects")(objects_)


def objects_(
    known_error: KnownError = None,
    where: Where = None,
    from_: From = None,
    to: To = None,
    workspace: WorkspaceDir = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    form: Format = Form.TABLE,
) -> int:
    """Show how incidents, problems, known errors, changes and articles are tied, and the times.

    Exits 1 where the data is suspect. As CSV the times.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    chosen = chosen_tickets(where, from_, to)
    answer = objects(ctx, chosen, known_error or ())
    plain = answer.as_json()
    if told(form, plain, plain["times"]):
        return Exit.SIGNAL if answer.suspect else Exit.OK
    say(plain["sentence"])
    print_table(
        ["From one to the next", "Half within", "One in ten longer than", "n", "Begun", "Reversed"],
        [
            [
                each.words,
                _hours(each.median_hours),
                _hours(each.p90_hours),
                *map(whole, (each.n, each.begun, each.reversed)),
            ]
            for each in answer.times
        ],
        numbers=5,
    )
    print_table(
        ["From", "Tie", "To", "Ties", "Records from", "Records to"],
        [
            [
                each.from_type,
                each.kind,
                each.to_type,
                *map(whole, (each.ties, each.from_objects, each.to_objects)),
            ]
            for each in answer.ties
        ],
        numbers=3,
    )
    say(CAVEAT)
    print_suspect(answer.suspect)
    return Exit.SIGNAL if answer.suspect else Exit.OK


def _hours(hours: float | None) -> str:
    return "" if hours is None else duration(hours)
