"""Service levels: how they are kept, where their time goes, which clocks are over.

Floor 5. All of it asks the table `clocks`, or the stages it is made of.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import ibis.expr.types as ir

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.foundation.units import MICROS_PER_HOUR, clock_time
from opsgauge.log.calendars.definition import ALWAYS
from opsgauge.log.door import where as rows_where
from opsgauge.log.periods import ONE_DAY, start_of_day
from opsgauge.log.related import CLOCKS
from opsgauge.log.service_levels.flags import KEY
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.log.service_levels.spent import OF_TICKET, PARTS, spent_by_clock, spent_by_part
from opsgauge.metrics.intervals import wilson
from opsgauge.operations.answers import Provenance
from opsgauge.operations.clocked import Clocked, clocks_shown, clocks_suspect
from opsgauge.operations.context import Context
from opsgauge.operations.meant import meant_of_tickets
from opsgauge.operations.small_teams import refuse_small, told_together
from opsgauge.warehouse.portable import micros, micros_at, ones

CLOCK = [*KEY, "cycle"]
OPEN = ("running", "paused")
AROUND_THE_CLOCK = "around the clock"
Test = Callable[[ir.Table], ir.BooleanValue]


@dataclass(frozen=True)
class Clocks:
    """Which clocks: of tickets that meet the conditions, decided between two local dates."""

    where: tuple[Condition, ...] = ()
    from_: date | None = None
    to: date | None = None


NO_CHOICE = Clocks()
# What becomes of clocks: of those of a table, and the test of which are decided in time, which.
OUTCOMES: Mapping[str, Callable[[ir.Table, Test], ir.BooleanValue]] = {
    "decided": lambda rows, decided: decided(rows),
    "kept": lambda rows, decided: rows.kept & decided(rows),
    "broken": lambda rows, decided: ~rows.kept & decided(rows),
    "flips": lambda rows, decided: rows.kept & rows.ever_breached & decided(rows),
    "running": lambda rows, decided: rows.state == "running",
    "paused": lambda rows, decided: rows.state == "paused",
    "lasting": lambda rows, decided: rows.state.isin(OPEN),
    "overdue": lambda rows, decided: rows.state.isin(OPEN) & rows.breached,
}
COUNTED = ("kept", "broken", "running", "paused", "overdue", "flips")


@dataclass(frozen=True)
class Kept:
    """A service level, and how it is kept.

    Attributes
    ----------
    kept, broken : clocks decided in the time asked for; share, low, high of those kept
    running, paused : clocks that last, and `overdue`, those among them that broke already
    flips : clocks that broke once, and were kept by the target in force at their end
    """

    level: ServiceLevel
    file: str
    kept: int
    broken: int
    running: int
    paused: int
    overdue: int
    flips: int
    calendars: Mapping[str, str] = field(default_factory=dict)  # titles by name

    @property
    def n(self) -> int:
        """Clocks decided."""
        return self.kept + self.broken

    @property
    def share(self) -> float | None:
        """Of these, the share kept."""
        return self.kept / self.n if self.n else None

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """Wilson's 95 % interval of the share."""
        low, high = wilson(self.kept, self.n)
        return (low, high) if self.n else (None, None)

    def targets(self) -> list[str]:
        """Return what is promised, in words."""
        return [target_words(target, self.calendars) for target in self.level.targets]

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        level = self.level
        return {
            "service_level": level.name,
            "title": level.title,
            "kind": level.kind,
            "agreement": level.agreement,
            "calendar": level.calendar,
            "targets": self.targets(),
            "supports": level.supports,
            "owner_role": level.owner_role,
            "file": Path(self.file).name,
            "n": self.n,
            "kept": self.kept,
            "broken": self.broken,
            "share": self.share,
            "low": self.interval[0],
            "high": self.interval[1],
            "running": self.running,
            "paused": self.paused,
            "overdue": self.overdue,
            "ever_breached_but_kept": self.flips,
        }


@dataclass(frozen=True)
class Shown:
    """The service levels of a workspace."""

    levels: tuple[Kept, ...]
    provenance: Provenance
    suspect: tuple[str, ...] = ()  # as in `answers.Measured`

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "service_levels": [each.as_json() for each in self.levels],
        }


