"""Rules as people write them: what cannot fire, or may not be told, is refused with the reason."""

from dataclasses import replace
from typing import Any

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.alerting import AlertRule, Escalation, Guard
from opsgauge.foundation.errors import Misuse, NotAllowed, QueryWrong, UnknownName, UnknownRecord
from opsgauge.governance.access import Actor, Assignment
from opsgauge.governance.audit import lines
from opsgauge.operations.alerting.draft import Draft
from opsgauge.operations.alerting.drafting import (
    add_rule,
    mute,
    retire,
    rule_list,
    rule_seen,
    switch_on,
)
from opsgauge.operations.alerting.replaying import replay
from opsgauge.operations.context import Context
from tests.operations.alerting.conftest import RULE, channels

TEAM_A = (Condition("team", ("A",)),)
DRAFT = Draft("Slow", "threshold", "Why.", "time_to_resolve", above="8.5", channel="ops")


@pytest.mark.row("ALR-02")
def test_a_draft_is_read_as_people_write_it(desk: Context) -> None:
    """Shares in percent, guards as counts."""
    wanted = replace(
        DRAFT,
        metric="reopened_share",
        above="20%",
        clears="0.1",
        of="2/3",
        windows="4,12",
        where=["team=A|B", ""],
    )
    made = add_rule(desk, wanted.rule(desk))
    assert made.guard == Guard("above", 0.2, 0.1, 1, 2, 3, (4, 12))
    assert made.segment == (Condition("team", ("A", "B")),)
    assert made.state("2026-04-27") == "draft"
    assert rule_seen(desk, made.number) == made


@pytest.mark.row("ALR-01")
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": "treshold"}, "has no 'treshold'"),
        ({"kind": "burn_rate", "about": "nosuch"}, "no service level objective"),
        ({"severity": "grave"}, "has no 'grave'"),
        ({"grain": "year"}, "has no 'year'"),
        ({"metric": "nosuch"}, "no metric"),
        ({"channel": "nosuch"}, "no channel"),
        ({"channel": "narrow"}, "may be told of records where team is A"),
        ({"guard": Guard("above", float("nan"))}, "is a number"),
        ({"guard": Guard("above", 8.0, clears=9.0)}, "cannot be calm"),
        ({"guard": Guard("below", 8.0, clears=7.0)}, "cannot be calm"),
        ({"guard": Guard("above", 8.0, lasting=0)}, "1 to 104 periods"),
        ({"guard": Guard("above", 8.0, hits=3, of=2)}, "1 to 104 periods"),
        ({"guard": Guard("above", 8.0, windows=(105,))}, "1 to 104 periods"),
        ({"name": " "}, "needs a name"),
        ({"why": ""}, "needs a reason"),
        ({"runbook": "javascript:alert(1)"}, "no address"),
        ({"split": "nosuch"}, "nosuch"),
        ({"split": "assignee"}, "person"),
        ({"segment": (Condition("nosuch", ("A",)),)}, "nosuch"),
        ({"kind": "sla_risk"}, "needs hours"),
        ({"kind": "sla_risk", "hours": 4.0, "about": "nosuch"}, "nosuch"),
        ({"kind": "absence", "hours": -1.0}, "needs hours"),
        ({"kind": "check", "about": "nosuch"}, "no check"),
        ({"kind": "check", "segment": TEAM_A}, "says itself which records"),
        ({"kind": "signal", "split": "team"}, "not split"),
    ],
)
def test_what_cannot_be_is_refused(desk: Context, changed: dict[str, Any], said: str) -> None:
    """And leaves nothing behind."""
    path = desk.workspace.path
    text = (path / "channels.toml").read_text()
    channels(path, f'{text}[narrow]\nurl = "json://127.0.0.1/"\nreach = ["team=A"]\n')
    with pytest.raises(Misuse, match=said):
        add_rule(desk, replace(RULE, **changed))
    assert rule_list(desk) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"above": "", "below": ""}, "stay below"),
        ({"above": "1", "below": "1"}, "stay below"),
        ({"above": "8,5"}, "no number"),
        ({"above": "20%"}, "in percent"),
        ({"of": "two/3"}, "count periods"),
        ({"of": "2"}, "count periods"),
        ({"windows": "4,x"}, "count periods"),
        ({"metric": ""}, "needs a metric"),
    ],
)
def test_what_is_not_written_as_a_rule_is_refused(
    desk: Context, changed: dict[str, Any], said: str
) -> None:
    """With what to write instead."""
    with pytest.raises(QueryWrong, match=said):
        replace(DRAFT, **changed).rule(desk)


