"""Forecasts held against what came: never from the future, and never worse than a plain one."""

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow.parquet as pq
import pytest

from opsgauge.analysis.forecast.backtest import foresee, holds, score
from opsgauge.analysis.forecast.layout import Event, Layout
from opsgauge.analysis.forecast.ranges import Ranges
from opsgauge.foundation.errors import TooFewPoints
from tests.analysis.forecast.made import MONDAY, hours, of_days
from tests.conftest import SHARED_DATA

CALLS = SHARED_DATA / "bank_calls" / "fpp3_bank_calls.parquet"


@pytest.mark.row("SPC-12")
def test_what_comes_later_changes_no_forecast() -> None:
    """Shuffle the future: every row up to it is foreseen as before."""
    layout = hours(120)
    shuffled = layout.values.copy()
    shuffled[100:] = np.random.default_rng(5).permutation(shuffled[100:].ravel()).reshape(20, 24)
    both = [foresee(each) for each in (layout, replace(layout, values=shuffled))]
    upto = 100 - both[0].begin

    assert (both[0].expected[: upto + 1] == both[1].expected[: upto + 1]).all()
    for end in ("low", "high", "far_low", "far_high"):
        first, second = (getattr(each.ranges, end) for each in both)
        assert (first[: upto + 1] == second[: upto + 1]).all()
    assert (both[0].by_season[: upto + 1] == both[1].by_season[: upto + 1]).all()
    assert (both[0].expected[upto + 2 :] != both[1].expected[upto + 2 :]).any()


@pytest.mark.row("BAS-03")
def test_a_season_beats_the_value_of_a_week_ago() -> None:
    """Chance is in one week's value, and not in the mean of many."""
    told = foresee(of_days(hours(200)))
    season, naive = told.scores["season"], told.scores["seasonal_naive"]

    assert told.method == "season"
    assert season.mase is not None
    assert naive.mase is not None
    assert season.mase < 0.85 * naive.mase
    assert holds(told.scores["used"])


def test_where_the_value_of_a_week_ago_is_better_it_is_used() -> None:
    """A pattern that jumps every Monday and then stays exactly so for a week is not of weekdays."""
    chance = np.random.default_rng(2)
    weeks = np.repeat(np.exp(chance.normal(0, 1.0, (30, 7))), 3, axis=0)[:60] * 1000
    values = weeks.reshape(-1, 1).round()
    told = foresee(Layout(MONDAY, values, np.ones_like(values)))
    season, naive, used = (told.scores[n].mase for n in ("season", "seasonal_naive", "used"))

    assert season is not None
    assert naive is not None
    assert used is not None
    assert naive < season
    assert used == pytest.approx(naive, rel=0.05)
    assert not told.by_season.all()


def test_the_same_from_an_origin_a_week_back() -> None:
    """Seven days from one origin: nothing of these days is used."""
    layout = of_days(hours(120))
    other = layout.values.copy()
    other[100:] = 0
    both = [foresee(each, every=7) for each in (layout, replace(layout, values=other))]
    at = 98 - both[0].begin  # row 98 is an origin, from which 98 to 104 are foreseen

    assert (both[0].expected[at : at + 7] == both[1].expected[at : at + 7]).all()
    assert (both[0].expected[at + 7 :] != both[1].expected[at + 7 :]).any()


@pytest.mark.parametrize(("days", "least"), [(28, "29 days"), (14, "29 days")])
def test_less_than_two_seasons_are_refused(days: int, least: str) -> None:
    """With what it takes, and what there is."""
    with pytest.raises(TooFewPoints, match=f"{least} or more.* has {days}"):
        foresee(of_days(hours(days)))


def test_hours_need_two_weeks_and_a_day_and_weeks_need_seventeen() -> None:
    """Each by its own season."""
    assert foresee(hours(15)).expected.shape == (1, 24)
    with pytest.raises(TooFewPoints, match="15 days"):
        foresee(hours(14))
    weeks = np.full((16, 1), 9.0)
    with pytest.raises(TooFewPoints, match="17 weeks"):
        foresee(Layout(MONDAY, weeks, np.ones_like(weeks), 7))


def test_a_series_of_nothing_is_expected_to_stay_so() -> None:
    """And no error is set in relation to none."""
    nothing = np.zeros((40, 24))
    told = foresee(Layout(MONDAY, nothing, np.ones_like(nothing)))

    assert told.scores["used"].mase is None
    assert told.scores["used"].wape is None
    assert told.scores["used"].covered == 1.0
    assert (told.ranges.high == 0).all()


def test_gaps_are_neither_learnt_nor_judged() -> None:
    """A week without any value: what follows is foreseen as well as before."""
    layout = of_days(hours(150))
    gaps = layout.values.copy()
    gaps[110:117] = np.nan
    told = foresee(replace(layout, values=gaps))

    assert told.scores["used"].n == 56 - 7
    assert holds(told.scores["used"])
    assert not np.isnan(told.expected).any()


def test_an_event_lies_in_its_range_once_it_is_known() -> None:
    """Twice as much on the first of each quarter: a signal, unless people named it."""
    layout = of_days(hours(300))
    values, days = layout.values.copy(), [30, 100, 170, 240, 290]
    values[days] *= 2.2
    doubled = replace(layout, values=values)
    events = [Event("Close", layout.date(day), layout.date(day)) for day in days]
    plain, named = foresee(doubled), foresee(doubled, events)
    last = 290 - plain.begin

    assert values[290, 0] > plain.ranges.far_high[last, 0]
    assert values[290, 0] < named.ranges.far_high[last, 0]
    assert "Close" in named.found[last]


def test_scores_are_those_of_the_textbook() -> None:
    """By hand: errors 1, 3 and 2, of a usual 4; values 10, 20 and 30."""
    values, forecast = np.array([[10.0], [20.0], [30.0]]), np.array([[11.0], [17.0], [32.0]])
    ends = Ranges(forecast - 2, forecast + 2, forecast - 9, forecast + 9)
    told = score(values, forecast, ends, 4.0)

    assert told.n == 3
    assert told.mase == pytest.approx(0.5)
    assert told.wape == pytest.approx(0.1)
    assert told.covered == pytest.approx(2 / 3)
    # Of the lower ends 9, 15, 30: 0.1, 0.5, 0; of the upper 13, 19, 34: 0.3, 0.9, 0.4.
    assert told.pinball == pytest.approx((0.6 + 1.6) / 3 / 2)


@pytest.mark.row("SPC-12")
def test_real_calls_of_a_bank_by_the_hour() -> None:
    """Better than a week ago, and the range holds 70 to 90 % of eight weeks."""
    if not CALLS.exists():
        pytest.skip("the bank calls do not lie beside this repository")
    table = pq.read_table(CALLS)
    values = np.full((236, 24), np.nan)
    for when, calls in zip(table["DateTime"].to_pylist(), table["Calls"].to_pylist(), strict=True):
        place = (date.fromisoformat(when[:10]) - date(2003, 3, 3)).days, int(when[11:13])
        values[place] = np.nan_to_num(values[place]) + calls
    values = values[:, 7:22]
    told = foresee(Layout(date(2003, 3, 3), values, np.ones_like(values)))
    season, naive = told.scores["season"], told.scores["seasonal_naive"]

    assert told.scores["used"].n == 570
    assert season.mase is not None
    assert naive.mase is not None
    assert season.mase < 0.7 * naive.mase
    assert holds(told.scores["used"])
