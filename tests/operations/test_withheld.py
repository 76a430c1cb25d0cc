"""Small numbers: withheld, and not to be found by taking others from a total."""

import random
from collections.abc import Mapping
from typing import Any

import pytest

from opsgauge.metrics.series import Point
from opsgauge.operations.withheld import Cell, cell_of, withheld

BELOW = 5


def table(counts: Mapping[Any, int]) -> list[Point]:
    """Return points of a table by period and one or two dimensions."""
    names = ("a", "b")
    return [
        Point(period, dict(zip(names, rest, strict=False)), n, float(n))
        for (period, *rest), n in counts.items()
    ]


def test_nothing_is_withheld_by_itself() -> None:
    """One is the setting that shows all."""
    assert withheld(table({("all", "x"): 1}), 1, True) == frozenset()


@pytest.mark.row("CAT-06")
def test_a_small_number_takes_another_with_it() -> None:
    """The smallest of the others; zero stays zero, and is no help to anybody."""
    points = table({("all", "x"): 2, ("all", "y"): 40, ("all", "z"): 9, ("all", "w"): 0})

    assert withheld(points, BELOW, False) == {("all", "x"), ("all", "z")}


def test_two_small_numbers_that_are_few_together_take_a_third() -> None:
    """Their sum would still be of too few."""
    few = table({("all", "x"): 1, ("all", "y"): 2, ("all", "z"): 9})
    more = table({("all", "x"): 3, ("all", "y"): 4, ("all", "z"): 9})

    assert len(withheld(few, BELOW, False)) == 3
    assert withheld(more, BELOW, False) == {("all", "x"), ("all", "y")}


def test_periods_give_nothing_away_where_they_add_up() -> None:
    """A month is not to be found from the year; a stock of one is no part of another."""
    points = table({("2026-01",): 3, ("2026-02",): 30, ("2026-03",): 20})

    assert withheld(points, BELOW, True) == {("2026-01",), ("2026-03",)}
    assert withheld(points, BELOW, False) == {("2026-01",)}


@pytest.mark.row("CAT-06")
@pytest.mark.parametrize("seed", range(40))
def test_no_total_of_a_line_gives_a_small_number_away(seed: int) -> None:
    """Along each dimension and the periods, what is gone is of none or of enough together."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    counts: dict[Cell, int] = {
        (f"2026-0{p}", f"a{a}", f"b{b}"): dice.choice([0, 1, 2, 5, 6, 9, 30])
        for p in (1, 2, 3)
        for a in (1, 2, 3)
        for b in (1, 2)
    }
    points = table(counts)
    gone = withheld(points, BELOW, True)

    assert {cell for cell, n in counts.items() if 0 < n < BELOW} <= gone
    for axis in range(3):
        for some in counts:
            line = [c for c in counts if all(c[k] == some[k] for k in range(3) if k != axis)]
            hidden = [counts[c] for c in line if c in gone]
            if hidden and len(hidden) < len([c for c in line if counts[c] > 0]):
                assert len(hidden) > 1
                assert sum(hidden) >= BELOW
    assert all(counts[cell] > 0 for cell in gone)
    assert {cell_of(point) for point in points} >= gone
