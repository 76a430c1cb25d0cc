"""Upstream or downstream: hand-worked hours, parts that add up, and planted delays."""

from pathlib import Path

import numpy as np
import pytest

from opsgauge.analysis.causes.delay_place import (
    AWAY,
    BEFORE,
    DOWNSTREAM,
    PLACES,
    UPSTREAM,
    WAITS,
    WORK,
    Delay,
    Position,
    Spent,
    delays,
    holder_excess,
    spent_rows,
)
from opsgauge.analysis.causes.risk_score import Numbers, Whole
from tests.conftest import MAPPING, Intake

pytestmark = [pytest.mark.row("RCA-06")]
HOUR = 3_600_000_000


def spent(hours: Numbers, part: Whole, holder: Whole) -> Spent:
    """Return hours of tickets, a row each, by part and holder, a column each."""
    ticket, column = (each.ravel() for each in np.indices(hours.shape))
    return Spent(ticket, part[column], holder[column], hours.ravel())


def by_place(hours: Numbers) -> Spent:
    """Return hours of tickets by place, each with one holder."""
    return spent(hours, np.array([BEFORE, WORK, WAITS]), np.array([0, 0, 1]))


def test_lost_hours_are_told_by_hand() -> None:
    """Twenty tickets with 8 hours at one team and 2 at another before; others with 3 and 1."""
    hours = np.array([[8.0, 2.0, 2.0, 1.0]] * 20 + [[3.0, 1.0, 2.0, 1.0]] * 20)
    part, holder = np.array([BEFORE, BEFORE, WORK, WAITS]), np.array([0, 1, 2, 3])
    groups, strata = np.repeat([0, -1], 20), np.zeros(40, np.int64)
    told = delays(groups, strata, spent(hours, part, holder))

    assert told == {
        0: Delay(
            Position(20, 10.0, 2.0, 1.0),
            Position(20, 4.0, 2.0, 1.0),
            UPSTREAM,
            excess=6.0,
            low=6.0,
            high=6.0,
            holder=0,
            holder_n=20,
            holder_excess=5.0,
        )
    }


def test_tickets_are_held_against_those_of_their_practice_and_priority() -> None:
    """Slow ones among slow ones lose nothing; none is held against fewer than twenty others."""
    hours = np.zeros((90, 3))
    strata = np.repeat([0, 1, 1, 2], [20, 20, 25, 25])
    hours[:, 1] = np.array([1.0, 50.0, 50.0, 9.0]).repeat([20, 20, 25, 25])
    groups = np.repeat([-1, -1, 0, 1], [20, 20, 25, 25])
    told = delays(groups, strata, by_place(hours))

    assert told == {0: Delay(Position(25, 0.0, 50.0, 0.0), Position(25, 0.0, 50.0, 0.0))}


def test_the_interval_is_that_of_two_means_of_unequal_variance() -> None:
    """Within one stratum: the standard error of Welch, with the group's degrees of freedom."""
    chance = np.random.default_rng(2)
    hours = np.zeros((150, 3))
    hours[:, 2] = chance.gamma(2, 3, 150) + np.repeat([9.0, 0.0], [30, 120])
    told = delays(np.repeat([0, -1], [30, 120]), np.zeros(150, np.int64), by_place(hours))[0]

    mine, others = hours[:30, 2], hours[30:, 2]
    error = np.sqrt(mine.var(ddof=1) / 30 + others.var(ddof=1) / 120)
    assert told.place == DOWNSTREAM
    assert told.excess == pytest.approx(mine.mean() - others.mean())
    assert told.high - told.excess == pytest.approx(2.045229642 * error)  # t of 29, two-sided 95 %
    assert told.low == pytest.approx(2 * told.excess - told.high)


def lives(seed: int) -> tuple[Numbers, Whole, Whole]:
    """Return heavy-tailed hours of 3,000 tickets, in forty groups and four strata, by chance."""
    chance = np.random.default_rng(seed)
    strata = chance.integers(0, 4, 3000)
    hours = chance.lognormal(1, 1.2, (3000, 3)) * (1 + strata)[:, None]
    return hours, chance.integers(0, 40, 3000), strata


def test_what_is_dealt_out_by_chance_is_seldom_told() -> None:
    """On at most one desk in twenty, beyond luck, a place is told of any of forty groups."""
    told = 0
    for seed in range(60):
        hours, groups, strata = lives(seed)
        told += any(each.place for each in delays(groups, strata, by_place(hours)).values())

    assert told <= 7


@pytest.mark.parametrize("at", range(3))
def test_a_planted_delay_is_told_where_it_was_planted(at: int) -> None:
    """And of no other group, on the same desk."""
    hours, groups, strata = lives(at)
    hours[groups == 7, at] += 20
    told = delays(groups, strata, by_place(hours))

    assert [(group, each.place) for group, each in told.items() if each.place] == [(7, PLACES[at])]
    assert told[7].low < 20 < told[7].high


def test_what_holders_lose_adds_up_to_the_place() -> None:
    """Whatever the hours, also where some strata have too few others."""
    for seed in range(20):
        chance = np.random.default_rng(seed)
        hours = chance.lognormal(1, 1, (300, 5))
        part, holder = np.array([BEFORE, BEFORE, WORK, AWAY, WAITS]), np.array([0, 1, 1, 0, 2])
        groups, strata = chance.integers(-1, 3, 300), chance.integers(0, 6, 300)
        told = spent(hours, part, holder)
        for group, each in delays(groups, strata, told).items():
            for place in range(3):
                name = PLACES[place]
                excess = getattr(each.position, name) - getattr(each.alike, name)
                parts = holder_excess(place, groups == group, strata, told)
                assert parts.sum() == pytest.approx(excess)


def test_hours_are_parted_by_the_team_that_ended_with_it(tmp_path: Path) -> None:
    """Two hours before it, one and one with it, two with others since, one waiting for the user.

    T1  08:00 Desk  10:00 Net  11:00 Cloud  13:00 Net, waiting  14:00 Net  15:00 resolved
    T2  08:00 Desk, still open
    """
    rows = """number,at,state,team,who
T1,2026-01-05 08:00,New,Desk,a
T1,2026-01-05 10:00,Work,Net,b
T1,2026-01-05 11:00,Work,Cloud,c
T1,2026-01-05 13:00,Wait,Net,b
T1,2026-01-05 14:00,Work,Net,b
T1,2026-01-05 15:00,Done,Net,b
T2,2026-01-05 08:00,New,Desk,a
T2,2026-01-05 16:00,Work,Desk,a
"""
    intake = Intake(tmp_path)
    intake.takes(rows, mapping=MAPPING + "practice: incident\n")
    tables = intake.context.tables
    read = intake.context.opened().engine.read(spent_rows(tables.tickets, tables.history))
    told = {
        (row["ticket_id"], row["part"], row["team"], row["phase"]): row["us"] / HOUR
        for row in read.to_pylist()
    }
    intake.close()

    assert told == {
        ("T1", BEFORE, "Desk", None): 2,
        ("T1", WORK, None, None): 2,
        ("T1", AWAY, "Cloud", None): 2,
        ("T1", WAITS, None, "pending_user"): 1,
    }
