"""A calendar as a year of days."""

from datetime import date

import pytest

from opsgauge.foundation.errors import QueryWrong
from opsgauge.log.calendars.definition import Calendar, always
from opsgauge.log.calendars.stretches import stretches
from opsgauge.log.calendars.year import YearDay, year_of
from tests.log.calendars.clocks import at, calendar

MORE = """
holidays: {country: DE}
exceptions:
  - {date: 2026-05-16, name: Move, hours: "22:00-06:00"}
"""


def on(of: Calendar, day: str) -> YearDay:
    """Return one day of its year."""
    wanted = date.fromisoformat(day)
    return next(each for each in year_of(of, wanted.year) if each.date == wanted)


@pytest.mark.parametrize(
    ("day", "hours", "why", "name"),
    [
        ("2026-01-05", 7, "week", ""),
        ("2026-01-04", 0, "week", ""),
        ("2026-01-01", 0, "holiday", "New Year's Day"),
        ("2026-05-16", 8, "exception", "Move"),
        ("2026-05-17", 0, "week", ""),
    ],
)
def test_a_day_has_its_hours_and_what_decided_them(
    day: str, hours: float, why: str, name: str
) -> None:
    """A slot over midnight counts for the day on which it begins."""
    found = on(calendar("09:00-12:00, 13:00-17:00", "Europe/Berlin", more=MORE), day)

    assert (found.open_hours, found.why, found.name) == (hours, why, name)


@pytest.mark.parametrize(
    ("zone", "day", "minutes", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 60, 23),
        ("Europe/Berlin", "2026-10-25", -60, 25),
        ("Europe/Berlin", "2026-10-26", 0, 24),
        ("Australia/Lord_Howe", "2026-04-05", -30, 24.5),
        ("America/Santiago", "2026-09-06", 60, 23),
        ("Asia/Kolkata", "2026-03-29", 0, 24),
    ],
)
def test_days_on_which_clocks_change_are_marked(
    zone: str, day: str, minutes: int, hours: float
) -> None:
    """With as many hours as pass, also where clocks are put forward at midnight."""
    found = on(calendar("00:00-24:00", zone, "monday-sunday"), day)

    assert (found.clock_change, found.open_hours) == (minutes, hours)
    assert found.usual is (minutes == 0)


def test_a_year_has_the_hours_of_its_stretches() -> None:
    """As no slot of this calendar passes midnight."""
    desk = calendar("09:00-17:00", more=MORE.replace("22:00-06:00", "09:00-10:00"))
    total = stretches(desk, at("2026-01-01"), at("2027-01-01")).total_us

    assert sum(day.open_hours for day in year_of(desk, 2026)) == total / 3_600_000_000
    assert [len(year_of(always(), year)) for year in (2024, 2025)] == [366, 365]


@pytest.mark.parametrize("year", [1899, 2201, -1, 99_999])
def test_years_far_away_are_not_shown(year: int) -> None:
    """And the years that are can be chosen."""
    with pytest.raises(QueryWrong, match="from 1900 to 2200"):
        year_of(always(), year)
