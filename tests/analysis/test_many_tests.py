"""The rates of false discoveries, as scipy has them and as the paper of 1995 has them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from opsgauge.analysis.many_tests import false_discovery_rates


@given(st.lists(st.sampled_from([0.0, 1e-9, 0.001, 0.01, 0.02, 0.5, 1.0]) | st.floats(0, 1)))
def test_the_rates_are_those_of_scipy(chances: list[float]) -> None:
    """Of any number of tests, ties included."""
    expected = false_discovery_control(chances) if chances else []
    assert false_discovery_rates(chances) == pytest.approx(list(expected), rel=1e-12)


def test_false_discoveries_are_those_of_benjamini_and_hochberg() -> None:
    """The fifteen odds of their paper of 1995: four are told at one in twenty."""
    odds = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    odds += [0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    shares = false_discovery_rates(odds[::-1])[::-1]

    assert [share <= 0.05 for share in shares] == [True] * 4 + [False] * 11
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(0.0015)
    assert false_discovery_rates([]) == []
    assert math.isclose(false_discovery_rates([0.03])[0], 0.03)
