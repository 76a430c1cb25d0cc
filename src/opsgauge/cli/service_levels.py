"""The verb about service levels: show, breakdown, whatif, pauses, chain, source, zones;
risk is beside it.

Floor 7.
"""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from opsgauge.cli.breach_risk import add_to as add_risk
from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, From, KnownAt, To, Version, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_suspect, print_table, say, told
from opsgauge.foundation.csv_text import marked
from opsgauge.foundation.units import MICROS_PER_HOUR, percent, whole
from opsgauge.operations.asking import conditions, day
from opsgauge.operations.drawing.words import counted
from opsgauge.operations.service_level_chains import chains
from opsgauge.operations.service_level_pauses import paused
from opsgauge.operations.service_level_source import Beside, beside_source
from opsgauge.operations.service_level_whatif import WhatIf, read_other, whatif
from opsgauge.operations.service_level_zones import zoned
from opsgauge.operations.service_levels import Clocks, breakdown, one_shown, shown

Name = Annotated[str, typer.Argument(help="Name of the service level, from its file.")]
MaybeName = Annotated[str, typer.Argument(help="A service level alone; else all of them.")]
By = Annotated[str, typer.Option("--by", help="team, phase, priority, service, category, vendor …")]
LateOnly = Annotated[bool, typer.Option("--late", help="Only clocks that broke.")]
With = Annotated[Path, typer.Option("--with", help="A file with the other definition of it.")]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    levels = typer.Typer(help="Service levels and their clocks.", no_args_is_help=True)
    levels.command("show")(show)
    levels.command("breakdown")(break_down)
    levels.command("whatif")(what_if)
    levels.command("pauses")(pauses)
    levels.command("chain")(chain)
    levels.command("source")(source)
    levels.command("zones")(zones)
    add_risk(levels)
    app.add_typer(levels, name="sla")


def show(
    name: MaybeName = "",
    where: Where = None,
    from_: From = None,
    to: To = None,
    workspace: WorkspaceDir = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    form: Format = Form.TABLE,
) -> int:
    """Show how each service level is kept, or the one that is named.

    Exits 1 where a clock that lasts has broken, or the data is suspect.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    chosen = _chosen(where, from_, to)
    answer = shown(ctx, chosen)
    if name:
        answer = replace(answer, levels=(one_shown(ctx, name, chosen),))
    plain = answer.as_json()
    if not told(form, plain, marked(plain["service_levels"], answer.suspect)):
        print_table(
            ["Service level", "Kept", "95 % interval", "n", "Running", "Paused", "Overdue"],
            [
                [
                    each.level.name,
                    "" if each.share is None else percent(each.share),
                    _between(*each.interval),
                    whole(each.n),
                    whole(each.running),
                    whole(each.paused),
                    whole(each.overdue),
                ]
                for each in answer.levels
            ],
            numbers=5,
        )
        print_suspect(answer.suspect)
    worth_a_look = answer.suspect or any(each.overdue for each in answer.levels)
    return Exit.SIGNAL if worth_a_look else Exit.OK


def break_down(
    name: Name,
    by: By = "team",
    late: LateOnly = False,
    where: Where = None,
    from_: From = None,
    to: To = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Show where the time of a service level's clocks went; the parts add up to the whole."""
    answer = breakdown(context(workspace), name, by, _chosen(where, from_, to), late)
    plain = answer.as_json()
    if not told(form, plain, plain["parts"]):
        say(f"{whole(answer.n)} clocks used {whole(answer.used_us / MICROS_PER_HOUR)} hours.")
        print_table(
            [by.capitalize(), "Used, h", "Share", "Paused, h", "Clocks"],
            [
                [
                    each["part"] or "(none)",
                    f"{each['used_hours']:,.1f}",
                    "" if each["share"] is None else percent(each["share"]),
                    f"{each['paused_hours']:,.1f}",
                    whole(each["clocks"]),
                ]
                for each in plain["parts"]
            ],
            numbers=4,
        )


