"""Dimensions made of others: groups of a hierarchy, and bands of numbers, times and hours.

Floor 3. A grouping turns what a record holds into the name of a group, in the query itself and from
the record: the number of a group is counted anew, never made of the numbers of its members. Where
members of a hierarchy moved, a record stands in the group that its member was in at the moment that
dates it. Local hours come from the offsets of the zone (`zoneinfo`), as whole microseconds: exact
over a change of clocks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache, reduce
from math import ceil
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.metrics.criterion import moment_us
from opsgauge.metrics.placing import About, Placed, Then, then_names, then_of
from opsgauge.metrics.subject import TICKETS_SUBJECT, Subject
from opsgauge.warehouse.portable import micros, micros_at

OUTSIDE = "outside the bands"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = tuple(f"{hour:02}" for hour in range(24))
EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday
MICROS_PER_DAY = 24 * MICROS_PER_HOUR
MICROS_OF_UNIT = {
    "minutes": MICROS_PER_HOUR // 60,
    "hours": MICROS_PER_HOUR,
    "days": MICROS_PER_DAY,
}
NUMBER, TIME, AGE, HOUR, WEEKDAY = "number", "time", "age", "hour", "weekday"
WORK_SHIFT = "_work_shift"  # after a moment: the shift in which it lies
A_DAY = timedelta(days=1)
YEARS_BACK, YEARS_AHEAD = 12, 6  # around the records: how far offsets of the zone are known


@dataclass(frozen=True)
class Band:
    """One band: from a bound, included, to another, excluded; None where it has no end."""

    name: str
    from_: float | None
    below: float | None


@dataclass(frozen=True)
class Banded:
    """Bands of what a record holds.

    Attributes
    ----------
    kind : number (of a column), time (between two moments), age (when a stock is counted), hour or
        weekday (of a moment, in the zone of the workspace)
    columns : the columns it is made from; none for an age
    unit : of the bounds, minutes, hours or days, of time and age; "" of others
    bands : in order; none for each hour or weekday by itself
    """

    name: str
    kind: str
    columns: tuple[str, ...]
    unit: str = ""
    bands: tuple[Band, ...] = ()

    @property
    def bases(self) -> tuple[str, ...]:
        """The columns it is made from."""
        return self.columns

    @property
    def order(self) -> tuple[str, ...]:
        """The names of its bands in order."""
        if self.bands:
            return (*dict.fromkeys(band.name for band in self.bands), OUTSIDE)
        return HOURS if self.kind == HOUR else WEEKDAYS

    @property
    def is_age(self) -> bool:
        """Whether it needs the moment of counting."""
        return self.kind == AGE

    @property
    def then(self) -> str:
        """None: it is made of numbers and moments."""
        return ""

    def word(self, rows: ir.Table, about: About, at_us: ir.IntegerValue | None = None) -> ir.Value:
        """Return the band of each row; null where what it needs is missing."""
        subject = about.subject
        if self.kind == TIME:
            begin, end = (_moment(rows, subject, name) for name in self.columns)
            return self.named(end - begin)
        if self.kind == NUMBER:
            return self._number(rows)
        local = local_us(_moment(rows, subject, self.columns[0]), about.zone, about.near.year)
        day = local // MICROS_PER_DAY
        if self.kind == WEEKDAY:
            place = day + EPOCH_WEEKDAY
            return _one_of(place - place // 7 * 7, WEEKDAYS)
        within = local - day * MICROS_PER_DAY
        if self.bands:
            return _banded(within, self.bands, MICROS_PER_HOUR)
        return _one_of(within // MICROS_PER_HOUR, HOURS)

    def named(self, us: ir.IntegerValue) -> ir.Value:
        """Return the band of a length of time in microseconds."""
        return _banded(us, self.bands, MICROS_OF_UNIT[self.unit])

    def _number(self, rows: ir.Table) -> ir.Value:
        value = rows[self.columns[0]]
        if not value.type().is_floating():
            return _banded(value, self.bands, MICROS_OF_UNIT.get(self.unit, 1))
        branches = [(_within(value, band.from_, band.below), band.name) for band in self.bands]
        return ibis.cases(*branches, (value.notnull(), OUTSIDE))


Grouping = Placed | Banded | Then


def _about(subject: Subject, name: str) -> Subject:
    """Return whose column it is: the subject's own, or that of the ticket it names."""
    return subject if subject.has(name) else TICKETS_SUBJECT


def _moment(rows: ir.Table, subject: Subject, name: str) -> ir.IntegerValue:
    if not subject.has(name):
        return micros(rows[name])
    return moment_us(rows, subject, name)


def _banded(value: ir.IntegerValue, bands: Sequence[Band], one: int) -> ir.Value:
    """Return the name of the band that holds a whole number; bounds are in units of `one`."""
    branches = [
        (_within(value, _least(band.from_, one), _least(band.below, one)), band.name)
        for band in bands
    ]
    return ibis.cases(*branches, (value.notnull(), OUTSIDE))


def _least(bound: float | None, one: int) -> int | None:
    """Return the least whole number that is not below a bound."""
    return None if bound is None else ceil(Fraction(str(bound)) * one)


def _within(value: ir.NumericValue, from_: float | None, below: float | None) -> ir.BooleanValue:
    within = value.notnull()
    if from_ is not None:
        within &= value >= from_
    if below is not None:
        within &= value < below
    return within


def _one_of(place: ir.IntegerValue, names: Sequence[str]) -> ir.Value:
    return ibis.cases(*((place == count, name) for count, name in enumerate(names)))


