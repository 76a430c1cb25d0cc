"""Where a metric stands against its target: states, forecasts and their intervals."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from opsgauge.analysis.targets.outlook import FEWEST, State, meets, outlook

FALLING = [9.0, 8.2, 6.9, 6.1, 5.2, 3.8, 3.1]


def test_a_sure_slope_is_followed() -> None:
    """As scipy's regression has it, interval included."""
    found = outlook(FALLING, 2.0, "lower", ahead=2)
    fitted = stats.linregress(range(7), FALLING)
    assert found.forecast == pytest.approx(fitted.intercept + fitted.slope * 8)
    assert (found.state, found.n, found.value) == (State.ON_TRACK, 7, 3.1)

    rest = [y - fitted.intercept - fitted.slope * x for x, y in enumerate(FALLING)]
    sigma = np.sqrt(sum(each**2 for each in rest) / 5)
    width = stats.t.ppf(0.9, 5) * sigma * np.sqrt(1 + 1 / 7 + (8 - 3) ** 2 / 28)
    assert found.high == pytest.approx(found.forecast + width)
    assert found.low == pytest.approx(found.forecast - width)


def test_a_slope_that_noise_could_make_is_not_drawn_out() -> None:
    """The mean is expected, with the interval of one more value."""
    values = [5.0, 6.0, 4.5, 5.5, 5.0, 6.2]
    found = outlook(values, 4.0, "lower", ahead=20)
    assert found.forecast == pytest.approx(np.mean(values))
    width = stats.t.ppf(0.9, 5) * np.std(values, ddof=1) * np.sqrt(1 + 1 / 6)
    assert found.high == pytest.approx(found.forecast + width)
    assert found.state is State.OFF_TRACK


@pytest.mark.parametrize(
    ("values", "good", "ahead", "over", "state"),
    [
        ([], "lower", 3, False, State.TOO_EARLY),
        ([1.0] * (FEWEST - 1), "lower", 3, False, State.TOO_EARLY),
        ([None] * 20, "lower", 3, False, State.TOO_EARLY),
        ([1.0] * FEWEST, "lower", 3, False, State.ON_TRACK),
        ([1.0] * FEWEST, "higher", 3, False, State.OFF_TRACK),
        ([9.0, 2.0], "lower", None, True, State.MET),
        ([2.0, 9.0], "lower", None, True, State.NOT_MET),
        ([9.0, 1.9], "higher", 0, True, State.NOT_MET),
        ([9.0, None], "lower", 0, True, State.NO_DATA),
        ([], "lower", None, False, State.NO_DATA),
        ([2.0], "higher", None, False, State.MET),
    ],
)
def test_each_state(
    values: list[float | None], good: str, ahead: int | None, over: bool, state: State
) -> None:
    """A goal of two, before the review, after it, and without one; on the goal is met."""
    assert outlook(values, 2.0, good, ahead, over).state is state


def test_gaps_keep_their_place() -> None:
    """A period without a value is no value, and the ones around it do not move."""
    values = [9.0, 8.0, None, 6.0, 5.0, 4.0, None, 2.0]
    found = outlook(values, 0.5, "lower", ahead=1)
    assert found.forecast == pytest.approx(1.0)
    assert (found.n, found.value) == (6, 2.0)


def test_the_interval_holds_what_it_says() -> None:
    """Of steady series, the value to come lies in it about eight times of ten."""
    draws = np.random.default_rng(7).normal(10, 2, (1_000, 13))
    held = 0
    for *known, later in draws.tolist():
        found = outlook(known, 0.0, "lower", ahead=1)
        held += (found.low or 0) <= later <= (found.high or 0)
    assert 770 <= held <= 830


@given(st.lists(st.floats(-1e6, 1e6), min_size=FEWEST, max_size=30), st.integers(0, 50))
def test_a_nearer_goal_is_never_harder(values: list[float], ahead: int) -> None:
    """Whatever the series, who is on track for a goal is so for each easier one."""
    goals = [-1e7, -10.0, 0.0, 10.0, 1e7]
    states = [outlook(values, goal, "lower", ahead).state for goal in goals]
    order = {State.OFF_TRACK: 0, State.ON_TRACK: 1}
    assert all(order[a] <= order[b] for a, b in pairwise(states))
    assert meets(1.0, 1.0, "lower")
    assert meets(1.0, 1.0, "higher")
