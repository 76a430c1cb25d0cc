"""Variance over teams and shifts against Montgomery's gauge, least squares, and made-up desks."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import f as f_distribution
from scipy.stats import f_oneway

from opsgauge.analysis.aspects.crossed import Crossed, crossed
from opsgauge.analysis.aspects.groups import Group
from opsgauge.foundation.errors import TooFewPoints
from tests.analysis.aspects.samples import group

pytestmark = pytest.mark.row("CAT-18")
# Montgomery, Design and Analysis of Experiments, 8th ed., table 13.1: parts by operators, each
# measured twice.
GAUGE = (
    *("21 20 20 20 19 21", "24 23 24 24 23 24", "20 21 19 21 20 22", "27 27 28 26 27 28"),
    *("19 18 19 18 18 21", "23 21 24 21 23 22", "22 21 22 24 22 20", "19 17 18 20 19 18"),
    *("24 23 25 23 24 24", "25 23 26 25 24 25", "21 20 20 20 21 20", "18 19 17 19 18 19"),
    *("23 25 25 25 25 25", "24 24 23 25 24 25", "29 30 30 28 31 30", "26 26 25 26 25 27"),
    *("20 20 19 20 20 20", "19 21 19 19 21 23", "25 26 25 24 25 25", "19 19 18 17 19 17"),
)
SCALE = 1_000  # their exponentials are numbers that a machine holds
Times = npt.NDArray[np.float64]


def cells(said: Mapping[tuple[str, str, str], Times]) -> tuple[Group, ...]:
    """Return cells by type, team and shift, of logarithms of times."""
    made = []
    for (type_, team, shift), logs in said.items():
        plain = group(type_, team, np.exp(logs).tolist())
        made.append(Group(**{**vars(plain), "shift": shift}))
    return tuple(made)


def desk(
    chance: np.random.Generator, spreads: tuple[float, float, float], teams: int, shifts: int
) -> Crossed:
    """Return what is found of cells of 2 to 9 tickets, with such spreads put in."""
    of_team, of_shift = (
        chance.normal(0, s, n) for s, n in zip(spreads[:2], (teams, shifts), strict=True)
    )
    said = {
        ("mail", f"{team}", f"{shift}"): 3
        + of_team[team]
        + of_shift[shift]
        + chance.normal(0, spreads[2])
        + chance.normal(0, 0.5, 2 + (team * 5 + shift * 3) % 8)
        for team in range(teams)
        for shift in range(shifts)
    }
    return crossed(cells(said))


def test_the_gauge_of_the_book() -> None:
    """Parts 10.28, operators 0.015, both together below nought, repeats 0.99."""
    said = {}
    for part, line in enumerate(GAUGE):
        told = np.array(line.split(), dtype=float) / SCALE
        for operator in range(3):
            said["x", f"{part}", f"{operator}"] = told[2 * operator : 2 * operator + 2]
    found = crossed(cells(said))

    assert found.within * SCALE**2 == pytest.approx(0.9917, abs=0.0001)
    assert found.teams.variance * SCALE**2 == pytest.approx(10.2798, abs=0.001)
    assert found.shifts.variance * SCALE**2 == pytest.approx(0.0149, abs=0.0001)
    assert found.both.variance == 0
    assert found.shifts.chance == pytest.approx(0.173, abs=0.001)  # F = 1.84 of 2 and 38
    assert found.both.chance == pytest.approx(0.861, abs=0.001)  # F = 0.72 of 38 and 60
    assert (found.n, found.cells, found.types) == (120, 60, 1)


def test_unlike_numbers_of_tickets_are_fitted_by_least_squares() -> None:
    """What is lost without a part, record by record, and what random parts put into it."""
    chance = np.random.default_rng(5)
    said = {
        ("mail", team, shift): chance.normal(2 + (team == "B") + (shift == "night"), 0.6, size)
        for (team, shift), size in {
            ("A", "day"): 9,
            ("A", "night"): 2,
            ("B", "day"): 3,
            ("B", "night"): 7,
            ("C", "day"): 1,
            ("C", "late"): 6,
            ("B", "late"): 4,
        }.items()
    }
    found = crossed(cells(said))
    y = np.concatenate(list(said.values()))
    keys = [key for key, logs in said.items() for _ in logs]

    def dummies(*places: int) -> Times:
        words = [tuple(key[place] for place in places) for key in keys]
        return np.array([[word == other for other in sorted(set(words))] for word in words], float)

    def hat(*columns: Times) -> Times:
        joined = np.hstack(columns)
        return np.asarray(joined @ np.linalg.pinv(joined))

    teams, shifts, every = dummies(1), dummies(2), dummies(1, 2)
    both, full, one = hat(teams, shifts), hat(every), np.eye(len(y))
    within = y @ (one - full) @ y / np.trace(one - full)
    mixed_hat = full - both
    mixed = y @ mixed_hat @ y - np.trace(mixed_hat) * within
    mixed /= np.trace(every.T @ mixed_hat @ every)
    own = []
    for columns, other in ((teams, shifts), (shifts, teams)):
        lost = both - hat(other)
        rest = y @ lost @ y - np.trace(lost) * within
        rest -= mixed * np.trace(every.T @ lost @ every)
        own.append(rest / np.trace(columns.T @ lost @ columns))

    assert found.within == pytest.approx(within)
    assert found.both.variance == pytest.approx(max(0, mixed))
    assert found.teams.variance == pytest.approx(max(0, own[0]))
    assert found.shifts.variance == pytest.approx(max(0, own[1]))
    whole = within + max(0, mixed) + sum(max(0, each) for each in own)
    assert found.shifts.share == pytest.approx(max(0, own[1]) / whole)
    square = y @ mixed_hat @ y / np.trace(mixed_hat)
    freedom = (np.trace(mixed_hat), np.trace(one - full))
    assert found.both.chance == pytest.approx(f_distribution.sf(square / within, *freedom))


def test_what_was_put_in_is_found() -> None:
    """On the average of forty desks with cells of unlike sizes."""
    chance = np.random.default_rng(7)
    found = [desk(chance, (0.4, 0.6, 0.3), 9, 6) for _ in range(40)]

    for part, spread in (("teams", 0.4), ("shifts", 0.6), ("both", 0.3)):
        mean = np.mean([getattr(each, part).variance for each in found])
        assert mean == pytest.approx(spread**2, rel=0.25)
    assert np.mean([each.within for each in found]) == pytest.approx(0.25, rel=0.05)


def test_chance_alone_is_taken_for_more_once_in_twenty() -> None:
    """Where shifts are alike though teams are not, and what a team has in one shift besides."""
    chance = np.random.default_rng(11)
    found = [desk(chance, (0.5, 0.0, 0.3), 8, 3) for _ in range(120)]
    hits = sum(each.shifts.chance < 0.05 for each in found)

    assert 1 <= hits <= 13
    assert sum(each.teams.chance < 0.05 for each in found) > 80


def test_types_are_compared_with_themselves() -> None:
    """A slow type is no slow shift; a type of one cell adds nothing."""
    chance = np.random.default_rng(3)
    said = {
        (kind, team, shift): chance.normal(level, 0.4, 12)
        for kind, level in (("mail", 0.0), ("disk", 6.0))
        for team in "AB"
        for shift in ("day", "night")
    }
    alone = {("rare", "A", "day"): chance.normal(20, 0.4, 50)}
    found, without = crossed(cells({**said, **alone})), crossed(cells(said))

    assert found == without
    assert (found.types, found.cells, found.n) == (2, 8, 96)
    assert found.within == pytest.approx(0.16, rel=0.3)
    assert found.shifts.share < 0.2


def test_without_rest_the_test_is_that_of_scipy() -> None:
    """Two teams, each in shifts of its own but for one: no cell is left to tell both together."""
    chance = np.random.default_rng(4)
    said = {
        ("x", "A", "day"): chance.normal(0, 1, 8),
        ("x", "A", "night"): chance.normal(1, 1, 8),
        ("x", "B", "day"): chance.normal(0, 1, 8),
    }
    found = crossed(cells(said))
    logs = [said["x", "A", "day"], said["x", "A", "night"]]
    square = f_oneway(*logs).statistic * np.mean([np.var(each, ddof=1) for each in logs])

    assert found.both.share == 0
    assert found.both.chance == 1
    assert found.shifts.chance == pytest.approx(f_distribution.sf(square / found.within, 1, 21))


def test_alike_is_no_division_by_nought() -> None:
    """Every time the same."""
    same = {("x", team, shift): np.full(6, 2.0) for team in "AB" for shift in "de"}
    found = crossed(cells(same))

    assert (found.teams.share, found.shifts.share, found.both.share) == (0, 0, 0)
    assert found.within == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {("x", "A", "day"): 40, ("x", "A", "night"): 40},  # one team
        {("x", "A", "day"): 40, ("x", "B", "night"): 40},  # a shift for each
        {("x", "A", "day"): 2, ("x", "A", "night"): 2, ("x", "B", "day"): 2},
    ],
)
def test_what_cannot_be_told_apart_is_not_told(said: Mapping[tuple[str, str, str], int]) -> None:
    """None, one team, a team for each shift, too few."""
    chance = np.random.default_rng(1)
    with pytest.raises(TooFewPoints, match="Teams and shifts cannot be told apart"):
        crossed(cells({key: chance.normal(0, 1, n) for key, n in said.items()}))
