"""Replay and scorecard: what a rule would have done, and what became of what it did."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from opsgauge.foundation.agreed import Condition, Target
from opsgauge.foundation.alerting import Guard
from opsgauge.foundation.errors import QueryWrong, UnknownRecord
from opsgauge.governance.access import Actor, Assignment
from opsgauge.governance.firings import firings
from opsgauge.governance.targets import set_target
from opsgauge.operations.alerting import replaying
from opsgauge.operations.alerting.drafting import add_rule
from opsgauge.operations.alerting.replaying import Replayed, replay
from opsgauge.operations.alerting.scoring import firing_list, mark_firing, outbox_list, scorecard
from opsgauge.operations.alerting.watching import watch
from opsgauge.operations.context import Context
from tests.operations.alerting.conftest import RULE, Add


def replayed(
    ctx: Context, events: str = "", within: float | None = None, **changed: object
) -> Replayed:
    """Draft a rule and replay it."""
    made = add_rule(ctx, replace(RULE, **changed))  # type: ignore[arg-type]
    return replay(ctx, made.number, events, within)


@pytest.mark.row("ALR-03")
def test_a_threshold_over_the_past_year(desk: Context) -> None:
    """Team A opens more from week 15 on, known once that week is over: 13 April."""
    found = replayed(desk)
    assert [(each.at, each.until, each.what) for each in found.firings] == [
        ("2026-04-13T00:00:00Z", None, "16 in week 15 of 2026")
    ]
    assert found.firings[0].path.startswith("/metrics/tickets_opened?")
    assert found.sentence() == (
        "It would have fired once in 365 days; no event is known that it could be set against."
    )
    assert [fires for _, _, fires in found.series] == [False] * 13 + [True] * 3
    split = replayed(desk, split="team", guard=Guard("above", 3.0))
    assert sorted((each.at[:10], each.subject) for each in split.firings) == [
        ("2026-01-12", "A"),
        ("2026-01-12", "B"),
    ]
    assert replayed(desk, guard=Guard("above", 99.0)).count == 0


@pytest.mark.row("ALR-03")
def test_it_is_set_against_what_was_real(desk: Context) -> None:
    """Two days before the first event, and far from the second."""
    events = "at,what\n2026-04-15,Outage\n2026-02-01 08:00,Other\n"
    found = replayed(desk, events)
    assert (found.against.precision, found.against.recall) == (1.0, 0.5)
    assert found.lead_seconds == timedelta(days=2).total_seconds()
    assert found.sources == {"the list": 2}
    assert (found.within_days, round(found.chance or 0, 2)) == (14, 0.15)
    assert found.beats_chance is False  # one firing, where it would be so by chance in 15 of 100
    assert found.sentence().endswith(
        "; whether that meant anything cannot be told from chance: 1 of 1 firings lie within 14 "
        "days of an event, as 15\u202f% of the time does."
    )
    assert found.as_json()["beats_chance"] is False
    near = replayed(desk, events, within=1.0)
    assert (near.against.precision, near.against.recall) == (0.0, 0.0)


@pytest.mark.row("ALR-03")
def test_it_beats_chance_where_chance_is_small(desk: Context) -> None:
    """One firing of one within a day of the only event, of 365: what chance gives in 1 of 200."""
    found = replayed(desk, "at,what\n2026-04-13 06:00,Outage\n", within=1.0)
    assert found.beats_chance is True
    assert found.as_good == pytest.approx(0.006, abs=0.001)
    assert found.sentence().endswith(
        "; 100\u202f% of the firings meant something: they lie within 1 day of an event (chance "
        "alone: 1\u202f%), 1 of 1 events were found, 6.0 h before them (median)."
    )


@pytest.mark.row("ALR-03")
def test_of_many_events_a_shorter_window_is_taken_and_said(desk: Context) -> None:
    """An event each week: within 14 days of one lies all of the time, so it is one day."""
    weekly = [f"{date(2025, 5, 1) + timedelta(days=7 * week)} 12:00" for week in range(52)]
    found = replayed(desk, "\n".join(["at", *weekly]), within=None)
    assert (found.within_days, found.against.precision) == (1, 0.0)
    assert found.beats_chance is False
    assert "cannot be told from chance: 0 of 1 firings" in found.sentence()
    assert found.notes[0].startswith("An event belongs to a firing within 1 day of it, not 14")
    asked = replayed(desk, "\n".join(["at", *weekly]), within=14.0)
    assert (asked.within_days, asked.against.precision) == (14, 1.0)
    assert asked.beats_chance is False
    assert "meant something" not in asked.sentence()


@pytest.mark.row("ALR-03")
def test_tickets_at_risk_and_silence_over_the_past_year(desk: Context) -> None:
    """Every ticket of team B takes ten hours of eight; those of A take four, at risk within four.

    Between Friday's and Monday's records lie 62 hours.
    """
    found = replayed(desk, kind="sla_risk", metric="", guard=None, hours=4.0)
    assert found.against.precision == 64 / (64 + 13 * 4 + 3 * 12)
    assert found.lead_seconds == 4 * 3_600
    assert (found.beats_chance, found.decided) == (None, True)
    assert all(each.until == each.at for each in found.firings)  # it ends as it is decided
    assert replayed(desk, kind="sla_risk", metric="", guard=None, hours=3.0).against.precision == 1
    silent = replayed(desk, kind="absence", metric="", guard=None, hours=60.0)
    assert silent.count > 10
    assert replayed(desk, kind="absence", metric="", guard=None, hours=99.0).count <= 13


@pytest.mark.row("ALR-03")
def test_signals_are_replayed_week_by_week(desk: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Home judges them."""
    monkeypatch.setattr(replaying, "WEEKS", 3)
    found = replayed(desk, kind="signal", metric="", guard=None)
    assert found.firings
    assert all("/metrics/" in each.path for each in found.firings)


