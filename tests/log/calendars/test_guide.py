"""What the guide of calendars shows is what one gets."""

import re
from datetime import date

import pytest

from opsgauge.foundation.errors import CalendarWrong
from opsgauge.log.calendars.business_time import add_business_seconds
from opsgauge.log.calendars.definition import Calendar
from opsgauge.log.calendars.reading import parse_calendar
from opsgauge.log.calendars.year import year_of
from tests.conftest import ROOT
from tests.log.calendars.clocks import at, calendar

GUIDE = (ROOT / "docs" / "guides" / "calendars.md").read_text()
BLOCKS = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


def read(place: int) -> Calendar:
    """Return one of the guide's calendars."""
    return parse_calendar(BLOCKS[place], "desk", "desk.yaml")


def test_the_calendars_of_the_guide_are_calendars() -> None:
    """Both, with the days they name."""
    desk, night = read(0), read(1)

    named = {day.name: day for day in year_of(desk, 2026) if day.name}
    assert named["Bridge day"].date == date(2026, 6, 5)
    assert named["Migration weekend"].open_hours == 8
    assert named["Staff outing"].open_hours == 0
    assert named["New Year's Eve"].open_hours == 4
    assert night.day(date(2026, 1, 9)).slots
    assert len(BLOCKS) == 2


def test_the_fault_of_the_guide_is_told_so() -> None:
    """Letter by letter."""
    with pytest.raises(CalendarWrong) as wrong:
        parse_calendar(BLOCKS[0].replace("Berlin", "Berlim"), "desk", "desk.yaml")

    assert str(wrong.value) in GUIDE


def test_the_rules_of_the_guide_hold() -> None:
    """Eight hours from Friday nine o'clock, New Year's Eve on a Sunday, the night in autumn."""
    office = calendar("09:00-17:00")
    assert add_business_seconds(office, at("2026-01-09 09:00"), 8 * 3600) == at("2026-01-09 17:00")
    assert not read(0).day(date(2023, 12, 31)).slots
    spanning = calendar("01:00-04:00", "Europe/Berlin", "monday-sunday")
    assert [day.open_hours for day in year_of(spanning, 2026) if day.clock_change] == [2, 4]
