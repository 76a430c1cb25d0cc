"""The holidays of a workspace's calendars while there are records.

Floor 5.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from opsgauge.foundation.errors import CalendarWrong
from opsgauge.log.calendars.reading import FOLDER as CALENDARS
from opsgauge.log.calendars.reading import load_calendars
from opsgauge.operations.context import Context

A_DAY, A_WEEK = timedelta(days=1), 7


def holidays(ctx: Context) -> Sequence[tuple[date, str]]:
    """Return each holiday of any calendar with its name, oldest first: read once for all pages."""
    return ctx.opened().once(("holidays",), lambda: _read(ctx))


def _read(ctx: Context) -> Sequence[tuple[date, str]]:
    try:
        known = load_calendars(ctx.workspace.path / CALENDARS).by_name.values()
    except CalendarWrong:
        return ()  # the page of calendars says what is wrong with it
    opened = ctx.opened()
    first, last = (opened.periods.date_of(at) for at in (opened.periods.first, opened.watermark))
    return sorted(
        {
            (first + A_DAY * place, name)
            for place in range((last - first).days + A_WEEK)
            for calendar in known
            if (name := calendar.holiday(first + A_DAY * place))
        }
    )
