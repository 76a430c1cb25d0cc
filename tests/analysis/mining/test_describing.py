"""What lies beyond a threshold, counted by hand, and told from where on."""

from typing import Any

import ibis
import pytest

from opsgauge.analysis.mining import describing as tell
from opsgauge.analysis.mining.described import (
    front_rows,
    line_rows,
    touch_rows,
    way_rows,
)
from opsgauge.analysis.mining.ping_pong import Pair
from opsgauge.analysis.mining.stays import stays
from opsgauge.analysis.mining.thresholds import Thresholds, thresholds
from opsgauge.analysis.mining.visits import pattern_rows, visit_rows
from opsgauge.foundation.errors import SettingsWrong

USUAL = Thresholds()
HOUR_US = 3_600_000_000
NEWEST = {"example": {"most": 7, "source": "desk", "ticket_id": "T9"}}
TOOK = {**NEWEST, "took_us": 10 * 3_600_000_000}


@pytest.mark.row("MAP-04")
def test_rework_is_coming_back_to_a_step(empty_desk: Any) -> None:
    """T1 comes to `new` twice, and is there for an hour the second time; staying is no return."""
    empty_desk.has("T1", "08:00 new A", "09:00 assigned A", "10:00 new A", "11:00 resolved A")
    empty_desk.has("T2", "08:00 new A", "09:00 new A", "10:00 resolved A")
    rows = empty_desk.rows(visit_rows(empty_desk.history, "phase"))
    [found] = tell.rework(rows, USUAL)

    assert (found.kind, found.tickets, found.hours) == ("rework", 1, 1.0)
    assert found.claim.startswith("1 tickets came to ‘new’ more than once, 50")
    assert found.examples == (("desk", "T1"),)


@pytest.mark.row("MAP-04")
def test_hours_after_the_end_delay_nobody(empty_desk: Any) -> None:
    """T1 is resolved twice, for an hour and for four: hours of the step, and of no delay."""
    steps = ("08:00 new A", "09:00 resolved A", "10:00 new A", "11:00 resolved A")
    empty_desk.has("T1", *steps, "15:00 closed A")
    rows = empty_desk.rows(visit_rows(empty_desk.history, "phase"))
    again = {each.claim.split("‘")[1].split("’")[0]: each for each in tell.rework(rows, USUAL)}

    assert (again["new"].hours, again["new"].delayed_hours) == (1.0, 1.0)
    assert (again["resolved"].hours, again["resolved"].delayed_hours) == (4.0, 0.0)


def test_a_pattern_of_three_steps_repeats(empty_desk: Any) -> None:
    """In T1, from `new` on and from `assigned` on; T2 breaks off."""
    thrice = ("new", "assigned", "resolved")
    empty_desk.has("T1", *(f"{8 + n:02}:00 {thrice[n % 3]} A" for n in range(7)))
    empty_desk.has("T2", *(f"{8 + n:02}:00 {thrice[n % 3]} A" for n in range(5)))
    rows = empty_desk.rows(pattern_rows(empty_desk.history, "phase"))
    found = sorted(tell.repeating(rows, USUAL), key=lambda each: each.claim)

    assert [(each.claim, each.hours, each.delayed_hours) for each in found] == [
        ("1 tickets went through assigned → resolved → new twice in a row.", 2.0, 1.0),
        ("1 tickets went through new → assigned → resolved twice in a row.", 3.0, 2.0),
    ]


def test_a_team_is_slow_against_the_others_in_the_same_step(empty_desk: Any) -> None:
    """A takes five hours where B takes one; two more than the others is enough."""
    for n in range(3):
        empty_desk.has(f"A{n}", "08:00 new A", "13:00 resolved A")
        empty_desk.has(f"B{n}", "08:00 new B", "09:00 resolved B")
    rows = empty_desk.rows(way_rows(empty_desk.history, "phase"))
    assert list(tell.slow(rows, USUAL)) == []

    small = thresholds({"slow_occurrences": 6, "slow_each": 3})
    node, way = tell.slow(rows, small)
    assert (node.kind, node.teams, node.tickets, node.hours) == ("slow_node", ("A",), 3, 12.0)
    assert way.kind == "slow_transition"
    assert "before ‘resolved’" in way.claim


def test_few_that_are_far_beyond_the_median_are_extreme() -> None:
    """Thirty of 2,030 tickets with forty updates where two are usual; more would be usual."""
    few = [
        {"practice": "incident", "team": "A", "touches": 2, "tickets": 2_000, **TOOK},
        {"practice": "incident", "team": "A", "touches": 40, "tickets": 30, **TOOK},
    ]
    [found] = tell.touchpoints(few, USUAL)

    assert (found.kind, found.tickets, found.hours) == ("extreme_touchpoints", 30, 10.0)
    many = [few[0], {**few[1], "tickets": 300}]
    assert list(tell.touchpoints(many, USUAL)) == []


