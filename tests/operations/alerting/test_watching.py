"""One round of watching: what fires, whom it is told, and that it is told once."""

import fcntl
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.alerting import Guard
from opsgauge.foundation.errors import NotAllowed
from opsgauge.governance.access import Actor, Assignment, everywhere
from opsgauge.governance.audit import lines, verify
from opsgauge.governance.deliveries import Delivery
from opsgauge.governance.firings import firings
from opsgauge.governance.outbox import letters
from opsgauge.governance.owners import Ownership
from opsgauge.governance.owners import set_owner as own
from opsgauge.operations.alerting import looking, watching
from opsgauge.operations.alerting.drafting import mute, retire, switch_on
from opsgauge.operations.alerting.scoring import set_delivery
from opsgauge.operations.alerting.sending import send_due
from opsgauge.operations.alerting.watching import LOCK, Watched, watch
from opsgauge.operations.check import check
from opsgauge.operations.context import Context
from opsgauge.operations.people import Added, add_user
from opsgauge.operations.signals import note_signals
from tests.alerts.receiver import Receiver
from tests.operations.alerting.conftest import Add, channels

ON = "On."
TEAM_A, TEAM_B = Condition("team", ("A",)), Condition("team", ("B",))


def watched(ctx: Context, sends: bool = True) -> Watched:
    """Do one round, which must not fail."""
    done = watch(ctx, sends, wait=lambda _: None)
    assert done.faults == {}
    return done


def on(ctx: Context, **by: float) -> None:
    """Let the clock go on."""
    ctx.clock.now += timedelta(**by)  # type: ignore[attr-defined]


@pytest.mark.row("ALR-01")
def test_a_threshold_is_told_once_with_all_that_it_needs(
    desk: Context, rule_on: Add, receiver: Receiver
) -> None:
    """What, how sure, whose, which decision, a link with the whole state; then no more."""
    own(
        desk.database, desk.clock, desk.actor, Ownership("metric", "tickets_opened", "owner", "ana")
    )
    rule = rule_on()
    done = watched(desk)
    assert list(done.fired.values()) == [
        "Tickets opened was 16 in week 17 of 2026: above 10 in one period, since 2026-W15."
    ]
    [one] = receiver.taken
    [part] = one.told["alerts"]
    assert part["subject"] == "Warning: Many tickets"
    assert part["sure"] == "counted, not estimated; 16 records."
    assert (part["owner"], part["decision"]) == ("ana", "Lend people.")
    assert part["link"] == (
        "https://ops.example.org/metrics/tickets_opened?"
        f"{'statistic=count&' if rule.statistic else ''}period=week&to=2026-04-26"
    )
    assert part["at"] == "Mon 27 Apr 2026, 09:00 (UTC)"
    again = watched(desk)
    assert (again.fired, again.sent.sent if again.sent else -1) == ({}, 0)
    assert len(receiver.taken) == 1
    assert verify(desk.database).holds


@pytest.mark.row("ALR-05")
@pytest.mark.row("SEC-01")
def test_each_queue_tells_its_own_owner_if_they_see_all_of_it(
    desk: Context, rule_on: Add, receiver: Receiver
) -> None:
    """Whoever sees a part of the records is told of that part alone, never of another's."""
    channels(
        desk.workspace.path,
        f'ops = "{receiver.url}?who={{to}}"\n',
    )
    for name, reach in (("root", ()), ("ana", (TEAM_A,)), ("vic", (Condition("vendor", ("V",)),))):
        role = {"root": "administrator", "ana": "viewer", "vic": "vendor"}[name]
        email = f"{name}@example.org"
        add_user(desk, Added(name, email=email, password="correct horse battery",  # noqa: S106
                             roles=(Assignment(role, reach),)))  # fmt: skip
    for queue, person in (("A", "ana"), ("B", "vic")):
        own(desk.database, desk.clock, desk.actor, Ownership("queue", queue, "owner", person))
    rule_on(split="team", guard=Guard("above", 1.0), owner="root")
    watched(desk)
    assert sorted(
        (one.path.partition("who=")[2], one.told["subject"]) for one in receiver.taken
    ) == [
        ("ana%40example.org", "Warning: Many tickets: A"),
        ("root%40example.org", "Warning: Many tickets: B"),  # vic sees nothing of team B
    ]
    rule_on(name="All", segment=(), owner="ana")
    done = watched(desk)
    assert len(receiver.taken) == 2
    assert "Nobody with an e-mail" in "".join(done.unsaid.values())
    assert "untold" in firings(desk.database)[0].told


