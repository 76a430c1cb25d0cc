"""The verb about conformance: rules, tickets, evidence.

Floor 7.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, From, KnownAt, To, Version, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_suspect, print_table, say, told
from opsgauge.foundation.csv_text import marked
from opsgauge.foundation.errors import Misuse
from opsgauge.foundation.units import percent, whole
from opsgauge.operations.asking import conditions, day
from opsgauge.operations.conformance.answers import RuleState
from opsgauge.operations.conformance.evidence import SAMPLE, Wanted, evidence_pack
from opsgauge.operations.conformance.rules import LISTED, RuleBehind, conformance, rule_tickets
from opsgauge.operations.flow import Selection
from opsgauge.operations.lists import Page

RuleName = Annotated[str, typer.Argument(help="The rule, as rules/*.yaml names it.")]
Outcome = Annotated[str, typer.Option("--outcome", help=f"One of {', '.join(LISTED)}.")]
Limit = Annotated[int, typer.Option("--limit", help="How many to show.")]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    verb = typer.Typer(
        help="Does the work go as it should: rules, tickets, evidence.", no_args_is_help=True
    )
    for command in (rules, tickets, evidence):
        verb.command(command.__name__)(command)
    app.add_typer(verb, name="conformance")


def rules(
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> Exit:
    """Show how many tickets break each rule of rules/; exit 1 where one is broken."""
    ctx = context(workspace, data_version, known_at=known_at)
    answer = conformance(
        ctx, Selection(conditions(where or ()), day("--from", from_), day("--to", to))
    )
    lines = marked([_flat(each) for each in answer.states], answer.suspect)
    if not told(form, answer.as_json(), lines):
        say(f"{answer.sentence()}.")
        heads = ["Rule", "Owner", "Judged", "Broken", "Share", "95 %", "Excused", "Open, broken"]
        rows = [_row(each) for each in answer.states]
        if rows:
            print_table(heads, rows, numbers=6)
        for each in answer.states:
            if each.why_not:
                say(f"{each.rule.name}: {each.why_not}")
            if each.idle:
                say(f"{each.rule.name}: {_exceptions(each.idle)} nothing.")
        for note in answer.notes:
            say(note)
        print_suspect(answer.suspect)
    broken = any(each.is_broken for each in answer.states)
    return Exit.SIGNAL if broken or answer.suspect else Exit.OK


def _exceptions(n: int) -> str:
    return "1 exception excuses" if n == 1 else f"{n} exceptions excuse"


def _row(state: RuleState) -> list[str]:
    low, high = state.interval
    between = f"{percent(low)} to {percent(high)}" if low is not None and high is not None else ""
    return [
        state.rule.name,
        state.rule.owner,
        whole(state.n),
        whole(state.of("broken")),
        "" if state.share is None else percent(state.share),
        between,
        whole(state.of("excepted")),
        whole(state.of("broken_open")),
    ]


def _flat(state: RuleState) -> dict[str, Any]:
    """Return a rule as a line of a file."""
    plain = state.as_json()
    causes = "; ".join(f"{each.words}: {each.n}" for each in state.causes)
    return {
        **{name: value for name, value in plain.items() if name not in ("where", "notes")},
        "where": "; ".join(plain["where"]),
        "causes": causes,
    }


def tickets(
    rule: RuleName,
    outcome: Outcome = "broken",
    limit: Limit = 50,
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> Exit:
    """List the tickets that break a rule, or have another outcome; the newest first."""
    ctx = context(workspace, data_version, known_at=known_at)
    chosen = Selection(conditions(where or ()), day("--from", from_), day("--to", to))
    answer = rule_tickets(ctx, RuleBehind(rule, outcome), chosen, Page(limit=limit))
    plain = answer.as_json()
    if not told(form, plain, marked(plain["rows"], answer.suspect)):
        say(f"{answer.sentence}.")
        rows = [
            [
                each["ticket_id"],
                each["at"] or "",
                each["step"] or "",
                each["team"] or "",
                each["actor"] or "",
                each["cause"] or "",
                each["exception"] or "",
            ]
            for each in plain["rows"]
        ]
        if rows:
            print_table(["Ticket", "When", "Step", "Team", "By", "Because", "Excused"], rows)
        print_suspect(answer.suspect)
    return Exit.SIGNAL if answer.suspect else Exit.OK


def evidence(
    file: Annotated[Path, typer.Argument(help="The zip to write; it must not be there yet.")],
    rule: Annotated[
        list[str] | None, typer.Option("--rule", help="Only this rule; may be repeated.")
    ] = None,
    sample: Annotated[int, typer.Option("--sample", help="Tickets to draw.")] = SAMPLE,
    seed: Annotated[int, typer.Option("--seed", help="From which they are drawn.")] = 1,
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> Exit:
    """Write the evidence of rules as a zip: text, population, sample, violations, exceptions.

    The audit keeps that it was taken away.
    """
    if file.exists():
        raise Misuse(f"{file} is there already.", hint="Name a file that is not.")
    ctx = context(workspace, data_version, known_at=known_at)
    chosen = Selection(conditions(where or ()), day("--from", from_), day("--to", to))
    pack = evidence_pack(ctx, Wanted(tuple(rule or ()), sample, seed), chosen)
    file.write_bytes(pack.content)
    plain = {"file": str(file), **pack.as_json()}
    lines = [{"file": name, "sha256": each} for name, each in plain["files"].items()]
    if not told(form, plain, lines, export=False):
        say(f"{file}: evidence of {len(plain['rules'])} rules, {len(lines)} files.")
        say(f"SHA-256 {pack.hash}")
    return Exit.OK
