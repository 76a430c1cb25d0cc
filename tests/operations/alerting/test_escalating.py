"""What nobody sees goes to the next, once a step; what is silenced is listed, and told after."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.alerting import AlertRule, Escalation, Guard
from opsgauge.foundation.errors import Misuse, NotAllowed, QueryWrong, UnknownName, UnknownRecord
from opsgauge.governance.access import Actor, Assignment
from opsgauge.governance.audit import lines, verify
from opsgauge.governance.deliveries import Delivery
from opsgauge.governance.firings import firings
from opsgauge.governance.outbox import letters
from opsgauge.governance.silences import Silence
from opsgauge.operations.alerting.draft import escalation_of
from opsgauge.operations.alerting.drafting import add_rule, mute
from opsgauge.operations.alerting.scoring import mark_firing, scorecard, set_delivery
from opsgauge.operations.alerting.silencing import add_silence, end_silence, silence_list
from opsgauge.operations.alerting.watching import watch
from opsgauge.operations.context import Context
from opsgauge.operations.people import Added, add_user
from tests.alerts.receiver import Receiver
from tests.operations.alerting.conftest import RULE, Add, channels
from tests.operations.alerting.test_watching import on, watched

TEAM_A = (Condition("team", ("A",)),)
STEPS = (Escalation(30, "bo"), Escalation(120, "role administrator", "pager"))


@pytest.fixture
def people(desk: Context, receiver: Receiver) -> None:
    """Make ana and bo, who see all, cy, who sees team A, and a channel that is a pager."""
    channels(
        desk.workspace.path,
        f'ops = "{receiver.url}?who={{to}}"\npager = "{receiver.url}?pages={{to}}"\n',
    )
    for name, role, reach in (
        ("ana", "administrator", ()),
        ("bo", "viewer", ()),
        ("cy", "viewer", TEAM_A),
    ):
        add_user(desk, Added(name, email=f"{name}@example.org", password="correct horse battery",  # noqa: S106
                             roles=(Assignment(role, reach),)))  # fmt: skip


def whom(receiver: Receiver) -> list[str]:
    """Return whom each message went to, in order."""
    return [each.path.partition("?")[2].replace("%40example.org", "") for each in receiver.taken]


@pytest.mark.row("ALR-01")
@pytest.mark.usefixtures("people")
def test_what_nobody_sees_goes_to_the_next_once_a_step(
    desk: Context, rule_on: Add, receiver: Receiver
) -> None:
    """To ana at once, to bo after half an hour, to every administrator after two hours."""
    rule = rule_on(owner="ana", escalation=STEPS)
    watched(desk)
    on(desk, minutes=29)
    assert watched(desk).escalated == 0
    assert whom(receiver) == ["who=ana"]
    on(desk, minutes=1)
    assert watched(desk).escalated == 1
    assert whom(receiver) == ["who=ana", "who=bo"]
    [part] = receiver.taken[-1].told["alerts"]
    assert part["what"].endswith("Nobody has said in 30 min that they saw this.")
    assert watched(desk).escalated == 0
    on(desk, hours=2)
    assert watched(desk).escalated == 1
    assert whom(receiver) == ["who=ana", "who=bo", "pages=ana"]
    on(desk, days=3)
    assert watched(desk).escalated == 0
    [firing] = firings(desk.database, rule.number)
    assert [(each.step, each.people, each.channel) for each in firing.escalated] == [
        (0, ("bo",), "ops"),
        (1, ("ana",), "pager"),
    ]
    told = [each.after for each in lines(desk.database, subject=f"alert {rule.number}")]
    assert sum('"escalated"' in str(each).replace("'", '"') for each in told) == 2
    assert verify(desk.database).holds


@pytest.mark.row("ALR-01")
@pytest.mark.usefixtures("people")
def test_who_says_that_they_saw_it_ends_it(desk: Context, rule_on: Add, receiver: Receiver) -> None:
    """So do a mark of what became of it, a mute, and that it is calm; to see it is not to act."""
    seen, muted = rule_on(owner="ana", escalation=STEPS), rule_on(owner="ana", escalation=STEPS)
    watched(desk)
    mark_firing(desk, firings(desk.database, seen.number)[0].number, "seen", "On it.")
    mute(desk, muted.number, "A release is on.")
    on(desk, hours=1)
    assert watched(desk).escalated == 0
    assert whom(receiver) == ["who=ana", "who=ana"]
    on(desk, days=15)
    card = next(each for each in scorecard(desk) if each.rule.number == seen.number)
    assert (card.score.acted, card.score.ignored) == (0, 1)


@pytest.mark.row("ALR-01")
@pytest.mark.row("ALR-05")
@pytest.mark.usefixtures("people")
def test_quiet_hours_hold_back_all_but_what_is_critical(
    desk: Context, rule_on: Add, receiver: Receiver
) -> None:
    """At nine in the evening: a warning waits for seven, what is critical wakes bo."""
    desk.clock.now = datetime(2026, 4, 27, 21, tzinfo=UTC)  # type: ignore[attr-defined]
    set_delivery(desk, Delivery("bo", digest="day"))
    rule_on(owner="ana", escalation=STEPS[:1])
    rule_on(owner="ana", escalation=STEPS[:1], severity="critical", name="Grave")
    watched(desk)
    on(desk, minutes=30)
    assert watched(desk).escalated == 2
    assert [each.told["subject"] for each in receiver.taken[2:]] == ["Critical: Grave"]
    on(desk, hours=10)
    watched(desk)
    assert [each.told["subject"] for each in receiver.taken[3:]] == ["Warning: Many tickets"]


@pytest.mark.row("ALR-01")
@pytest.mark.usefixtures("people")
def test_the_wait_counts_from_when_somebody_could_know(
    desk: Context, rule_on: Add, receiver: Receiver
) -> None:
    """Ana's messages come at seven, so a warning goes to bo half an hour after that."""
    desk.clock.now = datetime(2026, 4, 27, 21, tzinfo=UTC)  # type: ignore[attr-defined]
    set_delivery(desk, Delivery("ana", digest="day"))
    rule_on(owner="ana", escalation=STEPS[:1])
    watched(desk)
    on(desk, hours=9)
    assert watched(desk).escalated == 0
    on(desk, hours=1)
    assert watched(desk).escalated == 0
    on(desk, minutes=30)
    assert watched(desk).escalated == 1
    assert whom(receiver) == ["who=ana", "who=bo"]


