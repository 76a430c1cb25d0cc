"""Hours and days as people write them."""

from datetime import date

import pytest

from opsgauge.log.calendars.definition import Slot
from opsgauge.log.calendars.hours import (
    days_around,
    read_date,
    read_slot,
    read_slots,
    read_weekdays,
    read_yearly,
)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("09:00-12:30", 540, 750),
        ("9:05 - 17:00", 545, 1020),
        ("00:00-24:00", 0, 1440),
        ("22:00-06:00", 1320, 1800),
        ("22:00-00:00", 1320, 1440),
        ("23:59-24:00", 1439, 1440),
    ],
)
def test_a_slot_is_read(text: str, start: int, end: int) -> None:
    """Over midnight it ends on the next day."""
    assert read_slot(text) == Slot(start, end)


@pytest.mark.parametrize(
    "text",
    ["", "9-17", "24:00-25:00", "09:60-10:00", "10:00-24:01", "9:00", "closed", "09:00-09:00"],
)
def test_what_is_no_slot_is_refused_by_its_own_words(text: str) -> None:
    """The message begins with what was written."""
    with pytest.raises(ValueError, match="^'" + text):
        read_slot(text)


def test_a_slot_is_written_as_it_is_read() -> None:
    """A whole day too, and one over midnight."""
    for text in ("09:00-12:30", "00:00-24:00", "22:00-06:00"):
        assert str(read_slot(text)) == text


def test_slots_of_a_day_come_in_order_and_apart() -> None:
    """They may touch; an overlap is named."""
    assert [str(s) for s in read_slots(["12:00-17:00", "09:00-12:00"])] == [
        "09:00-12:00",
        "12:00-17:00",
    ]
    assert read_slots(["closed"]) == () == read_slots([])
    with pytest.raises(ValueError, match=r"09:00-12:00 and '11:59-17:00' overlap"):
        read_slots(["11:59-17:00", "09:00-12:00"])


@pytest.mark.parametrize(
    ("text", "days"),
    [("friday", (4,)), ("Monday-Friday", (0, 1, 2, 3, 4)), ("saturday - monday", (5, 6, 0))],
)
def test_weekdays_are_read(text: str, days: tuple[int, ...]) -> None:
    """One, or a range, which may pass the end of the week."""
    assert read_weekdays(text) == days


@pytest.mark.parametrize(
    ("text", "near"), [("fryday", "friday"), ("monday-fri", "friday"), ("mo-tu-we", "There is")]
)
def test_an_unknown_weekday_is_refused(text: str, near: str) -> None:
    """With the nearest that is one."""
    with pytest.raises(ValueError, match=f"'{text}' is no weekday.*{near}"):
        read_weekdays(text)
    with pytest.raises(ValueError, match="Write one, or two"):
        read_weekdays("monday-tuesday-friday")


def test_dates_are_read() -> None:
    """29 February is a day of a year, 30 February is none."""
    assert read_date("2026-12-24") == date(2026, 12, 24)
    assert read_yearly("12-24") == (12, 24)
    assert read_yearly("2-29") == (2, 29)
    for wrong in ("2026-02-30", "24.12.2026", ""):
        with pytest.raises(ValueError, match="is no date"):
            read_date(wrong)
    for far in ("0001-01-01", "9999-12-31"):
        with pytest.raises(ValueError, match="lies too far away"):
            read_date(far)
    for wrong in ("02-30", "13-01", "24.12.", ""):
        with pytest.raises(ValueError, match="is no day of a year"):
            read_yearly(wrong)


def test_a_date_has_neighbours() -> None:
    """Over the end of a year."""
    assert days_around(date(2026, 1, 1)) == (date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2))
