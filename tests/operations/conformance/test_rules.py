"""Rules of a workspace held against a small desk: counts, lists as long as them, evidence."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from opsgauge.cli.app import make_program
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.clock import fixed_clock
from opsgauge.foundation.errors import NotAllowed, QueryWrong, RuleWrong, UnknownName
from opsgauge.governance import audit
from opsgauge.governance.access import Actor
from opsgauge.operations.conformance.evidence import Wanted, evidence_pack
from opsgauge.operations.conformance.rules import (
    LISTED,
    RuleBehind,
    conformance,
    rule_tickets,
)
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from tests.conftest import MAPPING, Intake, seeing, with_settings

RULES = """\
work_first:
  title: Nothing is done before somebody works on it
  owner: Desk lead
  precedence: {step: resolved, only_after: in_progress}
  exceptions:
    - {ticket: T3, why: By the book of 1999, by: W1}
    - {ticket: T1, why: Of no use}
no_wait:
  title: Team B does not wait
  where: [team=B]
  steps: original_status
  absence: {step: Wait}
two_pairs:
  title: Who opens does not resolve
  steps: original_status
  four_eyes: {one: New, other: Done}
"""
ROWS = ["number,at,state,team,who"]
for _n in range(12):
    _team, _day = "AB"[_n % 2], f"2026-03-{_n + 1:02}"
    _path = ["New"] + (["Work"] if _n % 3 else []) + (["Wait"] if _n % 4 == 1 else []) + ["Done"]
    ROWS += [
        f"T{_n},{_day}T{8 + _place:02}:00Z,{_state},{_team},{'ann' if _n == 5 else _state}"
        for _place, _state in enumerate(_path)
    ]
ROWS += ["T90,2026-03-20T08:00Z,New,B,ann", "T90,2026-03-20T09:00Z,Wait,B,ann"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Import twelve ended tickets and an open one; every third was done without work."""
    held = Intake(tmp_path_factory.mktemp("rules"), "person_level = true\n")
    held.takes("\n".join(ROWS) + "\n", mapping=MAPPING + "  # \n")
    (held.workspace.path / "rules" / "desk.yaml").write_text(RULES, "utf-8")
    yield held
    held.close()


@pytest.fixture(scope="module")
def ctx(desk: Intake) -> Context:
    """Return its context, which remembers."""
    clock = fixed_clock(datetime(2026, 4, 1, tzinfo=UTC))
    return replace(desk.context, readers=Readers(remember=True), clock=clock)


@pytest.mark.row("CON-01")
def test_rules_count_each_ticket_once(ctx: Context) -> None:
    """T0, T3, T6 and T9 were done without work, of which T3 is excused."""
    first, wait, pairs = conformance(ctx).states

    assert (first.tickets, first.n, first.of("broken"), first.of("excepted")) == (13, 12, 3, 1)
    assert first.idle == 1  # T1 keeps the rule
    assert (wait.tickets, wait.n, wait.of("broken"), wait.of("broken_open")) == (7, 6, 3, 1)
    assert first.share == 0.25
    assert [round(end or 0, 3) for end in first.interval] == [0.089, 0.532]  # Wilson, 3 of 12
    assert sum(pairs.counts.values()) == 12


@pytest.mark.row("CON-01")
def test_rules_that_only_open_tickets_break_are_counted_apart(ctx: Context) -> None:
    """Of team B two rules were broken; were one broken by T90 alone, which is open, it is said."""
    found = conformance(ctx)
    first, wait, pairs = found.states
    alone = replace(wait, counts={"broken_open": 1})

    assert "by open tickets alone" not in found.sentence()
    assert (
        replace(found, states=(first, alone, pairs))
        .sentence()
        .startswith("1 of 3 rules is broken, and 1 more by open tickets alone; most of all")
    )


@pytest.mark.row("CON-01")
def test_each_number_leads_to_as_many_tickets(ctx: Context) -> None:
    """Of every rule, outcome and cause; the excused with the reason."""
    for state in conformance(ctx).states:
        counts = {**state.counts, "judged": state.n, "applies": sum(state.counts.values())}
        assert set(counts) == set(LISTED)
        for outcome, n in counts.items():
            listed = rule_tickets(ctx, RuleBehind(state.rule.name, outcome))
            assert listed.total == n, (state.rule.name, outcome)
        for cause in state.causes:
            behind = RuleBehind(state.rule.name, cause.outcome, cause.words)
            assert rule_tickets(ctx, behind).total == cause.n

    [row] = rule_tickets(ctx, RuleBehind("work_first", "excepted")).rows
    assert (row["ticket_id"], row["exception"], row["exception_by"]) == (
        "T3",
        "By the book of 1999",
        "W1",
    )


