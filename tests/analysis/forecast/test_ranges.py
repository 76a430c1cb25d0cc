"""Ranges: as many values in them as they say, whole numbers for counts, nothing made of little."""

import numpy as np
import pytest

from opsgauge.analysis.forecast.ranges import ranges
from tests.analysis.forecast.made import rates

CHANCE = np.random.default_rng(7)


def test_four_of_five_values_lie_in_the_range() -> None:
    """Of counts whose rate is known, by day and by quiet hour; about one of a hundred far off."""
    rate = rates(200, 400.0)[:, 6:]
    values = CHANCE.poisson(rate).astype(float)
    told = ranges(rate, values, 140, 84, counts=True)
    later, busy = values[140:], rate[140:] > 5
    held = (later >= told.low) & (later <= told.high)
    far = (later < told.far_low) | (later > told.far_high)

    assert held[busy].mean() == pytest.approx(0.82, abs=0.05)
    assert far[busy].mean() < 0.015
    assert (told.low == np.round(told.low)).all()
    assert (told.low >= 0).all()


def test_a_range_follows_what_was_and_not_what_comes() -> None:
    """Whatever the last row and those after it are, its range is the same."""
    rate = rates(60, 100.0)
    values = CHANCE.poisson(rate).astype(float)
    other = values.copy()
    other[50:] = 9_999
    first, second = (ranges(rate, each, 50, 84, counts=True) for each in (values, other))

    assert (first.low[0] == second.low[0]).all()
    assert (first.far_high[0] == second.far_high[0]).all()
    assert (first.high[5] != second.high[5]).any()


def test_of_fewer_than_fifteen_values_there_is_no_range() -> None:
    """Fourteen days tell too little."""
    rate = np.full((20, 1), 50.0)
    told = ranges(rate, rate, 14, 84, counts=True)

    assert np.isnan(told.low[0, 0])
    assert not np.isnan(told.low[1, 0])


def test_where_nothing_ever_came_one_may_still_come() -> None:
    """One ticket in a night of nothing is above its range, and not far above."""
    nothing = np.zeros((60, 24))
    told = ranges(nothing, nothing, 59, 84, counts=True)

    assert told.high[0].tolist() == [0.0] * 24
    assert told.far_high[0].tolist() == [1.0] * 24


def test_other_values_spread_as_they_are_large() -> None:
    """Durations: the range has a fraction, and is twice as wide where twice as much is expected."""
    forecast = np.tile([[10.0, 20.0]], (120, 1))
    values = forecast * CHANCE.normal(1, 0.1, forecast.shape)
    told = ranges(forecast, values, 100, 84, counts=False)
    wide = (told.high - told.low)[-1]

    assert wide[1] / wide[0] == pytest.approx(2, rel=0.35)
    assert told.low[-1, 0] % 1 != 0
