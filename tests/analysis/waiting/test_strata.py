"""Gaps within strata: held against textbooks' formulas, and Simpson's trap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from opsgauge.analysis.waiting.strata import FEWEST, Side, apart, counted, gap, measured

NUMBERS = st.lists(st.floats(0, 100), min_size=FEWEST, max_size=30)


def side(numbers: list[float]) -> Side:
    """Return a side of which these were measured."""
    return measured(len(numbers), sum(numbers), sum(each * each for each in numbers))


@given(one=NUMBERS, other=NUMBERS)
def test_one_stratum_is_welchs_difference(one: list[float], other: list[float]) -> None:
    """Its standard error is that of SciPy's test of two means."""
    found = gap([(side(one), side(other))])

    assert found is not None
    error = (stats.sem(one) ** 2 + stats.sem(other) ** 2) ** 0.5
    assert found.difference == pytest.approx(sum(one) / len(one) - sum(other) / len(other))
    assert (found.high - found.low) / 2 == pytest.approx(1.959964 * error, rel=1e-4, abs=1e-4)


@given(strata=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=5))
def test_strata_weigh_as_those_with_the_fault_do(
    strata: list[tuple[list[float], list[float]]],
) -> None:
    """Each of them is held against the mean of its own stratum."""
    found = gap([(side(bad), side(well)) for bad, well in strata])
    each = [own - sum(well) / len(well) for bad, well in strata for own in bad]

    assert found is not None
    assert found.compared == len(each)
    assert found.difference == pytest.approx(sum(each) / len(each), abs=1e-9)
    assert found.low <= found.difference <= found.high


def test_strata_that_lack_a_side_say_nothing() -> None:
    """Four are too few."""
    assert gap([(side([1.0] * 4), side([2.0] * 9))]) is None
    assert gap([]) is None


@pytest.mark.parametrize(("n", "hits"), [(8, 0), (8, 8), (20, 5)])
def test_a_share_that_chance_left_at_nought_still_has_a_spread(n: int, hits: int) -> None:
    """As Agresti and Caffo's: with one more of each kind."""
    share = (hits + 1) / (n + 2)

    assert counted(n, hits).error == pytest.approx(share * (1 - share) / (n + 2))
    assert counted(n, hits).mean == hits / n


def test_rows_are_set_apart_by_stratum_and_fault() -> None:
    """Those of which the fault is not known are left out."""
    rows = [{"of": name, "bad": bad} for name, bad in [("a", 1), ("a", 0), ("b", 0), ("a", None)]]

    assert apart(rows, ["of"], "bad") == [([rows[0]], [rows[1]]), ([], [rows[2]])]