def test_a_team_whose_tickets_are_updated_often() -> None:
    """Nine updates where others have three."""
    rows = [
        {"practice": "incident", "team": "A", "touches": 9, "tickets": 30, **TOOK},
        {"practice": "incident", "team": "B", "touches": 3, "tickets": 30, **TOOK},
    ]
    [found] = tell.touchpoints(rows, USUAL)

    assert (found.kind, found.teams, found.hours) == ("high_touchpoints", ("A",), 10.0)
    assert "9.0 times on average, those of other teams 3.0 times" in found.claim


@pytest.mark.parametrize(("share", "n"), [(0.01, 1), (0.05, 0)])
def test_very_long_tickets_are_few(share: float, n: int) -> None:
    """One in a hundred is extreme, one in twenty is not."""
    row = {"practice": "incident", "n": 5_000, "median_us": 3_600_000_000.0, "long_us": 3.6e12}
    of_month = {**row, "long": int(5_000 * share), **NEWEST}
    found = list(tell.extreme_duration([of_month, {**of_month, "n": 0, "long": 0}], USUAL))

    assert len(found) == n
    assert all(each.tickets == 50 and each.hours == 2_000 for each in found)


def test_a_path_with_a_step_more_is_told_against_the_path_without() -> None:
    """Thirty with a second look, a hundred without; paths of one ticket are no paths."""
    short = ("a", "b", "c", "d", "e", "f")
    long = ("a", "b", "c", "d", "x", "e", "f")
    odd = ("a", "b", "c", "d", "e", "f", "y")
    example, hour = (("desk", "T1"),), 3_600_000_000.0
    paths = [tell.Path(short, 100, example, hour), tell.Path(long, 30, example, 3 * hour)]
    [found] = tell.extra_steps([*paths, tell.Path(odd, 9, example)], USUAL)

    assert (found.tickets, found.hours) == (30, 60.0)
    quicker = [paths[0], tell.Path(long, 30, example, hour / 2)]
    assert [each.hours for each in tell.extra_steps(quicker, USUAL)] == [0.0]
    untold = [paths[0], tell.Path(long, 30, example)]
    assert [each.hours for each in tell.extra_steps(untold, USUAL)] == [None]
    assert found.claim.startswith("30 tickets took a path with one ‘x’ more, as step 5 of 7; 100")


def test_a_hidden_line_gives_back_what_it_gets(empty_desk: Any) -> None:
    """C works behind B."""
    for n in range(4):
        empty_desk.has(f"T{n}", "08:00 new A", "09:00 new B", "10:00 new C", "11:00 new B")
    tickets = empty_desk.tickets.mutate(category=ibis.literal("Mail"))
    rows = empty_desk.rows(line_rows(stays(empty_desk.history, tickets)))
    [found] = tell.hidden_lines(rows, thresholds({"hidden_tickets": 4}))

    assert found.teams == ("C", "B")
    assert found.hours == 4.0


def test_updates_are_counted_by_team(empty_desk: Any) -> None:
    """Two tickets of a team with one update each."""
    empty_desk.has("T1", "08:00 new A")
    empty_desk.has("T2", "08:00 new A")
    tickets = empty_desk.tickets.mutate(team=ibis.literal("A"), life_us=ibis.literal(5))
    [row] = empty_desk.rows(touch_rows(tickets))

    assert (row["team"], row["touches"], row["tickets"], row["took_us"]) == ("A", 1, 2, 10)
    assert row["example"] == {"most": 1, "source": "desk", "ticket_id": "T2"}


@pytest.mark.row("MAP-04")
def test_examples_are_the_longest_of_each_month() -> None:
    """Of one way in four months: those with most hours, however new the others are."""
    rows = [
        {"step": "new", "then": "done", "team": team, "n": 20, "lasts_us": hours * 20 * HOUR_US}
        | {"example": {"most": most * HOUR_US, "source": "desk", "ticket_id": f"T{most}"}}
        for team, hours, most in (*(("A", 9, most) for most in (30, 50, 10, 40)), ("B", 1, 99))
    ]
    [way] = [each for each in tell.slow(rows, USUAL) if each.kind == "slow_transition"]

    assert (way.teams, way.tickets, way.hours) == (("A",), 80, 640.0)
    assert way.examples == (("desk", "T50"), ("desk", "T40"), ("desk", "T30"))


