"""Habits of teams, counted by hand on a few tickets."""

from typing import Any

import ibis
import pytest

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
from opsgauge.foundation.finding import Evidence, Lane

EVIDENCE = Evidence("a query", 7)


def counted(desk: Any, habit: Habit) -> dict[tuple[str, ...], tuple[int, int, float]]:
    """Return of, hits and hours by place; phases of the desk stand for its passages too."""
    phase = desk.history.phase
    passage = ibis.cases((phase == "resolved", "resolved"), (phase == "assigned", "reopened"))
    history = desk.history.mutate(passage=passage, category=ibis.literal("Mail"))
    tickets = desk.tickets.mutate(category=ibis.literal("Mail"))
    of = stays(history, tickets) if habit.of_stays else history
    groups = habit_places(habit, desk.table(habit.rows(of)))
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