@pytest.mark.row("SEC-01")
def test_a_channel_is_told_only_of_its_reach(
    desk: Context, rule_on: Add, receiver: Receiver
) -> None:
    """Even where its reach was narrowed after the rule was made, and the letter written."""
    rule_on()
    watched(desk, sends=False)
    channels(desk.workspace.path, f'[ops]\nurl = "{receiver.url}"\nreach = ["team=A"]\n')
    done = watched(desk)
    assert receiver.came == []
    assert done.sent is not None
    assert "may not be told" in done.sent.failed["ops"]
    assert done.sent.waiting == 1


@pytest.mark.row("ALR-01")
def test_a_channel_that_is_down_loses_nothing(
    desk: Context, rule_on: Add, receiver: Receiver
) -> None:
    """It is tried again, later each time; when it answers, the message comes, once."""
    rule_on()
    receiver.status = 500
    assert watched(desk).failed
    for _ in range(20):
        on(desk, minutes=3)
        send_due(desk)
    [waits] = letters(desk.database)
    assert waits.last_error.endswith("127.0.0.1 answered 500.")
    assert 4 <= waits.tries == len(receiver.came) <= 9  # half a minute, one, two, four …
    receiver.status = 200
    on(desk, hours=2)
    assert not send_due(desk).failed
    assert len(receiver.taken) == 1
    assert {each.key for each in receiver.came} == {receiver.taken[0].key}


@pytest.mark.row("ALR-01")
def test_tickets_at_risk_are_told_once_by_their_clocks(
    desk: Context, rule_on: Add, receiver: Receiver
) -> None:
    """At 07:00 O1 of midnight has 1 h left of 8, O2 3 h, O3 and Z more."""
    rule_on(kind="sla_risk", metric="", guard=None, hours=4.0)
    done = watched(desk)
    assert list(done.fired.values()) == [
        "2 open tickets will break their service level within 4 h of open time if nothing is done."
    ]
    facts = receiver.taken[0].told["alerts"][0]["facts"]
    assert facts == [
        ["O1", "1:00:00 left, due Mon 27 Apr 2026, 08:00 (UTC), with A"],
        ["O2", "3:00:00 left, due Mon 27 Apr 2026, 10:00 (UTC), with B"],
    ]
    assert watched(desk).fired == {}
    rule_on(kind="sla_risk", metric="", guard=None, hours=4.0, at_least=3, name="Three")
    rule_on(kind="sla_risk", metric="", guard=None, hours=4.0, segment=(TEAM_B,), name="B")
    assert list(watched(desk).fired.values()) == [
        "One open ticket will break its service level within 4 h of open time if nothing is done."
    ]


@pytest.mark.row("ALR-01")
def test_silence_is_told(desk: Context, rule_on: Add) -> None:
    """Of all records and of some; the newest is of 07:00, that of team B of 06:00."""
    rule_on(kind="absence", metric="", guard=None, hours=2.0)
    rule_on(kind="absence", metric="", guard=None, hours=2.5, segment=(TEAM_B,), name="B")
    rule_on(kind="absence", metric="", guard=None, hours=1.0, about="nosuch", name="None")
    done = watched(desk)
    assert list(done.fired.values()) == [
        "No new record where team is B for 3 h; 2.5 h are allowed."
    ]
    assert "There are no records of nosuch" in "".join(done.unsaid.values())
    on(desk, minutes=1)
    assert len(watched(desk).fired) == 1


