"""Local days, weeks, months, quarters and years: labels, and the instants between which they lie.

Floor 2. Engines never cut time themselves, their casts to a named zone do nothing. Here `zoneinfo`
does it once, and queries look the label up: an instant's bucket (an hour or a quarter of one) is an
integer, and the table `periods` says to which day, week, month, quarter and year it belongs.
A local day begins at its first midnight; a day that a zone left out altogether has no row.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.warehouse.portable import micros, micros_at

GRAINS = ("day", "week", "month", "quarter", "year")
ALL = "all"  # everything as one period
MICROS_PER_QUARTER_HOUR = MICROS_PER_HOUR // 4
ONE_DAY = timedelta(days=1)

Numbers = npt.NDArray[np.int64]
Words = npt.NDArray[np.bytes_]

ORDINALS = {grain: f"{grain}_ordinal" for grain in GRAINS}
PERIODS_SCHEMA = {
    "bucket": "int64",
    **dict.fromkeys(GRAINS, "string"),
    **dict.fromkeys(ORDINALS.values(), "int64"),
}
PERIOD_ENDS_SCHEMA = {
    "grain": "string",
    "label": "string",
    "ordinal": "int64",
    "start_us": "int64",
    "end_us": "int64",
}

_SHAPES = {
    "day": re.compile(r"(\d{4})-(\d\d)-(\d\d)"),
    "week": re.compile(r"(\d{4})-W(\d\d)"),
    "month": re.compile(r"(\d{4})-(\d\d)"),
    "quarter": re.compile(r"(\d{4})-Q([1-4])"),
    "year": re.compile(r"(\d{4})"),
}


def label_of(day: date, grain: str) -> str:
    """Return the label of the period that holds a local date.

    Within one grain, labels sort as text in the order of time.

    Examples
    --------
    >>> [label_of(date(2016, 1, 3), grain) for grain in GRAINS]
    ['2016-01-03', '2015-W53', '2016-01', '2016-Q1', '2016']
    """
    if grain == "day":
        return day.isoformat()
    if grain == "week":
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    if grain == "month":
        return f"{day.year:04}-{day.month:02}"
    if grain == "quarter":
        return f"{day.year:04}-Q{(day.month + 2) // 3}"
    if grain == "year":
        return f"{day.year:04}"
    raise QueryWrong(f"There is no period {grain!r}.", hint=did_you_mean(grain, GRAINS))


def grain_of(label: str) -> str:
    """Return what kind of period a label names.

    Raises
    ------
    QueryWrong : it names none

    Examples
    --------
    >>> grain_of("2016-W09")
    'week'
    """
    for grain, shape in _SHAPES.items():
        if shape.fullmatch(label):
            return grain
    raise QueryWrong(
        f"{label!r} is no period.", hint="Write 2016-03-01, 2016-W09, 2016-03, 2016-Q1 or 2016."
    )


def dates_of(label: str) -> tuple[date, date]:
    """Return the first and the last local date of a period.

    Raises
    ------
    QueryWrong : the label names no period, or one that is not in the calendar

    Examples
    --------
    >>> [str(day) for day in dates_of("2016-W09")]
    ['2016-02-29', '2016-03-06']
    """
    grain = grain_of(label)
    try:
        first = _first_date(label, grain)
    except ValueError as wrong:
        raise QueryWrong(f"{label!r} is not in the calendar.") from wrong
    return first, _first_date_after(first, grain) - ONE_DAY


def _first_date(label: str, grain: str) -> date:
    if grain == "day":
        return date.fromisoformat(label)
    if grain == "week":
        return date.fromisocalendar(int(label[:4]), int(label[6:]), 1)
    if grain == "month":
        return date(int(label[:4]), int(label[5:]), 1)
    if grain == "quarter":
        return date(int(label[:4]), int(label[6:]) * 3 - 2, 1)
    return date(int(label), 1, 1)


def _first_date_after(first: date, grain: str) -> date:
    if grain in {"day", "week"}:
        return first + (ONE_DAY if grain == "day" else 7 * ONE_DAY)
    months = {"month": 1, "quarter": 3, "year": 12}[grain] + first.month - 1
    return date(first.year + months // 12, months % 12 + 1, 1)


def next_label(label: str) -> str:
    """Return the label of the period after.

    Examples
    --------
    >>> next_label("2016-Q4"), next_label("2015-W53")
    ('2017-Q1', '2016-W01')
    """
    return label_of(dates_of(label)[1] + ONE_DAY, grain_of(label))


def previous_label(label: str) -> str:
    """Return the label of the period before.

    Examples
    --------
    >>> previous_label("2016-03-01")
    '2016-02-29'
    """
    return label_of(dates_of(label)[0] - ONE_DAY, grain_of(label))


def labels_between(first: date, last: date, grain: str) -> list[str]:
    """Return the labels of all periods that hold a date from `first` to `last`, in order.

    Examples
    --------
    >>> labels_between(date(2016, 1, 31), date(2016, 3, 1), "month")
    ['2016-01', '2016-02', '2016-03']
    """
    if grain == ALL:
        return [ALL]
    if last < first:
        return []
    labels = [label_of(first, grain)]
    end = label_of(last, grain)
    while labels[-1] != end:
        labels.append(next_label(labels[-1]))
    return labels


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, at which a local date begins.

    Examples
    --------
    >>> start_of_day(date(2016, 3, 28), ZoneInfo("Europe/Amsterdam")).isoformat()
    '2016-03-27T22:00:00+00:00'
    """
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


