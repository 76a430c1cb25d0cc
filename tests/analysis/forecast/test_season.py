"""What a season learns: weekdays, hours, a level that moves, occasions; gaps and zeros."""

import numpy as np
import pytest

from opsgauge.analysis.forecast.layout import Numbers
from opsgauge.analysis.forecast.season import Season, of
from tests.analysis.forecast.made import WEEK, hours, of_days, rates

ONE = np.ones(1)


def taught(days: Numbers, **occasions: list[int]) -> Season:
    """Return a season that saw some days, with named occasions on some of them."""
    season = Season(7, 1, frozenset(occasions))
    for at, value in enumerate(days):
        names = [name for name, rows in occasions.items() if at in rows]
        season.learn(at % 7, np.array([value]), ONE, names)
    return season


def test_weekdays_and_hours_are_learnt() -> None:
    """After half a year the next Monday is foreseen hour by hour."""
    layout = hours(182, 600.0)
    season = of(layout)
    for row, values in enumerate(layout.values):
        season.learn(row % 7, values, layout.length[row])
    ahead, truth = season.foresee(0, np.ones(24)), rates(1, 600.0)[0]

    assert ahead == pytest.approx(truth, rel=0.06, abs=6)
    assert ahead[:6].tolist() == [0.0] * 6  # nothing comes at night


def test_a_level_that_moves_is_followed() -> None:
    """Twice as much from one day on: a week later the forecasts are there."""
    days = np.concatenate([np.tile(WEEK, 12) * 100, np.tile(WEEK, 2) * 200])
    before, after = taught(days[:84]), taught(days)

    assert before.foresee(1, ONE)[0] == pytest.approx(100, rel=0.02)
    assert after.foresee(1, ONE)[0] == pytest.approx(200, rel=0.1)


def test_one_odd_day_hardly_moves_the_level() -> None:
    """A day of ten times the usual is an accident, not a level."""
    usual = np.tile(WEEK, 12) * 100 + np.arange(84) % 5.0
    odd = np.concatenate([usual, [1500.0]])

    assert taught(odd).foresee(1, ONE)[0] < 1.15 * taught(usual).foresee(1, ONE)[0]


def test_a_gap_tells_nothing() -> None:
    """Days without a value leave everything as it was; a part of a day counts as that part."""
    days = np.tile(WEEK, 8) * 100
    season, gaps = taught(days), taught(np.concatenate([days, [np.nan] * 7]))
    assert gaps.foresee(2, ONE) == pytest.approx(season.foresee(2, ONE))

    layout = hours(56, 600.0)
    half = layout.values.copy()
    half[-7:, :12] = np.nan
    told = of(layout)
    for row, values in enumerate(half):
        told.learn(row % 7, values, layout.length[row])
    assert told.foresee(2, np.ones(24)).sum() == pytest.approx(rates(7, 600.0)[2].sum(), rel=0.06)


def test_an_event_that_was_seen_is_expected_again() -> None:
    """Each rollout doubles its day; the third is expected to do about that."""
    days = np.tile(WEEK, 20) * 100
    days[[30, 65, 100]] *= 2
    season = taught(days, Rollout=[30, 65, 100])

    assert season.foresee(3, ONE, ["Rollout"])[0] > 1.4 * season.foresee(3, ONE)[0]
    [told] = season.told()
    assert (told.name, told.n) == ("Rollout", 3)


def test_an_occasion_that_nobody_named_has_to_prove_itself() -> None:
    """Days of the month's end that are as others change nothing."""
    chance = np.random.default_rng(3)
    days = chance.poisson(np.tile(WEEK, 40) * 100).astype(float)
    season = Season(7, 1)
    for at, value in enumerate(days):
        season.learn(at % 7, np.array([value]), ONE, ["month end"] if at % 30 in (1, 2) else [])

    assert season.effect(["month end"]) == pytest.approx(1.0, abs=0.05)


def test_nothing_at_all_is_expected_where_nothing_came() -> None:
    """And a desk that begins after weeks of nothing is seen within days."""
    assert taught(np.zeros(40)).foresee(0, ONE).tolist() == [0.0]
    begun = np.concatenate([np.zeros(28), np.tile(WEEK, 3) * 100])
    assert taught(begun).foresee(1, ONE)[0] == pytest.approx(100, rel=0.35)


def test_an_hour_that_lasts_twice_brings_twice() -> None:
    """When clocks go back, two hours have one name."""
    layout = hours(56)
    season = of(layout)
    for row, values in enumerate(layout.values):
        season.learn(row % 7, values, layout.length[row])
    twice = np.ones(24)
    twice[9] = 2.0

    assert season.foresee(0, twice)[9] == pytest.approx(2 * season.foresee(0, np.ones(24))[9])


def test_other_values_than_counts_have_a_season_too() -> None:
    """Shares of a tenth: an event that doubles them is learnt, without a half of a count."""
    layout = of_days(hours(4))
    season = Season(7, 1, frozenset({"Rollout"}), counts=False)
    for at in range(140):
        seen = at % 35 == 30
        value = (0.2 if seen else 0.1) * WEEK[at % 7]
        season.learn(at % 7, np.array([value]), ONE, ["Rollout"] if seen else [])

    assert season.effect(["Rollout"]) > 1.5
    assert layout.counts