@pytest.mark.row("ALR-01")
@pytest.mark.row("SEC-01")
@pytest.mark.usefixtures("people")
def test_who_does_not_see_the_records_is_not_told(
    desk: Context, rule_on: Add, receiver: Receiver
) -> None:
    """Cy sees team A alone; that step is kept with the reason, and the next one follows."""
    steps = (Escalation(10, "cy"), Escalation(20, "role auditor"), Escalation(30, "bo"))
    rule = rule_on(owner="ana", escalation=steps)
    watched(desk)
    on(desk, minutes=30)
    assert watched(desk).escalated == 3
    assert whom(receiver) == ["who=ana", "who=bo"]
    [firing] = firings(desk.database, rule.number)
    assert [each.why_not for each in firing.escalated] == [
        "cy does not see all of these records.",
        "Nobody is auditor.",
        "",
    ]


@pytest.mark.row("ALR-01")
@pytest.mark.usefixtures("people")
def test_steps_that_cannot_be_are_refused(desk: Context) -> None:
    """With what to write instead."""
    for text in ("soon: ana", "30m:", "30m"):
        with pytest.raises(QueryWrong, match="no step of an escalation"):
            escalation_of(text)
    for step, kind in (
        (Escalation(30, "nobody"), Misuse),
        (Escalation(30, "role king"), UnknownName),
        (Escalation(30, "ana", "nosuch"), Misuse),
        (Escalation(99_999, "ana"), QueryWrong),
    ):
        with pytest.raises(kind):
            add_rule(desk, replace(RULE, escalation=(step,)))
    with pytest.raises(QueryWrong, match="at most 5"):
        add_rule(desk, replace(RULE, escalation=(Escalation(30, "ana"),) * 6))


def silenced(desk: Context, hours: float = 2, **changed: object) -> Silence:
    """Silence alerts from now on."""
    wanted = replace(Silence(0, (), "", "", "The move."), **changed)  # type: ignore[arg-type]
    return add_silence(desk, wanted, None, desk.clock() + timedelta(hours=hours))


