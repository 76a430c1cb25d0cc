"""Hours as people live them: when tickets are opened, and when somebody is there to work.

Floor 3. Moments are whole seconds since 1970 UTC; local clocks come from `zoneinfo`.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.draws import Floats, Ints

DAY = 86_400
MONTHS = 18
LONG_DAY = (8.0, 18.0)  # local hours in which a service level counts
# How busy each local hour is, for people in offices; the lunch dip is seen at every desk.
OFFICE_HOURS = np.concatenate(
    [
        [0.4, 0.3, 0.2, 0.2, 0.3, 0.6, 2.0, 6.0],
        [11.0, 12.5, 12.0, 10.5, 7.5, 9.0, 10.0, 9.5],
        [8.0, 5.0, 2.5, 1.6, 1.2, 1.0, 0.8, 0.6],
    ]
)
WEEKDAYS = np.array([1.02, 1.03, 1.0, 0.99, 0.93, 0.09, 0.07])
SEASON = np.array([1.08, 1.04, 1.03, 0.98, 0.97, 0.96, 0.86, 0.82, 1.08, 1.10, 1.09, 0.92])
GROWTH = 0.10  # more tickets at the end of the time than at its beginning


@dataclass(frozen=True)
class Span:
    """The time a desk is invented for: [start, end), whole seconds."""

    start: int
    end: int

    @property
    def hours(self) -> int:
        """How many hours it has."""
        return (self.end - self.start) // 3600


def span_until(ends: date) -> Span:
    """Return 18 calendar months, of which the last one runs up to the end of the day `ends`.

    Examples
    --------
    >>> s = span_until(date(2026, 6, 30))
    >>> [datetime.fromtimestamp(t, UTC).date().isoformat() for t in (s.start, s.end)]
    ['2025-01-01', '2026-07-01']
    """
    months = ends.year * 12 + ends.month - MONTHS
    first = date(months // 12, months % 12 + 1, 1)
    return Span(moment(first), moment(ends + timedelta(days=1)))


def moment(day: date, hour: float = 0.0, zone: str = "UTC") -> int:
    """Return the second at which a local hour of a day begins."""
    begun = datetime.combine(day, time(), ZoneInfo(zone)) + timedelta(hours=hour)
    return int(begun.timestamp())


@dataclass(frozen=True)
class LocalHours:
    """Every hour of a span on the clock of one zone."""

    hour: Ints
    weekday: Ints  # Monday is 0
    month: Ints
    day: Ints
    days_left: Ints  # of the month, 0 on its last day
    holiday: Floats  # 1, or far less on a holiday
    grown: Floats

    @classmethod
    def of(cls, span: Span, zone: str, region: str) -> "LocalHours":
        """Read the local clock at every hour of the span."""
        starts = span.start + 3600 * np.arange(span.hours)
        local = starts + _offsets(starts, ZoneInfo(zone))
        days = (local // DAY).astype("datetime64[D]")
        months = days.astype("datetime64[M]")
        day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
        month = months.astype(np.int64) % 12 + 1
        closed = np.zeros(len(days), dtype=bool)
        for m, d in words.HOLIDAYS[region]:
            closed |= (month == m) & (day == d)
        return cls(
            hour=local % DAY // 3600,
            weekday=(local // DAY + 3) % 7,
            month=month,
            day=day,
            days_left=((months + 1).astype("datetime64[D]") - days).astype(np.int64) - 1,
            holiday=np.where(closed, 0.12, 1.0),
            grown=1.0 + GROWTH * np.arange(len(days)) / len(days),
        )

    @cached_property
    def office(self) -> Floats:
        """How much people in offices report in each hour."""
        rhythm = OFFICE_HOURS[self.hour] * WEEKDAYS[self.weekday] * SEASON[self.month - 1]
        return rhythm * self.holiday * self.grown * self.month_end

    @cached_property
    def month_end(self) -> Floats:
        """A little more on the last three days and the first two, when books are closed."""
        return np.where((self.days_left < 3) | (self.day < 3), 1.12, 1.0)

    @cached_property
    def machines(self) -> Floats:
        """What monitoring reports: at any hour, more where there is load."""
        return (0.7 + 0.5 * (OFFICE_HOURS[self.hour] > 5)) * self.grown

    @cached_property
    def monday(self) -> Floats:
        """Monday between seven and noon."""
        return (self.weekday == 0) * ((self.hour >= 7) & (self.hour < 12)) * self.office


def _offsets(starts: Ints, zone: ZoneInfo) -> Ints:
    """Return the offset from UTC in seconds, read every six hours: near enough for a rhythm."""
    told = [
        datetime.fromtimestamp(int(t), UTC).astimezone(zone).utcoffset() or timedelta()
        for t in starts[::6]
    ]
    seconds = np.array([round(offset.total_seconds()) for offset in told])
    return np.repeat(seconds, 6)[: len(starts)]


def shifts(span: Span, zone: str, region: str, hours: tuple[float, float]) -> Ints:
    """Return the working stretches of a shift, Monday to Friday, as rows [from, to)."""
    first = datetime.fromtimestamp(span.start, UTC).date() - timedelta(days=1)
    count = (span.end - span.start) // DAY + 60
    days = [first + timedelta(days=k) for k in range(count)]
    closed = set(words.HOLIDAYS[region])
    return np.array(
        [
            [moment(day, hours[0], zone), moment(day, hours[1], zone)]
            for day in days
            if day.weekday() < 5 and (day.month, day.day) not in closed
        ]
    )


class OpenClock:
    """A clock that runs only while something is open."""

    def __init__(self, stretches: Ints) -> None:
        """Read the stretches [from, to), in order and apart from each other."""
        self._edges = stretches.ravel().astype(np.float64)
        lengths = np.repeat(stretches[:, 1] - stretches[:, 0], 2).astype(np.float64)
        lengths[::2] = 0.0
        self._open = np.cumsum(lengths)

    def count(self, at: Ints | Floats) -> Floats:
        """Return how many seconds were open up to each moment, from some beginning."""
        return np.interp(at, self._edges, self._open)

    def moment(self, count: Floats) -> Floats:
        """Return when so many seconds have been open: the other way round."""
        return np.interp(count, self._open, self._edges)


def month_ends(span: Span, zone: str, hour: float) -> Ints:
    """Return a local hour of the last two weekdays of each month, in order."""
    first = datetime.fromtimestamp(span.start, UTC).date().replace(day=1)
    ends = []
    for n in range(MONTHS):
        months = first.year * 12 + first.month + n
        day = date(months // 12, months % 12 + 1, 1)
        for _ in range(2):
            day -= timedelta(days=1)
            day -= timedelta(days=max(0, day.weekday() - 4))
            ends.append(moment(day, hour, zone))
    return np.sort(np.array(ends))
