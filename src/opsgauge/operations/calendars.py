"""The business calendars of a workspace: which there are, one as a year, and whether they fit.

Floor 5.
"""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from opsgauge.foundation.errors import CalendarWrong
from opsgauge.foundation.units import whole
from opsgauge.log.calendars.definition import ALWAYS, WEEKDAYS, Calendar, Calendars, Slots, always
from opsgauge.log.calendars.reading import FOLDER, calendar_files, load_calendars, read_calendar
from opsgauge.log.calendars.year import YearDay, year_of
from opsgauge.operations.context import Context

BUILT_IN = "built-in"


@dataclass(frozen=True)
class CalendarLine:
    """One calendar, or the fault of its file.

    Attributes
    ----------
    hours : its week in words
    week_hours : open hours of a week without holidays
    holidays : the country and part whose holidays it keeps, and how many of its own; "none"
    file : where it is written, `built-in` for that which needs no file
    fault : why it cannot be read; the rest is empty then
    """

    name: str
    title: str = ""
    zone: str = ""
    hours: str = ""
    week_hours: float = 0.0
    holidays: str = ""
    file: str = BUILT_IN
    fault: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return dict(vars(self))


@dataclass(frozen=True)
class CalendarYear:
    """One calendar in one year."""

    line: CalendarLine
    year: int
    days: tuple[YearDay, ...]

    @property
    def open_hours(self) -> float:
        """Open hours of the year."""
        return sum(day.open_hours for day in self.days)

    @property
    def sentence(self) -> str:
        """The year in words."""
        days = sum(bool(day.slots) for day in self.days)
        return (
            f"{self.line.title} is open {whole(self.open_hours)} hours "
            f"on {whole(days)} days in {self.year}"
        )

    def month(self, number: int) -> tuple[YearDay, ...]:
        """Return the days of a month, 1 to 12."""
        return tuple(day for day in self.days if day.date.month == number)

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            **self.line.as_json(),
            "year": self.year,
            "sentence": self.sentence,
            "open_hours": self.open_hours,
            "months": [
                {"month": number, "open_hours": sum(day.open_hours for day in self.month(number))}
                for number in range(1, 13)
            ],
            "days": [
                {
                    "date": day.date.isoformat(),
                    "weekday": WEEKDAYS[day.date.weekday()],
                    "slots": [str(slot) for slot in day.slots],
                    "open_hours": day.open_hours,
                    "why": day.why,
                    "name": day.name,
                    "clock_change_minutes": day.clock_change,
                }
                for day in self.days
            ],
        }


def folder_of(ctx: Context) -> Path:
    """Return where the workspace keeps its calendars."""
    return ctx.workspace.path / FOLDER


def workspace_calendars(ctx: Context) -> Calendars:
    """Return the calendars of the workspace, to count with.

    Raises
    ------
    CalendarWrong : a file does not fit
    """
    return load_calendars(folder_of(ctx))


def listed_calendars(ctx: Context) -> tuple[CalendarLine, ...]:
    """Return every calendar, `always` first; one whose file does not fit with its fault.

    Needs `calendar:read`.
    """
    ctx.require("calendar:read")
    try:
        files = calendar_files(folder_of(ctx))
    except CalendarWrong as wrong:
        return (_line(always(), BUILT_IN), CalendarLine(FOLDER, file=FOLDER, fault=str(wrong)))
    return (_line(always(), BUILT_IN), *(_read(name, file) for name, file in files.items()))


def calendar_names(ctx: Context) -> tuple[str, ...]:
    """Return the names of the calendars, `always` first, without reading what they say.

    Needs `calendar:read`.
    """
    ctx.require("calendar:read")
    try:
        return (ALWAYS, *calendar_files(folder_of(ctx)))
    except CalendarWrong:
        return (ALWAYS,)


def calendar_year(ctx: Context, name: str, year: int | None = None) -> CalendarYear:
    """Return a calendar in one year, without a year in this one.

    Needs `calendar:read`.

    Raises
    ------
    UnknownCalendar : there is none of that name
    CalendarWrong : its file, or another, does not fit
    QueryWrong : a year far away
    """
    ctx.require("calendar:read")
    found = workspace_calendars(ctx).get(name)
    files = calendar_files(folder_of(ctx))
    chosen = ctx.clock().year if year is None else year
    line = _line(found, files[name].name if name in files else BUILT_IN)
    return CalendarYear(line, chosen, year_of(found, chosen))


def _read(name: str, file: Path) -> CalendarLine:
    try:
        return _line(read_calendar(file), file.name)
    except CalendarWrong as wrong:
        return CalendarLine(name, file=file.name, fault=str(wrong))


def _line(calendar: Calendar, file: str) -> CalendarLine:
    public = calendar.public
    own = len(calendar.dates) + len(calendar.yearly)
    kept = [f"{public.country} {public.subdivision}".strip()] if public else []
    kept += [f"{own} of its own"] if own else []
    minutes = sum(slot.end - slot.start for slots in calendar.week for slot in slots)
    return CalendarLine(
        name=calendar.name,
        title=calendar.title,
        zone=calendar.zone,
        hours=week_words(calendar.week),
        week_hours=minutes / 60,
        holidays=" and ".join(kept) or "none",
        file=file,
    )


def week_words(week: tuple[Slots, ...]) -> str:
    """Return a week in words, days with the same hours together.

    Examples
    --------
    >>> week_words(always().week)
    'Mon to Sun 00:00-24:00'
    >>> week_words(((),) * 7)
    'never, but for exceptions'
    """
    parts = []
    for slots, several in groupby(range(7), key=lambda day: week[day]):
        days = [WEEKDAYS[day][:3].capitalize() for day in several]
        if slots:
            named = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
            parts.append(f"{named} {', '.join(map(str, slots))}")
    return "; ".join(parts) or "never, but for exceptions"


def day_words(day: date) -> str:
    """Return a date in words.

    Examples
    --------
    >>> day_words(date(2026, 1, 6))
    'Tue 6 Jan'
    """
    return f"{day:%a} {day.day} {day:%b}"


def differs_words(day: YearDay) -> str:
    """Return what is out of the ordinary about a day; empty where nothing is."""
    said = []
    if day.why == "holiday":
        said.append(day.name)
    elif day.why == "exception":
        said.append(day.name or "Exception")
    if day.clock_change:
        way = "forward" if day.clock_change > 0 else "back"
        said.append(f"Clocks go {way} by {abs(day.clock_change)} min")
    return "; ".join(said)


def hours_words(day: YearDay) -> str:
    """Return the hours of a day in words."""
    return ", ".join(map(str, day.slots)) or "closed"
