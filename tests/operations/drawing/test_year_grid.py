"""A calendar's year as twelve small months."""

from opsgauge.log.calendars.definition import Calendar
from opsgauge.log.calendars.year import year_of
from opsgauge.operations.calendars import CalendarLine, CalendarYear
from opsgauge.operations.drawing.year_grid import Cell, YearGrid, year_grid
from tests.log.calendars.clocks import calendar

MORE = """
holidays: {dates: [{date: 2026-01-06, name: Epiphany}]}
exceptions: [{date: 2026-01-10, name: Move, hours: "22:00-06:00"}]
"""


def drawn(of: Calendar) -> YearGrid:
    """Return the grid of a calendar in 2026."""
    return year_grid(CalendarYear(CalendarLine("desk", "Desk"), 2026, year_of(of, 2026)))


GRID = drawn(calendar("09:00-12:00, 13:00-17:00", "Europe/Berlin", more=MORE))


def cell(month: int, day: int) -> Cell:
    """Return the cell of a day."""
    found = [each for week in GRID.months[month - 1].weeks for each in week if each]
    return found[day - 1]


def test_weeks_begin_on_monday_and_are_whole() -> None:
    """1 January 2026 is a Thursday; every day of the year has its place."""
    first = GRID.months[0].weeks[0]

    assert [each.number if each else None for each in first] == [None, None, None, 1, 2, 3, 4]
    assert all(len(week) == 7 for month in GRID.months for week in month.weeks)
    assert sum(each is not None for m in GRID.months for week in m.weeks for each in week) == 365
    assert [month.name for month in GRID.months][::11] == ["January", "December"]
    assert GRID.months[0].hours == f"{7 * 21 + 8} h"


def test_days_that_are_open_alike_share_a_bar() -> None:
    """Nothing, the usual day, and the night that reaches into a Sunday."""
    assert GRID.bars[cell(1, 5).bar] == ((540, 720), (780, 1020))
    assert GRID.bars[cell(1, 4).bar] == () == GRID.bars[cell(1, 6).bar]
    assert GRID.bars[cell(1, 10).bar] == ((1320, 1440),)
    assert GRID.bars[cell(1, 11).bar] == ((0, 360),)
    assert len(GRID.bars) == 4


def test_a_cell_says_what_is_out_of_the_ordinary() -> None:
    """To the eye by its kind, in words to whoever points at it, and to a reader."""
    kinds = [cell(1, day).kind for day in (5, 4, 6, 10)]

    assert kinds == ["open", "closed", "holiday", "exception"]
    assert (cell(1, 5).words, cell(1, 5).spoken) == (
        "Mon 5 Jan: 09:00-12:00, 13:00-17:00 (7.0 h)",
        "",
    )
    assert (cell(1, 6).words, cell(1, 6).spoken) == (
        "Tue 6 Jan: Epiphany, closed",
        "Epiphany, closed",
    )
    assert [cell(3, 29).clocks, cell(10, 25).clocks, cell(3, 28).clocks] == ["forward", "back", ""]


def test_slots_that_meet_at_midnight_are_drawn_as_one() -> None:
    """A night that goes on into the morning's slot; that before New Year's Day too."""
    grid = drawn(calendar("22:00-06:00, 06:00-07:00", days="monday-sunday"))

    assert grid.bars == (((0, 420), (1320, 1440)),)
