"""Tickets that go to and fro between two teams, counted by hand and held against the others."""

from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np
import pytest
from scipy.stats import betabinom, t

from opsgauge.analysis.mining.ping_pong import (
    Pair,
    hours_interval,
    pair_rows,
    pairs,
    ping_pong,
)
from opsgauge.analysis.mining.standing_out import (
    Usual,
    lowest_share,
    odds_of_so_many,
    usual_share,
)
from opsgauge.analysis.mining.stays import stays
from opsgauge.foundation.finding import Evidence, Lane

EVIDENCE = Evidence("a query", 7)


def counted(desk: Any) -> dict[tuple[str, str], tuple[int, int, int, float]]:
    """Return for each pair: tickets, returned, returns, hours."""
    known = pairs(desk.table(pair_rows(stays(desk.history, desk.tickets))))
    return {each.teams: (each.tickets, each.returned, each.returns, each.hours) for each in known}


def test_a_return_is_straight_back(empty_desk: Any) -> None:
    """To and fro once, with two hours away; on to a third; and back by way of a third.

    INC1  A 08:00  B 09:00  A 11:00
    INC2  A 08:00  B 09:00  C 10:00
    INC3  A 08:00  B 09:00  C 10:00  A 11:00
    """
    empty_desk.has("INC1", "08:00 new A", "09:00 new B", "11:00 new A")
    empty_desk.has("INC2", "08:00 new A", "09:00 new B", "10:00 new C")
    empty_desk.has("INC3", "08:00 new A", "09:00 new B", "10:00 new C", "11:00 new A")

    assert counted(empty_desk) == {
        ("A", "B"): (3, 1, 1, 2.0),
        ("B", "C"): (2, 0, 0, 0.0),
        ("A", "C"): (1, 0, 0, 0.0),
    }


def test_each_time_back_is_a_return_and_the_ticket_counts_once(empty_desk: Any) -> None:
    """A B A B: back with A after an hour, back with B after two more."""
    empty_desk.has("INC1", "08:00 new A", "09:00 new B", "10:00 new A", "12:00 new B")

    assert counted(empty_desk) == {("A", "B"): (1, 1, 2, 3.0)}


def test_updates_by_the_same_team_or_by_nobody_move_nothing(empty_desk: Any) -> None:
    """A works twice, then nobody is named, then B, then A again."""
    empty_desk.has(
        "INC1", "08:00 new A", "08:30 new A", "09:00 new -", "10:00 new B", "10:30 new -",
        "11:30 new A", opened="07:00",
    )  # fmt: skip

    assert counted(empty_desk) == {("A", "B"): (1, 1, 1, 1.5)}


def test_the_direction_does_not_matter(empty_desk: Any) -> None:
    """A to B and back, B to A and back: one pair."""
    empty_desk.has("INC1", "08:00 new A", "09:00 new B", "10:00 new A")
    empty_desk.has("INC2", "08:00 new B", "09:00 new A", "10:00 new B")

    assert counted(empty_desk) == {("A", "B"): (2, 2, 2, 2.0)}


def test_a_ticket_that_never_moved_is_in_no_pair(empty_desk: Any) -> None:
    """And the same number in another source is another ticket."""
    empty_desk.has("INC1", "08:00 new A", "09:00 new A")
    empty_desk.has("INC1", "08:00 new A", "09:00 new B", source="other")

    assert counted(empty_desk) == {("A", "B"): (1, 0, 0, 0.0)}


def test_hours_are_squared_ticket_by_ticket(empty_desk: Any) -> None:
    """Two hours in one ticket, one and one in another: 4 + 4."""
    empty_desk.has("INC1", "08:00 new A", "09:00 new B", "11:00 new A")
    empty_desk.has("INC2", "08:00 new A", "09:00 new B", "10:00 new A", "11:00 new B")
    [pair] = pairs(empty_desk.table(pair_rows(stays(empty_desk.history, empty_desk.tickets))))

    assert (pair.hours, pair.squares) == (4.0, 8.0)


@pytest.mark.row("MAP-04")
def test_examples_came_back_and_were_away_longest(empty_desk: Any) -> None:
    """INC2 was away for two hours; INC3 was away for longer, and came back by way of C."""
    empty_desk.has("INC1", "08:00 new A", "09:00 new B", "10:00 new A")
    empty_desk.has("INC2", "08:00 new A", "09:00 new B", "11:00 new A")
    empty_desk.has("INC3", "08:00 new A", "09:00 new B", "12:00 new C", "15:00 new A")
    known = pairs(empty_desk.table(pair_rows(stays(empty_desk.history, empty_desk.tickets))))

    assert {each.teams: each.examples for each in known} == {
        ("A", "B"): (("desk", "INC2"),),
        ("A", "C"): (),
        ("B", "C"): (),
    }


def pair(name: str, tickets: int, returned: int, hours: float = 2.0) -> Pair:
    """Return a pair whose tickets were each away for as long."""
    return Pair(("Desk", name), tickets, returned, returned, returned * hours, returned * hours**2)


ORDINARY = [pair(f"Team {n}", 100, back) for n, back in enumerate((4, 6, 10, 2, 8, 5, 9, 3))]


