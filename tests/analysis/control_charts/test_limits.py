"""Limits come from how much neighbours differ, and gaps stay gaps."""

import numpy as np
import pytest

from opsgauge.analysis.control_charts.limits import Limits, moving_ranges, natural_limits
from opsgauge.analysis.control_charts.standing import stand
from opsgauge.foundation.errors import TooFewPoints

STANDARD = Limits(lower=-3, centre=0, upper=3, mean_moving_range=1.128, noise=1e-9)


def test_limits_lie_2_66_mean_steps_from_the_mean() -> None:
    """Ten, twelve, ten, twelve: the mean is 11, every step 2."""
    limits = natural_limits([10, 12] * 4)

    assert limits.centre == 11
    assert limits.mean_moving_range == 2
    assert limits.upper == pytest.approx(11 + 5.32)
    assert limits.lower == pytest.approx(11 - 5.32)
    assert limits.upper_moving_range == pytest.approx(6.534)


def test_no_range_reaches_over_a_gap() -> None:
    """A step of 100 that nobody saw happen widens no limits."""
    assert moving_ranges([1, None, 101, 102]) == [None, None, None, 1]
    assert natural_limits([1, 2, 1, 2, None, 101, 102, 101, 102]).mean_moving_range == 1


def test_no_value_has_no_ranges() -> None:
    """An empty series has no first value either."""
    assert moving_ranges([]) == []


@pytest.mark.parametrize("values", [[], [1.0] * 7, [1.0, None] * 7])
def test_seven_values_give_no_limits(values: list[float | None]) -> None:
    """The message says how many are needed, how many there are, and what to try."""
    known = sum(value is not None for value in values)

    with pytest.raises(TooFewPoints, match=f"needs 8 periods or more; this one has {known}") as no:
        natural_limits(values)
    assert "longer range or a shorter period" in no.value.hint


def test_values_that_never_follow_each_other_give_no_limits() -> None:
    """Eight values, each between two gaps: how much neighbours differ cannot be said."""
    with pytest.raises(TooFewPoints, match="pairs of periods that follow each other"):
        natural_limits([1, None, 2, None] * 4)


def lies(value: float, limits: Limits) -> tuple[int, int, int]:
    """Return its side of the centre, whether it is close to a limit, whether it is outside."""
    standing = stand(np.array([value]), limits.centre, limits.sigma, limits.noise)
    outside = int(standing.beyond(3)[0])
    return int(standing.side[0]), 0 if outside else int(standing.beyond(2)[0]), outside


@pytest.mark.parametrize(
    ("value", "side", "near", "outside"),
    [
        (0, 0, 0, 0),
        (0.1, 1, 0, 0),
        (2, 1, 0, 0),  # on two sigma is not beyond it
        (2.01, 1, 1, 0),
        (-2.01, -1, -1, 0),
        (3, 1, 1, 0),  # on the limit is not outside it
        (3.1, 1, 0, 1),
        (-3.1, -1, 0, -1),
    ],
)
def test_where_a_value_lies(value: float, side: int, near: int, outside: int) -> None:
    """The side of the centre, whether it is close to a limit, whether it is outside."""
    assert lies(value, STANDARD) == (side, near, outside)


def test_values_that_are_all_equal_lie_on_the_centre() -> None:
    """0.1 + 0.2 and 0.3 differ by the arithmetic's noise, which is no side."""
    limits = natural_limits([0.1 + 0.2, 0.3] * 15)

    assert lies(0.1 + 0.2, limits) == lies(0.3, limits) == (0, 0, 0)
