"""The calendars that service levels count by, compiled for an engine.

Floor 2.
"""

from collections.abc import Iterable
from datetime import datetime

from opsgauge.log.calendars.compiled import CompiledCalendars, compile_calendars, range_of
from opsgauge.log.calendars.definition import Calendar, Calendars
from opsgauge.log.service_levels.flags import calendar_of
from opsgauge.log.service_levels.paragraph import ServiceLevel


def compiled_for(
    levels: Iterable[ServiceLevel], calendars: Calendars, earliest: datetime, watermark: datetime
) -> CompiledCalendars:
    """Compile every calendar, also in every zone in which a service level reads one."""
    zones = sorted({zone for level in levels if level.zones for zone in level.zones.of.values()})
    needed: list[Calendar] = []
    for own in calendars.by_name.values():
        needed += [own, *(own.in_zone(zone) for zone in zones)]
    return compile_calendars(needed, *range_of(earliest, watermark))


def lacking(level: ServiceLevel, compiled: CompiledCalendars) -> list[str]:
    """Return the calendars, with the zones they are read in, that were not compiled."""
    zones = ["", *sorted({*level.zones.of.values()})] if level.zones else [""]
    names = [calendar_of(name, zone) for name in level.calendar_names() for zone in zones]
    return [name for name in names if name not in compiled.numbers]