@pytest.mark.row("MAP-04")
def test_tickets_to_and_fro_are_told_from_so_many_on() -> None:
    """Twenty that came straight back, whatever is usual; a workspace may ask for fewer."""
    known = [
        Pair(("A", "B"), 300, 20, 25, 60.0, 0.0, (("desk", "T1"),)),
        Pair(("A", "C"), 19, 19, 19, 900.0, 0.0),
    ]
    [found] = tell.bounces(known, USUAL)

    assert (found.kind, found.teams, found.tickets, found.hours) == (
        "ping_pong",
        ("A", "B"),
        20,
        60.0,
    )
    assert found.examples == (("desk", "T1"),)
    assert found.claim == (
        "20 of the 300 tickets handed between A and B came straight back, 25 times in all."
    )
    assert len(list(tell.bounces(known, thresholds({"ping_pong_tickets": 19})))) == 2


@pytest.mark.row("MAP-04")
def test_a_pattern_is_told_by_how_often_it_is_asked_for(empty_desk: Any) -> None:
    """T1 goes through three steps three times, T2 twice: told is T1, by its second and third."""
    thrice = ("new", "assigned", "resolved")
    empty_desk.has("T1", *(f"{8 + n:02}:00 {thrice[n % 3]} A" for n in range(9)))
    empty_desk.has("T2", *(f"{8 + n:02}:00 {thrice[n % 3]} A" for n in range(6)))
    limits = thresholds({"repeating_times": 3})
    rows = empty_desk.rows(pattern_rows(empty_desk.history, "phase", 3, 3))
    [found] = tell.repeating(rows, limits)

    assert found.claim == "1 tickets went through new → assigned → resolved 3 times in a row."
    assert (found.threshold, found.hours) == ("3 steps or more, 3 times in a row", 5.0)
    assert found.examples == (("desk", "T1"),)


@pytest.mark.parametrize(
    "given",
    [
        {"repeating_times": 1},
        {"repeating_steps": 9},
        {"repeating_steps": 2.5},
        {"reopen_times": 0},
        {"slow_each": 0},
        {"touchpoints_each": 0},
        {"extreme_records": 0},
    ],
)
def test_a_threshold_that_cannot_be_is_refused(given: dict[str, float]) -> None:
    """With what can be."""
    with pytest.raises(SettingsWrong, match=r"no whole number from [12] to"):
        thresholds(given)


@pytest.mark.row("MAP-04")
def test_what_was_passed_on_has_an_example(empty_desk: Any) -> None:
    """T2 changed hands; T3, which did not, is no example of it."""
    empty_desk.has("T2", "08:00 new A", "09:00 new B")
    empty_desk.has("T3", "08:00 new A")
    done = empty_desk.tickets.mutate(
        first_team=ibis.literal("A"), resolved_at=ibis.now(), life_us=ibis.literal(3_600_000_000)
    )
    [found] = tell.push_to_front(empty_desk.rows(front_rows(done)))

    assert (found.tickets, found.hours, found.examples) == (1, 1.0, (("desk", "T2"),))


def test_only_so_many_of_a_kind_are_told_the_most_hours_first() -> None:
    """Three of five."""
    every = [tell.Description("rework", str(n), "", 1, float(n)) for n in range(5)]

    assert [each.claim for each in tell.most_first(every, 3)] == ["4", "3", "2"]


def test_a_threshold_that_there_is_not_is_refused() -> None:
    """With the nearest that there is."""
    with pytest.raises(SettingsWrong, match="slow_gap"):
        thresholds({"slow_gap": 3})


def test_a_step_of_waiting_is_described_by_its_hours_to_win() -> None:
    """And by what its own quickest quarter needs."""
    told = tell.recoverable("Desk, pending vendor", (40, 120.0, 2.0), ("Desk",), (("desk", "T1"),))

    assert (told.kind, told.tickets, told.hours, told.teams) == (
        "recoverable_wait",
        40,
        120.0,
        ("Desk",),
    )
    assert told.examples == (("desk", "T1"),)
    assert "120 hours could be won, were all of its 40 tickets done in 2" in told.claim


@pytest.mark.row("MAP-04")
def test_a_visit_lasts_over_all_its_updates(empty_desk: Any) -> None:
    """T1 is `new` again from 10:00 to 13:00, updated at 11:00 and, without a phase, at 12:00."""
    again = ("10:00 new A", "11:00 new B", "12:00 - B", "12:30 new B", "13:00 resolved A")
    empty_desk.has("T1", "08:00 new A", "09:00 assigned A", *again)
    rows = empty_desk.rows(visit_rows(empty_desk.history, "phase"))
    [found] = tell.rework(rows, USUAL)

    assert (found.claim.split("‘")[1].split("’")[0], found.tickets) == ("new", 1)
    assert (found.hours, found.delayed_hours) == (2.5, 2.5)  # nothing tells the step of 12:00