@dataclass(frozen=True)
class Part:
    """Time of clocks spent in one place, in hours of open time."""

    part: str | None
    used_us: int
    waited_us: int
    clocks: int

    def as_json(self, total_us: int) -> dict[str, Any]:
        """Return the published form; the share is of all time used."""
        return {
            "part": self.part,
            "used_hours": self.used_us / MICROS_PER_HOUR,
            "paused_hours": self.waited_us / MICROS_PER_HOUR,
            "share": self.used_us / total_us if total_us else None,
            "clocks": self.clocks,
        }


@dataclass(frozen=True)
class Breakdown:
    """Where the time of a service level's clocks went; the parts add up to `used_us`."""

    level: ServiceLevel
    by: str
    late_only: bool
    n: int
    used_us: int
    waited_us: int
    parts: tuple[Part, ...]
    provenance: Provenance

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "service_level": self.level.name,
            "by": self.by,
            "late_only": self.late_only,
            "data_version": self.provenance.data_version,
            "n": self.n,
            "used_hours": self.used_us / MICROS_PER_HOUR,
            "paused_hours": self.waited_us / MICROS_PER_HOUR,
            "parts": [part.as_json(self.used_us) for part in self.parts],
        }


def shown(ctx: Context, chosen: Clocks = NO_CHOICE) -> Shown:
    """Return every service level and how it is kept.

    Needs `metric:read`. Clocks count in the period in which they were decided: when they broke, or
    when they stopped in time. What lasts is counted as it is now.
    """
    ctx.require("metric:read")
    ctx = ctx.holding()
    clocked = clocks_shown(ctx)
    return ctx.opened().once(("levels", ctx.scope, chosen), lambda: _shown(ctx, clocked, chosen))


def _shown(ctx: Context, clocked: Clocked, chosen: Clocks) -> Shown:
    rows, decided = clocks_chosen(ctx, chosen), decided_between(ctx, chosen)
    told = rows.group_by("clock").aggregate(
        **{name: ones(OUTCOMES[name](rows, decided)).sum() for name in COUNTED}
    )
    found = {row["clock"]: row for row in ctx.opened().engine.run(told).to_pylist()}
    titles = {name: each.title for name, each in clocked.calendars.by_name.items()}
    return Shown(
        tuple(
            Kept(
                level,
                clocked.levels.files[name],
                **{count: int(found.get(name, {}).get(count) or 0) for count in COUNTED},
                calendars=titles,
            )
            for name, level in clocked.levels.by_name.items()
        ),
        ctx.provenance(),
        clocks_suspect(ctx),
    )


def one_shown(ctx: Context, name: str, chosen: Clocks = NO_CHOICE) -> Kept:
    """Return one service level and how it is kept; needs `metric:read`.

    Raises
    ------
    UnknownServiceLevel : there is none of that name
    """
    clocks_shown(ctx).levels.get(name)
    return next(each for each in shown(ctx, chosen).levels if each.level.name == name)


def breakdown(
    ctx: Context, name: str, by: str, chosen: Clocks = NO_CHOICE, late_only: bool = False
) -> Breakdown:
    """Say where the time of a service level's decided clocks went.

    Needs `metric:read`.

    Raises
    ------
    UnknownServiceLevel, QueryWrong : there is no such service level, or no such part
    """
    ctx.require("metric:read")
    ctx = ctx.holding()
    clocked = clocks_shown(ctx)
    level = clocked.levels.get(name)
    check_part(by)
    key = ("spent", ctx.scope, name, by, chosen, late_only)
    return ctx.opened().once(key, lambda: _breakdown(ctx, clocked, level, (by, late_only), chosen))


def check_part(by: str) -> None:
    """Refuse what the time of a clock cannot be parted by.

    Raises
    ------
    QueryWrong : with the nearest that it can
    """
    if by not in (*PARTS, *OF_TICKET):
        raise QueryWrong(
            f"The time of a clock has no part {by!r}.", hint=did_you_mean(by, (*PARTS, *OF_TICKET))
        )


def _breakdown(
    ctx: Context, clocked: Clocked, level: ServiceLevel, how: tuple[str, bool], chosen: Clocks
) -> Breakdown:
    by, late_only = how
    rows = clocks_chosen(ctx, chosen)
    rows = rows.filter((rows.clock == level.name) & decided_between(ctx, chosen)(rows))
    if late_only:
        rows = rows.filter(~rows.kept)
    engine = ctx.opened().engine
    of_clock = time_by_clock(ctx, (clocked, level), by, rows.select(*CLOCK), chosen)
    parts = engine.run(spent_by_part(of_clock)).to_pylist()
    whole = engine.run(
        rows.aggregate(
            n=rows.count(),
            used_us=rows.used_us.sum().fill_null(0),
            waited_us=rows.waited_us.sum().fill_null(0),
        )
    ).to_pylist()[0]
    return Breakdown(
        level,
        by,
        late_only,
        int(whole["n"]),
        int(whole["used_us"]),
        int(whole["waited_us"]),
        tuple(
            Part(row["part"], *(int(row[name]) for name in ("used_us", "waited_us", "clocks")))
            for row in sorted(parts, key=lambda row: -row["used_us"])
        ),
        ctx.provenance(),
    )


