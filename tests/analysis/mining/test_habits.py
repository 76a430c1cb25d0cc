"""Habits of teams, counted by hand on a few tickets."""

from typing import Any

import ibis
import pytest

from opsgauge.analysis.mining.detector_limits import (
    USUAL,
    DetectorLimits,
    detector_limits,
)
from opsgauge.analysis.mining.habits import (
    MOMENTARY,
    OVERTAKEN,
    REOPENED,
    SENT_BACK,
    Habit,
    habit_findings,
    habit_places,
)
from opsgauge.analysis.mining.standing_out import Place
from opsgauge.analysis.mining.stays import stays
from opsgauge.foundation.errors import SettingsWrong
from opsgauge.foundation.finding import Evidence, Lane

EVIDENCE = Evidence("a query", 7)


def counted(
    desk: Any, habit: Habit, limits: DetectorLimits = USUAL
) -> dict[tuple[str, ...], tuple[int, int, float]]:
    """Return of, hits and hours by place; phases of the desk stand for its passages too."""
    phase = desk.history.phase
    passage = ibis.cases((phase == "resolved", "resolved"), (phase == "assigned", "reopened"))
    history = desk.history.mutate(passage=passage, category=ibis.literal("Mail"))
    tickets = desk.tickets.mutate(category=ibis.literal("Mail"))
    of = stays(history, tickets) if habit.of_stays else history
    groups = habit_places(habit, desk.table(habit.rows(of, limits)))
    return {each.name: (each.of, each.hits, each.hours) for group in groups for each in group}


@pytest.mark.row("MAP-05")
def test_straight_back_is_to_the_first_team(empty_desk: Any) -> None:
    """T1 comes back to A after an hour; T2 goes on; T3 comes back to B, which was not the first."""
    empty_desk.has("T1", "08:00 new A", "09:00 new B", "10:00 new A")
    empty_desk.has("T2", "08:00 new A", "09:00 new B", "10:00 new C")
    empty_desk.has("T3", "08:00 new A", "09:00 new B", "10:00 new C", "11:00 new B")

    assert counted(empty_desk, SENT_BACK) == {("B",): (3, 1, 1.0)}


def test_a_reopening_counts_for_who_resolved(empty_desk: Any) -> None:
    """T1 is reopened after B resolved it, for good within the hour; T2 the day is long."""
    empty_desk.has("T1", "08:00 resolved B", "08:20 assigned B", "08:50 resolved C")
    empty_desk.has("T2", "08:00 resolved B", "09:00 assigned B", "12:00 resolved B")
    empty_desk.has("T3", "08:00 resolved B")

    reopened, moments = counted(empty_desk, REOPENED), counted(empty_desk, MOMENTARY)
    assert {name: row[:2] for name, row in reopened.items()} == {("B",): (4, 2), ("C",): (1, 0)}
    assert {name: row[:2] for name, row in moments.items()} == {("B",): (4, 1), ("C",): (1, 0)}


def test_overtaken_is_who_came_first_and_was_taken_later(empty_desk: Any) -> None:
    """T2 came after T1 and was taken before it; T3 waits for its turn."""
    empty_desk.has("T1", "08:00 new A", "11:00 in_progress A")
    empty_desk.has("T2", "09:00 new A", "10:00 in_progress A")
    empty_desk.has("T3", "09:30 new A", "12:00 in_progress A")

    assert counted(empty_desk, OVERTAKEN) == {("A", "Mail"): (3, 1, 1.0)}


def test_a_habit_is_told_against_the_others_and_never_of_a_person() -> None:
    """Half of what B gets comes straight back; elsewhere one in twenty."""
    others = [Place((f"T{n}",), 100, 3 + n % 4) for n in range(7)]
    [found] = habit_findings(SENT_BACK, [[*others, Place(("B",), 100, 50, 80.0)]], EVIDENCE)

    assert (found.kind, found.lane, found.teams) == ("sent_back", Lane.TIME, ("B",))
    assert "B gave 50 of the 100 tickets" in found.claim
    assert found.worth_hours == pytest.approx(72.7, abs=1)


def test_categories_are_held_against_others_of_the_same_team() -> None:
    """What waits in one team is no measure for another."""
    rows = [Place(("A", f"C{n}"), 100, 5) for n in range(7)]
    odd = Place(("A", "Mail"), 100, 60)
    found = habit_findings(OVERTAKEN, [[*rows, odd], [Place(("B", "Mail"), 100, 60)]], EVIDENCE)

    assert [each.about for each in found] == [("team=A", "category=Mail")]
    assert found[0].worth_hours is None


def test_examples_are_those_that_took_longest_one_of_each_month(empty_desk: Any) -> None:
    """T3 came straight back after three hours, T1 after one, T2 of another month after two."""
    empty_desk.has("T1", "08:00 new A", "09:00 new B", "10:00 new A")
    empty_desk.has("T2", "08:00 new A", "09:00 new B", "11:00 new A")
    empty_desk.has("T3", "08:00 new A", "09:00 new B", "12:00 new A")
    tickets = empty_desk.tickets
    months = tickets.mutate(
        category=ibis.literal("Mail"),
        opened_month=ibis.cases((tickets.ticket_id == "T2", "2026-05"), else_="2026-04"),
    )
    rows = SENT_BACK.rows(stays(empty_desk.history, months), USUAL)
    [[place]] = habit_places(SENT_BACK, empty_desk.table(rows))

    assert (place.of, place.hits, place.hours) == (3, 3, 6.0)
    assert place.examples == (("desk", "T3"), ("desk", "T2"))


def test_a_workspace_says_what_a_moment_is(empty_desk: Any) -> None:
    """T1 was resolved again after two hours."""
    empty_desk.has("T1", "08:00 resolved B", "09:00 assigned B", "10:00 resolved B")
    limits = detector_limits({"moment_minutes": 121, "fewest_hits": 5, "times_usual": 1.5})

    assert counted(empty_desk, MOMENTARY)["B",][:2] == (2, 0)
    assert counted(empty_desk, MOMENTARY, limits)["B",][:2] == (2, 1)
    others = [Place((f"Team {n}",), 200, 4) for n in range(9)]
    few = [*others, Place(("B",), 30, 9)]
    assert habit_findings(MOMENTARY, [few], EVIDENCE) == []
    [found] = habit_findings(MOMENTARY, [few], EVIDENCE, limits)
    assert "resolved again within 121 minutes: 30" in found.claim


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"fewest_hit": 9}, "no limit of detectors 'fewest_hit'"),
        ({"fewest_hits": 4}, "no whole number from 5"),
        ({"fewest_hits": 7.5}, "no whole number from 5"),
        ({"wrong_queue_kept": 1.1}, "not from 0 to 1"),
        ({"times_usual": -1}, "not from 0"),
        ({"times_usual": float("nan")}, "not from 0"),
        ({"moment_minutes": float("inf")}, "not from 0"),
    ],
)
def test_a_limit_that_cannot_be_is_refused(given: dict[str, float], words: str) -> None:
    """Each with what is wrong."""
    with pytest.raises(SettingsWrong, match=words):
        detector_limits(given)