@pytest.mark.row("ALR-01")
def test_a_rule_goes_from_draft_to_retired_and_never_back(desk: Context) -> None:
    """Each step with a reason; what cannot follow is refused."""
    number = add_rule(desk, RULE).number
    with pytest.raises(QueryWrong, match="is draft, so it cannot be muted"):
        mute(desk, number, "x")
    with pytest.raises(QueryWrong, match="needs a reason"):
        switch_on(desk, number, " ")
    switch_on(desk, number, "Go.")
    with pytest.raises(QueryWrong, match="is on, so it cannot be switched on"):
        switch_on(desk, number, "Go.")
    with pytest.raises(QueryWrong, match="is over"):
        mute(desk, number, "x", desk.clock())
    mute(desk, number, "Release.")
    retire(desk, number, "Done.")
    for step in (switch_on, retire, mute):
        with pytest.raises(QueryWrong, match="is retired"):
            step(desk, number, "x")
    with pytest.raises(UnknownRecord, match="no rule 99"):
        retire(desk, 99, "x")


@pytest.mark.row("ALR-01")
def test_a_draft_needs_no_channel_and_a_rule_that_is_on_does(desk: Context) -> None:
    """Even where the file of channels cannot be read; the one it gets stays and is in the audit."""
    file = desk.workspace.path / "channels.toml"
    file.chmod(0o644)
    made = add_rule(desk, replace(RULE, channel="", escalation=(Escalation(30, ""),)))
    assert replay(desk, made.number).count == 1
    file.chmod(0o600)
    with pytest.raises(QueryWrong, match="has no channel") as told:
        switch_on(desk, made.number, "Go.")
    assert f"alerts on {made.number} --channel NAME" in (told.value.hint or "")
    with pytest.raises(UnknownName, match="no channel 'mail'") as unknown:
        switch_on(desk, made.number, "Go.", "mail")
    assert "did you mean" not in (unknown.value.hint or "").lower()
    assert switch_on(desk, made.number, "Go.", "ops").channel == "ops"
    assert rule_seen(desk, made.number).channel == "ops"
    assert lines(desk.database)[0].after == {"state": "on", "until": None, "channel": "ops"}
    mute(desk, made.number, "Quiet.")
    with pytest.raises(QueryWrong, match="tells through 'ops', and keeps doing so"):
        switch_on(desk, made.number, "Again.", "mail")
    assert switch_on(desk, made.number, "Again.").channel == "ops"


def test_what_to_do_without_a_channel_is_told_whole(desk: Context) -> None:
    """Under its own name, with the rights the file has to have."""
    channels(desk.workspace.path, "")
    with pytest.raises(UnknownName) as told:
        add_rule(desk, replace(RULE, channel="mail"))
    assert 'mail = "jsons://' in (told.value.hint or "")
    assert "chmod 600 channels.toml" in (told.value.hint or "")


@pytest.mark.row("SEC-01")
def test_a_rule_is_set_and_seen_where_all_its_records_are(desk: Context) -> None:
    """By whoever answers for a part: of that part alone."""
    whole = add_rule(desk, RULE)
    service = Assignment("service owner", TEAM_A)
    narrow = replace(desk, actor=Actor("so", (service,)))
    mine: AlertRule = add_rule(narrow, replace(RULE, segment=TEAM_A))
    assert [each.number for each in rule_list(narrow)] == [mine.number]
    for wanted in (RULE, replace(RULE, kind="absence", metric="", guard=None, hours=4.0)):
        with pytest.raises(NotAllowed, match="team is A"):
            add_rule(narrow, wanted)
    with pytest.raises(UnknownRecord):
        switch_on(narrow, whole.number, "x")
