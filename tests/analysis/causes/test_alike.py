"""Risks compared within strata: by hand, and against other programs."""

import numpy as np
import pytest
from scipy.stats import hypergeom
from scipy.stats.contingency import relative_risk

from opsgauge.analysis.causes.alike import chances, counted, ratios, strata

pytestmark = [pytest.mark.row("RCA-01")]


def test_in_one_stratum_it_is_the_plain_risk_ratio() -> None:
    """With the interval of its logarithm, as scipy has it."""
    codes = np.repeat([1, 0], [100, 300])
    hits = np.concatenate([np.arange(100) < 30, np.arange(300) < 45])
    found = ratios(counted(codes, 2, np.zeros(400, int), hits))
    told = relative_risk(30, 100, 45, 300)

    assert found.ratio[1] == pytest.approx(told.relative_risk)
    ends = told.confidence_interval(0.95)
    assert (found.low[1], found.high[1]) == pytest.approx((ends.low, ends.high), rel=0.02)


def test_strata_are_put_together_as_mantel_and_haenszel_do() -> None:
    """By hand: (20 * 100 / 200 + 30 * 50 / 150) / (10 * 100 / 200 + 10 * 100 / 150)."""
    tables = [(100, 20, 100, 10), (100, 30, 50, 10)]  # with the word: n, hits; without: n, hits
    codes, of, hits = [], [], []
    for stratum, (n, a, m, b) in enumerate(tables):
        codes += [1] * n + [0] * m
        of += [stratum] * (n + m)
        hits += [at < a for at in range(n)] + [at < b for at in range(m)]
    found = ratios(counted(np.array(codes), 2, np.array(of), np.array(hits)))

    assert found.ratio[1] == pytest.approx((10 + 10) / (5 + 10 * 100 / 150))
    assert found.low[1] < found.ratio[1] < found.high[1]


def test_kidney_stones_turn_round() -> None:
    """Charig, 1986: the treatment with more failures in all has fewer with stones of each size."""
    rows = [(0, 1, 87, 6), (1, 1, 263, 71), (0, 0, 270, 36), (1, 0, 80, 25)]
    of = np.concatenate([np.full(n, size) for size, _, n, _ in rows])
    codes = np.concatenate([np.full(n, word) for _, word, n, _ in rows])
    hits = np.concatenate([np.arange(n) < bad for _, _, n, bad in rows])
    whole = ratios(counted(codes, 2, np.zeros(len(of), int), hits))
    alike = ratios(counted(codes, 2, of, hits))

    assert whole.ratio[1] > 1 > alike.ratio[1]


@pytest.mark.parametrize(("n", "hits"), [(40, 3), (40, 9), (300, 40), (300, 45)])
def test_chances_are_near_those_of_drawing_without_putting_back(n: int, hits: int) -> None:
    """Of one stratum they are known exactly."""
    every, there = 1000, 100
    codes = np.repeat([1, 0], [n, every - n])
    told = np.concatenate([np.arange(n) < hits, np.arange(every - n) < there - hits])
    found = chances(counted(codes, 2, np.zeros(every, int), told))[1]
    exact = hypergeom(every, there, n)

    assert found == pytest.approx(exact.sf(hits - 1), rel=0.1)


def test_without_a_hit_nothing_is_promised() -> None:
    """The ratio is small and finite, and chance explains it."""
    tables = counted(np.repeat([1, 0], 100), 2, np.zeros(200, int), np.arange(200) >= 150)
    found = ratios(tables)

    assert chances(tables)[1] == 1.0
    assert 0 < found.low[1] < found.ratio[1] < 0.1
    assert np.isfinite(found.high[1])


def test_equal_scores_stand_in_one_stratum() -> None:
    """However many there are."""
    of = strata(np.array([0.5] * 90 + [0.7] * 10))

    assert len(set(of[:90].tolist())) == len(set(of[90:].tolist())) == 1
