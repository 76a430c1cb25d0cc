"""Service levels of a workspace, and their clocks ready to be asked.

Floor 5. The clocks follow from the data version and from the files of calendars and service levels;
they are worked out when the first question needs them, and kept with the data version.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from opsgauge.foundation.agreed import Scope
from opsgauge.foundation.errors import CalendarWrong, ServiceLevelsMissing, ServiceLevelWrong
from opsgauge.foundation.yaml_text import line_of
from opsgauge.log.calendars.definition import Calendars
from opsgauge.log.door import open_tables
from opsgauge.log.related import CLOCKS
from opsgauge.log.service_levels.compiled import compiled_for
from opsgauge.log.service_levels.flags import Followed
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.log.service_levels.reading import FOLDER, ServiceLevels, load_service_levels
from opsgauge.log.service_levels.table import clock_rows
from opsgauge.operations.calendars import workspace_calendars
from opsgauge.operations.check import suspect
from opsgauge.operations.clocks_renewed import settle, stayed
from opsgauge.operations.context import Context
from opsgauge.operations.gate import let_through
from opsgauge.operations.opened import OpenVersion
from opsgauge.warehouse.portable import micros_at

T = TypeVar("T")
# Columns whose failed checks make numbers of clocks suspect
STANDS_ON = ("opened_at", "first_response_at", "resolved_at", "closed_at", "phase", "team")
KEPT, FOLLOWED = "clocks", "calendars of clocks"  # under which what is ready is remembered


@dataclass(frozen=True)
class Clocked:
    """Service levels whose clocks can be followed: the engine holds their calendars."""

    levels: ServiceLevels
    calendars: Calendars
    followed: Followed


def workspace_levels(ctx: Context) -> ServiceLevels:
    """Return the service levels of the workspace.

    Raises
    ------
    ServiceLevelWrong, CalendarWrong : a file does not fit
    """
    return load_service_levels(ctx.workspace.path / FOLDER, workspace_calendars(ctx))


def with_clocks(ctx: Context) -> Clocked:
    """Return the service levels of the workspace, with their clocks in the engine as `clocks`.

    Raises
    ------
    ServiceLevelsMissing : the workspace has none
    ServiceLevelWrong, CalendarWrong : a file does not fit
    """
    return _kept(ctx, KEPT, _made)


def with_calendars(ctx: Context) -> Clocked:
    """Return the service levels of the workspace, for what follows clocks without their table.

    Raises
    ------
    as above
    """
    return _kept(ctx, FOLLOWED, _followed)


def _kept(ctx: Context, name: str, make: Callable[[Context, OpenVersion], Clocked]) -> Clocked:
    opened = ctx.opened()

    def remembered() -> Clocked:
        if name not in opened.memo:
            opened.memo[name] = make(ctx, opened)
        found: Clocked = opened.memo[name]
        return found

    return opened.once(name, remembered)


def clocks_shown(ctx: Context) -> Clocked:
    """Return them for numbers of theirs to be shown.

    Raises
    ------
    ServiceLevelsMissing, ServiceLevelWrong, CalendarWrong : as above
    NumbersWithheld : a check fails for which the workspace withholds numbers
    """
    let_through(ctx, STANDS_ON)
    return with_clocks(ctx)


def clocks_suspect(ctx: Context) -> tuple[str, ...]:
    """Return the failed checks that make numbers of clocks suspect."""
    return suspect(ctx, STANDS_ON)


def clocks_at_hand(ctx: Context) -> None:
    """Have the clocks in the engine, for a metric that asks them.

    Raises
    ------
    ServiceLevelsMissing : there are none, or their files do not fit
    """
    try:
        with_clocks(ctx)
    except (ServiceLevelWrong, CalendarWrong) as wrong:
        raise ServiceLevelsMissing(
            "The service levels of this workspace cannot be read.",
            hint=f"{wrong.message} {wrong.hint}",
        ) from wrong


def _followed(ctx: Context, opened: OpenVersion) -> Clocked:
    levels, calendars = workspace_levels(ctx), workspace_calendars(ctx)
    if not levels.by_name:
        raise ServiceLevelsMissing(
            "This workspace has no service levels yet.",
            hint=f"Write one in {FOLDER}/, see docs/guides/service-levels.md.",
        )
    followed = followed_with(opened, [*levels.by_name.values()], calendars)
    opened.engine.hold(followed.compiled.tables())
    return Clocked(levels, calendars, followed)


def _made(ctx: Context, opened: OpenVersion) -> Clocked:
    clocked = with_calendars(ctx)
    before = stayed(ctx, KEPT)
    of = replace(clocked.followed, tables=before.tables) if before else clocked.followed
    rows = [clock_rows(level, of) for level in clocked.levels.by_name.values()]
    opened.engine.keep(CLOCKS.name, *([before.rows] if before else []), *rows)
    if before:
        settle(opened, before)
    return clocked


def once_for_level(
    ctx: Context,
    name: str,
    what: Hashable,
    ask: Callable[[Context, Clocked, ServiceLevel], T],
    ready: Callable[[Context], Clocked] = with_clocks,
) -> T:
    """Answer a question about one service level, once for each data version.

    Parameters
    ----------
    ready : brings to hand what is asked of: the clocks, or their calendars alone

    Raises
    ------
    UnknownServiceLevel : there is none of that name
    """
    held = ctx.holding()
    clocked = ready(held)
    level = clocked.levels.get(name)
    return held.opened().once((what, name), lambda: ask(held, clocked, level))


def definition_text(file: str, name: str) -> str:
    """Return what a file says of one service level, as it is written there."""
    lines = Path(file).read_text(encoding="utf-8-sig").splitlines()
    first = line_of("\n".join(lines), [name]) - 1
    after = next(
        (n for n in range(first + 1, len(lines)) if lines[n][:1] not in ("", " ", "#")), len(lines)
    )
    return "\n".join(lines[first:after]).rstrip() + "\n"


def followed_with(
    opened: OpenVersion, levels: Sequence[ServiceLevel], calendars: Calendars
) -> Followed:
    """Return what clocks of these service levels are followed with, on the whole log.

    Clocks are of tickets, not of who looks at them; the door withholds rows afterwards.
    """
    version = opened.version
    earliest = version.earliest or opened.watermark
    compiled = compiled_for(levels, calendars, earliest, opened.watermark)
    return Followed(open_tables(Scope.everything()), compiled, micros_at(opened.watermark))
