"""The verb about conformance: rules, exceptions, tickets, evidence, times, model.

Floor 7.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from opsgauge.analysis.conformance.times import K
from opsgauge.cli.choosing import chosen_tickets
from opsgauge.cli.exceptions import exceptions
from opsgauge.cli.exits import Exit
from opsgauge.cli.options import Format, From, KnownAt, To, Version, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_suspect, print_table, say, told
from opsgauge.foundation.csv_text import marked
from opsgauge.foundation.errors import Misuse
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.operations.conformance.answers import RuleState
from opsgauge.operations.conformance.evidence import SAMPLE, Wanted, evidence_pack
from opsgauge.operations.conformance.model_answers import USUAL_SHARE, ModelFit, Modelled
from opsgauge.operations.conformance.models import model_fit
from opsgauge.operations.conformance.rules import LISTED, RuleBehind, conformance, rule_tickets
from opsgauge.operations.conformance.times import Profiled, chance_words
from opsgauge.operations.conformance.times import times as times_of
from opsgauge.operations.lists import Page

RuleName = Annotated[str, typer.Argument(help="The rule, as rules/*.yaml names it.")]
Outcome = Annotated[str, typer.Option("--outcome", help=f"One of {', '.join(LISTED)}.")]
Limit = Annotated[int, typer.Option("--limit", help="How many to show.")]

StepsBy = Annotated[str, typer.Option("--steps", help="phase, original_status or activity.")]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    verb = typer.Typer(
        help="Does the work go as it should: rules, exceptions, tickets, evidence, times, model.",
        no_args_is_help=True,
    )
    for command in (rules, exceptions, tickets, evidence, times, model):
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
    answer = conformance(ctx, chosen_tickets(where, from_, to))
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
    chosen = chosen_tickets(where, from_, to)
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
    chosen = chosen_tickets(where, from_, to)
    pack = evidence_pack(ctx, Wanted(tuple(rule or ()), sample, seed), chosen)
    file.write_bytes(pack.content)
    plain = {"file": str(file), **pack.as_json()}
    lines = [{"file": name, "sha256": each} for name, each in plain["files"].items()]
    if not told(form, plain, lines, export=False):
        say(f"{file}: evidence of {len(plain['rules'])} rules, {len(lines)} files.")
        say(f"SHA-256 {pack.hash}")
    return Exit.OK


def times(
    steps: StepsBy = "phase",
    k: Annotated[float, typer.Option("--k", help="How many deviations are far out.")] = K,
    limit: Limit = 20,
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> Exit:
    """Show how long it usually takes from step to step, and how often far longer.

    Exits 1 where a time is unusual more often than by chance.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    chosen = chosen_tickets(where, from_, to)
    answer = times_of(ctx, Profiled(steps, k), chosen)
    plain = answer.as_json()
    if not told(form, plain, marked(plain["pairs"], answer.suspect)):
        say(f"{answer.sentence()}.")
        rows = [
            [
                each.from_,
                each.to,
                whole(each.n),
                duration(each.median),
                "" if each.high is None else duration(each.high),
                whole(each.late),
                percent(each.share),
                whole(each.early),
                whole(each.over_hours),
            ]
            for each in answer.pairs[:limit]
        ]
        heads = ["From", "To", "n", "Half within", "Usual up to", "Later", "Share", "Sooner"]
        if rows:
            print_table([*heads, "Hours beyond"], rows, numbers=7)
            say(f"Of each pair, {chance_words(k)}.")
        print_suspect(answer.suspect)
    return Exit.SIGNAL if answer.findings or answer.suspect else Exit.OK


def model(
    name: Annotated[
        str, typer.Argument(help="A file of models/ by its name; none: the most frequent paths.")
    ] = "",
    steps: Annotated[
        str, typer.Option("--steps", help="phase, original_status or activity; else what fits.")
    ] = "",
    share: Annotated[
        float, typer.Option("--share", help="Of how many tickets the most frequent paths are.")
    ] = USUAL_SHARE,
    limit: Limit = 20,
    where: Where = None,
    from_: From = None,
    to: To = None,
    data_version: Version = None,
    known_at: KnownAt = None,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> Exit:
    """Hold ended tickets against a BPMN model: fitness, precision, departures, habits.

    Exits 1 where tickets depart from it.
    """
    ctx = context(workspace, data_version, known_at=known_at)
    chosen = chosen_tickets(where, from_, to)
    answer = model_fit(ctx, Modelled(name, steps, share), chosen)
    plain = answer.as_json()
    if not told(form, plain, marked(plain["departures"], answer.suspect)):
        _say_model(answer, limit)
    return Exit.SIGNAL if answer.departures or answer.suspect else Exit.OK


def _say_model(answer: ModelFit, limit: int) -> None:
    say(f"{answer.sentence()}.")
    if answer.tokens.fitness is not None:
        precise = "" if answer.precision is None else f", precision {answer.precision:.3f}"
        say(f"Fitness {answer.tokens.fitness:.3f}{precise}; steps by {answer.asked.steps}.")
    rows = [
        [each.deviation.step, each.deviation.how, whole(each.n), percent(each.n / answer.n)]
        for each in answer.departures[:limit]
    ]
    if rows:
        print_table(["Step", "Departs", "Tickets", "Share"], rows, numbers=2)
    lines = [[each.step, each.where, whole(each.tickets)] for each in answer.beside]
    print_table(["Step", "Present in", "Tickets"], lines, numbers=1)
    for step, near in answer.near.items():
        say(f"{step}: {near}")
    for each in answer.habits[:limit]:
        say(f"{each.deviation.step} {each.deviation.how}, {whole(each.n)} tickets: {each.verdict}.")
    for note in answer.notes:
        say(note)
    print_suspect(answer.suspect)