@pytest.mark.row("ALR-03")
def test_records_are_replayed_as_they_were_then(desk: Context) -> None:
    """Sixteen tickets in week 15 are the most of fourteen weeks; the same again is no record."""
    found = replayed(desk, kind="notice", metric="tickets_opened", guard=None)
    assert [(each.at[:10], each.until and each.until[:10]) for each in found.firings] == [
        ("2026-04-13", "2026-04-20")
    ]
    [only] = found.firings
    assert only.what.endswith("in week 15 of 2026: Highest of 14 weeks: 16 in week 15.")
    assert replayed(desk, kind="notice", metric="backlog", guard=None).why_not == ""


@pytest.mark.row("ALR-03")
def test_targets_are_replayed_since_they_began(desk: Context) -> None:
    """Half within five hours: seven until team A, which takes four, has most, from week 15 on."""
    goal = Target(
        *("time_to_resolve", "median", (), "week", "number", 5.0, None),
        *(date(2026, 1, 5), None, "Agreed."),
    )
    set_target(desk.database, desk.clock, desk.actor, goal)
    found = replayed(desk, kind="target", metric="time_to_resolve", guard=None)
    assert [(each.at[:10], each.until) for each in found.firings] == [
        ("2026-01-12", "2026-04-13T00:00:00Z")
    ]
    assert found.firings[0].what.startswith("Time to resolve: 7.0 h in week 2 of 2026")
    assert replayed(desk, kind="target", metric="backlog", guard=None).count == 0


@pytest.mark.parametrize("events", ["when\n2026-01-05\n", "at\nyesterday\n"])
def test_a_list_that_is_none_is_told(desk: Context, events: str) -> None:
    """With how to write it."""
    with pytest.raises(QueryWrong):
        replayed(desk, events)
    with pytest.raises(QueryWrong, match="no number of days"):
        replayed(desk, within=0)


@pytest.mark.row("ALR-04")
def test_the_scorecard_counts_what_people_did(desk: Context, rule_on: Add) -> None:
    """Acted on, false, ignored after a fortnight; and proposes to retire what nobody needs."""
    rule = rule_on(kind="sla_risk", metric="", guard=None, hours=4.0, split="team")
    other = rule_on()
    watch(desk, wait=lambda _: None)
    first, second = firings(desk.database, rule.number)
    desk.clock.now += timedelta(hours=2)  # type: ignore[attr-defined]
    mark_firing(desk, first.number, "false", "A slip of the pen.")
    mark_firing(desk, first.number, "acted", "Moved two people.")
    cards = {card.rule.number: card.score for card in scorecard(desk)}
    assert (cards[rule.number].fired, cards[rule.number].acted) == (2, 1)
    assert (cards[rule.number].false, cards[rule.number].ignored) == (0, 0)
    assert cards[rule.number].seconds_to_act == pytest.approx(7_200, abs=1)
    desk.clock.now += timedelta(days=14)  # type: ignore[attr-defined]
    cards = {card.rule.number: card.score for card in scorecard(desk)}
    assert cards[rule.number].ignored == cards[other.number].ignored == 1
    with pytest.raises(QueryWrong, match="not 'done'"):
        mark_firing(desk, second.number, "done", "x")
    with pytest.raises(QueryWrong, match="needs a word"):
        mark_firing(desk, second.number, "acted", " ")
    with pytest.raises(UnknownRecord):
        mark_firing(desk, 99, "acted", "x")


@pytest.mark.row("ALR-04")
def test_a_rule_that_never_fires_is_proposed_to_be_retired(desk: Context, rule_on: Add) -> None:
    """After a year of being on."""
    rule_on(guard=Guard("above", 99.0))
    assert [card.proposal for card in scorecard(desk)] == [""]
    desk.clock.now += timedelta(days=366)  # type: ignore[attr-defined]
    assert [card.proposal for card in scorecard(desk)] == [
        "It has been on for a year and fired not once."
    ]


@pytest.mark.row("SEC-01")
def test_firings_and_messages_show_where_all_their_records_are_seen(
    desk: Context, rule_on: Add
) -> None:
    """Whoever sees team A knows nothing of the rest."""
    team = Condition("team", ("A",))
    rule_on()
    mine = rule_on(segment=(team,), guard=Guard("above", 1.0))
    watch(desk, wait=lambda _: None)
    actor = Actor("vi", (Assignment("viewer", (team,)),))
    narrow = replace(desk, actor=actor)
    assert [each.rule for each in firing_list(narrow)] == [mine.number]
    assert [each.rule for each in outbox_list(narrow).letters] == [mine.number]
    assert [card.rule.number for card in scorecard(narrow)] == [mine.number]
    assert len(firing_list(desk)) == len(outbox_list(desk).letters) == 2
