"""Whether a limit will be crossed: by hand on straight lines, and as often as said on chance."""

import time
from datetime import date

import numpy as np
import pytest

from opsgauge.analysis.forecast.crossing import looks_ahead
from opsgauge.analysis.forecast.layout import Layout

MONDAY = date(2024, 1, 1)


def weeks(values: list[float]) -> Layout:
    """Return weeks of some values, which are no counts."""
    column = np.array(values, dtype=float)[:, np.newaxis]
    return Layout(MONDAY, column, np.ones_like(column), 7, counts=False)


@pytest.mark.row("ALR-01")
def test_what_stands_still_crosses_nothing() -> None:
    """Thirty weeks of ten: eleven is not reached, however far one looks; ten itself is no limit."""
    told = looks_ahead(weeks([10.0] * 30), 4, 11.0, "above")
    assert told[15] is None  # fifteen whole forecasts of four weeks before are asked for
    newest = told[-1]
    assert newest is not None
    assert (newest.crossing, newest.first) == (0, None)
    assert newest.middle == pytest.approx([10.0] * 4)
    at_limit = looks_ahead(weeks([10.0] * 30), 4, 10.0, "above")[-1]
    assert at_limit is not None
    assert at_limit.crossing == 0


@pytest.mark.row("ALR-01")
def test_what_grows_goes_on_growing() -> None:
    """One more each week: from 139 on, 142.9 is passed in the fourth week, not within three."""
    line = weeks([100.0 + week for week in range(40)])
    four, three = (looks_ahead(line, ahead, 142.9, "above")[-1] for ahead in (4, 3))
    assert four is not None
    assert three is not None
    assert four.chance > 0.9
    assert four.first == 3
    assert four.middle == pytest.approx([140, 141, 142, 143], abs=0.8)
    assert three.chance < 0.1
    fallen = looks_ahead(weeks([140.0 - week for week in range(40)]), 4, 99.0, "below")[-1]
    assert fallen is not None
    assert fallen.chance > 0.8


@pytest.mark.row("ALR-01")
def test_beyond_already_or_without_a_value_there_is_nothing_to_foresee() -> None:
    """The newest week is beyond; then it is missing; both say nothing."""
    assert looks_ahead(weeks([10.0] * 39 + [12.0]), 4, 11.0, "above")[-1] is None
    assert looks_ahead(weeks([10.0] * 39 + [np.nan]), 4, 11.0, "above")[-1] is None
    for few in (0, 1, 3):
        assert looks_ahead(weeks([10.0] * few), 4, 11.0, "above") == [None] * few


@pytest.mark.row("ALR-01")
def test_the_chance_is_as_often_right_as_it_says() -> None:
    """Over many weeks of chance around a level that wanders, by classes of chance."""
    draw = np.random.default_rng(7)
    said, came = [], []
    for _ in range(45):
        level = 50 + np.cumsum(draw.normal(0, 1.0, 140))
        values = draw.poisson(np.maximum(level, 1)).astype(float)
        told = looks_ahead(weeks(list(values)), 3, 62.0, "above")
        for row, each in enumerate(told[:-3]):
            if each is not None:
                said.append(each.chance)
                came.append(bool((values[row + 1 : row + 4] > 62.0).any()))
    chance, crossed = np.array(said), np.array(came)
    for low, high in ((0.0, 0.1), (0.1, 0.4), (0.4, 0.7), (0.7, 1.01)):
        mine = (chance >= low) & (chance < high)
        assert mine.sum() >= 200
        assert abs(chance[mine].mean() - crossed[mine].mean()) < 0.13


def test_what_came_later_changes_nothing_before() -> None:
    """So a replay says what would have been told at the time."""
    draw = np.random.default_rng(3)
    values = list(draw.poisson(40, 60).astype(float))
    whole = looks_ahead(weeks(values), 3, 50.0, "above")
    part = looks_ahead(weeks(values[:45]), 3, 50.0, "above")
    assert [each and each.chance for each in whole[:45]] == [each and each.chance for each in part]


def test_years_of_days_take_a_moment() -> None:
    """Three years of days, a week ahead."""
    draw = np.random.default_rng(3)
    column = draw.poisson(40, (1_100, 1)).astype(float)
    start = time.process_time()
    looks_ahead(Layout(MONDAY, column, np.ones_like(column)), 7, 60.0, "above")
    assert time.process_time() - start < 3


@pytest.mark.row("ALR-01")
def test_no_count_lies_between_a_limit_and_the_next_whole_number() -> None:
    """Nine or ten, by chance: eleven never came, and paths that end at 10.4 are tens."""
    draw = np.random.default_rng(5)
    column = draw.integers(9, 11, 80).astype(float)[:, np.newaxis]
    layout = Layout(MONDAY, column, np.ones_like(column), 7, counts=True)
    told = looks_ahead(layout, 3, 10.0, "above")[-1]
    assert told is not None
    assert told.chance < 0.05
    assert set(told.high) <= {10.0, 11.0}
