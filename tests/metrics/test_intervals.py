"""Intervals against textbooks, against scipy, and against the truth they are to hold."""

from statistics import fmean, stdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from opsgauge.metrics.intervals import (
    EXACT_UP_TO,
    UNKNOWN,
    Sums,
    high_rank,
    low_rank,
    mean_interval,
    ratio_interval,
    student,
    wilson,
)

quantiles = st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.85, 0.9, 0.95, 0.99])


def sums_of(parts: list[float], wholes: list[float]) -> Sums:
    pairs = list(zip(parts, wholes, strict=True))
    return Sums(
        n=len(pairs),
        y=sum(parts),
        x=sum(wholes),
        yy=sum(y * y for y, _ in pairs),
        yx=sum(y * x for y, x in pairs),
        xx=sum(x * x for _, x in pairs),
    )


@given(st.integers(1, 5000), st.data())
def test_wilson_is_that_of_scipy(n: int, data: st.DataObject) -> None:
    """Without a correction for continuity."""
    hits = data.draw(st.integers(0, n))
    other = stats.binomtest(hits, n).proportion_ci(0.95, method="wilson")

    assert wilson(hits, n) == pytest.approx((other.low, other.high), abs=1e-9)


def test_wilson_of_a_share_of_failed_changes() -> None:
    """4 of 23 deployments: 7.0 to 37.1 %."""
    assert wilson(4, 23) == pytest.approx((0.070, 0.371), abs=5e-4)


@pytest.mark.parametrize(("hits", "n"), [(0, 7), (7, 7), (0, 1)])
def test_wilson_stays_between_nothing_and_all(hits: int, n: int) -> None:
    """Also where all or none hit, where it still leaves room for doubt."""
    low, high = wilson(hits, n)

    assert low is not None
    assert high is not None
    assert 0 <= low < high <= 1


def test_no_ticket_gives_no_interval() -> None:
    """Nothing is known of a share of nothing."""
    assert wilson(0, 0) == UNKNOWN


@given(st.lists(st.floats(-1e4, 1e4), min_size=2, max_size=40))
def test_the_interval_of_a_mean_is_students(values: list[float]) -> None:
    """That of scipy's t distribution."""
    mean, deviation = fmean(values), stdev(values)
    reach = stats.t.ppf(0.975, len(values) - 1) * deviation / len(values) ** 0.5
    expected = pytest.approx((mean - reach, mean + reach), rel=1e-9, abs=1e-6)

    assert mean_interval(mean, deviation, len(values)) == expected


@pytest.mark.parametrize(("deviation", "n"), [(None, 1), (1.0, 1), (None, 5)])
def test_one_value_says_nothing_of_a_mean(deviation: float | None, n: int) -> None:
    """There is no spread to tell from."""
    assert mean_interval(3.0, deviation, n) == UNKNOWN


def test_student_comes_down_to_the_normal() -> None:
    """Table of t: 12.706 with one degree of freedom, 1.960 with many."""
    assert student(1) == pytest.approx(12.7062, abs=1e-4)
    assert student(10_000_000) == pytest.approx(1.95996, abs=1e-5)


@given(st.integers(1, EXACT_UP_TO), quantiles)
def test_exact_ranks_are_those_of_the_binomial(n: int, q: float) -> None:
    """At most 2.5 % lies beyond either rank, and one rank closer would be too much."""
    low, high = low_rank(n, q), high_rank(n, q)
    count = stats.binom(n, q)

    assert low == 0 or count.cdf(low - 1) <= 0.025 + 1e-12
    assert count.cdf(low) > 0.025
    assert high == n + 1 or 1 - count.cdf(high - 1) <= 0.025 + 1e-12
    assert high == 1 or 1 - count.cdf(high - 2) > 0.025 - 1e-12


def test_exact_ranks_keep_to_the_safe_side() -> None:
    """Third quartile of sixteen: below rank 9 would lie 2.7 %, so it is rank 8."""
    assert (low_rank(16, 0.75), high_rank(16, 0.75)) == (8, 16)
    assert (low_rank(20, 0.5), high_rank(20, 0.5)) == (6, 15)


@pytest.mark.parametrize("n", [8, 15, 20])
def test_an_exact_interval_holds_the_true_median_often_enough(n: int) -> None:
    """At least 95 of 100 samples, whatever the distribution."""
    dice = np.random.default_rng(5)
    samples = np.sort(dice.lognormal(size=(4000, n)), axis=1)
    held = (samples[:, low_rank(n, 0.5) - 1] <= 1) & (samples[:, high_rank(n, 0.5) - 1] >= 1)

    assert held.mean() >= 0.945


def test_the_interval_of_a_ratio_by_hand() -> None:
    """Parts 1, 2, 3 of wholes 8, 10, 12: residuals -0.6, 0, 0.6, so s² = 0.36."""
    low, high = ratio_interval(sums_of([1, 2, 3], [8, 10, 12]))
    reach = student(2) * (0.36 / 3) ** 0.5 / 10

    assert (low, high) == pytest.approx((0.2 - reach, 0.2 + reach))


def test_tickets_that_all_have_the_same_ratio_leave_no_doubt() -> None:
    """Rounding does not make a negative spread of it."""
    low, high = ratio_interval(sums_of([0.1, 0.2, 0.7], [0.3, 0.6, 2.1]))

    assert (low, high) == pytest.approx((1 / 3, 1 / 3))


@pytest.mark.parametrize(("parts", "wholes"), [([1], [2]), ([0, 0], [0, 0])])
def test_a_ratio_of_one_ticket_or_of_no_time_has_no_interval(
    parts: list[float], wholes: list[float]
) -> None:
    """One ticket has no spread, no time has no share."""
    assert ratio_interval(sums_of(parts, wholes)) == UNKNOWN


def test_the_interval_of_a_ratio_holds_the_true_ratio_often_enough() -> None:
    """Sixty tickets of very unlike length, a quarter of each pending on average."""
    dice = np.random.default_rng(9)
    held = 0
    for _ in range(600):
        wholes = dice.lognormal(1, 1, 60)
        parts = wholes * dice.beta(1, 3, 60)
        low, high = ratio_interval(sums_of(list(parts), list(wholes)))
        held += (low or 0) <= 0.25 <= (high or 0)

    assert 0.91 <= held / 600 <= 0.98
