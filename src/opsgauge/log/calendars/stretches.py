"""When a calendar is open: stretches of UTC, in whole microseconds.

Floor 2. A wall-clock time that comes twice is the first of the two; one that does not come, since
clocks are put forward over it, is the first instant after the gap. So a slot that spans an hour
which comes twice holds both, and one inside an hour that is left out holds nothing.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from opsgauge.log.calendars.definition import ONE_DAY, Calendar
from opsgauge.warehouse.portable import micros_at

Numbers = npt.NDArray[np.int64]
ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, eq=False)
class Stretches:
    """The open stretches [starts, ends) of a calendar between two instants.

    Attributes
    ----------
    starts, ends : microseconds since 1970 UTC, in order; stretches neither touch nor are empty
    before : microseconds open before each stretch begins, from the first on
    first_us, last_us : the range [first, last) for which this is known
    """

    starts: Numbers
    ends: Numbers
    before: Numbers
    first_us: int
    last_us: int

    @property
    def total_us(self) -> int:
        """All microseconds open in the range."""
        return int((self.ends - self.starts).sum())

    def open_at(self, moments: Numbers) -> Numbers:
        """Return how many microseconds were open from the range's beginning up to each moment."""
        if not len(self.starts):
            return np.zeros(len(moments), dtype=np.int64)
        # The last stretch that begins no later than the moment; none gives the first, cut to zero.
        at = np.maximum(np.searchsorted(self.starts, moments, side="right") - 1, 0)
        inside = np.minimum(moments, self.ends[at]) - self.starts[at]
        return np.asarray(self.before[at] + np.maximum(inside, 0), dtype=np.int64)


def instant_of(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, of a wall-clock minute of a day; 1440 is the next midnight.

    Examples
    --------
    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> [f"{instant_of(date(2026, 3, 29), minute, berlin):%H:%M}" for minute in (60, 150, 180, 240)]
    ['00:00', '01:00', '01:00', '02:00']
    >>> [f"{instant_of(date(2026, 10, 25), minute, berlin):%H:%M}" for minute in (120, 150, 180)]
    ['00:00', '00:30', '02:00']
    """
    local = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 - a wall clock's
    first = local.replace(tzinfo=zone)
    other = first.replace(fold=1)
    if first.utcoffset() >= other.utcoffset():  # type: ignore[operator]  # both have a zone
        return first.astimezone(UTC)
    return _end_of_gap(other.astimezone(UTC), first.astimezone(UTC), zone)


def _end_of_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant between two at which the zone's offset changes, to the second."""
    old = before.astimezone(zone).utcoffset()
    while after - before > ONE_SECOND:
        middle = before + (after - before) // 2 // ONE_SECOND * ONE_SECOND
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


@lru_cache(maxsize=64)
def stretches(calendar: Calendar, first: datetime, last: datetime) -> Stretches:
    """Return when a calendar is open between two instants with a zone.

    Raises
    ------
    ValueError : an instant without a zone, or `last` before `first`
    """
    if first.tzinfo is None or last.tzinfo is None:
        raise ValueError("stretches lie between instants with a zone")
    if last < first:
        raise ValueError(f"the range ends at {last}, before it begins at {first}")
    edges = _edges(calendar, first, last)
    begin, end = micros_at(first), micros_at(last)
    starts, ends = _merged(np.clip(edges, begin, end))
    lengths = ends - starts
    return Stretches(starts, ends, np.cumsum(lengths) - lengths, begin, end)


def _edges(calendar: Calendar, first: datetime, last: datetime) -> Numbers:
    """Return start and end of each slot in the range and a little around it, in order."""
    zone = ZoneInfo(calendar.zone)
    day = first.astimezone(zone).date() - 2 * ONE_DAY  # a slot over midnight reaches into the range
    until = last.astimezone(zone).date()
    found: list[tuple[int, int]] = []
    while day <= until:
        found += [
            (
                micros_at(instant_of(day, slot.start, zone)),
                micros_at(instant_of(day, slot.end, zone)),
            )
            for slot in calendar.day(day).slots
        ]
        day += ONE_DAY
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _merged(edges: Numbers) -> tuple[Numbers, Numbers]:
    """Return stretches that neither touch, overlap, nor are empty."""
    edges = edges[edges[:, 1] > edges[:, 0]]
    if not len(edges):
        return np.array([], dtype=np.int64), np.array([], dtype=np.int64)
    edges = edges[np.argsort(edges[:, 0], kind="stable")]
    reach = np.maximum.accumulate(edges[:, 1])
    fresh = np.append(True, edges[1:, 0] > reach[:-1])
    last_of_each = np.append(fresh[1:], True)
    return edges[fresh, 0], reach[last_of_each]
