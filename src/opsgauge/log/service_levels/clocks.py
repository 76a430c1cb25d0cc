"""One row per clock: how much of its promise it used, whether it was kept, when it broke.

Floor 2. Time left is `target - used`, exact to the microsecond: a clock breaks when it has used
more than its target, never because a rounded share says so. With `on_change: prorate` used time is
a share of each target in turn, and what is left is that share of the target in force.

    none -> running <-> paused -> met | late | cancelled | reset (a new clock of the ticket follows)
"""

from functools import lru_cache

import ibis
import ibis.expr.types as ir

from opsgauge.log.calendars.compiled import CompiledCalendars
from opsgauge.log.calendars.expressions import reached_us
from opsgauge.log.calendars.stand_ins import stand_ins
from opsgauge.log.service_levels.flags import KEY, Followed
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.log.service_levels.stages import rules_of, stages
from opsgauge.warehouse.engine import quoted
from opsgauge.warehouse.portable import ones, summed
from opsgauge.warehouse.steps import step

HALF = 0.5  # to the nearest microsecond; engines disagree on rounding
STATES = ("running", "paused", "met", "late", "cancelled", "reset")
OPEN_STATES = ("running", "paused")
CLOCK = [*KEY, "cycle"]
FULL = 1.0 + 1e-12  # of a promise used, with room for the last digit of a fraction
NAME = "stand-in for the name"


def clocks(level: ServiceLevel, of: Followed) -> ir.Table:
    """Return the clocks of a service level.

    Returns
    -------
    key, cycle (1 for the ticket's first clock), clock (the definition's name), state,
    started_us, stopped_us (null while it lasts), target_us, used_us, left_us, waited_us (open time
    while paused), breached (used more than the target in force at its end, yes or no),
    ever_breached (at any time of the clock), breached_us (when it first did), due_us (when a
    running clock will), newest (whether it is the ticket's last clock), number (of its calendar)
    """
    standing, prorated = stand_ins(of.compiled), level.on_change == "prorate"
    spent = stages(level, of)
    breaking = _breaking(spent.schema(), standing.calendars, prorated)
    broken = step("breaking_stages", breaking, spent, literals=standing.literals)
    added = step("added_clocks", _added(broken.schema(), prorated), broken)
    due = _due(added.schema(), standing.calendars, rules_of(level).one_clock)
    literals = {**standing.literals, quoted(NAME): quoted(level.name)}
    return step("followed_clocks", due, added, literals=literals)


@lru_cache(maxsize=16)
def _added(schema: ibis.Schema, prorated: bool) -> ir.Table:
    """Return the query of what the stages of each clock add up to, over `breaking_stages`."""
    broken = ibis.table(schema, name="breaking_stages")
    last = {
        name: ibis.ifelse(broken["last"] == 1, broken[name], None).max()
        for name in ("target_us", "until_us", "stops", "cancels", "resets", "paused", "number")
    }
    parts = {"part": broken.part.sum()} if prorated else {}
    added = broken.group_by(CLOCK).aggregate(
        started_us=broken.since_us.min(),
        used_sum=summed(broken.used_us.sum()),
        waited_us=summed(broken.waited_us.sum()),
        breached_us=broken.broke_us.min(),
        ever=broken.broke.max(),
        stop_moment=broken.stopped_us.max(),
        **last,
        **parts,
    )
    used = added.used_sum
    if prorated:
        used = (added.part * added.target_us - HALF).ceil().cast("int64")
    judged = added.mutate(used_us=used)
    judged = judged.mutate(
        left_us=judged.target_us - judged.used_us,
        over=ones(judged.part > FULL) if prorated else ones(judged.used_us > judged.target_us),
    )
    return judged.mutate(state=_state(judged))


@lru_cache(maxsize=64)
def _breaking(schema: ibis.Schema, calendars: CompiledCalendars, prorated: bool) -> ir.Table:
    """Return the query of whether the promise breaks in each stage, and when."""
    spent = ibis.table(schema, name="clock_stages")
    if prorated:
        broke = spent.part_before + spent.part > FULL
        room = ((1.0 - spent.part_before) * spent.target_us - HALF).ceil().cast("int64")
    else:
        broke = spent.before_us + spent.used_us > spent.target_us
        room = spent.target_us - spent.before_us
    runs = spent.mutate(
        broke=ones(broke & (spent.paused == 0)), room_us=ibis.greatest(room, 0).cast("int64")
    )
    at = reached_us(runs, "since_us", "room_us", runs.number, calendars, "at_us")
    return at.mutate(broke_us=ibis.ifelse(at.broke == 1, at.at_us, None))


def _state(judged: ir.Table) -> ir.StringValue:
    stopped = (judged.stops == 1) | judged.stop_moment.notnull()
    return ibis.cases(
        (judged.cancels == 1, "cancelled"),
        (stopped & (judged.over == 1), "late"),
        (stopped, "met"),
        (judged.resets == 1, "reset"),
        (judged.paused == 1, "paused"),
        else_="running",
    )


@lru_cache(maxsize=64)
def _due(schema: ibis.Schema, calendars: CompiledCalendars, one_clock: bool) -> ir.Table:
    """Return the query of when running clocks break, and which clocks are the newest."""
    judged = ibis.table(schema, name="added_clocks")
    runs = (judged.state == "running") & (judged.over == 0)
    asked = judged.mutate(
        from_us=ibis.ifelse(runs, judged.until_us, None),
        # Once the last microsecond is used the promise still holds; it breaks with the next.
        ahead_us=judged.left_us,
    )
    due = reached_us(asked, "from_us", "ahead_us", asked.number, calendars, "due_us")
    lasts = due.state.isin(OPEN_STATES)
    newest = due.cycle == due.cycle.max().over(ibis.window(group_by=KEY))
    lengths = ("target_us", "used_us", "left_us", "waited_us")
    stopped = ibis.ifelse(lasts, None, due.stop_moment.fill_null(due.until_us))
    moments = {"started_us": due.started_us, "stopped_us": stopped}
    moments |= {name: due[name] for name in ("breached_us", "due_us")}
    return due.select(
        *CLOCK,
        clock=ibis.literal(NAME),
        state=due.state,
        **moments,
        **{name: due[name] for name in lengths},
        breached=due.over == 1,
        ever_breached=due.ever == 1,
        newest=ibis.literal(True) if one_clock else newest,
        number=due.number,
    )
