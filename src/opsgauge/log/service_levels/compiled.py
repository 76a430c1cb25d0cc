"""The calendars that service levels count by, compiled for an engine.

Floor 2.
"""

from collections.abc import Iterable
from datetime import datetime

from opsgauge.log.calendars.compiled import CompiledCalendars, compile_calendars, range_of
from opsgauge.log.calendars.definition import Calendar, Calendars
from opsgauge.log.service_levels.paragraph import ServiceLevel


def compiled_for(
    levels: Iterable[ServiceLevel], calendars: Calendars, earliest: datetime, watermark: datetime
) -> CompiledCalendars:
    """Compile every calendar that the service levels name, in every zone they read it in.

    Raises
    ------
    UnknownCalendar : one is not there
    """
    needed: dict[str, Calendar] = {}
    for level in levels:
        for name in level.calendar_names():
            own = calendars.get(name)
            zones = sorted({*level.zones.of.values()}) if level.zones else []
            needed |= {each.name: each for each in (own, *(own.in_zone(zone) for zone in zones))}
    return compile_calendars(needed.values(), *range_of(earliest, watermark))
