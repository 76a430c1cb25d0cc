"""A calendar as it was agreed: weekly hours, holidays and exceptions, on the clock of one zone.

Floor 2. Hours are wall-clock minutes from the midnight at which a day begins; a slot over midnight
belongs to the day on which it begins, and ends after minute 1440. What a day holds is decided in
this order: an exception of that date, an exception of every year, a holiday, the week.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import holidays

from opsgauge.foundation.errors import QueryWrong, UnknownCalendar, did_you_mean
from opsgauge.foundation.zones import known_zones

MINUTES_PER_DAY = 1440
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALWAYS = "always"  # the calendar that needs no file
NAMES_IN = "en_US"  # else the names of holidays would follow the machine's language
FIRST_YEAR, LAST_YEAR = 1900, 2200  # between which zones and holidays say something
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Slot:
    """Open from `start` up to `end`, minutes after the midnight at which the day begins.

    0 <= start < 1440 and start < end <= start + 1440.
    """

    start: int
    end: int

    def __str__(self) -> str:
        end = self.end if self.end <= MINUTES_PER_DAY else self.end - MINUTES_PER_DAY
        return f"{self.start // 60:02}:{self.start % 60:02}-{end // 60:02}:{end % 60:02}"


Slots = tuple[Slot, ...]


@dataclass(frozen=True)
class PublicHolidays:
    """The holidays of a country, or of one part of it, as the package `holidays` knows them."""

    country: str
    subdivision: str = ""

    def of_year(self, year: int) -> Mapping[date, str]:
        """Return the name of each holiday of a year; none outside the years that are known."""
        return _of_year(self.country, self.subdivision, year)


@cache
def _of_year(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    known = holidays.country_holidays(
        country, subdiv=subdivision or None, years=year, expand=False, language=NAMES_IN
    )
    return dict(known.items())


@dataclass(frozen=True)
class Exceptional:
    """What is different on a day: its name, and its hours; no slots means closed."""

    name: str
    slots: Slots = ()


@dataclass(frozen=True)
class Day:
    """One date of a calendar.

    `why` says what decided its hours: `week`, `holiday`, or `exception`; `name` is that of the
    holiday or exception.
    """

    slots: Slots
    why: str = "week"
    name: str = ""


@dataclass(frozen=True)
class Calendar:
    """A business calendar.

    Attributes
    ----------
    week : the slots of Monday to Sunday, in order and apart from each other
    dates : holidays by date, and `yearly` by (month, day), with their names
    exceptions : by date; `yearly_exceptions` by (month, day), for days that the week opens
    """

    name: str
    title: str
    zone: str
    week: tuple[Slots, ...]
    public: PublicHolidays | None = None
    dates: tuple[tuple[date, str], ...] = ()
    yearly: tuple[tuple[tuple[int, int], str], ...] = ()
    exceptions: tuple[tuple[date, Exceptional], ...] = ()
    yearly_exceptions: tuple[tuple[tuple[int, int], Exceptional], ...] = ()

    def day(self, of: date) -> Day:
        """Return what one date holds."""
        usual = self.week[of.weekday()]
        special = dict(self.exceptions).get(of)
        if special is None and usual:
            special = dict(self.yearly_exceptions).get((of.month, of.day))
        if special is not None:
            return Day(special.slots, "exception", special.name)
        holiday = self.holiday(of)
        return Day((), "holiday", holiday) if holiday else Day(usual)

    def holiday(self, of: date) -> str:
        """Return the name of the holiday on a date, empty where there is none."""
        own = dict(self.dates).get(of) or dict(self.yearly).get((of.month, of.day), "")
        if own or self.public is None:
            return own
        return self.public.of_year(of.year).get(of, "")

    def in_zone(self, zone: str) -> "Calendar":
        """Return the same hours on the clock of another zone, named `NAME@ZONE`.

        Raises
        ------
        QueryWrong : there is no such zone

        Examples
        --------
        >>> always().in_zone("Asia/Kolkata").name
        'always@Asia/Kolkata'
        """
        if zone not in known_zones():
            raise QueryWrong(
                f"There is no time zone {zone!r}.", hint=did_you_mean(zone, known_zones())
            )
        return replace(self, name=f"{self.name}@{zone}", zone=zone)


def always() -> Calendar:
    """Return the calendar that is open day and night, which needs no file."""
    return Calendar(ALWAYS, "Day and night", "UTC", ((Slot(0, MINUTES_PER_DAY),),) * 7)


@dataclass(frozen=True)
class Calendars:
    """The calendars of a workspace by name, `always` among them."""

    by_name: Mapping[str, Calendar] = field(default_factory=lambda: {ALWAYS: always()})

    def get(self, name: str) -> Calendar:
        """Return the calendar of that name.

        Raises
        ------
        UnknownCalendar : there is none; the hint names the nearest
        """
        if name not in self.by_name:
            raise UnknownCalendar(
                f"There is no calendar {name!r}.", hint=did_you_mean(name, self.by_name)
            )
        return self.by_name[name]


def first_overlap(days: tuple[Slots, ...]) -> tuple[int, Slot, Slot] | None:
    """Return where slots of neighbouring days meet: the day's place, and the two slots.

    The days follow each other; slots of one day are in order. None where all are apart.

    Examples
    --------
    >>> first_overlap(((Slot(1320, 1800),), (Slot(300, 600),)))
    (1, Slot(start=1320, end=1800), Slot(start=300, end=600))
    """
    told = [(place, slot) for place, slots in enumerate(days) for slot in slots]
    for (place, one), (next_place, other) in pairwise(told):
        if one.end > other.start + (next_place - place) * MINUTES_PER_DAY:
            return next_place, one, other
    return None