def local_us(at_us: ir.IntegerValue, zone: ZoneInfo, year: int) -> ir.IntegerValue:
    """Return what clocks in a zone show at an instant, as microseconds since 1970 there."""
    first, *changes = offsets(zone, year - YEARS_BACK, year + YEARS_AHEAD)
    before = ibis.literal(first[1], "int64")
    if not changes:
        return at_us + before
    # The newest first: most records lie there.
    branches = [(at_us >= since_us, ibis.literal(ahead, "int64")) for since_us, ahead in changes]
    return at_us + ibis.cases(*reversed(branches), else_=before)


@cache
def offsets(zone: ZoneInfo, first: int, last: int) -> tuple[tuple[int, int], ...]:
    """Return the offsets of a zone from UTC over some years.

    Returns
    -------
    each the instant from which it holds and itself, both in microseconds; the first holds from ever

    Examples
    --------
    >>> [ahead // 3_600_000_000 for _, ahead in offsets(ZoneInfo("Europe/Amsterdam"), 2026, 2026)]
    [1, 2, 1]
    """
    at, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    made = [(micros_at(at), _ahead(at, zone))]
    while at < end:
        if _ahead(at + A_DAY, zone) != made[-1][1]:
            quarters = [at + A_DAY * count / 96 for count in range(1, 97)]
            made = reduce(lambda so_far, each: _changed(so_far, each, zone), quarters, made)
        at += A_DAY
    return tuple(made)


def _changed(made: list[tuple[int, int]], at: datetime, zone: ZoneInfo) -> list[tuple[int, int]]:
    ahead = _ahead(at, zone)
    return made if ahead == made[-1][1] else [*made, (micros_at(at), ahead)]


def _ahead(moment: datetime, zone: ZoneInfo) -> int:
    return (moment.astimezone(zone).utcoffset() or timedelta()) // timedelta(microseconds=1)


def _up_to(*bounds: tuple[str, float | None]) -> tuple[Band, ...]:
    """Return bands that follow each other: each a name and where it ends."""
    starts = [None, *(below for _, below in bounds[:-1])]
    return tuple(
        Band(name, start, below) for start, (name, below) in zip(starts, bounds, strict=True)
    )


AGE_BANDS = _up_to(
    ("under 1 day", 1),
    ("1 to 3 days", 3),
    ("3 to 7 days", 7),
    ("7 to 14 days", 14),
    ("14 to 30 days", 30),
    ("30 to 90 days", 90),
    ("90 days or more", None),
)
RESOLUTION_BANDS = _up_to(
    ("under 1 hour", 1),
    ("1 to 4 hours", 4),
    ("4 to 8 hours", 8),
    ("8 to 24 hours", 24),
    ("1 to 3 days", 72),
    ("3 to 7 days", 168),
    ("7 days or more", None),
)
# Three shifts of eight hours, as most desks that work around the clock have them; a workspace that
# has others says so in `bands/`. The night is before and after midnight.
WORK_SHIFTS = _up_to(("night", 6), ("early", 14), ("late", 22), ("night", None))
TIMES = _up_to(("none", 1), ("once", 2), ("twice", 3), ("3 times or more", None))
BUILT_IN: dict[str, Banded] = {
    each.name: each
    for each in (
        Banded("age_band", AGE, (), "days", AGE_BANDS),
        Banded("resolution_band", TIME, ("opened_at", "resolved_at"), "hours", RESOLUTION_BANDS),
        Banded("reopen_band", NUMBER, ("reopen_count",), "", TIMES),
        Banded("handoff_band", NUMBER, ("handoff_count",), "", TIMES),
    )
}


_NAMES_KNOWN: dict[str, tuple[str, ...]] = {}  # by table; the code says them, so they never change


def built_in(name: str, subject: Subject) -> Banded | Then | None:
    """Return the band, or the dimension of then, that is there without a file, or None.

    Examples
    --------
    >>> built_in("opened_hour", TICKETS_SUBJECT).bases
    ('opened_at',)
    >>> built_in("team_then", TICKETS_SUBJECT).bases
    ('team',)
    """
    if name in BUILT_IN:
        return BUILT_IN[name]
    if name in then_names(subject):
        return Then(name, then_of(name))
    shifts = name.endswith(WORK_SHIFT)
    plain = f"{name.removesuffix(WORK_SHIFT)}_{HOUR}" if shifts else name
    stem, _, kind = plain.rpartition("_")
    if kind not in {HOUR, WEEKDAY}:
        return None
    for moment in (f"{stem}_at", stem):
        about = _about(subject, moment).column(moment)
        if about is not None and about.type == "instant":
            return Banded(name, kind, (moment,), "", WORK_SHIFTS if shifts else ())
    return None


def built_in_names(subject: Subject) -> tuple[str, ...]:
    """Return the names of all that is there without a file, of records of a table."""
    if subject.name not in _NAMES_KNOWN:
        _NAMES_KNOWN[subject.name] = _names(subject)
    return _NAMES_KNOWN[subject.name]


def _names(subject: Subject) -> tuple[str, ...]:
    stems = [name.removesuffix("_at") for name in subject.moments]
    made = [f"{stem}{end}" for stem in stems for end in (f"_{HOUR}", f"_{WEEKDAY}", WORK_SHIFT)]
    made = [name for name in made if built_in(name, subject)]
    return (*BUILT_IN, *made, *then_names(subject))
