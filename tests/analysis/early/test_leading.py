"""Whether a series goes before another is found where it does, and not where both only drift."""

import numpy as np
import pytest

from opsgauge.analysis.early.leading import FEWEST, lead

WEEKS, RUNS = 104, 200
TELLING = 0.05


def drifting(random: np.random.Generator, n: int, keeps: float) -> np.ndarray:
    """Return an autoregression of the first order."""
    values, before = np.zeros(n), 0.0
    for at, shock in enumerate(random.normal(size=n)):
        before = keeps * before + shock
        values[at] = before
    return values


@pytest.mark.row("CAT-04")
def test_a_lead_of_three_weeks_is_found() -> None:
    """In nine of ten simulated pairs at least, at its lag and with its sign."""
    random, found = np.random.default_rng(4), 0
    for _ in range(RUNS):
        x = drifting(random, WEEKS + 3, 0.6)
        y = -0.8 * x[:-3] + random.normal(size=WEEKS)
        told = lead(x[3:], y)
        assert told is not None
        hit = told.before.chance < TELLING and told.before.lag == 3
        found += hit and told.before.high < 0
    assert found >= 0.9 * RUNS


@pytest.mark.row("CAT-04")
def test_two_series_that_only_drift_tell_nothing() -> None:
    """At most 8 in 100 pairs are told at a chance of 5 in 100; plainly correlated, most would."""
    random = np.random.default_rng(5)
    told, plain = 0, 0
    for _ in range(RUNS):
        x, y = drifting(random, WEEKS, 0.95), drifting(random, WEEKS, 0.95)
        found = lead(x, y)
        assert found is not None
        told += found.before.chance < TELLING
        plain += abs(np.corrcoef(x[:-4], y[4:])[0, 1]) > 2 / np.sqrt(WEEKS)
    assert told <= 0.08 * RUNS
    assert plain > 0.4 * RUNS


def test_it_tells_before_from_behind() -> None:
    """Asked the other way round, the same two series go behind."""
    random = np.random.default_rng(6)
    x = random.normal(size=WEEKS + 2)
    y = x[:-2] + 0.5 * random.normal(size=WEEKS)
    one, other = lead(x[2:], y), lead(y, x[2:])

    assert one is not None
    assert other is not None
    assert (one.before.lag, other.behind.lag) == (2, -2)
    assert one.before.chance < 1e-6
    assert other.before.chance > 0.01


def test_the_correlation_is_that_of_the_textbook() -> None:
    """Without anything to filter it is Pearson's, at lag nought, with Fisher's interval."""
    random = np.random.default_rng(7)
    x = random.normal(size=50)
    y = x + random.normal(size=50)
    at = np.arange(50.0)
    lines = [np.polyval(np.polyfit(at, each, 1), at) for each in (x, y)]
    r = np.corrcoef(x - lines[0], y - lines[1])[0, 1]
    found = lead(x, y)

    assert found is not None
    assert found.order == 0
    assert found.at_once.correlation == pytest.approx(r, abs=1e-12)
    assert found.at_once.low == pytest.approx(np.tanh(np.arctanh(r) - 1.959964 / np.sqrt(47)), 1e-6)


@pytest.mark.parametrize(
    "first",
    [
        [1.0] * 60,
        [1.0, 2.0] * 10,
        [float("nan") if n % 30 == 0 else float(n % 7) for n in range(100)],
    ],
)
def test_it_says_nothing_without_enough_to_say(first: list[float]) -> None:
    """A constant, too few periods, or too many gaps."""
    second = [float(n * n % 11) for n in range(len(first))]

    assert len([0] * FEWEST) == 40
    assert lead(first, second) is None


def test_the_longest_stretch_without_a_gap_is_looked_at() -> None:
    """A gap in the middle splits the series; its longer part counts."""
    random = np.random.default_rng(8)
    x, y = random.normal(size=100), random.normal(size=100)
    x[30] = float("nan")
    found = lead(x, y)

    assert found is not None
    assert found.n == 69
