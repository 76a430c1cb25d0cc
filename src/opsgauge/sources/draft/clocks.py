"""Columns that hold the day and the clock of one moment apart, put together.

Floor 3.
"""

from collections.abc import Sequence
from dataclasses import replace

from opsgauge.sources.draft.columns import Sheet
from opsgauge.sources.draft.kinds import Kind, Seen
from opsgauge.sources.draft.meanings import NEUTRAL
from opsgauge.sources.draft.moments import moments

ABOUT_TIME = NEUTRAL | {"clock", "day", "tag", "dag", "dia", "jour"}


def with_clocks(sheet: Sheet, columns: Sequence[Seen]) -> list[Seen]:
    """Return the columns with each day that has a clock of its own joined to it.

    The clock's column is then spoken for, and left out.
    """
    joined = list(columns)
    for clock in [each for each in columns if each.among(Kind.CLOCK)]:
        day = _day_of(clock, joined)
        together = _together(sheet, day, clock) if day else None
        if day and together:
            joined[joined.index(day)] = together
            joined.remove(clock)
    return joined


def _day_of(clock: Seen, columns: Sequence[Seen]) -> Seen | None:
    """Return the day of a clock: of the same name but for words of time, or beside it."""
    days = [each for each in columns if each.moments is not None and each.moments.days_only]
    place = columns.index(clock)
    alike = [day for day in days if _subject(day) == _subject(clock)]
    if alike:
        return min(alike, key=lambda day: abs(columns.index(day) - place))
    before = columns[place - 1] if place else None
    return before if before in days else None


def _subject(each: Seen) -> frozenset[str]:
    words = each.folded.split()
    stems = (word.removesuffix("datum").removesuffix("zeit").removesuffix("tijd") for word in words)
    return frozenset(stem for stem in stems if stem) - ABOUT_TIME


def _together(sheet: Sheet, day: Seen, clock: Seen) -> Seen | None:
    key = f"({day.column.key} || ' ' || {clock.column.key})"
    sql = f"({day.column.sql} || ' ' || {clock.column.sql})"
    column = sheet.column(day.name, key, sql)
    how = moments(column.words)
    if how is None:
        return None
    both = replace(day, column=column, words=column.words, moments=how)
    return replace(both, join=(day.name, clock.name))