def test_the_pair_that_bounces_is_found_and_no_other() -> None:
    """Seventy of a hundred tickets come back, where six are usual."""
    network = replace(pair("Network", 100, 70, hours=3), examples=(("desk", "T1"),))
    [found] = ping_pong([*ORDINARY, network], EVIDENCE)

    assert (found.id, found.kind, found.lane) == ("ping_pong-Desk-Network", "ping_pong", Lane.TIME)
    assert (found.size, found.unit, found.n, found.evidence) == (210.0, "hours", 100, EVIDENCE)
    assert found.claim.replace("\u202f", " ") == (
        "Desk and Network send tickets to and fro: 70 of the 100 tickets handed between them came "
        "straight back, where 6 % is usual; meanwhile they were open for 210 hours."
    )
    assert found.worth_hours == pytest.approx(210 * (1 - 100 * 0.05875 / 70))
    assert "9 pairs of teams were looked at" in found.caveats[0]
    assert found.examples == (("desk", "T1"),)


def test_ordinary_returns_are_none() -> None:
    """They differ from pair to pair, by more than chance and by no more than pairs do."""
    assert ping_pong(ORDINARY, EVIDENCE) == []


def test_where_pairs_differ_widely_one_more_is_no_wonder() -> None:
    """Half of the pairs send nearly everything back: it is how this desk works."""
    wide = [pair(f"Team {n}", 100, 5 if n % 2 else 90) for n in range(10)]

    assert ping_pong([*wide, pair("Network", 100, 95)], EVIDENCE) == []


@pytest.mark.parametrize(
    ("network", "others"),
    [
        (pair("Network", 25, 19), ORDINARY),  # too few came back
        (pair("Network", 1_000, 100), ORDINARY),  # a tenth is not twice the usual
        (pair("Network", 100, 70), ORDINARY[:4]),  # nothing to learn from what is usual
    ],
)
def test_what_is_not_enough_for_a_finding(network: Pair, others: list[Pair]) -> None:
    """However unlikely by chance."""
    assert ping_pong([*others, network], EVIDENCE) == []


def test_more_pairs_looked_at_ask_for_more() -> None:
    """Forty of a hundred: among nine pairs it is found; the same odds times 900 are chance."""
    usual = usual_share(ORDINARY)
    assert usual is not None
    odds = odds_of_so_many(22, 100, usual)
    assert 0.01 / 900 < odds < 0.01 / 9
    assert len(ping_pong([*ORDINARY, pair("Network", 100, 22)], EVIDENCE)) == 1

    many = [pair(f"Team {n}", 100, ORDINARY[n % 8].returned) for n in range(900)]
    assert ping_pong([*many, pair("Network", 100, 22)], EVIDENCE) == []


def test_two_pairs_that_bounce_do_not_hide_each_other() -> None:
    """Each is one of the others to the other one; most hours first."""
    both = [pair("Network", 100, 80, hours=1), pair("Mail", 100, 80, hours=5)]
    others = [pair(f"Team {n}", 100, ORDINARY[n % 8].returned) for n in range(40)]

    assert [each.id for each in ping_pong([*others, *both], EVIDENCE)] == [
        "ping_pong-Desk-Mail",
        "ping_pong-Desk-Network",
    ]


@pytest.mark.parametrize(("mean", "spread"), [(0.06, 0.03), (0.25, 0.3), (0.5, 0.01)])
@pytest.mark.parametrize(("returned", "tickets"), [(0, 20), (7, 30), (30, 30), (150, 400)])
def test_odds_are_those_of_the_beta_binomial(
    mean: float, spread: float, returned: int, tickets: int
) -> None:
    """As another program computes them."""
    strength = mean * (1 - mean) / spread**2 - 1
    expected = betabinom.sf(returned - 1, tickets, mean * strength, (1 - mean) * strength)

    found = odds_of_so_many(returned, tickets, Usual(mean, spread))
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-10)


def test_the_spread_between_pairs_is_what_chance_leaves_over() -> None:
    """Shares 0.1 and 0.3 in turn, of a thousand tickets each: nearly all of it is the pairs'."""
    known = [pair(str(n), 1_000, 100 if n % 2 else 300) for n in range(6)]
    chance = (0.1 * 0.9 + 0.3 * 0.7) / 2 / 999
    usual = usual_share(known)

    assert usual is not None
    assert usual.mean == pytest.approx(0.2)
    assert usual.spread == pytest.approx(sqrt(np.var([0.1, 0.3] * 3, ddof=1) - chance))


def test_where_nothing_ever_came_back_the_usual_is_not_zero() -> None:
    """Else one return would be impossible."""
    usual = usual_share(pair(str(n), 100, 0) for n in range(6))

    assert usual is not None
    assert usual.mean == pytest.approx(1 / 600)


def test_the_interval_of_the_hours_is_student_s() -> None:
    """Of three tickets that were away 1, 2 and 6 hours, and one that was not."""
    hours = np.array([1.0, 2.0, 6.0, 0.0])
    low, high = hours_interval(Pair(("A", "B"), 4, 3, 3, hours.sum(), float((hours**2).sum())))
    reach = t.ppf(0.975, 3) * hours.std(ddof=1) / 2 * 4

    assert low == 0
    assert high == pytest.approx(9 + reach)


def test_wilson_s_lower_end() -> None:
    """The textbook's 81 of 263."""
    assert lowest_share(81, 263) == pytest.approx(0.2553, abs=1e-4)
