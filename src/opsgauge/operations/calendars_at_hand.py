"""The workspace's calendars in the engine, for questions about business time.

Floor 5. An engine holds one set of calendars; clocks of service levels are counted by the same one,
so it is compiled here as it is for them.
"""

from opsgauge.foundation.errors import ServiceLevelWrong
from opsgauge.log.calendars.compiled import CompiledCalendars
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.operations.calendars import workspace_calendars
from opsgauge.operations.clocked import followed_with, workspace_levels
from opsgauge.operations.context import Context

_KEPT = "calendars at hand"


def calendars_at_hand(ctx: Context, name: str) -> CompiledCalendars:
    """Return the calendars, held by the engine; one of this name is among them.

    Raises
    ------
    UnknownCalendar : there is none of that name
    CalendarWrong : its file, or another, does not fit
    """
    calendars, opened = workspace_calendars(ctx), ctx.opened()
    calendars.get(name)

    def remembered() -> CompiledCalendars:
        if _KEPT not in opened.memo:
            compiled = followed_with(opened, _levels(ctx), calendars).compiled
            opened.engine.hold(compiled.tables())
            opened.memo[_KEPT] = compiled
        found: CompiledCalendars = opened.memo[_KEPT]
        return found

    return opened.once(_KEPT, remembered)


def _levels(ctx: Context) -> tuple[ServiceLevel, ...]:
    """Return the service levels, whose zones are compiled too; none where they cannot be read."""
    try:
        return tuple(workspace_levels(ctx).by_name.values())
    except ServiceLevelWrong:
        return ()  # nobody can ask of their clocks either
