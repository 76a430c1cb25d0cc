"""Business time against published examples and against slips that other programs made.

Sources: ServiceNow's documentation of SLA timings; the issue trackers of PM4Py (559),
Business_Duration (2), businesstime (7) and GLPI (687). Each is asked of the Python functions and of
the expressions on DuckDB.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from opsgauge.log.calendars.business_time import (
    add_business_seconds,
    business_micros,
    business_seconds,
)
from opsgauge.log.calendars.definition import Calendar, always
from opsgauge.warehouse.portable import micros_at
from tests.log.calendars.clocks import at, calendar, on_duckdb, reached_on_duckdb

pytestmark = pytest.mark.row("SLA-01")
HOUR = 3_600
NINE_TO_FIVE = calendar("09:00-17:00")
CHRISTMAS = "holidays:\n  dates:\n    - {every: 12-25, name: C}\n    - {every: 12-26, name: B}\n"


def agrees(of: Calendar, start: datetime, end: datetime, seconds: float) -> None:
    """Hold both ways, and the way back, to the published number."""
    micros = round(seconds * 1_000_000)
    assert business_micros(of, start, end) == micros
    assert business_seconds(of, start, end) == seconds
    assert on_duckdb(of, [(start, end)]) == [micros]
    assert on_duckdb(of, [(end, start)]) == [-micros]


def test_servicenow_an_afternoon_and_a_morning() -> None:
    """Nine to five: from a weekday 14:00 to the next 09:00 are 3:00 of business, 19:00 in all."""
    start, end = at("2026-01-05 14:00"), at("2026-01-06 09:00")

    agrees(NINE_TO_FIVE, start, end, 3 * HOUR)
    agrees(always(), start, end, 19 * HOUR)


def test_servicenow_over_a_weekend() -> None:
    """Eight to five: from Friday 21:00 to Monday 09:30 are 1:30 of business, 60:30 in all."""
    start, end = at("2026-01-09 21:00"), at("2026-01-12 09:30")

    agrees(calendar("08:00-17:00"), start, end, 1.5 * HOUR)
    agrees(always(), start, end, 60.5 * HOUR)


def test_pm4py_559_five_working_days() -> None:
    """Eight to four, Monday 08:00 to Friday 16:00: 40 h (the 32 h of the report are a slip)."""
    agrees(calendar("08:00-16:00"), at("2026-01-05 08:00"), at("2026-01-09 16:00"), 40 * HOUR)


def test_business_duration_2_weekdays_around_the_clock() -> None:
    """From a Saturday night into Tuesday: 96,800.901426 s, of which that program lost most."""
    start, end = at("2019-06-08 23:07:02.882802"), at("2019-06-11 02:53:20.901426")

    agrees(calendar("00:00-24:00"), start, end, 96_800.901426)


@pytest.mark.parametrize("minute", ["16:00", "16:01"])
def test_businesstime_7_opened_when_the_day_has_ended(minute: str) -> None:
    """Seven to four, from the closing and a minute later to 14:20 of the next day: 7:20, not 0."""
    start, end = at(f"2015-02-23 {minute}"), at("2015-02-24 14:20")

    agrees(calendar("07:00-16:00"), start, end, 7 * HOUR + 20 * 60)


@pytest.mark.parametrize(("more", "hours"), [("", 29), (CHRISTMAS, 19)])
def test_christmas_with_and_without_holidays(more: str, hours: int) -> None:
    """Seven to five, 24 December 2026 08:00 to 28 December 17:00."""
    desk = calendar("07:00-17:00", more=more)

    agrees(desk, at("2026-12-24 08:00"), at("2026-12-28 17:00"), hours * HOUR)


@pytest.mark.parametrize("country", ["DE", "GB"])
def test_christmas_by_the_holidays_of_a_country(country: str) -> None:
    """Great Britain has Monday 28 December for the Saturday; there the day does not count."""
    part = "" if country == "DE" else "  subdivision: ENG\n"
    desk = calendar("07:00-17:00", more=f"holidays:\n  country: {country}\n{part}")

    hours = 19 if country == "DE" else 9
    agrees(desk, at("2026-12-24 08:00"), at("2026-12-28 17:00"), hours * HOUR)


def test_glpi_687_created_outside_hours() -> None:
    """The clock starts at the next opening: an hour later it is ten, and before it nothing ran."""
    created = at("2026-01-09 19:12")

    agrees(NINE_TO_FIVE, created, at("2026-01-12 09:00"), 0)
    agrees(NINE_TO_FIVE, created, at("2026-01-12 10:00"), HOUR)
    assert add_business_seconds(NINE_TO_FIVE, created, HOUR) == at("2026-01-12 10:00")
    assert reached_on_duckdb(NINE_TO_FIVE, created, HOUR * 10**6) == micros_at(
        at("2026-01-12 10:00")
    )


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("Europe/Berlin", "2026-10-26", 24),
        ("America/New_York", "2026-03-08", 23),
        ("Australia/Sydney", "2026-04-05", 25),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Asia/Kolkata", "2026-03-29", 24),
    ],
)
def test_a_day_on_which_clocks_change_around_the_clock(zone: str, day: str, hours: float) -> None:
    """23 h in spring, 25 h in autumn, from local midnight to local midnight."""
    local = ZoneInfo(zone)
    start = datetime.fromisoformat(day).replace(tzinfo=local)
    end = start.replace(day=start.day + 1)

    agrees(calendar("00:00-24:00", zone, "monday-sunday"), start, end, hours * HOUR)
