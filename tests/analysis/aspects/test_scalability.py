"""The slope of times against load: by scipy, by the matrix form of its error, by made-up desks."""

import numpy as np
import pytest
from scipy.stats import linregress, t

from opsgauge.analysis.aspects.scalability import scalability
from opsgauge.foundation.errors import TooFewPoints

pytestmark = pytest.mark.row("CAT-18")


def desk(slope: float, weeks: int = 60, seed: int = 4) -> list[tuple[float, float]]:
    """Return weeks whose times follow the load by `slope`, with errors that linger."""
    chance = np.random.default_rng(seed)
    loads, error, made = np.exp(chance.normal(4, 0.4, weeks)), 0.0, []
    for load in loads:
        error = 0.5 * error + chance.normal(0, 0.1)
        made.append((float(load), float(np.exp(1 + slope * np.log(load) + error))))
    return made


def test_the_slope_is_that_of_least_squares_and_its_error_that_of_newey_and_west() -> None:
    """The sandwich in matrices: (X'X)^-1 S (X'X)^-1, with Bartlett's weights."""
    weeks = desk(0.7)
    found = scalability(weeks)
    x, y = np.log(np.array(weeks)).T
    n, lags = len(x), 3
    design = np.column_stack([np.ones(n), x])
    bread = np.linalg.inv(design.T @ design)
    scores = design * (y - design @ (bread @ design.T @ y))[:, None]
    meat = scores.T @ scores
    for lag in range(1, lags + 1):
        shared = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / (lags + 1)) * (shared + shared.T)
    error = np.sqrt((bread @ meat @ bread)[1, 1] * n / (n - 2))
    reach = t.ppf(0.975, n - 2) * error

    assert found.slope == pytest.approx(linregress(x, y).slope)
    assert (found.low, found.high) == pytest.approx((found.slope - reach, found.slope + reach))


def test_a_desk_that_slows_is_told_from_one_that_does_not() -> None:
    """Times that double with the load, and times that do not care."""
    slow, steady = scalability(desk(1.0)), scalability(desk(0.0))

    assert slow.low > 0.8
    assert slow.for_a_tenth_more == pytest.approx(1.1**slow.slope - 1)
    assert steady.low < 0 < steady.high


def test_the_unit_of_neither_matters() -> None:
    """Minutes for hours, dozens for tickets."""
    weeks = desk(0.5)
    other = scalability([(load / 12, 60 * time) for load, time in weeks])

    assert other.slope == pytest.approx(scalability(weeks).slope)


def test_weeks_without_work_are_left_out() -> None:
    """Nought open or nothing resolved has no logarithm."""
    weeks = desk(0.5)
    found = scalability([(0, 3.0), *weeks, (5.0, None), (None, 2.0), (4.0, 0.0)])

    assert found == scalability(weeks)


@pytest.mark.parametrize("weeks", [desk(0.5)[:11], [(7.0, 1.0 + n) for n in range(30)], []])
def test_too_little_to_tell_is_said(weeks: list[tuple[float, float]]) -> None:
    """Eleven weeks; a load that never changes; nothing."""
    with pytest.raises(TooFewPoints, match="unlike loads"):
        scalability(weeks)
