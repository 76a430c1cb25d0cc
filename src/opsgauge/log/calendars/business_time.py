"""Business time in Python: how long a calendar was open, and when so much of it has passed.

Floor 2. Exact in microseconds. The same numbers come from an engine by `expressions.py`.

`business_micros` is negative where the end comes before the start. `add_business_micros` is the
earliest instant by which so much open time has passed since the start, so it undoes the difference
wherever the calendar was open just before the end; for a negative length it is the latest instant
from which so much passes until the start, and undoes it where the calendar is open at the end.
"""

from datetime import UTC, datetime, timedelta

import numpy as np

from opsgauge.foundation.errors import NeverOpen, QueryWrong
from opsgauge.foundation.units import MICROS_PER_HOUR, MICROS_PER_SECOND
from opsgauge.log.calendars.definition import Calendar
from opsgauge.log.calendars.stretches import Numbers, Stretches, stretches
from opsgauge.warehouse.portable import EPOCH, micros_at

FIRST_YEAR, LAST_YEAR = 2, 9998  # a zone may move an instant into the year beside
FURTHEST_YEARS = 400  # the calendar of weekdays and leap years repeats after as many


def business_micros(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Return the microseconds for which a calendar is open from `start` to `end`.

    Raises
    ------
    QueryWrong : an instant without a zone

    Examples
    --------
    >>> from opsgauge.log.calendars.definition import always
    >>> noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    >>> business_micros(always(), noon, noon - timedelta(seconds=1))
    -1000000
    """
    open_time = _around(calendar, start, end)
    moments = np.array([micros_at(start), micros_at(end)], dtype=np.int64)
    from_start, to_end = open_time.open_at(moments)
    return int(to_end - from_start)


def business_seconds(calendar: Calendar, start: datetime, end: datetime) -> float:
    """Return the same in seconds."""
    return business_micros(calendar, start, end) / MICROS_PER_SECOND


def add_business_micros(calendar: Calendar, start: datetime, micros: int) -> datetime:
    """Return the instant, in UTC, at which so many open microseconds have passed since `start`.

    Raises
    ------
    NeverOpen : the calendar does not open for so long
    QueryWrong : an instant without a zone
    """
    if micros == 0:
        _require_zone(start)
        return start.astimezone(UTC)
    years, furthest = 1, timedelta(microseconds=abs(micros)).days // 365 + FURTHEST_YEARS
    while True:
        end = _years_on(start, years if micros > 0 else -years)
        open_time = _around(calendar, start, end)
        found = reached(open_time, np.array([micros_at(start)]), np.array([micros]))
        if found is not None:
            return EPOCH + timedelta(microseconds=int(found[0]))
        if years > furthest or not FIRST_YEAR < end.year < LAST_YEAR:
            break
        years *= 4
    raise NeverOpen(
        f"The calendar {calendar.name!r} is not open for {abs(micros) / MICROS_PER_HOUR:g} h "
        f"{'after' if micros > 0 else 'before'} {start:%Y-%m-%d %H:%M}.",
        hint="Give it hours in its 'week', or choose another calendar.",
    )


def add_business_seconds(calendar: Calendar, start: datetime, seconds: float) -> datetime:
    """Return the instant, in UTC, at which so many open seconds have passed since `start`.

    Seconds are taken to the nearest microsecond. Raises as `add_business_micros`.
    """
    return add_business_micros(calendar, start, round(seconds * MICROS_PER_SECOND))


def reached(open_time: Stretches, starts: Numbers, micros: Numbers) -> Numbers | None:
    """Return when each start has seen so many open microseconds; None if one never does in range.

    Parameters
    ----------
    starts, micros : shape (n,), microseconds since 1970 UTC and lengths, none of which is zero
    """
    if not len(open_time.starts):
        return None
    targets = open_time.open_at(starts) + micros
    if np.any(targets < 0) or np.any(targets > open_time.total_us):
        return None
    ends_at = open_time.before + (open_time.ends - open_time.starts)
    onward = np.searchsorted(ends_at, targets, side="left")  # the first to have so much by its end
    back = np.searchsorted(open_time.before, targets, side="right") - 1
    at = np.where(micros > 0, onward, back)
    return np.asarray(open_time.starts[at] + targets - open_time.before[at], dtype=np.int64)


def _around(calendar: Calendar, one: datetime, other: datetime) -> Stretches:
    """Return the stretches of the whole years that hold two instants, and a year on each side."""
    _require_zone(one)
    _require_zone(other)
    years = sorted((one.astimezone(UTC).year, other.astimezone(UTC).year))
    first = datetime(max(years[0] - 1, FIRST_YEAR), 1, 1, tzinfo=UTC)
    return stretches(calendar, first, datetime(min(years[1] + 2, LAST_YEAR), 1, 1, tzinfo=UTC))


def _years_on(start: datetime, years: int) -> datetime:
    _require_zone(start)
    year = min(max(start.year + years, FIRST_YEAR), LAST_YEAR)
    return datetime(year, 1, 1, tzinfo=UTC)


def _require_zone(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise QueryWrong(
            f"{moment} has no zone, so it is no instant.", hint="Give it one, such as UTC."
        )
