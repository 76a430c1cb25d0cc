"""What a calendar's file may say, checked key by key.

Floor 2. The format is documented in docs/guides/calendars.md; each fault is a ValueError that
names the word that is wrong, so that `reading.py` can find its line.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any

import holidays as public
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from opsgauge.foundation.errors import did_you_mean
from opsgauge.foundation.zones import known_zones
from opsgauge.log.calendars.definition import (
    WEEKDAYS,
    Calendar,
    Exceptional,
    PublicHolidays,
    Slot,
    Slots,
    first_overlap,
)
from opsgauge.log.calendars.hours import (
    days_around,
    read_date,
    read_slots,
    read_weekdays,
    read_yearly,
)

OnADay = date | tuple[int, int]  # one date, or the month and the day of every year


def _as_several(given: Any) -> Any:
    return [given] if isinstance(given, str) and given else given


Several = Annotated[tuple[str, ...], BeforeValidator(_as_several)]  # one word stands for a list


@cache
def _countries() -> Mapping[str, list[str]]:
    """Return the parts of each country whose holidays are known."""
    return public.list_supported_countries(include_aliases=True)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _OnADay(_Part):
    """Something about one date, or about a day of every year."""

    date: str = ""
    every: str = ""

    @model_validator(mode="after")
    def _one_way(self) -> "_OnADay":
        if bool(self.date) == bool(self.every):
            raise ValueError("say either 'date', as 2026-12-24, or 'every', as 12-24.")
        self.on()
        return self

    def on(self) -> OnADay:
        """Return the date, or the month and day of every year."""
        return read_date(self.date) if self.date else read_yearly(self.every)


class NamedDay(_OnADay):
    """A holiday of the organisation's own."""

    name: str


class ExceptionalDay(_OnADay):
    """A day with its own hours, or closed."""

    name: str = ""
    hours: Several

    @field_validator("hours")
    @classmethod
    def _hours_are_slots(cls, hours: tuple[str, ...]) -> tuple[str, ...]:
        read_slots(hours)
        return hours

    def exceptional(self) -> Exceptional:
        """Return what is different on the day."""
        return Exceptional(self.name, read_slots(self.hours))


class Holidays(_Part):
    """Holidays: those of a country, and the organisation's own."""

    country: str = ""
    subdivision: str = ""
    dates: tuple[NamedDay, ...] = ()

    @model_validator(mode="after")
    def _country_is_known(self) -> "Holidays":
        if self.subdivision and not self.country:
            raise ValueError("'subdivision' needs 'country' beside it.")
        if self.country and self.country not in _countries():
            raise ValueError(
                f"{self.country!r} is no country whose holidays are known; write its two letters, "
                f"as 'DE'. {did_you_mean(self.country, _countries())}"
            )
        parts = _countries().get(self.country, [])
        if self.subdivision and self.subdivision not in parts:
            near = did_you_mean(self.subdivision, parts) or "It has none."
            raise ValueError(f"{self.subdivision!r} is no subdivision of {self.country}. {near}")
        _refuse_twice(self.dates)
        return self


class CalendarFile(_Part):
    """A calendar's file."""

    title: str
    zone: str
    week: dict[str, Several]
    holidays: Holidays = Field(default_factory=Holidays)
    exceptions: tuple[ExceptionalDay, ...] = ()

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, zone: str) -> str:
        if zone not in known_zones():
            near = did_you_mean(zone, known_zones())
            raise ValueError(f"{zone!r} is no IANA time zone. {near}")
        return zone

    @field_validator("week")
    @classmethod
    def _week_fits(cls, week: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        days = _week(week)
        overlap = first_overlap((*days, days[0]))
        if overlap:
            raise ValueError(_overlapping(WEEKDAYS[overlap[0] % 7].capitalize(), *overlap[1:]))
        return week

    @model_validator(mode="after")
    def _exceptions_fit(self) -> "CalendarFile":
        _refuse_twice(self.exceptions)
        calendar = self.calendar("")
        for day, _ in calendar.exceptions:
            three = days_around(day)
            overlap = first_overlap(tuple(calendar.day(each).slots for each in three))
            if overlap:
                raise ValueError(_overlapping(f"{str(day)!r} or the day beside it", *overlap[1:]))
        for (month, of), exceptional in calendar.yearly_exceptions:
            # Over the years a date falls on each weekday.
            for weekday, before in enumerate(calendar.week):
                after = calendar.week[(weekday + 2) % 7]
                overlap = first_overlap((before, exceptional.slots, after))
                if overlap:
                    told = f"'{month:02}-{of:02}' or the day beside it, in some years"
                    raise ValueError(_overlapping(told, *overlap[1:]))
        return self

    def calendar(self, name: str) -> Calendar:
        """Return the calendar that the file describes."""
        own, special = self.holidays, self.exceptions
        return Calendar(
            name=name,
            title=self.title,
            zone=self.zone,
            week=_week(self.week),
            public=PublicHolidays(own.country, own.subdivision) if own.country else None,
            dates=tuple((read_date(d.date), d.name) for d in own.dates if d.date),
            yearly=tuple((read_yearly(d.every), d.name) for d in own.dates if d.every),
            exceptions=tuple((read_date(d.date), d.exceptional()) for d in special if d.date),
            yearly_exceptions=tuple(
                (read_yearly(d.every), d.exceptional()) for d in special if d.every
            ),
        )


def _week(said: Mapping[str, tuple[str, ...]]) -> tuple[Slots, ...]:
    """Return the slots of Monday to Sunday; a day of which nothing is said is closed."""
    days: dict[int, Slots] = {}
    for key, hours in said.items():
        slots = read_slots(hours)
        for weekday in read_weekdays(key):
            if weekday in days:
                raise ValueError(f"{key!r}: the hours of {WEEKDAYS[weekday]} are said twice.")
            days[weekday] = slots
    return tuple(days.get(weekday, ()) for weekday in range(7))


def _refuse_twice(days: Iterable[_OnADay]) -> None:
    seen: set[OnADay] = set()
    for day in days:
        if day.on() in seen:
            raise ValueError(f"{day.date or day.every!r} is said twice.")
        seen.add(day.on())


def _overlapping(day: str, one: Slot, other: Slot) -> str:
    return f"{day}: the slots {one} and '{other}' overlap."
