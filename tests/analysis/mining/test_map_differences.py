"""Two maps compared: counted by hand, and against tables of those who made the tests."""

import math
from itertools import product
from typing import Any

import numpy as np
import pytest

from opsgauge.analysis.mining.map_differences import (
    Effect,
    Passed,
    Unfinished,
    differences,
    passed_of,
    passed_rows,
    shares_compared,
    times_compared,
    told,
)
from opsgauge.foundation.errors import QueryWrong

Side = dict[tuple[str | None, ...], Passed]
pytestmark = pytest.mark.row("MAP-12")


def passed(tickets: int, seconds: float = 3600.0, deviation: float = 1.0) -> Passed:
    """Return what passed, once each, with a typical time."""
    return Passed(tickets, tickets, tickets, math.log(seconds + 1), deviation)


def test_a_ticket_counts_once_with_the_mean_of_its_logarithms(desk: Any) -> None:
    """In progress: INC1 2 h; INC2 1 h twice; INC3 has no time yet. Mean of ln 7201 and ln 3601."""
    rows = {row["id"]: row for row in desk.rows(passed_rows(desk.history, "phase", ways=False))}
    of = passed_of(rows["in_progress"])

    assert (of.tickets, of.passages, of.timed) == (3, 4, 2)
    assert of.log_mean == pytest.approx((math.log(7201) + math.log(3601)) / 2, abs=2e-4)
    assert of.log_deviation == pytest.approx(math.log(7201 / 3601) / math.sqrt(2), abs=2e-4)
    assert of.typical_seconds == pytest.approx(math.sqrt(7201 * 3601) - 1, rel=1e-3)
    assert passed_of(rows["resolved"]) == Passed(3, 3)


def test_ways_are_counted_the_same(desk: Any) -> None:
    """Of the way from new to in progress: 1 h, half an hour, 4 h."""
    rows = desk.rows(passed_rows(desk.history, "phase", ways=True))
    [row] = [row for row in rows if (row["from_"], row["to"]) == ("new", "in_progress")]

    assert passed_of(row).log_mean == pytest.approx(
        sum(math.log(60 * minutes + 1) for minutes in (60, 30, 240)) / 3, abs=2e-4
    )


def test_shares_are_compared_as_newcombe_has_it() -> None:
    """His table: 9 of 10 against 3 of 10, method 10."""
    test = shares_compared((9, 3), (10, 10))

    assert (round(test.low, 4), round(test.high, 4)) == (0.1705, 0.8090)
    assert test.chance == pytest.approx(0.0198, abs=5e-5)  # twice Fisher's one side


def test_exact_and_normal_meet_where_one_takes_over_from_the_other() -> None:
    """Just below and just above 50,000 tickets."""
    exact = shares_compared((5_000, 5_150), (25_000, 25_000)).chance
    normal = shares_compared((5_001, 5_151), (25_005, 25_005)).chance

    assert normal == pytest.approx(exact, rel=0.05)


def test_a_difference_is_told_beyond_chance_and_if_large_enough() -> None:
    """40 against 20 of 100 by time 3 : 1 is told; 41 against 40 is not, nor 1.1 times as long."""
    one: Side = {("A",): passed(400), ("B",): passed(410, 3600 * 3), ("C",): passed(700, 3960, 0.1)}
    other: Side = {("A",): passed(200), ("B",): passed(400), ("C",): passed(700, 3600, 0.1)}
    found = {row.key: row for row in differences(one, other, (1000, 1000), Effect())}

    assert found["A",].flow is not None
    assert (found["A",].flow.said, round(found["A",].flow.size, 3)) == ("more", 0.2)
    assert [found[key].flow.said for key in (("B",), ("C",))] == ["", ""]  # type: ignore[union-attr]
    assert [found[key].time.said for key in (("A",), ("B",), ("C",))] == [  # type: ignore[union-attr]
        "",
        "slower",
        "",
    ]
    assert found["C",].time.rate < 0.001  # type: ignore[union-attr]
    small = differences(one, other, (1000, 1000), Effect(0, 1.05))
    assert {row.key for row in told(small)} == {("A",), ("B",), ("C",)}


