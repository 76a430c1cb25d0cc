"""The newest period of many charts, judged for all of them together."""

import numpy as np
import pytest
from scipy.stats import ttest_ind

from opsgauge.analysis.control_charts.many import shifts
from opsgauge.analysis.many_tests import false_discovery_rates

CALM = [10.0, 12, 9, 11, 10, 13, 9, 11, 12, 10, 11, 9]


def test_the_odds_are_those_of_students_test_times_the_splits_tried() -> None:
    """Of a series without memory: the best split, and as many chances as there were splits."""
    values = [*CALM, 15.0, 16, 14, 17]
    [found] = shifts([values])

    assert found is not None
    assert (found.last, found.splits, found.lean) == (4, 8, 0.0)
    one = ttest_ind(values[:-4], values[-4:]).pvalue
    assert found.odds == pytest.approx(8 * one, rel=1e-9)
    assert found.before == pytest.approx(127 / 12)
    assert found.after == 15.5


def test_units_and_size_do_not_matter() -> None:
    """Hours or minutes, above a thousand or a thousand million: the same odds."""
    values = [*CALM, 16.0]
    [plain] = shifts([values])
    [large] = shifts([[1e9 + 60 * each for each in values]])

    assert plain is not None
    assert large is not None
    assert large.odds == pytest.approx(plain.odds, rel=1e-4)


def test_of_what_lies_open_only_the_newest_value_is_judged() -> None:
    """Four high ones in a row are one step of a stock; only a newest one far off is news."""
    risen = [*CALM, 15.0, 16, 14, 17]
    [whole], [alone] = shifts([risen]), shifts([risen], [True])

    assert whole is not None
    assert alone is not None
    assert (alone.last, alone.splits) == (1, 1)
    assert alone.odds > whole.odds


@pytest.mark.parametrize("values", [[], [1.0] * 8, CALM[:8]])
def test_too_few_values_have_no_odds(values: list[float]) -> None:
    """Eight before the newest, or nothing is said."""
    assert shifts([values]) == [None]


def test_values_that_never_differ() -> None:
    """Without spread there is no news in one more of the same, and no doubt about a step."""
    [same] = shifts([[7.0] * 12])
    [step] = shifts([[7.0] * 12 + [8.0]])

    assert same is not None
    assert step is not None
    assert same.odds == 1.0
    assert step.odds == 0.0
    assert (step.last, step.before, step.after) == (1, 7.0, 8.0)


def test_neighbours_that_lean_on_each_other_are_worth_fewer() -> None:
    """Forty series with memory: nothing is told; who forgets it would tell something."""
    dice = np.random.default_rng(4)
    noise = dice.standard_normal((40, 46))
    leaning = np.zeros_like(noise)
    for place in range(1, 46):
        leaning[:, place] = 0.5 * leaning[:, place - 1] + noise[:, place]
    with_memory = [each for each in shifts(leaning[:, 20:].tolist()) if each]
    without = [each for each in shifts(noise[:, 20:].tolist()) if each]

    assert np.mean([each.lean for each in with_memory]) > 0.3
    assert np.mean([each.lean for each in without]) < 0.1
    odds = [each.odds for each in with_memory]
    forgetful = [
        each.splits * ttest_ind(values[: -each.last], values[-each.last :]).pvalue
        for each, values in zip(with_memory, leaning[:, 20:], strict=True)
    ]
    assert min(false_discovery_rates(odds)) > 0.1 > min(false_discovery_rates(forgetful))
