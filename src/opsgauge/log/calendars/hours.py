"""Hours and days as people write them in a calendar's file.

Floor 2. Each fault is a ValueError that begins with the word that is wrong.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from opsgauge.foundation.errors import did_you_mean
from opsgauge.log.calendars.definition import (
    FIRST_YEAR,
    LAST_YEAR,
    MINUTES_PER_DAY,
    WEEKDAYS,
    Slot,
    Slots,
    first_overlap,
)

CLOSED = "closed"
_SLOT = re.compile(r"(\d\d?):(\d\d) ?- ?(\d\d?):(\d\d)")
_YEARLY = re.compile(r"(\d\d?)-(\d\d?)")
LEAP_YEAR = 2000


def read_slot(text: str) -> Slot:
    """Return the slot that a text such as `22:00-06:00` names; it ends within a day.

    Examples
    --------
    >>> read_slot("22:00-06:00")
    Slot(start=1320, end=1800)
    """
    told = _SLOT.fullmatch(text.strip())
    if told is None:
        raise ValueError(f"{text!r} is no slot. Write it as '09:00-17:00', or 'closed'.")
    numbers = [int(part) for part in told.groups()]
    start, end = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    if max(numbers[1], numbers[3]) > 59 or start >= MINUTES_PER_DAY or end > MINUTES_PER_DAY:
        raise ValueError(
            f"{text!r} is no slot: a day begins at 00:00, its last minute is 23:59, and it ends "
            "at 24:00."
        )
    if start == end:
        raise ValueError(f"{text!r} is empty. A whole day is '00:00-24:00'.")
    return Slot(start, end if end > start else end + MINUTES_PER_DAY)


def read_slots(texts: Sequence[str]) -> Slots:
    """Return the slots of a day, in order; the one word `closed` means none.

    Examples
    --------
    >>> [str(slot) for slot in read_slots(["13:00-17:00", "9:00-12:00"])]
    ['09:00-12:00', '13:00-17:00']
    """
    if list(texts) == [CLOSED]:
        return ()
    slots = tuple(sorted(read_slot(text) for text in texts))
    overlap = first_overlap((slots,))
    if overlap:
        raise ValueError(f"the slots {overlap[1]} and '{overlap[2]}' overlap.")
    return slots


def read_weekdays(text: str) -> tuple[int, ...]:
    """Return the weekdays that a key such as `friday` or `monday-friday` names, Monday as 0.

    Examples
    --------
    >>> read_weekdays("saturday-monday")
    (5, 6, 0)
    """
    ends = [part.strip().lower() for part in text.split("-")]
    for end in ends:
        if end not in WEEKDAYS:
            raise ValueError(f"{text!r} is no weekday. {did_you_mean(end, WEEKDAYS)}")
    if len(ends) > 2:
        raise ValueError(f"{text!r} is no weekday. Write one, or two as 'monday-friday'.")
    first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
    return tuple((first + step) % 7 for step in range((last - first) % 7 + 1))


def read_date(text: str) -> date:
    """Return the date that a text such as `2026-12-24` names, of the years that are known."""
    try:
        found = date.fromisoformat(text)
    except ValueError as wrong:
        raise ValueError(f"{text!r} is no date. Write it as '2026-12-24'.") from wrong
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"{text!r} lies too far away: from {FIRST_YEAR} to {LAST_YEAR}.")
    return found


def read_yearly(text: str) -> tuple[int, int]:
    """Return the month and the day that a text such as `12-24` names.

    29 February is one: it comes in leap years alone.
    """
    told = _YEARLY.fullmatch(text.strip())
    month, day = (int(told[1]), int(told[2])) if told else (0, 0)
    try:
        date(LEAP_YEAR, month, day)
    except ValueError as wrong:
        raise ValueError(
            f"{text!r} is no day of a year. Write month and day, as '12-24'."
        ) from wrong
    return month, day


def days_around(of: date) -> tuple[date, date, date]:
    """Return a date between its neighbours."""
    return of - timedelta(days=1), of, of + timedelta(days=1)
