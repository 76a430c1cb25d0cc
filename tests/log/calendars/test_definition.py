"""What a date of a calendar holds."""

from datetime import date

import pytest

from opsgauge.foundation.errors import QueryWrong, UnknownCalendar
from opsgauge.log.calendars.definition import Calendars, Slot, always, first_overlap
from tests.log.calendars.clocks import calendar

MORE = """
holidays:
  country: DE
  subdivision: BY
  dates:
    - {date: 2026-06-05, name: Bridge day}
    - {every: "12-24", name: Christmas Eve}
exceptions:
  - {date: 2026-12-25, name: Migration, hours: "10:00-11:00"}
  - {date: 2026-05-16, hours: "08:00-12:00"}
  - {date: 2026-05-18, name: Outing, hours: closed}
  - {every: "12-31", name: Year's end, hours: "09:00-12:00"}
"""
DESK = calendar("09:00-17:00", "Europe/Berlin", more=MORE)


@pytest.mark.parametrize(
    ("day", "why", "name", "slots"),
    [
        ("2026-01-05", "week", "", "09:00-17:00"),
        ("2026-01-04", "week", "", ""),
        ("2026-01-06", "holiday", "Epiphany", ""),
        ("2026-06-05", "holiday", "Bridge day", ""),
        ("2025-12-24", "holiday", "Christmas Eve", ""),
        ("2026-12-25", "exception", "Migration", "10:00-11:00"),
        ("2026-05-16", "exception", "", "08:00-12:00"),
        ("2026-05-18", "exception", "Outing", ""),
        ("2026-12-31", "exception", "Year's end", "09:00-12:00"),
    ],
)
def test_a_day_is_decided_by_exception_then_holiday_then_week(
    day: str, why: str, name: str, slots: str
) -> None:
    """An exception opens a holiday or a weekend; a part of a country has holidays of its own."""
    found = DESK.day(date.fromisoformat(day))

    assert (found.why, found.name, ",".join(map(str, found.slots))) == (why, name, slots)


def test_an_exception_of_every_year_does_not_open_a_weekend() -> None:
    """31 December 2027 is a Friday; that of 2023 was a Sunday."""
    assert DESK.day(date(2027, 12, 31)).slots
    assert not DESK.day(date(2023, 12, 31)).slots


def test_holidays_are_named_alike_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever language the machine speaks."""
    monkeypatch.setenv("LANGUAGE", "de")
    assert DESK.holiday(date(2031, 1, 6)) == "Epiphany"


def test_holidays_far_away_are_not_known() -> None:
    """The package knows some centuries; before and after, nothing is a holiday."""
    assert DESK.holiday(date(1800, 12, 25)) == ""


def test_the_same_hours_on_another_clock() -> None:
    """The name says so."""
    moved = DESK.in_zone("Asia/Kolkata")

    assert (moved.name, moved.zone, moved.week) == ("desk@Asia/Kolkata", "Asia/Kolkata", DESK.week)
    with pytest.raises(QueryWrong, match="Asia/Kolkata"):
        DESK.in_zone("Asia/Kolkatta")


def test_always_is_there_without_a_file() -> None:
    """And an unknown name is answered with the nearest."""
    known = Calendars()

    assert known.get("always") == always()
    with pytest.raises(UnknownCalendar, match="Did you mean 'always'"):
        known.get("alway")


def test_overlaps_are_found_across_midnight() -> None:
    """Slots that touch do not overlap."""
    night = Slot(1320, 1800)

    assert first_overlap(((night,), (Slot(360, 400),))) is None
    assert first_overlap(((night,), (), (Slot(0, 400),))) is None
    assert first_overlap(((night,), (Slot(359, 400),))) == (1, night, Slot(359, 400))
