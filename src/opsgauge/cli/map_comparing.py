"""Verb that holds two process maps against each other: compare-maps.

Floor 7.
"""

from typing import Annotated

import typer

from opsgauge.analysis.mining.map_differences import LEAST_SHARE, LEAST_TIME, Effect
from opsgauge.cli.exits import Exit
from opsgauge.cli.flow import CalendarName, MapSteps
from opsgauge.cli.options import Format, From, To, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_suspect, print_table, say, told
from opsgauge.foundation.csv_text import marked
from opsgauge.foundation.units import whole
from opsgauge.log.calendars.definition import ALWAYS
from opsgauge.operations.asking import conditions, day
from opsgauge.operations.flow import Passed, Selection
from opsgauge.operations.map_compared import Against, compare_maps
from opsgauge.operations.map_words import flow_words, key_words, time_words, typical_words

AgainstWhere = Annotated[
    list[str] | None,
    typer.Option("--against-where", help="The other side's value of a filter: team=B."),
]
AgainstFrom = Annotated[
    str | None, typer.Option("--against-from", help="The other side's first day.")
]
AgainstTo = Annotated[str | None, typer.Option("--against-to", help="The other side's last day.")]
Path = Annotated[str, typer.Option("--path", help="Only tickets of this path: an id of variants.")]
AgainstPath = Annotated[str, typer.Option("--against-path", help="The other side's path.")]
LeastShare = Annotated[
    float, typer.Option("--least-share", help="Least difference in share of tickets.")
]
LeastTime = Annotated[float, typer.Option("--least-time", help="Least factor in time.")]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    app.command("compare-maps")(compare_maps_)


def compare_maps_(
    steps: MapSteps = "phase",
    calendar: CalendarName = ALWAYS,
    where: Where = None,
    from_: From = None,
    to: To = None,
    path: Path = "",
    against_where: AgainstWhere = None,
    against_from: AgainstFrom = None,
    against_to: AgainstTo = None,
    against_path: AgainstPath = "",
    least_share: LeastShare = LEAST_SHARE,
    least_time: LeastTime = LEAST_TIME,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Compare two process maps; exits 1 where flow or time differs beyond chance.

    Without --against- options, the days chosen are held against as many before them.
    """
    chosen = Selection(
        conditions(where or ()), day("--from", from_), day("--to", to), _passed(steps, path)
    )
    against = Against(
        conditions(against_where or ()),
        day("--against-from", against_from),
        day("--against-to", against_to),
        _passed(steps, against_path),
    )
    effect = Effect(least_share, least_time)
    found = compare_maps(context(workspace), steps, (chosen, against), calendar, effect)
    plain = found.as_json()
    if not told(form, plain, marked(plain["rows"], found.suspect)):
        say(f"{found.sentence}.")
        for side in (found.one, found.other):
            say(f"{whole(side.tickets)} {side.words}.")
        rows = [
            [
                key_words(each.key, steps),
                whole(each.one.tickets),
                whole(each.other.tickets),
                flow_words(each, effect),
                typical_words(each.one),
                typical_words(each.other),
                time_words(each.time),
            ]
            for each in found.told
        ]
        heads = ["Step or way", "Tickets", "Against", "Flow", "Typical time", "Against", "Time"]
        print_table(heads, rows)
        for caveat in found.caveats:
            say(caveat)
        print_suspect(found.suspect)
    return Exit.SIGNAL if found.told or found.suspect else Exit.OK


def _passed(steps: str, path: str) -> Passed | None:
    return Passed(steps, path=path) if path else None