def what_if(
    name: Name, other: With, workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> int:
    """Tell how many breaches another definition would flip. Exits 1 where it flips any."""
    answer = whatif(context(workspace), name, read_other(other, name))
    if not _outcomes_told(answer, form):
        moved = counted(answer.flips, "ticket")
        say(
            f"{moved} {'changes' if answer.flips == 1 else 'change'} sides. The official clocks "
            "are untouched."
        )
    return Exit.SIGNAL if answer.flips else Exit.OK


def pauses(
    name: Name,
    where: Where = None,
    from_: From = None,
    to: To = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Show who pauses the clocks of a service level, how late, and without a message.

    Dates choose clocks by when they were decided. Exits 1 on a finding.
    """
    answer = paused(context(workspace), name, _chosen(where, from_, to))
    plain = answer.as_json()
    if not told(form, plain, plain["teams"]):
        rows = [
            [
                e.team or "(none)",
                whole(e.pauses),
                whole(e.late),
                percent(e.late_share),
                whole(e.short),
                whole(e.silent) if e.judged else "",
                "" if e.silent_share is None else percent(e.silent_share),
            ]
            for e in answer.teams
        ]
        heads = ["Team", "Pauses", "Late", "Share late", "Under 5 min", "No message", "Share"]
        print_table(heads, rows, numbers=6)
        if answer.untold:
            say(answer.untold)
        for crowd in answer.agents:
            if crowd.late_apart or crowd.short_apart or crowd.silent_apart:
                say(
                    f"Of {crowd.agents} agents of {crowd.team}, {crowd.late_apart} pause late, "
                    f"{crowd.short_apart} for moments and {crowd.silent_apart} without a message "
                    "at least twice as often as their peers."
                )
        for each in answer.findings:
            say(each.claim)
    return Exit.SIGNAL if answer.findings else Exit.OK


def chain(
    where: Where = None,
    from_: From = None,
    to: To = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Show promises that rest on others, and which link broke where the whole did.

    Dates choose tickets by when the whole promise was decided.
    """
    found = chains(context(workspace), _chosen(where, from_, to))
    answers = [each.as_json() for each in found]
    lines = [_link(each, link) for each in answers for link in each["links"]]
    if not told(form, {"chains": answers}, lines):
        if not answers:
            say("No service level supports another: write 'supports' in one of them.")
        for each in answers:
            say(
                f"{each['service_level']}: broken on {whole(each['broken'])} tickets, on "
                f"{whole(each['broken_with_every_link_kept'])} of them with every link kept; "
                f"links are longer than the whole on {whole(each['inside_longer_than_outside'])}."
            )
            rows = [
                [
                    link["service_level"],
                    whole(link["tickets"]),
                    whole(link["broken"]),
                    whole(link["broken_with_the_whole"]),
                ]
                for link in each["links"]
            ]
            print_table(["Link", "Tickets", "Broken", "With the whole"], rows, numbers=3)


def _link(of: dict[str, Any], link: dict[str, Any]) -> dict[str, Any]:
    return {"chain": of["service_level"], **link}


def source(
    name: Name,
    where: Where = None,
    from_: From = None,
    to: To = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """Hold a service level against the source's own flag. Exits 1 where they differ.

    Dates choose clocks by when they were decided.
    """
    answer = beside_source(context(workspace), name, _chosen(where, from_, to))
    if not _outcomes_told(answer, form):
        agreed = "no ticket has both" if answer.agreeing is None else percent(answer.agreeing)
        say(f"They agree on {agreed} of {whole(answer.n)} tickets.")
        if answer.lasting:
            say(
                f"{whole(answer.lasting)} that the source calls kept are open and have broken "
                "since: its flag is as old as their last update."
            )
    return Exit.SIGNAL if answer.agreeing != 1.0 else Exit.OK


def zones(name: Name, workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """Say in which time zone hours were read, by what source, and where by the fallback."""
    answer = zoned(context(workspace), name)
    lines = [{"source": each, "tickets": n} for each, n in answer.tickets.items()]
    if not told(form, answer.as_json(), lines):
        say(answer.sentence())


def _outcomes_told(answer: WhatIf | Beside, form: Form) -> bool:
    """Print tickets by outcome, with examples; say whether that was for programs."""
    lines = [{"outcome": each, "tickets": n} for each, n in answer.counts.items()]
    if told(form, answer.as_json(), lines):
        return True
    rows = [
        [words, whole(n), ", ".join(answer.examples.get(words, ()))]
        for words, n in answer.counts.items()
    ]
    print_table(["Tickets", "Number", "Such as"], rows)
    return False


def _chosen(where: list[str] | None, from_: str | None, to: str | None) -> Clocks:
    return Clocks(conditions(where or ()), day("--from", from_), day("--to", to))


def _between(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{percent(low)} to {percent(high)}"
