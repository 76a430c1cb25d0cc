"""Probabilities held against what happened, and put right."""

import numpy as np
import pytest

from opsgauge.analysis.forecast.calibration import brier, reliability, rising

CHANCE = np.random.default_rng(11)


@pytest.mark.row("SLA-09")
def test_probabilities_that_are_right_are_found_reliable() -> None:
    """Every tenth within its interval; twice as sure as one may be, and they are not."""
    said = CHANCE.uniform(0, 1, 40_000)
    broke = (CHANCE.uniform(0, 1, 40_000) < said).astype(float)
    right = reliability(said, broke)
    wrong = reliability(np.clip(2 * said - 0.5, 0, 1), broke)

    assert [each.n > 3_500 for each in right] == [True] * 10
    assert max(each.off for each in right) < 0.03
    assert all(each.low - 0.01 < each.said < each.high + 0.01 for each in right)
    assert max(each.off for each in wrong) > 0.1


def test_a_score_is_put_right() -> None:
    """A score that is ten times too sure becomes a probability; its order stays."""
    truth = CHANCE.uniform(0.05, 0.95, 20_000)
    broke = (CHANCE.uniform(0, 1, 20_000) < truth).astype(float)
    score = 10 * np.log(truth / (1 - truth))
    steps = rising(score[:10_000], broke[:10_000])
    said = steps.of(score[10_000:])

    assert said == pytest.approx(truth[10_000:], abs=0.13)
    assert max(e.off for e in reliability(said, broke[10_000:]) if e.n > 500) < 0.05
    assert brier(said, broke[10_000:]) < 0.25
    assert (np.diff(steps.says) >= 0).all()


def test_what_was_never_seen_is_not_impossible() -> None:
    """None of ten broke: the next may."""
    said = rising(np.arange(10.0), np.zeros(10)).of(np.array([-5.0, 50.0]))

    assert (said > 0).all()
    assert (said < 0.1).all()