@pytest.mark.row("ALR-01")
def test_a_data_check_is_told_and_calms(
    desk: Context, rule_on: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A warning of the one that is named, of all others a failure; it ends with what it told of."""
    rule = rule_on(kind="check", metric="", guard=None, about="rounded_moments")
    rule_on(kind="check", metric="", guard=None, name="Any")
    done = watched(desk)
    [what] = done.fired.values()
    assert what.startswith("The data check ‘")
    assert "warns: 100" in what
    holds = replace(check(desk), checks=())
    monkeypatch.setattr(looking, "check", lambda _: holds)
    assert watched(desk).cleared == 1
    assert firings(desk.database, rule.number)[0].cleared_at is not None


@pytest.mark.row("ALR-01")
@pytest.mark.row("SLA-12")
def test_a_budget_that_is_spent_is_told(desk: Context, rule_on: Add, receiver: Receiver) -> None:
    """Once, with the page that shows it, until it is within again; half of the clocks break."""
    file = desk.workspace.path / "slos" / "slos.yaml"
    file.parent.mkdir(exist_ok=True)
    kept = "kept: {title: Kept, metric: service_level_kept_share, window: 30 days, objective: "
    try:
        file.write_text(f"{kept}1%}}\n", "utf-8")
        rule = rule_on(kind="burn_rate", metric="", guard=None, about="kept")
        assert watched(desk).fired == {}
        file.write_text(f"{kept}99%}}\n", "utf-8")
        [what] = watched(desk).fired.values()
        assert what.startswith("Kept: 99.0")
        [part] = receiver.taken[-1].told["alerts"]
        assert part["link"] == "https://ops.example.org/objectives#kept"
        assert watched(desk).fired == {}
        file.write_text(f"{kept}1%}}\n", "utf-8")
        assert watched(desk).cleared == 1
        assert firings(desk.database, rule.number)[0].cleared_at is not None
    finally:
        file.unlink()


@pytest.mark.row("ALR-01")
def test_signals_are_told(desk: Context, rule_on: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the register of signals holds them: what is new there fires a rule of signals."""
    monkeypatch.setattr(watching, "note_signals", note_signals)
    rule_on(kind="signal", metric="", guard=None)
    done = watched(desk)
    assert done.signals
    assert 0 < len(done.fired) <= len(done.signals)
    assert watched(desk).fired == {}


@pytest.mark.row("ALR-01")
def test_a_muted_rule_tells_nothing_until_its_end_and_then_what_still_holds(
    desk: Context, rule_on: Add, receiver: Receiver
) -> None:
    """A retired one nothing at all; each step is in the audit."""
    rule = rule_on()
    until = desk.clock() + timedelta(hours=1)
    mute(desk, rule.number, "A release is on.", until)
    assert watched(desk).fired == {}
    on(desk, hours=1)
    assert len(watched(desk).fired) == 1
    retire(desk, rule.number, "Enough.")
    other = rule_on(name="Other")
    mute(desk, other.number, "For good.")
    assert watched(desk).fired == {}
    switch_on(desk, other.number, "Again.")
    assert len(watched(desk).fired) == 1
    told = [each.why for each in lines(desk.database, subject=f"alert {rule.number}") if each.why]
    assert told == ["Enough.", "A release is on.", "Go.", "The desk drowns."]


@pytest.mark.row("ALR-05")
def test_quiet_hours_hold_back_and_a_digest_is_one_message(
    desk: Context, rule_on: Add, receiver: Receiver
) -> None:
    """Both rules of the day come as one message at seven in the zone of whom it is for."""
    set_delivery(desk, Delivery("channel ops", "America/New_York", "", "day"))
    rule_on()
    rule_on(name="Other")
    done = watched(desk)
    assert (len(done.fired), receiver.came) == (2, [])
    desk.clock.now = datetime(2026, 4, 27, 11, tzinfo=UTC)  # type: ignore[attr-defined]
    watched(desk)
    [one] = receiver.taken
    assert one.told["subject"] == "2 alerts, the first: Warning: Many tickets"
    assert [each["at"] for each in one.told["alerts"]] == [
        "Mon 27 Apr 2026, 05:00 (America/New_York)"
    ] * 2


def test_two_rounds_at_once_are_one(desk: Context, rule_on: Add, receiver: Receiver) -> None:
    """The second says so and does nothing."""
    rule_on()
    with (desk.workspace.path / LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = watch(desk)
    assert done.elsewhere
    assert "Another watch is going on" in done.sentence()
    assert receiver.came == []
    assert len(watched(desk).fired) == 1


def test_who_may_not_watch_is_refused(desk: Context) -> None:
    """Nor may somebody who sees a part of the records."""
    for actor in (everywhere("vi", "viewer"), Actor("an", (Assignment("analyst", (TEAM_A,)),))):
        narrow = replace(desk, actor=actor)
        with pytest.raises(NotAllowed):
            watch(narrow)