def time_by_clock(
    ctx: Context, of: tuple[Clocked, ServiceLevel], by: str, clocks: ir.Table, chosen: Clocks
) -> ir.Table:
    """Return the time of clocks by the values of a column; teams of few people are one value.

    Returns
    -------
    key, cycle, part, used, waited
    """
    clocked, level = of
    times = spent_by_clock(level, clocked.followed, by, clocks)
    together = told_together(ctx, meant_of_tickets(ctx, chosen.where)) if by == "team" else None
    if together is None or not together.teams:
        return times
    named = times.mutate(part=together.word(times.part))
    return named.group_by(*CLOCK, "part").aggregate(
        used=named.used.sum(), waited=named.waited.sum()
    )


def overdue(
    ctx: Context, name: str, limit: int, chosen: Clocks = NO_CHOICE
) -> list[dict[str, Any]]:
    """List clocks that last and have broken, those that are over the most first.

    Needs `ticket:read`. They last now, so the dates of what is chosen say nothing of them.

    Returns
    -------
    source, ticket_id, team, priority, over (open time, as a clock shows it)
    """
    ctx.require("ticket:read")
    ctx = ctx.holding()
    clocks_shown(ctx)
    rows = clocks_chosen(ctx, chosen)
    lasts = OUTCOMES["overdue"](rows, decided_between(ctx, chosen))
    rows = rows.filter((rows.clock == name) & lasts)
    tickets = ctx.tables.tickets.select(*KEY, "team", "priority")
    listed = rows.select(*KEY, "left_us").inner_join(tickets, KEY)
    found = ctx.opened().engine.run(listed.order_by("left_us", "ticket_id").limit(limit))
    return [{**row, "over": clock_time(-row.pop("left_us"))} for row in found.to_pylist()]


def clocks_chosen(ctx: Context, chosen: Clocks) -> ir.Table:
    """Return the clocks of tickets that meet the conditions.

    Raises
    ------
    QueryWrong : they are chosen by a team of which nothing is told
    """
    rows = ctx.tables.related[CLOCKS.name]
    if not chosen.where:
        return rows
    conditions = meant_of_tickets(ctx, chosen.where)
    refuse_small(ctx, conditions)
    return rows.semi_join(rows_where(ctx.tables.tickets, conditions), KEY)


def decided_between(ctx: Context, chosen: Clocks) -> Test:
    """Return the test of a clock: decided, and between the dates."""
    zone = ctx.opened().periods.zone
    first = micros_at(start_of_day(chosen.from_, zone)) if chosen.from_ else None
    last = micros_at(start_of_day(chosen.to + ONE_DAY, zone)) if chosen.to else None

    def test(rows: ir.Table) -> ir.BooleanValue:
        met = rows.kept.notnull()
        if first is not None:
            met &= micros(rows.decided_at) >= first
        if last is not None:
            met &= micros(rows.decided_at) < last
        return met

    return test


def target_words(target: Any, calendars: Mapping[str, str]) -> str:
    """Return a target in words: its length, by which calendar of its own, and for which tickets.

    Parameters
    ----------
    calendars : the titles of calendars, by name

    Examples
    --------
    >>> from opsgauge.log.service_levels.paragraph import Target
    >>> target_words(Target(within="4 h", priority=["1"], calendar="always"), {})
    '4 h around the clock where priority is 1'
    >>> target_words(Target(within="4 h", calendar="desk"), {"desk": "Service desk"})
    '4 h of ‘Service desk’'
    """
    parts = [f"{column} is {' or '.join(values)}" for column, values in target.conditions().items()]
    named = calendars.get(target.calendar or "", target.calendar)
    hours = AROUND_THE_CLOCK if target.calendar == ALWAYS else f"of ‘{named}’" if named else ""
    within = f"{target.within} {hours}".rstrip()
    return f"{within} where {' and '.join(parts)}" if parts else within
