"""The verb about what the records say by themselves: find.

Floor 7.
"""

from collections.abc import Sequence
from typing import Annotated

import typer

from opsgauge.cli.choosing import chosen_tickets
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
from opsgauge.operations.describe import Described as DescribedAnswer
from opsgauge.operations.describe import describe
from opsgauge.operations.find import find as find_all
from opsgauge.operations.found import Found
from opsgauge.operations.pricing import beside, money_of, rate_notes
from opsgauge.operations.saved import Saved, saved_findings

Described = Annotated[
    bool, typer.Option("--described", help="What lies beyond a threshold instead, not judged.")
]


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
    described: Described = False,
) -> int:
    """Find what stands out, in lanes: time, quality, integrity, demand.

    Exits 1 when something is found, or the data is suspect.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    chosen = chosen_tickets(where, from_, to)
    if described:
        return _describe(describe(ctx, chosen), form)
    answer, saved = find_all(ctx, chosen), saved_findings(ctx)
    plain = answer.as_json()
    if form is Form.JSON:
        print_json({**plain, "saved": [each.as_json() for each in saved]})
    elif form is Form.CSV:
        print_csv(marked(plain["findings"], answer.suspect))
    else:
        _say(answer, saved)
    return Exit.SIGNAL if answer.findings or answer.suspect else Exit.OK


def _say(answer: Found, saved: Sequence[Saved]) -> None:
    rows = [
        [str(each.lane), each.claim, _such_as(each.examples), *_figures(each)]
        for each in answer.findings
    ]
    heads = ["Lane", "Finding", "Such as", "Worth", "Size", "95 % interval", "n"]
    print_table(heads, rows, numbers=4)
    if answer.one_thing:
        say(f"Begin with: {answer.one_thing.finding.claim} {answer.one_thing.reason}")
        say(f"Next: {answer.one_thing.finding.look_next}")
    if not rows:
        say("Nothing else stands out." if answer.notes else "Nothing stands out beyond chance.")
    for caveat in dict.fromkeys(text for each in answer.findings for text in each.caveats):
        say(f"Beware: {caveat}")
    for note in (*answer.notes, *answer.price_notes):
        say(note)
    for each in saved:
        say(f"Saved by {each.filter.made_by}: {each.filter.name}. {each.numbers.sentence()}")
    print_suspect(answer.suspect)


def _describe(answer: DescribedAnswer, form: Form) -> int:
    """Print what lies beyond a threshold; that is nothing a person must see."""
    plain = answer.as_json()
    if form is Form.JSON:
        print_json(plain)
    elif form is Form.CSV:
        print_csv(marked(plain["descriptions"], answer.suspect))
    else:
        priced = answer.an_hour is not None
        rows = [
            [
                each.kind,
                each.claim,
                _such_as(each.examples),
                whole(each.tickets),
                "" if each.hours is None else whole(each.hours),
                *([answer.money_words(each)] if priced else []),
            ]
            for each in answer.rows
        ]
        heads = ["Kind", "What", "Such as", "Tickets", "Hours", *(["Money"] if priced else [])]
        print_table(heads, rows, numbers=len(heads) - 3)
        say("Descriptions, judged by nobody: what lies beyond a threshold may be how a desk works.")
        for note in (*answer.notes, *rate_notes(answer.an_hour)):
            say(note)
        print_suspect(answer.suspect)
    return Exit.SIGNAL if answer.suspect else Exit.OK


def _such_as(examples: Sequence[tuple[str, str]]) -> str:
    return ", ".join(number for _, number in examples)


def _figures(finding: Finding) -> list[str]:
    between = ""
    if finding.interval is not None:
        between = " to ".join(_figure(end, finding.unit) for end in finding.interval)
    worth = "" if finding.worth_hours is None else f"{whole(finding.worth_hours)} hours"
    in_money = money_of(finding)
    figures = [
        beside(worth, in_money.worth),
        beside(_figure(finding.size, finding.unit), in_money.size),
        beside(between, in_money.between),
    ]
    return [*figures, whole(finding.n)]


def _figure(size: float, unit: str) -> str:
    # Hours lost are a sum, which nobody thinks of as so many days.
    if unit == "hours":
        return f"{whole(size)} hours"
    return whole(size) if unit == "count" else amount(size, unit)
