"""Calendars compiled to tables that an engine joins: look-ups of integers instead of clocks.

Floor 2. Time is cut into buckets, an hour each where a calendar allows it, so that a bucket holds
one open stretch at most:

    open(u) = before + greatest(0, least(u, hi) - lo)            `open_time`, by the bucket u is in

The way back cuts open time into pieces short enough to hold one closing at most:

    when(v) = v + (shift if v <= closing else shift_after)       `open_axis`, by the piece v is in

All are whole microseconds. A key is `calendar number * spacing + place`, so that keys leave few
gaps, for which engines have a faster join. What cannot be looked up, an instant outside the range
for one, has the key NOWHERE: its row holds nothing but nulls, so that the answer is missing and
the asking row is not lost.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from opsgauge.foundation.errors import CalendarWrong, UnknownCalendar, did_you_mean
from opsgauge.foundation.units import MICROS_PER_HOUR, MICROS_PER_SECOND
from opsgauge.log.calendars.definition import Calendar
from opsgauge.log.calendars.stretches import Numbers, Stretches, stretches
from opsgauge.log.periods import arrow_numbers
from opsgauge.warehouse.portable import micros_at

OPEN_TIME_SCHEMA = {"k": "int64", "before": "int64", "lo": "int64", "hi": "int64"}
OPEN_AXIS_SCHEMA = {"k": "int64", "closing": "int64", "shift": "int64", "shift_after": "int64"}
NOWHERE = -1
MINUTE = 60 * MICROS_PER_SECOND
WIDTHS = tuple(minutes * MINUTE for minutes in (60, 30, 15, 5, 1))
YEARS_AFTER = 2  # for which clocks that run at the watermark are followed


@dataclass(frozen=True, eq=False)
class Cut:
    """How a calendar is cut: the width of its buckets of time and of its pieces of open time."""

    bucket_us: int
    piece_us: int
    total_us: int  # open in the whole range


@dataclass(frozen=True, eq=False)
class CompiledCalendars:
    """Calendars as tables, over the range [first_us, last_us).

    Attributes
    ----------
    numbers : the number of each calendar, by name, from 0
    cuts : how each is cut, by number
    spacing, axis_spacing : how far apart the keys of two calendars lie
    open_time, open_axis : the tables, see above
    """

    numbers: Mapping[str, int]
    cuts: tuple[Cut, ...]
    first_us: int
    last_us: int
    spacing: int
    axis_spacing: int
    open_time: pa.Table
    open_axis: pa.Table

    def tables(self) -> Mapping[str, pa.Table]:
        """Return the tables under the names by which queries know them."""
        return {"open_time": self.open_time, "open_axis": self.open_axis}

    def number(self, name: str) -> int:
        """Return the number of a calendar.

        Raises
        ------
        UnknownCalendar : it was not compiled
        """
        if name not in self.numbers:
            raise UnknownCalendar(
                f"There is no calendar {name!r}.", hint=did_you_mean(name, self.numbers)
            )
        return self.numbers[name]


def range_of(earliest: datetime, watermark: datetime) -> tuple[datetime, datetime]:
    """Return whole years of UTC from the one before the first record to two after the last update.

    Examples
    --------
    >>> first, last = range_of(datetime(2024, 5, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))
    >>> str(first.date()), str(last.date())
    ('2023-01-01', '2029-01-01')
    """
    first, last = earliest.astimezone(UTC).year - 1, watermark.astimezone(UTC).year + 1
    return datetime(first, 1, 1, tzinfo=UTC), datetime(last + YEARS_AFTER, 1, 1, tzinfo=UTC)


def compile_calendars(
    calendars: Iterable[Calendar], first: datetime, last: datetime
) -> CompiledCalendars:
    """Compile calendars over a range [first, last), `range_of` the records as a rule.

    Raises
    ------
    ValueError : an instant without a zone, `last` before `first`, or one name twice
    CalendarWrong : one opens twice within a minute
    """
    asked = list(calendars)
    numbers = {calendar.name: number for number, calendar in enumerate(asked)}
    if len(numbers) < len(asked):
        raise ValueError("calendars are compiled once each, under names of their own")
    opened = [stretches(calendar, first, last) for calendar in asked]
    cuts = [_cut(calendar, each) for calendar, each in zip(asked, opened, strict=True)]
    begin, end = micros_at(first), micros_at(last)
    spacing = max((-(-(end - begin) // cut.bucket_us) for cut in cuts), default=1)
    axis_spacing = max((-(-cut.total_us // cut.piece_us) for cut in cuts), default=1) or 1
    parts = list(zip(opened, cuts, strict=True))
    return CompiledCalendars(
        numbers=numbers,
        cuts=tuple(cuts),
        first_us=begin,
        last_us=end,
        spacing=spacing,
        axis_spacing=axis_spacing,
        open_time=_table(
            [_buckets(each, cut.bucket_us, n * spacing) for n, (each, cut) in enumerate(parts)],
            OPEN_TIME_SCHEMA,
        ),
        open_axis=_table(
            [_pieces(each, cut.piece_us, n * axis_spacing) for n, (each, cut) in enumerate(parts)],
            OPEN_AXIS_SCHEMA,
        ),
    )


def _cut(calendar: Calendar, open_time: Stretches) -> Cut:
    """Return the widest cut that leaves one stretch a bucket and one closing a piece."""
    lengths = open_time.ends - open_time.starts
    shortest = int(lengths.min()) if len(lengths) else MICROS_PER_HOUR
    piece = next((width for width in WIDTHS if width <= shortest), MICROS_PER_SECOND)
    for width in WIDTHS:
        last_bucket = (open_time.ends - 1 - open_time.first_us) // width
        first_bucket = (open_time.starts - open_time.first_us) // width
        if np.all(first_bucket[1:] > last_bucket[:-1]):
            return Cut(width, piece, open_time.total_us)
    raise CalendarWrong(
        f"The calendar {calendar.name!r} closes and opens again within one minute.",
        hint="Let its slots begin and end on whole minutes, or join them.",
    )


def _buckets(open_time: Stretches, width: int, first_key: int) -> list[Numbers]:
    """Return the columns of `open_time`: where a bucket is closed, `lo` and `hi` are its begin."""
    count = -(-(open_time.last_us - open_time.first_us) // width)
    places = np.arange(count, dtype=np.int64)
    begins = open_time.first_us + width * places
    lo, hi = begins.copy(), begins.copy()
    if len(open_time.starts):
        # The first stretch that ends after the bucket begins is the only one that can be in it.
        at = np.searchsorted(open_time.ends, begins, side="right")
        held = at < len(open_time.ends)
        at = np.minimum(at, len(open_time.ends) - 1)
        held &= open_time.starts[at] < begins + width
        lo[held] = np.maximum(open_time.starts[at], begins)[held]
        hi[held] = np.minimum(open_time.ends[at], begins + width)[held]
    return [first_key + places, open_time.open_at(begins), lo, hi]


def _pieces(open_time: Stretches, width: int, first_key: int) -> list[Numbers]:
    """Return the columns of `open_axis`; the piece n holds the lengths (n * width, + width]."""
    count = -(-open_time.total_us // width)
    places = np.arange(count, dtype=np.int64)
    closings = open_time.before + (open_time.ends - open_time.starts)
    shifts = open_time.starts - open_time.before
    at = np.searchsorted(closings, places * width + 1, side="left")
    after = np.minimum(at + 1, len(closings) - 1)
    return [first_key + places, closings[at], shifts[at], shifts[after]]


def _table(parts: list[list[Numbers]], schema: Mapping[str, str]) -> pa.Table:
    # Made without `pa.array`, which loads pandas.
    nowhere = [arrow_numbers(np.array([NOWHERE], dtype=np.int64))]
    nowhere += [pa.nulls(1, pa.int64())] * (len(schema) - 1)
    tables = [pa.table(nowhere, names=list(schema))]
    tables += [pa.table(list(map(arrow_numbers, part)), names=list(schema)) for part in parts]
    return pa.concat_tables(tables)
