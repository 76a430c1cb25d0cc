"""A calendar as a year of days: what is open when, why, and where clocks change.

Floor 2. A slot over midnight counts for the day on which it begins, so a month's hours are those of
its days and a year's those of its months.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from opsgauge.foundation.errors import QueryWrong
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.calendars.definition import (
    FIRST_YEAR,
    LAST_YEAR,
    MINUTES_PER_DAY,
    ONE_DAY,
    Calendar,
    Slots,
)
from opsgauge.log.calendars.stretches import instant_of

ONE_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class YearDay:
    """One day of a year.

    Attributes
    ----------
    open_hours : of the slots that begin on it, as they pass: 23 on a whole day in spring
    usual : whether the week alone decided, so that nothing about the day needs to be said
    clock_change : minutes by which clocks are put forward on it, negative if back
    reaching : minutes after midnight until which a slot of the day before lasts, 0 for none
    """

    date: date
    slots: Slots
    open_hours: float
    why: str
    name: str
    clock_change: int
    reaching: int = 0

    @property
    def usual(self) -> bool:
        """Whether nothing about the day needs to be said."""
        return self.why == "week" and not self.clock_change


def year_of(calendar: Calendar, year: int) -> tuple[YearDay, ...]:
    """Return the days of a year, 1 January first.

    Raises
    ------
    QueryWrong : a year of which zones and holidays are not known

    Examples
    --------
    >>> from opsgauge.log.calendars.definition import always
    >>> sum(day.open_hours for day in year_of(always(), 2026))
    8760.0
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise QueryWrong(
            f"The year {year} is not shown.", hint=f"Choose one from {FIRST_YEAR} to {LAST_YEAR}."
        )
    zone, first = ZoneInfo(calendar.zone), date(year, 1, 1)
    count = (date(year + 1, 1, 1) - first).days
    return tuple(_day(calendar, first + place * ONE_DAY, zone) for place in range(count))


def _day(calendar: Calendar, of: date, zone: ZoneInfo) -> YearDay:
    told = calendar.day(of)
    passed = sum(
        (instant_of(of, slot.end, zone) - instant_of(of, slot.start, zone)) // ONE_MICROSECOND
        for slot in told.slots
    )
    before = calendar.day(of - ONE_DAY).slots
    lasting = [slot.end - MINUTES_PER_DAY for slot in before if slot.end > MINUTES_PER_DAY]
    return YearDay(
        date=of,
        slots=told.slots,
        open_hours=passed / MICROS_PER_HOUR,
        why=told.why,
        name=told.name,
        clock_change=_change(of, zone),
        reaching=max(lasting, default=0),
    )


def _change(of: date, zone: ZoneInfo) -> int:
    """Return by how many minutes the zone's offset grows on a day.

    Clocks that are changed at midnight itself change on the day that begins then.
    """
    begin, end = (
        datetime(each.year, each.month, each.day, tzinfo=zone).replace(fold=0) - ONE_MICROSECOND
        for each in (of, of + ONE_DAY)
    )
    before, after = begin.utcoffset(), end.utcoffset()
    return 0 if before is None or after is None else (after - before) // timedelta(minutes=1)
