"""A series laid out by the calendar: a row for each local day or week, a column for each slot.

Floor 4, analysis. Plain arrays. A day of hours has 24 slots; where clocks go forward one of them is
not there, where they go back one lasts twice as long, and `length` says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
A_WEEK = 7  # days
MONTH_END, MONTH_START = "month end", "month start"
OF_A_MONTH = 2  # working days at the end of a month, and at its start
SATURDAY = 5


@dataclass(frozen=True)
class Event:
    """Something that people know of ahead: a rollout, the close of the year, a public holiday.

    Several of one name are the same thing again: what one of them did is expected of the next.
    """

    name: str
    first: date
    last: date


@dataclass(frozen=True)
class Layout:
    """A series by local days or weeks.

    Attributes
    ----------
    first : the first day; of weeks, a Monday
    values : shape (rows, slots); NaN where there is no value, such as a gap or what is not over
    length : shape (rows, slots); how long a slot lasts, 1 for most
    days : that a row lasts, 1 or 7
    counts : whether the values are counts, so that no range has a fraction
    """

    first: date
    values: Numbers
    length: Numbers
    days: int = 1
    counts: bool = True

    @property
    def cycle(self) -> int:
        """Rows after which the same season comes again."""
        return A_WEEK // self.days

    def date(self, row: int) -> date:
        """Return the first day of a row."""
        return self.first + timedelta(days=row * self.days)

    @property
    def places(self) -> npt.NDArray[np.int64]:
        """Where each row lies in its season: the weekday of days, 0 for weeks."""
        begin = self.first.weekday() if self.days == 1 else 0
        return (np.arange(len(self.values)) + begin) % self.cycle

    def before(self, row: int) -> "Layout":
        """Return what there was before a row."""
        return Layout(self.first, self.values[:row], self.length[:row], self.days, self.counts)

    def since(self, row: int) -> "Layout":
        """Return what there is from a row on."""
        first = self.date(row)
        return Layout(first, self.values[row:], self.length[row:], self.days, self.counts)


def occasions(layout: Layout, events: Iterable[Event] = ()) -> list[tuple[str, ...]]:
    """Return the names of what falls on each row, beside the season.

    Days know the last and the first two working days of a month; weeks only the events.
    """
    named = sorted({(event.name, event.first, event.last) for event in events})
    found = []
    for row in range(len(layout.values)):
        begin = layout.date(row)
        end = begin + timedelta(days=layout.days - 1)
        own = [name for name, first, last in named if first <= end and begin <= last]
        turn = month_turn(begin) if layout.days == 1 else ""
        found.append(tuple(dict.fromkeys([*own, *([turn] if turn else [])])))
    return found


def month_turn(day: date) -> str:
    """Say whether a working day is among the last or the first two of its month; "" for others.

    Examples
    --------
    >>> [month_turn(date(2026, 1, day)) for day in (1, 3, 15, 29, 30)]
    ['month start', '', '', 'month end', 'month end']
    """
    if day.weekday() >= SATURDAY:
        return ""
    for name, step in ((MONTH_END, 1), (MONTH_START, -1)):
        at, working = day, 0
        while at.month == day.month and working <= OF_A_MONTH:
            working += at.weekday() < SATURDAY
            at += timedelta(days=step)
        if working <= OF_A_MONTH:
            return name
    return ""