# The first and the last of which a start and an end can be told in any zone.
FIRST_DAY, LAST_DAY = date.min + 2 * ONE_DAY, date.max - 2 * ONE_DAY


def instants_between(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the start of `first` and the end (exclusive) of `last`, both dates included.

    Examples
    --------
    >>> begin, end = instants_between(*dates_of("2016-03-27"), ZoneInfo("Europe/Amsterdam"))
    >>> (end - begin) / timedelta(hours=1)
    23.0
    """
    begin = start_of_day(max(first, FIRST_DAY), zone)
    return begin, start_of_day(min(last, LAST_DAY) + ONE_DAY, zone)


@dataclass(frozen=True)
class Periods:
    """The calendar of one zone over a stretch of time, as tables an engine can join.

    Attributes
    ----------
    first, last : the stretch, whole local days of it; `last` is an instant that may hold data
    bucket_us : width of a bucket in microseconds, an hour or a quarter of one
    periods : bucket, day, week, month, quarter, year, and the ordinal of each (0 is the first)
    period_ends : grain, label, ordinal, start_us, end_us; the end is
        exclusive, and the period that holds `last` ends one microsecond after it
    """

    zone: ZoneInfo
    first: datetime
    last: datetime
    bucket_us: int
    periods: pa.Table
    period_ends: pa.Table

    def tables(self) -> Mapping[str, pa.Table]:
        """Return the tables under the names by which queries know them."""
        return {"periods": self.periods, "period_ends": self.period_ends}

    def date_of(self, moment: datetime) -> date:
        """Return the local date of an instant."""
        return moment.astimezone(self.zone).date()

    def label_at(self, moment: datetime, grain: str) -> str:
        """Return the label of the period that holds an instant."""
        return ALL if grain == ALL else label_of(self.date_of(moment), grain)


def make_periods(zone: ZoneInfo, first: datetime, last: datetime) -> Periods:
    """Make the calendar of a zone from the local day of `first` to that of `last`.

    The stretch should hold every instant of the records (`span` asks for it): a query that meets an
    instant outside says so and gives no number, see `metrics.series.measure`.

    Parameters
    ----------
    first, last : aware instants

    Raises
    ------
    ValueError : an instant without a zone, or `last` before `first`
    """
    if first.tzinfo is None or last.tzinfo is None:
        raise ValueError("periods are made between instants with a zone")
    if last < first:
        raise ValueError(f"periods end at {last}, before they begin at {first}")
    begin, end = (moment.astimezone(zone).date() for moment in (first, last))
    days = [begin + ONE_DAY * i for i in range((end - begin).days + 2)]
    starts = np.array([micros_at(start_of_day(day, zone)) for day in days], dtype=np.int64)
    kept = np.flatnonzero(np.diff(starts) > 0)  # a zone that jumps the date line leaves a day out
    edges = np.append(starts[kept], starts[-1])
    dates = [days[i] for i in kept]
    labels = {grain: np.array([label_of(day, grain) for day in dates], "S") for grain in GRAINS}
    whole_hours = not np.any(edges % MICROS_PER_HOUR)
    bucket_us = MICROS_PER_HOUR if whole_hours else MICROS_PER_QUARTER_HOUR
    return Periods(
        zone,
        first,
        last,
        bucket_us,
        _bucket_table(edges, labels, bucket_us),
        _ends_table(edges, labels, zone, micros_at(last) + 1),
    )


def _bucket_table(edges: Numbers, labels: Mapping[str, Words], width: int) -> pa.Table:
    # A day may begin inside a bucket only where a zone's offset is no multiple of a quarter hour,
    # which no zone has had since 1972; such a bucket belongs to the day in which it begins.
    buckets = np.arange(edges[0] // width, -(-edges[-1] // width), dtype=np.int64)
    day_of = np.searchsorted(edges, buckets * width, side="right") - 1
    day_of = np.clip(day_of, 0, len(edges) - 2)
    columns = {grain: _arrow_words(labels[grain][day_of]) for grain in GRAINS}
    for grain, name in ORDINALS.items():
        _, ordinals = np.unique(labels[grain], return_inverse=True)  # labels sort by time
        columns[name] = arrow_numbers(ordinals.astype(np.int64)[day_of])
    return pa.table({"bucket": arrow_numbers(buckets), **columns})


def _ends_table(
    edges: Numbers, labels: Mapping[str, Words], zone: ZoneInfo, last_us: int
) -> pa.Table:
    parts = []
    for grain in GRAINS:
        names, begins_at = np.unique(labels[grain], return_index=True)  # labels sort by time
        begins = edges[begins_at]
        first_date, _ = dates_of(names[0].decode())
        begins[0] = micros_at(start_of_day(first_date, zone))
        ends = np.append(begins[1:], last_us)
        parts.append(
            pa.table(
                {
                    "grain": _arrow_words(np.array([grain] * len(names), "S")),
                    "label": _arrow_words(names),
                    "ordinal": arrow_numbers(np.arange(len(names), dtype=np.int64)),
                    "start_us": arrow_numbers(begins),
                    "end_us": arrow_numbers(ends),
                }
            )
        )
    return pa.concat_tables(parts)


# Arrow's own `pa.array` loads pandas, which takes longer than everything else here together.
def _arrow_words(words: Words) -> pa.Array:
    width = words.dtype.itemsize  # within one grain every label is equally long
    offsets = np.arange(len(words) + 1, dtype=np.int32) * np.int32(width)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(words.tobytes())]
    return pa.Array.from_buffers(pa.string(), len(words), buffers)


def arrow_numbers(numbers: Numbers) -> pa.Array:
    """Return whole numbers as an Arrow array, without a copy."""
    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])


def span(tickets: ir.Table) -> ir.Table:
    """Return one row: the earliest and the latest instant of any ticket, microseconds since 1970.

    Both are null where there is no ticket.
    """
    opened = micros(tickets.opened_at)
    later = (
        *("assigned_at", "first_response_at", "resolved_at", "closed_at", "last_update_at"),
        *("outage_started_at", "detected_at"),
    )
    moments = [opened, *(micros(tickets[name]).fill_null(opened) for name in later)]
    return tickets.aggregate(
        earliest_us=ibis.least(*moments).min(), latest_us=ibis.greatest(*moments).max()
    )


def periods_table() -> ir.Table:
    """Return the table `periods` as queries see it."""
    return ibis.table(PERIODS_SCHEMA, name="periods")


def period_ends_table() -> ir.Table:
    """Return the table `period_ends` as queries see it."""
    return ibis.table(PERIOD_ENDS_SCHEMA, name="period_ends")
