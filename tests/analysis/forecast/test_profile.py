"""A season in words, and what of a high value it explains."""

import numpy as np
import pytest

from opsgauge.analysis.forecast.profile import Profile, hours, profile, told
from opsgauge.analysis.forecast.season import Season, of
from tests.analysis.forecast.made import WEEK, of_days
from tests.analysis.forecast.made import hours as counted


def taught(busiest: float = 600.0) -> Profile:
    """Return the profile of half a year of hours."""
    layout = counted(182, busiest)
    season = of(layout)
    for row, values in enumerate(layout.values):
        season.learn(row % 7, values, layout.length[row])
    return profile(season)


@pytest.mark.row("BAS-03")
def test_a_profile_says_which_days_and_hours_bring_much() -> None:
    """Mondays half as much again, next to nothing on Sundays, most at eleven."""
    made = taught()
    said = " ".join(made.sentences())

    assert made.weekdays == pytest.approx(WEEK / WEEK.mean(), rel=0.05)
    assert "Mondays bring 1.8" in said
    assert "Sundays bring next to nothing." in said
    assert "The busiest time is Monday 1" in said


@pytest.mark.row("BAS-03")
def test_a_high_value_that_was_expected_is_predictable() -> None:
    """A Monday's morning is far above a usual hour and no signal; the same at night is one."""
    made = taught()
    morning, night = made.hours[0, 11], made.hours[0, 3]

    assert made.of(0, 11) > 3
    assert made.predictable(morning, morning, 0.9 * morning, 1.1 * morning)
    assert not made.predictable(morning, night, 0.0, 1.0)
    assert not made.predictable(made.usual, made.usual, 0.9 * made.usual, 1.1 * made.usual)


def test_of_nothing_there_is_nothing_to_say() -> None:
    """A season that saw nothing, and one that saw only zeros."""
    for season in (Season(7, 24), of(of_days(counted(7, 0.0)))):
        made = profile(season)
        assert made.sentences() == ("Nothing came in any season, so nothing is expected.",)
        assert np.isnan(made.of(0, 0))


def test_what_was_expected_is_said_in_one_line() -> None:
    """With what fell on it."""
    assert told(["Monday 09–10"], "40", "62", "91") == "Monday 09–10, expected 40–62, got 91"
    assert hours(23, 24) == "23–24"
