"""How many updates each source brought in each hour, and the rhythm of its week.

Floor 2. Counted by the engine, hour by hour; everything after that is arithmetic on a few thousand
numbers. Hours are those of the workspace's zone, so a night is a night.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.checks.records import Records, numbers
from opsgauge.log.periods import Periods
from opsgauge.warehouse.portable import micros

HOURS_A_WEEK = 168
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Days = npt.NDArray[np.datetime64]


def by_bucket(updates: ir.Table, bucket_us: int) -> ir.Table:
    """Count the updates of each source in each bucket of the calendar."""
    rows = updates.select("source", bucket=micros(updates.since) // bucket_us)
    return rows.group_by("source", "bucket").aggregate(n=rows.count())


@dataclass(frozen=True)
class Stream:
    """One source's updates, bucket by bucket, from its first to its last.

    Attributes
    ----------
    counts : updates in each bucket
    days : local day of each bucket
    hours : local hour of the week of each bucket, 0 is Monday's first
    per_hour : buckets in an hour
    """

    source: str
    counts: Ints
    days: Days
    hours: Ints
    per_hour: int

    @cached_property
    def profile(self) -> Floats:
        """The part of a week's updates that usually falls in each bucket."""
        by_hour = np.bincount(self.hours, self.counts, HOURS_A_WEEK)
        shares = by_hour / max(self.counts.sum(), 1) / self.per_hour
        return np.asarray(shares[self.hours], np.float64)

    @cached_property
    def weeks(self) -> Ints:
        """The week of each bucket, counted from the first; weeks begin on Monday."""
        mondays = (self.days.astype(np.int64) + 3) // 7
        return np.asarray(mondays - mondays[0], np.int64)

    @cached_property
    def by_week(self) -> Ints:
        """Updates in each week."""
        return np.bincount(self.weeks, self.counts).astype(np.int64)

    def day(self, place: int) -> date:
        """Return the local day of a bucket."""
        day: date = self.days[place].item()
        return day


def streams(records: Records) -> list[Stream]:
    """Return the stream of each source, in order of their names."""
    found = records.table(by_bucket(records.updates, records.periods.bucket_us))
    calendar = _Calendar.of(records.periods)
    sources = np.array(found["source"].to_pylist(), dtype=object)
    buckets, counts = numbers(found, "bucket"), numbers(found, "n")
    known = calendar.holds(buckets)  # an update before all openings lies in no period
    return [
        calendar.stream(source, buckets[mine], counts[mine])
        for source in sorted(set(sources[known]))
        if (mine := known & (sources == source)).any()
    ]


@dataclass(frozen=True)
class _Calendar:
    """Local day and hour of the week of every bucket."""

    first: int
    days: Days
    hours: Ints
    per_hour: int

    @classmethod
    def of(cls, periods: Periods) -> "_Calendar":
        buckets = numbers(periods.periods, "bucket")
        days = np.array(periods.periods["day"].to_pylist(), dtype="datetime64[D]")
        per_hour = MICROS_PER_HOUR // periods.bucket_us
        _, begins, which = np.unique(days, return_index=True, return_inverse=True)
        # The hour since midnight; a day of 25 hours gives its last hour twice.
        since = np.minimum((np.arange(len(days)) - begins[which]) // per_hour, 23)
        weekday = (days.astype(np.int64) + 3) % 7
        return cls(int(buckets[0]), days, (weekday * 24 + since).astype(np.int64), per_hour)

    def holds(self, buckets: Ints) -> npt.NDArray[np.bool_]:
        """Return which buckets the calendar holds."""
        return (buckets >= self.first) & (buckets < self.first + len(self.days))

    def stream(self, source: str, buckets: Ints, counts: Ints) -> Stream:
        """Fill the stream of one source: buckets without an update hold zero."""
        first, last = int(buckets.min()), int(buckets.max())
        whole = np.zeros(last - first + 1, np.int64)
        whole[buckets - first] = counts
        there = slice(first - self.first, last - self.first + 1)
        return Stream(source, whole, self.days[there], self.hours[there], self.per_hour)