@pytest.mark.row("CON-01")
def test_a_choice_narrows_and_does_not_widen_a_rule(ctx: Context) -> None:
    """The rule's own tickets are met with the days and filters asked for."""
    chosen = Selection((Condition("team", ("A",)),), from_=date(2026, 3, 1), to=date(2026, 3, 6))
    first, wait, _ = conformance(ctx, chosen).states

    assert (first.n, first.of("broken")) == (3, 1)
    assert (wait.tickets, wait.n) == (0, 0)


@pytest.mark.row("CON-01")
def test_a_finding_says_which_rule_of_which_text(ctx: Context) -> None:
    """The largest share first."""
    found = conformance(ctx).findings

    assert found[0].id == "rule_broken-no_wait"
    assert found[0].n == 6
    assert "3 of 6 tickets break it" in found[0].claim
    assert len(found[0].evidence.definition) == 64


@pytest.mark.row("CON-01")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "a:\n  title: A\n  steps: original_status\n  absence: {step: Wayt}\n",
            "rules/zzz.yaml, line 4, a.absence: there is no original_status 'Wayt'. Did you mean "
            "'Wait'?",
        ),
        ("a:\n  title: A\n  absence: {stop: new}\n", "Did you mean 'step'?"),
    ],
)
def test_a_step_that_no_record_has_is_refused(ctx: Context, text: str, told: str) -> None:
    """With the nearest; all other rules are not told either then."""
    file = ctx.workspace.path / "rules" / "zzz.yaml"
    file.write_text(text, "utf-8")
    try:
        with pytest.raises(RuleWrong) as wrong:
            conformance(ctx)
        client = TestClient(make_app(ctx), base_url="http://127.0.0.1:8787")
        page, twin = client.get("/conformance"), client.get("/api/v1/conformance")
    finally:
        file.unlink()
    assert told in str(wrong.value)
    assert (page.status_code, twin.status_code) == (400, 400)
    assert twin.json()["error"]["kind"] == "RuleWrong"


def test_a_step_may_be_yet_to_come(ctx: Context) -> None:
    """Where the rule says so."""
    file = ctx.workspace.path / "rules" / "zzz.yaml"
    said = "absence: {step: Bypass}\n  not_yet_seen: [Bypass]\n"
    file.write_text(f"a:\n  title: A\n  steps: original_status\n  {said}", "utf-8")
    try:
        state = conformance(ctx).states[-1]
    finally:
        file.unlink()
    assert (state.n, state.of("broken")) == (12, 0)


def test_what_is_not_there_is_told(ctx: Context) -> None:
    """A rule, an outcome, and a right."""
    with pytest.raises(UnknownName, match="Did you mean 'work_first'"):
        rule_tickets(ctx, RuleBehind("work_frist"))
    with pytest.raises(QueryWrong, match="Did you mean 'broken'"):
        rule_tickets(ctx, RuleBehind("work_first", "brokn"))
    with pytest.raises(NotAllowed):
        conformance(replace(ctx, actor=Actor("nobody", ())))


def test_few_tickets_and_small_teams_are_withheld(ctx: Context) -> None:
    """The number and its list."""
    few = with_settings(ctx, suppress_below=10)
    first, wait, _ = conformance(few).states
    assert (first.n, wait.n) == (12, 0)
    assert "fewer than 10" in wait.why_not
    with pytest.raises(QueryWrong, match="fewer than 10"):
        rule_tickets(few, RuleBehind("no_wait", "judged"))

    small = with_settings(ctx, fewest_persons=50)
    assert "fewer than 50 people" in conformance(small).states[1].why_not


def test_somebody_who_sees_a_part_is_told_of_it_alone(ctx: Context) -> None:
    """And not which exceptions there are for others' tickets."""
    part = replace(ctx, actor=seeing(Condition("team", ("A",))))
    first = conformance(part).states[0]

    assert (first.tickets, first.n, first.idle) == (6, 6, None)
    assert first.of("excepted") == 0
    pack = evidence_pack(part, Wanted(("work_first",)))
    files = unzipped(pack.content)
    assert "work_first/rule.yaml" not in files
    assert "T3" not in "".join(files.values())


def unzipped(content: bytes) -> dict[str, str]:
    """Return the files of a pack."""
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        return {name: pack.read(name).decode() for name in pack.namelist()}


