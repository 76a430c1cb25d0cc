"""Business time in Python."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from opsgauge.foundation.errors import NeverOpen, QueryWrong
from opsgauge.log.calendars.business_time import (
    add_business_micros,
    add_business_seconds,
    business_micros,
    business_seconds,
    reached,
)
from opsgauge.log.calendars.definition import always
from opsgauge.log.calendars.stretches import stretches
from opsgauge.warehouse.portable import micros_at
from tests.log.calendars.clocks import at, calendar

DESK = calendar("09:00-12:00, 13:00-17:00")
HOUR = 3_600.0


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-01-05 10:00", "2026-01-05 11:00", 1),
        ("2026-01-05 11:00", "2026-01-05 14:00", 2),
        ("2026-01-05 12:10", "2026-01-05 12:50", 0),
        ("2026-01-09 16:00", "2026-01-12 10:00", 2),
        ("2026-01-12 10:00", "2026-01-09 16:00", -2),
        ("2026-01-05 10:00", "2026-01-05 10:00", 0),
        ("2020-01-01 00:00", "2026-01-01 00:00", 7 * 1566),
    ],
)
def test_open_time_between_two_instants(start: str, end: str, hours: float) -> None:
    """Lunch and weekends do not count; reversed, it is negative. 1,566 weekdays in six years."""
    assert business_seconds(DESK, at(start), at(end)) == hours * HOUR


def test_a_microsecond_counts() -> None:
    """Nothing is rounded."""
    moment = at("2026-01-05 11:59:59.999999")

    assert business_micros(DESK, moment, at("2026-01-05 13:00:00.000002")) == 3


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-01-05 10:00", 1, "2026-01-05 11:00"),
        ("2026-01-05 10:00", 2, "2026-01-05 12:00"),
        ("2026-01-05 10:00", 3, "2026-01-05 14:00"),
        ("2026-01-09 16:00", 1, "2026-01-09 17:00"),
        ("2026-01-09 16:00", 8, "2026-01-12 17:00"),
        ("2026-01-10 03:00", 1, "2026-01-12 10:00"),
        ("2026-01-10 03:00", 0, "2026-01-10 03:00"),
        ("2026-01-05 14:00", -1, "2026-01-05 13:00"),
        ("2026-01-05 14:00", -2, "2026-01-05 11:00"),
        ("2026-01-12 10:00", -1, "2026-01-12 09:00"),
        ("2026-01-05 10:00", 7 * 5 * 52 * 12, "2037-12-21 10:00"),
    ],
)
def test_adding_goes_to_the_first_instant_at_which_so_much_has_passed(
    start: str, hours: float, end: str
) -> None:
    """So to a closing, not to the opening after it; back, to the last from which so much passes."""
    assert add_business_seconds(DESK, at(start), hours * HOUR) == at(end)


def test_adding_takes_any_zone_and_gives_utc() -> None:
    """The same instant is the same instant."""
    there = at("2026-01-05 10:00").astimezone(ZoneInfo("Asia/Kolkata"))

    assert add_business_micros(DESK, there, 1).tzinfo is UTC
    assert add_business_micros(DESK, there, 0).tzinfo is UTC
    assert add_business_micros(DESK, there, 1) == at("2026-01-05 10:00:00.000001")


def test_a_calendar_that_never_opens_never_gets_there() -> None:
    """Forward or back; nor does one that opens too seldom."""
    never = calendar("closed")
    for seconds in (1, -1):
        with pytest.raises(NeverOpen, match="'desk' is not open for"):
            add_business_seconds(never, at("2026-01-05 10:00"), seconds)
    once = calendar("closed", more='exceptions:\n  - {date: 2026-02-01, hours: "09:00-10:00"}\n')
    assert add_business_seconds(once, at("2026-01-05"), HOUR) == at("2026-02-01 10:00")
    with pytest.raises(NeverOpen, match=r"1\.5 h after 2026-01-05 00:00"):
        add_business_seconds(once, at("2026-01-05"), 1.5 * HOUR)


def test_the_ends_of_time_are_no_fault() -> None:
    """Years far before and after anything recorded."""
    early, late = datetime(1, 6, 1, tzinfo=UTC), datetime(9999, 6, 1, tzinfo=UTC)

    assert business_micros(always(), early, early + timedelta(1)) == 0  # before all known years
    assert business_micros(always(), at("2026-01-01"), at("2026-01-02")) == 86_400_000_000
    with pytest.raises(NeverOpen):
        add_business_seconds(always(), late, HOUR)


def test_an_instant_needs_a_zone() -> None:
    """A wall clock without one says nothing."""
    naive = datetime(2026, 1, 5)  # noqa: DTZ001 - refused
    for ask in (
        lambda: business_seconds(DESK, naive, at("2026-01-05")),
        lambda: business_seconds(DESK, at("2026-01-05"), naive),
        lambda: add_business_seconds(DESK, naive, 0),
        lambda: add_business_seconds(DESK, naive, 1),
    ):
        with pytest.raises(QueryWrong, match="has no zone"):
            ask()


def test_many_starts_are_reached_at_once() -> None:
    """Forward and back; None where one is not, within the range."""
    open_time = stretches(DESK, at("2026-01-05"), at("2026-01-06"))
    starts = np.array([micros_at(at("2026-01-05 10:00"))] * 2)

    found = reached(open_time, starts, np.array([3_600_000_000, -3_600_000_000]))
    assert found is not None
    assert found.tolist() == [
        micros_at(at("2026-01-05 11:00")),
        micros_at(at("2026-01-05 09:00")),
    ]
    assert reached(open_time, starts, np.array([1, 10**12])) is None
