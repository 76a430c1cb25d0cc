"""One row per clock: how much of its promise it used, whether it was kept, when it broke.

Floor 2. Time left is `target - used`, exact to the microsecond: a clock breaks when it has used
more than its target, never because a rounded share says so. With `on_change: prorate` used time is
a share of each target in turn, and what is left is that share of the target in force.

    none -> running <-> paused -> met | late | cancelled | reset (a new clock of the ticket follows)
"""

import ibis
import ibis.expr.types as ir

from opsgauge.log.calendars.expressions import reached_us
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.log.service_levels.stages import FULL, KEY, Followed, stages
from opsgauge.warehouse.portable import ones, summed

HALF = 0.5  # to the nearest microsecond; engines disagree on rounding
STATES = ("running", "paused", "met", "late", "cancelled", "reset")
OPEN_STATES = ("running", "paused")
CLOCK = [*KEY, "cycle"]


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
    spent = stages(level, of)
    prorated = level.on_change == "prorate"
    broken = _broken(spent, of, prorated)
    last = {
        name: ibis.ifelse(broken["last"] == 1, broken[name], None).max()
        for name in ("target_us", "until_us", "stops", "cancels", "resets", "paused", "number")
    }
    added = broken.group_by(CLOCK).aggregate(
        started_us=broken.since_us.min(),
        used_sum=summed(broken.used_us.sum()),
        waited_us=summed(broken.waited_us.sum()),
        part=broken.part.sum(),
        breached_us=broken.broke_us.min(),
        ever=broken.broke.max(),
        stop_moment=broken.stopped_us.max(),
        **last,
    )
    used = added.used_sum
    if prorated:
        used = (added.part * added.target_us - HALF).ceil().cast("int64")
    judged = added.mutate(used_us=used)
    judged = judged.mutate(
        left_us=judged.target_us - judged.used_us,
        over=ones(judged.part > FULL) if prorated else ones(judged.used_us > judged.target_us),
    )
    return _due(judged.mutate(state=_state(judged)), level, of)


def _broken(spent: ir.Table, of: Followed, prorated: bool) -> ir.Table:
    """Say of each stage whether the promise breaks in it, and when."""
    if prorated:
        broke = spent.part_before + spent.part > FULL
        room = ((1.0 - spent.part_before) * spent.target_us - HALF).ceil().cast("int64")
    else:
        broke = spent.before_us + spent.used_us > spent.target_us
        room = spent.target_us - spent.before_us
    runs = spent.mutate(
        broke=ones(broke & (spent.paused == 0)), room_us=ibis.greatest(room, 0).cast("int64")
    )
    at = reached_us(runs, "since_us", "room_us", runs.number, of.compiled, "at_us")
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


def _due(judged: ir.Table, level: ServiceLevel, of: Followed) -> ir.Table:
    """Add when a running clock breaks if nothing stops it, and which clock is the newest."""
    runs = (judged.state == "running") & (judged.over == 0)
    asked = judged.mutate(
        from_us=ibis.ifelse(runs, judged.until_us, None),
        # Once the last microsecond is used the promise still holds; it breaks with the next.
        ahead_us=judged.left_us,
    )
    due = reached_us(asked, "from_us", "ahead_us", asked.number, of.compiled, "due_us")
    lasts = due.state.isin(OPEN_STATES)
    newest = due.cycle.max().over(ibis.window(group_by=KEY))
    lengths = ("target_us", "used_us", "left_us", "waited_us")
    stopped = ibis.ifelse(lasts, None, due.stop_moment.fill_null(due.until_us))
    moments = {"started_us": due.started_us, "stopped_us": stopped}
    moments |= {name: due[name] for name in ("breached_us", "due_us")}
    return due.select(
        *CLOCK,
        clock=ibis.literal(level.name),
        state=due.state,
        **moments,
        **{name: due[name] for name in lengths},
        breached=due.over == 1,
        ever_breached=due.ever == 1,
        newest=due.cycle == newest,
        number=due.number,
    )