def test_what_unfinished_tickets_can_still_undo_is_not_told() -> None:
    """900 of 1,000 against all: 100 are open. They may pass A yet; they have passed B.

    C, which 600 fewer passed, stays less even if all 100 pass it.
    """
    one: Side = {("A",): passed(900), ("B",): passed(900), ("C",): passed(300)}
    other: Side = {("A",): passed(1000), ("B",): passed(1000), ("C",): passed(900)}
    yet = Unfinished(100, {("B",): 100}), Unfinished(0, {})
    before = differences(one, other, (1000, 1000), Effect())
    found = {row.key: row for row in differences(one, other, (1000, 1000), Effect(), yet)}
    said = {key: row.flow and row.flow.said for key, row in found.items()}

    assert [row.flow and row.flow.said for row in before] == ["less", "less", "less"]
    assert said == {("A",): "", ("B",): "less", ("C",): "less"}
    assert [found[key].undecided(Effect()) for key in (("A",), ("B",), ("C",))] == [1, 0, 0]
    last = found["C",].flow
    assert last is not None
    assert last.size == pytest.approx(-0.6)
    assert last.least == pytest.approx(-0.5)
    assert last.low < -0.6 < -0.5 < last.high


def test_a_side_is_not_faster_for_its_long_stays_still_last() -> None:
    """Half as long, but a fifth of those that passed are unfinished; twice as long is told."""
    one: Side = {("A",): passed(500, 1800), ("B",): passed(500, 7200)}
    other: Side = {("A",): passed(500), ("B",): passed(500)}
    yet = Unfinished(100, {("A",): 100, ("B",): 100}), Unfinished(0, {})
    found = differences(one, other, (500, 500), Effect(), yet)

    assert [row.time and row.time.said for row in found] == ["", "slower"]
    assert [
        row.time and row.time.said for row in differences(one, other, (500, 500), Effect())
    ] == ["faster", "slower"]


def test_turned_round_the_same_is_told_the_other_way() -> None:
    """More is less, slower is faster, and the chances are the same."""
    one: Side = {("A", "B"): passed(400, 9000)}
    other: Side = {("A", "B"): passed(200)}
    [there] = differences(one, other, (1000, 900), Effect())
    [back] = differences(other, one, (900, 1000), Effect())

    assert there.flow is not None
    assert back.flow is not None
    assert there.time is not None
    assert back.time is not None
    assert (there.flow.said, back.flow.said) == ("more", "less")
    assert (there.time.said, back.time.said) == ("slower", "faster")
    assert there.flow.size == pytest.approx(-back.flow.size)
    assert there.time.size == pytest.approx(1 / back.time.size)
    assert there.flow.chance == pytest.approx(back.flow.chance)


def test_a_step_of_one_side_alone_is_compared_with_nothing() -> None:
    """Its share is compared, its time cannot be; what too few passed is not tested at all."""
    rows = differences({("A",): passed(50), ("B",): passed(4)}, {}, (100, 100), Effect())

    assert [(row.key, row.flow and row.flow.said, row.time) for row in rows] == [
        (("A",), "more", None),
        (("B",), None, None),
    ]


def test_times_without_any_spread() -> None:
    """All alike on both sides is no difference; where they differ so, no test can be made."""
    alike = passed(20, 60, 0.0)
    assert times_compared(alike, alike) is not None
    assert times_compared(alike, passed(20, 90, 0.0)) is None


def test_of_two_samples_of_the_same_desk_nothing_is_told() -> None:
    """Two hundred pairs of twenty steps: something is told in at most one of twenty, 5 % of 200."""
    chance = np.random.default_rng(7)
    wrong = 0
    for _ in range(200):
        sides: list[Side] = []
        for _ in range(2):
            hits, logs = chance.binomial(300, 0.5, 20), chance.normal(8, 1.5, (20, 150))
            sides.append(
                {
                    (str(n),): Passed(int(h), int(h), 150, float(x.mean()), float(x.std(ddof=1)))
                    for n, (h, x) in enumerate(zip(hits, logs, strict=True))
                }
            )
        wrong += bool(told(differences(sides[0], sides[1], (300, 300), Effect(0, 1))))

    assert wrong <= 18  # 10 expected; more than 18 comes in one of a hundred seeds


@pytest.mark.parametrize(("share", "time"), [*product((-0.1, 1.1), (1.2,)), (0.02, 0.9)])
def test_an_effect_that_is_none_is_refused(share: float, time: float) -> None:
    """A share beyond all, or a factor below one."""
    with pytest.raises(QueryWrong, match="is none"):
        Effect(share, time)
