"""Calendars as tables: buckets of time, pieces of open time."""

import numpy as np
import pytest

from opsgauge.foundation.errors import UnknownCalendar
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.calendars.compiled import (
    MINUTE,
    NOWHERE,
    CompiledCalendars,
    compile_calendars,
    range_of,
)
from opsgauge.log.calendars.definition import Calendar, always
from tests.log.calendars.clocks import at, calendar

YEAR = at("2026-01-01"), at("2027-01-01")
HOURS_A_YEAR = 8_760


def compiled(*calendars: Calendar) -> CompiledCalendars:
    """Compile calendars for 2026."""
    return compile_calendars(calendars, *YEAR)


def test_an_hour_is_a_bucket_where_each_holds_one_stretch() -> None:
    """With a row for what cannot be looked up before them."""
    made = compiled(calendar("09:15-12:45, 13:30-17:00"))
    rows = made.open_time.to_pylist()

    assert made.cuts[0].bucket_us == MICROS_PER_HOUR
    assert rows[0] == {"k": NOWHERE, "before": None, "lo": None, "hi": None}
    assert [row["k"] for row in rows[1:]] == list(range(HOURS_A_YEAR))
    assert made.open_axis.to_pylist()[0]["k"] == NOWHERE


@pytest.mark.parametrize(
    ("hours", "zone", "minutes"),
    [
        ("09:00-09:15, 09:45-17:00", "UTC", 30),
        ("09:00-09:10, 09:20-17:00", "UTC", 15),
        ("09:00-09:05, 09:08-17:00", "UTC", 5),
        ("09:00-09:01, 09:02-17:00", "UTC", 1),
        ("09:00-12:00, 12:30-17:00", "UTC", 60),
        ("09:00-12:00, 12:30-17:00", "Asia/Kolkata", 60),
        ("09:00-12:30, 13:30-17:00", "Asia/Kolkata", 60),
        ("00:00-01:10, 01:50-24:00", "Australia/Lord_Howe", 30),
    ],
)
def test_buckets_are_as_wide_as_the_calendar_allows(hours: str, zone: str, minutes: int) -> None:
    """Two stretches in one hour of UTC need finer ones, for that calendar alone."""
    made = compiled(calendar(hours, zone, "monday-sunday"), always())

    assert [cut.bucket_us for cut in made.cuts] == [minutes * MINUTE, MICROS_PER_HOUR]
    assert made.open_time.num_rows == 1 + HOURS_A_YEAR * 60 // minutes + HOURS_A_YEAR
    keys = made.open_time["k"].to_numpy()
    assert len(np.unique(keys)) == len(keys)
    assert keys[keys >= made.spacing].tolist() == list(
        range(made.spacing, made.spacing + HOURS_A_YEAR)
    )


def test_a_bucket_holds_one_stretch_and_what_was_open_before() -> None:
    """Friday 2 January, nine to half past twelve: the first open hours of the year."""
    made = compiled(calendar("09:00-12:30", days="friday"))
    day = made.open_time.slice(1 + 24, 24).to_pylist()
    begins = [made.first_us + (24 + hour) * MICROS_PER_HOUR for hour in range(24)]

    told = [
        ((row["hi"] - row["lo"]) / MICROS_PER_HOUR, row["before"] / MICROS_PER_HOUR) for row in day
    ]
    assert told[8:14] == [(0, 0), (1, 0), (1, 1), (1, 2), (0.5, 3), (0, 3.5)]
    assert all(
        begin <= row["lo"] <= row["hi"] <= begin + MICROS_PER_HOUR
        for begin, row in zip(begins, day, strict=True)
    )


def test_pieces_of_open_time_are_shorter_than_any_stretch() -> None:
    """So that each holds one closing at most."""
    made = compiled(calendar("09:00-09:40, 10:00-17:00"))

    assert made.cuts[0].piece_us == 30 * MINUTE
    assert made.open_axis.num_rows == 1 + -(-made.cuts[0].total_us // (30 * MINUTE))


def test_a_calendar_that_never_opens_has_no_open_time() -> None:
    """Beside one that does."""
    made = compiled(calendar("closed"), always())

    assert made.cuts[0].total_us == 0
    assert made.open_axis.num_rows == 1 + HOURS_A_YEAR
    assert compiled(calendar("closed")).open_axis.num_rows == 1


def test_the_range_is_whole_years_around_the_records() -> None:
    """From the year before the first to two years after the last update."""
    assert range_of(at("2024-05-01"), at("2026-12-31 23:59")) == (
        at("2023-01-01"),
        at("2029-01-01"),
    )


def test_calendars_have_numbers() -> None:
    """In the order given; an unknown name is refused."""
    made = compiled(always(), calendar("09:00-17:00"))

    assert made.numbers == {"always": 0, "desk": 1}
    assert made.number("desk") == 1
    assert set(made.tables()) == {"open_time", "open_axis"}
    with pytest.raises(UnknownCalendar, match="Did you mean 'desk'"):
        made.number("desks")
    with pytest.raises(ValueError, match="names of their own"):
        compiled(always(), always())
    assert compile_calendars([], *YEAR).open_time.num_rows == 1
