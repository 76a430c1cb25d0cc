"""Periods put back in time: by steps, by a year, and to the same point in another."""

from datetime import date, timedelta

import pytest

from opsgauge.foundation.errors import QueryWrong
from opsgauge.log.periods import GRAINS, dates_of, label_of, previous_label
from opsgauge.metrics.shifts import (
    ROLLING,
    months_before,
    same_point,
    shifted_label,
    steps_of,
    stretch_before,
    window_start,
)


@pytest.mark.row("CAT-10")
@pytest.mark.parametrize("grain", GRAINS)
def test_a_step_back_is_the_period_before(grain: str) -> None:
    """Steps follow each other through leap days, short months and years of 53 weeks."""
    label = label_of(date(2021, 3, 1), grain)
    for count in range(1, 60):
        before = label
        for _ in range(count):
            before = previous_label(before)

        assert shifted_label(label, str(count)) == before


@pytest.mark.row("CAT-10")
@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("2020-W53", None),  # 2019 has 52 weeks
        ("2021-W52", "2020-W52"),
        ("2021-W01", "2020-W01"),
        ("2015-W53", None),
        ("2016-02-29", None),
        ("2016-03-01", "2015-03-01"),
        ("2017-02-28", "2016-02-28"),
        ("2016-02", "2015-02"),
        ("2016-Q1", "2015-Q1"),
        ("2016", "2015"),
    ],
)
def test_a_year_back_keeps_the_name(label: str, told: str | None) -> None:
    """A week its number, a day its date; where a year has none there is nothing."""
    assert shifted_label(label, "year") == told


def test_every_week_of_a_year_of_52_has_one_a_year_back() -> None:
    """And begins 364 days earlier, or 371 after a year of 53 weeks."""
    for year, back in ((2019, 364), (2021, 371), (2022, 364)):
        for week in range(1, 53):
            label = f"{year}-W{week:02}"
            before = shifted_label(label, "year")

            assert before is not None
            assert dates_of(label)[0] - dates_of(before)[0] == timedelta(days=back)


@pytest.mark.parametrize("shift", ["", "0", "-1", "1001", "next", "٣", "1.5"])
def test_what_is_no_shift_is_refused(shift: str) -> None:
    """With what could be written."""
    with pytest.raises(QueryWrong, match="previous, year, or a number"):
        steps_of(shift)


def test_a_shift_before_all_years_has_no_label() -> None:
    """Nothing is there."""
    assert shifted_label("0500", "1000") is None


def test_a_month_too_short_for_a_day_is_said_to_be() -> None:
    """The last of it stands in, and is not the very day."""
    assert same_point(date(2024, 2, 29), "2024", "2023") == (date(2023, 2, 28), False)
    assert same_point(date(2023, 2, 28), "2023", "2024") == (date(2024, 2, 28), True)


def test_stretches_step_by_whole_months_where_they_are_such() -> None:
    """Others by as many days."""
    q1 = (date(2024, 1, 1), date(2024, 3, 31))

    assert stretch_before(*q1, "previous") == (date(2023, 10, 1), date(2023, 12, 31))
    assert stretch_before(*q1, "year") == (date(2023, 1, 1), date(2023, 3, 31))
    feb = (date(2024, 2, 1), date(2024, 2, 29))
    assert stretch_before(*feb, "year") == (date(2023, 2, 1), date(2023, 2, 28))
    ten = (date(2024, 3, 1), date(2024, 3, 10))
    assert stretch_before(*ten, "previous") == (date(2024, 2, 20), date(2024, 2, 29))


@pytest.mark.parametrize("rolling", ROLLING)
def test_windows_move_on_with_their_end(rolling: str) -> None:
    """None begins before that of the day before, and none has another length but by months."""
    days, months = ROLLING[rolling]
    ends = [date(2023, 12, 1) + timedelta(days=count) for count in range(400)]
    starts = [window_start(end, rolling) for end in ends]

    assert starts == sorted(starts)
    for start, end in zip(starts, ends, strict=True):
        beyond = end + timedelta(days=1)
        assert start == (months_before(beyond, months) if months else end - timedelta(days - 1))
