"""Axes that people can read."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from opsgauge.operations.drawing.scale import Unit, axis_unit, millis, time_axis, value_axis

VALUES = st.lists(st.floats(0, 1e7, allow_nan=False), min_size=1, max_size=30)


@given(VALUES, st.booleans())
def test_an_axis_holds_its_values_with_few_ticks(values: list[float], from_zero: bool) -> None:
    """No value leaves the axis, and its ticks can be counted on two hands."""
    assume(max(values) > 1e-6)
    axis = value_axis(values, Unit(1, "h"), from_zero)

    assert axis.low <= min(values) + 1e-9
    assert axis.high >= max(values) * (1 - 1e-9)
    assert 2 <= len(axis.ticks) <= 9
    assert len(axis.ticks) == len(axis.labels)


@given(VALUES)
def test_counts_start_at_zero(values: list[float]) -> None:
    """A bar or a count cut off zero lies about its size."""
    assert value_axis(values, Unit(1, ""), from_zero=True).low == 0


def test_a_share_that_would_be_a_flat_line_starts_elsewhere() -> None:
    """Between 90 and 95 % nobody sees anything on an axis from 0."""
    assert value_axis([90, 95], Unit(1, "%"), from_zero=False).low >= 80


def test_the_unit_stands_once_at_the_top() -> None:
    """Five times the sign of per cent are four too many."""
    labels = value_axis([10, 60], Unit(1, "%"), from_zero=True).labels
    assert [label.endswith("%") for label in labels].count(True) == 1
    assert labels[-1].endswith("%")


@pytest.mark.parametrize(
    ("hours", "sign"), [(0.01, "s"), (0.5, "min"), (22.1, "h"), (71.9, "h"), (178, "days")]
)
def test_time_is_read_in_the_unit_one_would_say(hours: float, sign: str) -> None:
    """Seconds below a minute, minutes below an hour, hours below 72, days above."""
    unit = axis_unit("hours", hours)
    assert unit.sign == sign
    assert 0.9 < hours * unit.factor < 100


def test_negative_time_stays_on_the_axis() -> None:
    """A ticket resolved before it was opened is reported, not cut off."""
    assert value_axis([-3, 5], Unit(1, "h"), from_zero=False).low <= -3


def test_mondays_are_labelled_where_periods_are_days() -> None:
    """28 March 2016 is a Monday."""
    days = [f"2016-{month:02}-{day:02}" for month, day in [(3, d) for d in range(28, 32)]]
    days += [f"2016-04-{day:02}" for day in range(1, 25)]
    assert time_axis(days).labels[:3] == ("28 Mar 2016", "4 Apr", "11 Apr")


def test_a_new_year_is_said() -> None:
    """The year stands at the first label and where it changes."""
    labels = time_axis(["2015-W52", "2015-W53", "2016-W01", "2016-W02"]).labels
    assert labels == ("21 Dec 2015", "28 Dec", "4 Jan 2016", "11 Jan")


@given(st.integers(1, 300))
def test_labels_are_few_enough_to_stand_side_by_side(count: int) -> None:
    """However many periods there are."""
    months = [f"{2000 + index // 12}-{index % 12 + 1:02}" for index in range(count)]
    axis = time_axis(months)
    assert 1 <= len(axis.ticks) <= 8
    assert axis.start < axis.ticks[0] <= axis.ticks[-1] < axis.end


def test_a_period_stands_at_its_first_day() -> None:
    """As milliseconds since 1970, which Vega counts in."""
    assert millis("1970-01-02") == 86_400_000
    assert math.isclose(millis("2016-W01"), millis("2016-01-04"))


def test_a_cell_is_written_with_one_precision() -> None:
    """Its unit stands in the head of its column."""
    assert axis_unit("hours", 300).write(36) == "1.5"
    assert axis_unit("tickets", 300).write(1184) == "1,184"
    assert axis_unit("count", 3).write(0.937) == "0.94"
