"""A calendar's year as twelve small months: which cells there are and what each shows.

Floor 5, drawing. A cell's bar is its day from midnight to midnight on the calendar's own clock,
filled where it is open; days that are open alike share one drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from opsgauge.foundation.units import amount
from opsgauge.log.calendars.definition import MINUTES_PER_DAY
from opsgauge.log.calendars.year import YearDay
from opsgauge.operations.calendars import CalendarYear, day_words, differs_words, hours_words

Spans = tuple[tuple[int, int], ...]  # minutes of a day that are open, from and to


@dataclass(frozen=True)
class Cell:
    """One day of a month.

    Attributes
    ----------
    bar : number of the drawing that shows its open hours
    kind : `open`, `closed`, `holiday` or `exception`
    clocks : "forward" or "back" where clocks are changed, else ""
    words : the day in words, for whoever points at it
    spoken : what is said of it beside its number; empty on a day like all of its week
    """

    number: int
    bar: int
    kind: str
    clocks: str
    words: str
    spoken: str


@dataclass(frozen=True)
class Month:
    """One month: its weeks from Monday to Sunday, None where a day is of another month."""

    name: str
    hours: str
    weeks: tuple[tuple[Cell | None, ...], ...]


@dataclass(frozen=True)
class YearGrid:
    """Twelve months, and the drawings that their days share."""

    months: tuple[Month, ...]
    bars: tuple[Spans, ...]


def year_grid(shown: CalendarYear) -> YearGrid:
    """Lay a calendar's year out."""
    spans = _spans(shown.days)
    bars = tuple(dict.fromkeys(spans))
    cells = {
        day.date: _cell(day, bars.index(open_on))
        for day, open_on in zip(shown.days, spans, strict=True)
    }
    months = []
    for number in range(1, 13):
        days = shown.month(number)
        hours = sum(day.open_hours for day in days)
        months.append(
            Month(
                f"{days[0].date:%B}",
                f"{hours:,.0f} h",
                _weeks([cells[day.date] for day in days], days[0].date),
            )
        )
    return YearGrid(tuple(months), bars)


def _weeks(cells: Sequence[Cell], first: date) -> tuple[tuple[Cell | None, ...], ...]:
    filled: list[Cell | None] = [None] * first.weekday() + list(cells)
    filled += [None] * (-len(filled) % 7)
    return tuple(tuple(filled[start : start + 7]) for start in range(0, len(filled), 7))


def _spans(days: Sequence[YearDay]) -> list[Spans]:
    """Return the open minutes of each day, those of a slot begun the day before among them."""
    found = []
    for day in days:
        reaching = [(0, day.reaching)] if day.reaching else []
        own = [(slot.start, min(slot.end, MINUTES_PER_DAY)) for slot in day.slots]
        found.append(_joined(reaching + own))
    return found


def _joined(spans: list[tuple[int, int]]) -> Spans:
    if not spans:
        return ()
    ends = [spans[0][0], *(edge for one, other in pairwise(spans) if one[1] < other[0]
                           for edge in (one[1], other[0])), spans[-1][1]]  # fmt: skip
    return tuple(zip(ends[::2], ends[1::2], strict=True))


def _cell(day: YearDay, bar: int) -> Cell:
    differs = differs_words(day)
    hours = hours_words(day)
    length = f" ({amount(day.open_hours, 'hours')})" if day.slots else ""
    said = f"{differs}, {hours}" if differs else hours
    return Cell(
        number=day.date.day,
        bar=bar,
        kind=day.why if day.why != "week" else "open" if day.slots else "closed",
        clocks="" if not day.clock_change else "forward" if day.clock_change > 0 else "back",
        words=f"{day_words(day.date)}: {said}{length}",
        spoken="" if day.usual else said,
    )
