"""What is known ahead of a day: its weekday, the turn of the month, what people named."""

from datetime import date, timedelta

import numpy as np
import pytest

from opsgauge.analysis.forecast.known_ahead import known_ahead
from opsgauge.analysis.forecast.layout import Event, Layout

MONDAY = date(2026, 1, 5)
WEEK = (30.0, 20, 20, 20, 20, 10, 20)  # 20 on average: Mondays 1.5 times, Saturdays half


def laid(values: list[float], days: int = 1) -> Layout:
    """Return a series of one slot from a Monday on."""
    column = np.array(values)[:, np.newaxis]
    return Layout(MONDAY, column, np.ones_like(column), days)


@pytest.mark.row("BAS-03")
def test_weekdays_are_what_they_bring_beside_the_weeks_about_them() -> None:
    """Also while the level doubles for good: that is no season."""
    values = [value * (1 if week < 10 else 2) for week in range(20) for value in WEEK]
    told = known_ahead(laid(values))

    assert np.allclose(told.factors[:7], [1.5, 1, 1, 1, 1, 0.5, 1], atol=0.02)
    assert told.factors[:7] == pytest.approx(told.factors[-7:])
    assert told.why[0].startswith("Mondays bring 1.5")
    assert told.more[0] == pytest.approx(10, abs=0.5)  # of a usual day of 20
    assert told.more[-7] == pytest.approx(20, abs=1)  # and then of one of 40
    assert told.why[1] == ""


@pytest.mark.row("BAS-03")
def test_an_event_is_what_such_days_brought_and_is_shared_by_its_name() -> None:
    """Two holidays bring a tenth; the third, without a value, is expected to do the same."""
    values = [*WEEK] * 12
    days = [MONDAY + timedelta(days=at) for at in (22, 45, 66)]
    for at in (22, 45):
        values[at] = 2.0
    values[66] = float("nan")
    told = known_ahead(laid(values), [Event("holiday", day, day) for day in days])

    assert told.factors[22] == pytest.approx(told.factors[66], rel=1e-3)
    assert 0.1 < told.factors[22] < 0.25
    assert "holiday: " in told.why[66]
    assert told.factors[23] == pytest.approx(1, abs=0.02)


@pytest.mark.row("BAS-03")
def test_weeks_know_only_what_people_named() -> None:
    """A rollout of two weeks, in which three times as much comes."""
    values = [20.0, 22, 19, 21] * 5
    values[8] = values[9] = 60.0
    begin = MONDAY + timedelta(weeks=8)
    told = known_ahead(laid(values, 7), [Event("Rollout", begin, begin + timedelta(days=13))])

    assert told.factors[8] > 2
    assert [factor for at, factor in enumerate(told.factors) if at not in (8, 9)] == [1.0] * 18
    assert told.why[8].startswith("Rollout: ")