@pytest.mark.row("CON-06")
def test_a_pack_holds_all_that_an_auditor_needs(ctx: Context) -> None:
    """Equal questions give equal packs; each file is as its manifest says."""
    pack = evidence_pack(ctx, Wanted(sample=3, seed=7))
    again = evidence_pack(ctx, Wanted(sample=3, seed=7))
    files = unzipped(pack.content)

    assert pack.content == again.content
    told = json.loads(files["manifest.json"])
    assert told["rules"]["work_first"] == conformance(ctx).states[0].rule.hash
    assert told["data_version"] == ctx.opened().version.version
    assert {name: sha256(files[name].encode()).hexdigest() for name in told["files"]} == told[
        "files"
    ]
    assert files["work_first/rule.yaml"].startswith("work_first:\n  title: Nothing is done")
    people = list(csv.DictReader(io.StringIO(files["work_first/population.csv"])))
    assert len(people) == 12
    judged = sorted(
        (row["ticket_id"] for row in people),
        key=lambda number: sha256(f"7|desk|{number}".encode()).hexdigest(),
    )
    drawn = list(csv.DictReader(io.StringIO(files["work_first/sample.csv"])))
    assert [row["ticket_id"] for row in drawn] == judged[:3]
    broken = list(csv.DictReader(io.StringIO(files["work_first/violations.csv"])))
    assert [row["ticket_id"] for row in broken] == ["T0", "T3", "T6", "T9"]
    assert {row["owner"] for row in broken} == {"Desk lead"}
    past = list(csv.DictReader(io.StringIO(files["work_first/history.csv"])))
    assert [(r["ticket_id"], r["original_status"]) for r in past if r["ticket_id"] == "T9"] == [
        ("T9", "New"),
        ("T9", "Wait"),
        ("T9", "Done"),
    ]
    assert {row["ticket_id"] for row in past} == {"T0", "T3", "T6", "T9"}
    assert not [name for row in past for name in (row["actor"], row["assignee"]) if name == "ann"]
    excused = list(csv.DictReader(io.StringIO(files["work_first/exceptions.csv"])))
    assert [(row["ticket"], row["excuses"]) for row in excused] == [("T3", "yes"), ("T1", "no")]
    assert "3 of 12 tickets break it" in files["README.md"]


@pytest.mark.row("CON-06")
def test_a_pack_names_nobody_to_whom_nobody_is_shown(ctx: Context) -> None:
    """Neither in what broke a rule nor in its history; who made the pack stands in it."""
    blind = with_settings(ctx, person_level=False)
    pack = evidence_pack(blind, Wanted(("work_first",)))
    files = unzipped(pack.content)
    past = list(csv.DictReader(io.StringIO(files["work_first/history.csv"])))
    named = {row[name] for row in past for name in ("assignee", "actor")}
    assert named == {"somebody", ""}
    assert json.loads(files["manifest.json"])["made_by"] == blind.actor.name


@pytest.mark.row("CON-06")
def test_taking_evidence_away_stands_in_the_audit(ctx: Context) -> None:
    """As other exports do; over the wire it is the same file."""
    client = TestClient(make_app(ctx), base_url="http://127.0.0.1:8787")
    got = client.get("/api/v1/conformance/evidence.zip?rule=no_wait&seed=3&sample=2")

    assert got.headers["content-type"] == "application/zip"
    assert json.loads(unzipped(got.content)["manifest.json"])["seed"] == 3
    line = audit.lines(ctx.database, limit=1)[0]
    assert (line.action, line.subject) == ("data:export", "export of evidence.zip")
    assert client.get("/conformance/evidence.zip?seed=-1").status_code == 400
    assert client.get("/conformance/evidence.zip?rule=nope").status_code == 404


def test_the_command_writes_the_pack_once(ctx: Context, tmp_path: Path) -> None:
    """And says what it wrote; rules and tickets are told in every form."""
    program, where = make_program("conformance"), ["--workspace", str(ctx.workspace.path)]
    file = tmp_path / "pack.zip"
    made = program(["conformance", "evidence", str(file), *where], standalone_mode=False)
    assert not made
    assert "manifest.json" in unzipped(file.read_bytes())
    with pytest.raises(Exception, match="is there already"):
        program(["conformance", "evidence", str(file), *where], standalone_mode=False)
    for words, code in (
        (["rules"], 1),
        (["rules", "--format", "csv"], 1),
        (["tickets", "no_wait"], 0),
        (["tickets", "no_wait", "--format", "json"], 0),
    ):
        assert program(["conformance", *words, *where], standalone_mode=False) == code
