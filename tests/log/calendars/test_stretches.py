"""When a calendar is open, over the nights on which clocks are changed."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.calendars.definition import Calendar, always
from opsgauge.log.calendars.stretches import Stretches, instant_of, stretches
from opsgauge.warehouse.portable import micros_at
from tests.log.calendars.clocks import at, calendar

DAILY = "monday-sunday"


def told(of: Calendar, first: str, last: str) -> list[str]:
    """Return the stretches between two instants of UTC as day and time."""
    found = stretches(of, at(first), at(last))
    moments = [
        np.datetime_as_string(edges.astype("datetime64[us]"), unit="m")
        for edges in (found.starts, found.ends)
    ]
    return [f"{start[8:]}/{end[8:]}" for start, end in zip(*moments, strict=True)]


def test_slots_become_utc() -> None:
    """Berlin is an hour ahead in winter; the weekend is closed."""
    desk = calendar("09:00-12:00, 13:00-17:00", "Europe/Berlin")

    assert told(desk, "2026-01-09", "2026-01-13") == [
        "09T08:00/09T11:00",
        "09T12:00/09T16:00",
        "12T08:00/12T11:00",
        "12T12:00/12T16:00",
    ]


def test_a_slot_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    """That of Friday lasts into Saturday, and a holiday closes the night that begins on it."""
    more = "holidays:\n  dates:\n    - {date: 2026-01-07, name: H}\n"
    night = calendar("22:00-06:00", more=more)

    assert told(night, "2026-01-06 12:00", "2026-01-12 12:00") == [
        "06T22:00/07T06:00",
        "08T22:00/09T06:00",
        "09T22:00/10T06:00",
    ]


def test_stretches_that_touch_are_one() -> None:
    """Whole days, and slots side by side."""
    assert told(always(), "2026-01-01", "2026-03-01") == ["01T00:00/01T00:00"]
    assert told(calendar("09:00-12:00, 12:00-13:00"), "2026-01-09", "2026-01-10") == [
        "09T09:00/09T13:00"
    ]


def test_a_stretch_is_cut_where_the_range_is() -> None:
    """At both ends."""
    assert told(calendar("09:00-17:00"), "2026-01-08 10:00", "2026-01-09 09:30") == [
        "08T10:00/08T17:00",
        "09T09:00/09T09:30",
    ]


@pytest.mark.parametrize(
    ("hours", "spring", "autumn"),
    [
        ("00:00-24:00", 23, 25),
        ("01:00-04:00", 2, 4),
        ("02:00-03:00", 0, 2),
        ("02:15-02:45", 0, 0.5),
        ("02:30-03:30", 0.5, 2),
        ("01:30-02:30", 0.5, 1),
        ("03:00-04:00", 1, 1),
    ],
)
def test_nights_on_which_clocks_change(hours: str, spring: float, autumn: float) -> None:
    """In Berlin 02:00 to 03:00 does not come on 29 March 2026, and comes twice on 25 October.

    What does not come begins after the gap; of what comes twice the first is meant, so a slot that
    ends at 02:30 ends the first time, and one that spans the hour holds both.
    """
    desk = calendar(hours, "Europe/Berlin", DAILY)
    zone = ZoneInfo("Europe/Berlin")
    for day, expected in ((date(2026, 3, 29), spring), (date(2026, 10, 25), autumn)):
        first, last = instant_of(day, 0, zone), instant_of(day, 1440, zone)
        assert stretches(desk, first, last).total_us == expected * MICROS_PER_HOUR


def test_a_day_that_a_zone_left_out_is_never_open() -> None:
    """Samoa had no 30 December 2011."""
    samoa = calendar("09:00-17:00", "Pacific/Apia", DAILY)

    assert told(samoa, "2011-12-29 12:00", "2011-12-31 12:00") == [
        "29T19:00/30T03:00",
        "30T19:00/31T03:00",
    ]


def test_half_an_hour_of_summer_time() -> None:
    """Lord Howe puts its clocks forward by thirty minutes."""
    zone = ZoneInfo("Australia/Lord_Howe")
    gap = date(2026, 10, 4)

    assert instant_of(gap, 120, zone) == instant_of(gap, 150, zone)
    assert instant_of(gap, 165, zone) > instant_of(gap, 150, zone)


def test_open_time_up_to_a_moment() -> None:
    """Before, in, between and after stretches; a calendar that is never open counts none."""
    desk = calendar("09:00-12:00, 13:00-17:00")
    open_time = stretches(desk, at("2026-01-09"), at("2026-01-10"))
    moments = [at(f"2026-01-09 {hour}") for hour in ("08:00", "10:00", "12:30", "14:00", "23:00")]
    asked = np.array([micros_at(moment) for moment in moments])

    assert (open_time.open_at(asked) / MICROS_PER_HOUR).tolist() == [0, 1, 3, 4, 7]
    never: Stretches = stretches(calendar("closed"), at("2026-01-01"), at("2027-01-01"))
    assert never.total_us == 0
    assert never.open_at(asked).tolist() == [0] * 5


def test_a_range_is_one() -> None:
    """Between instants, the first first."""
    with pytest.raises(ValueError, match="with a zone"):
        stretches(always(), datetime(2026, 1, 1), at("2026-01-02"))  # noqa: DTZ001 - refused
    with pytest.raises(ValueError, match="before it begins"):
        stretches(always(), at("2026-01-02"), at("2026-01-01"))