@pytest.mark.row("ALR-01")
def test_what_is_silenced_is_listed_and_told_after_the_end(
    desk: Context, rule_on: Add, receiver: Receiver
) -> None:
    """Once, if it still fires; nothing of it is lost, and nothing is told meanwhile."""
    rule = rule_on()
    quiet = silenced(desk)
    assert len(watched(desk).fired) == 1
    on(desk, hours=1)
    watched(desk)
    assert receiver.came == []
    [listed] = silence_list(desk)
    assert (listed.state, [each.rule for each in listed.firings]) == ("on", [rule.number])
    assert listed.firings[0].told["silenced"] == quiet.number
    on(desk, hours=1)
    assert silence_list(desk)[0].state == "over"
    watched(desk)
    watched(desk)
    [one] = receiver.taken
    assert one.told["subject"] == "Warning: Many tickets"
    assert len(letters(desk.database)) == 1
    assert verify(desk.database).holds


@pytest.mark.row("ALR-01")
def test_tickets_at_risk_in_a_silence_are_told_after_it(
    desk: Context, rule_on: Add, receiver: Receiver
) -> None:
    """Each list of tickets is a firing of its own, so the end tells what is still at risk."""
    rule_on(kind="sla_risk", metric="", guard=None, hours=4.0)
    quiet = silenced(desk)
    watched(desk)
    assert len(watched(desk).fired) == 0
    end_silence(desk, quiet.number, "Done early.")
    assert len(watched(desk).fired) == 1
    assert len(receiver.taken) == 1
    assert watched(desk).fired == {}


@pytest.mark.row("ALR-01")
def test_a_silence_is_of_a_rule_of_records_and_of_a_time(
    desk: Context, rule_on: Add, receiver: Receiver
) -> None:
    """Team A is silent, team B is not, nor is what is of both; one to come silences nothing yet."""
    rule_on(split="team", guard=Guard("above", 1.0))
    both = rule_on(name="Both")
    silenced(desk, segment=TEAM_A)
    watched(desk)
    assert sorted(each.told["subject"] for each in receiver.taken) == [
        "Warning: Both",
        "Warning: Many tickets: B",
    ]
    later = desk.clock() + timedelta(hours=1)
    wanted = Silence(both.number, (), "", "", "Later.")
    made = add_silence(desk, wanted, later, later + timedelta(hours=1))
    assert [each.state for each in silence_list(desk)] == ["to come", "on"]
    end_silence(desk, made.number, "Not needed.")
    assert silence_list(desk)[0].state == "ended early"


@pytest.mark.row("SEC-01")
def test_a_silence_is_set_for_what_one_answers_for(desk: Context, rule_on: Add) -> None:
    """Whoever answers for team A silences that alone, and needs an end and a reason."""
    rule: AlertRule = rule_on()
    narrow = replace(desk, actor=Actor("so", (Assignment("service owner", TEAM_A),)))
    silenced(narrow, segment=TEAM_A)
    for number in (0, rule.number):
        with pytest.raises((NotAllowed, UnknownRecord)):
            silenced(narrow, rule=number)
    mine = silenced(desk)
    with pytest.raises(NotAllowed):
        end_silence(narrow, mine.number, "x")
    assert [each.silence.segment for each in silence_list(narrow)] == [TEAM_A]
    with pytest.raises(QueryWrong, match="reason"):
        silenced(desk, why=" ")
    with pytest.raises(QueryWrong, match="after it begins"):
        silenced(desk, hours=-1)
    with pytest.raises(UnknownRecord):
        silenced(desk, rule=99)


@pytest.mark.row("ALR-01")
@pytest.mark.usefixtures("people")
def test_nothing_is_escalated_in_a_silence(desk: Context, rule_on: Add, receiver: Receiver) -> None:
    """Nor what began in it, before its end has told it and the wait has passed again."""
    rule_on(owner="ana", escalation=STEPS[:1])
    silenced(desk, hours=1)
    watched(desk)
    on(desk, minutes=45)
    assert watched(desk).escalated == 0
    on(desk, minutes=15)
    assert watched(desk).escalated == 0
    assert whom(receiver) == ["who=ana"]
    on(desk, minutes=30)
    assert watch(desk, wait=lambda _: None).escalated == 1
    assert whom(receiver) == ["who=ana", "who=bo"]
