"""The hours of a calendar within which an objective counts, by the workspace's local hours.

Floor 5. Records are counted by the local hour, so a calendar counts here only where it opens and
closes on the hour of the workspace's clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from opsgauge.foundation.errors import ObjectiveWrong
from opsgauge.log.calendars.stretches import instant_of, stretches
from opsgauge.operations.calendars import workspace_calendars
from opsgauge.operations.context import Context
from opsgauge.warehouse.portable import micros_at

A_DAY = timedelta(days=1)
HOURS, MINUTES = 24, 60
Hour = tuple[date, int]


@dataclass(frozen=True)
class ServiceHours:
    """Local hours that are open as a whole, in order, between two days, both included."""

    calendar: str
    hours: tuple[Hour, ...]

    @cached_property
    def known(self) -> frozenset[Hour]:
        """The same without an order."""
        return frozenset(self.hours)

    def between(self, first: date, last: date) -> int:
        """Return how many hours are open between two days, both included."""
        return sum(first <= day <= last for day, _ in self.hours)

    def newest(self, upto: Hour, many: int) -> Sequence[Hour]:
        """Return the newest open hours up to one, which counts where it is open; oldest first."""
        return [each for each in self.hours if each <= upto][-many:]


def service_hours(ctx: Context, name: str, calendar: str, first: date, last: date) -> ServiceHours:
    """Return the open hours of a calendar between two days, both included.

    Parameters
    ----------
    name : the objective that asks

    Raises
    ------
    UnknownCalendar : there is none of that name
    ObjectiveWrong : it opens or closes within an hour, or is never open
    """
    found, zone = workspace_calendars(ctx).get(calendar), ctx.workspace.zone
    days = [first + A_DAY * place for place in range((last - first).days + 1)]
    edges = [
        [micros_at(instant_of(day, hour * MINUTES, zone)) for hour in range(HOURS + 1)]
        for day in days
    ]
    begin, end = instant_of(first, 0, zone), instant_of(last + A_DAY, 0, zone)
    moments = np.array(edges, dtype=np.int64)
    upto = stretches(found, begin, end).open_at(moments.ravel()).reshape(moments.shape)
    open_us, lasts_us = np.diff(upto, axis=1), np.diff(moments, axis=1)
    if ((open_us > 0) & (open_us < lasts_us)).any():
        raise ObjectiveWrong(
            f"slos: {name}, hours: the calendar {calendar!r} opens or closes within an hour of "
            f"{zone.key}, and objectives count by whole hours.",
            hint="Choose a calendar that opens and closes on the hour.",
        )
    hours = tuple(
        (days[at], int(hour)) for at, hour in np.argwhere((open_us == lasts_us) & (lasts_us > 0))
    )
    if not hours:
        raise ObjectiveWrong(f"slos: {name}, hours: the calendar {calendar!r} is never open then.")
    return ServiceHours(calendar, hours)
