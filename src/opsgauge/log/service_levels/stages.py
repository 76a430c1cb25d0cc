"""What a clock does during each interval of history: it runs, it is paused, or it is not there.

Floor 2. One row per interval in which the clock is there. All is whole microseconds. Time between
a stop and a reopening belongs to no stage: it is neither running nor paused.

    1 | flags     what the definition says of each interval, see `flags.py`
    2 | windows   what came before and comes next; which clock of the ticket it is (the cycle)
    3 | stages    the rows that count, with open time used, and used before them

Each is a step (`warehouse.steps`). But for the flags, definitions share them: few rules, and which
calendars are cut alike, decide what is compiled.
"""

from dataclasses import dataclass
from functools import lru_cache

import ibis
import ibis.expr.types as ir

from opsgauge.log.calendars.compiled import CompiledCalendars
from opsgauge.log.calendars.expressions import business_us
from opsgauge.log.calendars.stand_ins import stand_ins
from opsgauge.log.service_levels.flags import BY_TEAM, FLAGS, KEY, Followed, flags
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.warehouse.portable import ones, summed
from opsgauge.warehouse.steps import step


@dataclass(frozen=True)
class Rules:
    """What of a definition decides how its flags become clocks.

    Attributes
    ----------
    update : a new clock begins with each update
    resets : a new clock may begin where a condition says so
    early, early_pauses : time before the definition began to apply counts, and pauses in it do
    """

    update: bool
    resets: bool
    on_reopen: str
    on_change: str
    early: bool
    early_pauses: bool

    @property
    def one_clock(self) -> bool:
        """Whether a ticket has one clock at most."""
        return not (self.update or self.resets or "restart" in (self.on_reopen, self.on_change))


_ANY = Rules(
    update=False,
    resets=True,
    on_reopen="continue",
    on_change="carry",
    early=True,
    early_pauses=True,
)


def rules_of(level: ServiceLevel) -> Rules:
    """Return the rules of a definition."""
    return Rules(
        level.kind == "update",
        bool(level.reset),
        level.on_reopen,
        level.on_change,
        level.retroactive.start == "yes",
        level.retroactive.pause == "yes",
    )


def stages(level: ServiceLevel, of: Followed) -> ir.Table:
    """Return the intervals in which the clocks of a service level run or are paused.

    Returns
    -------
    key, seq, cycle, since_us, until_us, target_us, number (of the calendar), paused (1 or 0),
    stops and cancels (1 where the next interval ends the clock so), resets (1 where a new clock
    follows), used_us and before_us (open time while running, in the interval and before it),
    waited_us (open time while paused), last (1 for a cycle's last row), ran (in how many intervals
    it ran so far: the same throughout a pause, and another in the next), message and stopped_us (as
    in `flags`), the columns of BY_TEAM, and for `prorate` part and part_before (what was used, in
    the interval and before it, as shares of the target)
    """
    rules = rules_of(level)
    placed = step("clock_windows", _windows(rules), flags(level, of))
    standing = stand_ins(of.compiled)
    lasting = _lasting(standing.calendars, rules.on_change == "prorate", rules.one_clock)
    return step("clock_stages", lasting, placed, literals=standing.literals)


@lru_cache(maxsize=64)
def _windows(rules: Rules) -> ir.Table:
    """Return the query of what follows from flags, over the step `clock_flags`.

    A row is kept that counts, or that says by which target the time before it is judged.
    """
    placed = _placed(ibis.table(FLAGS, name="clock_flags"), rules)
    return placed.filter((placed.counted == 1) | (placed.seq == placed.first_covered))


@lru_cache(maxsize=64)
def _lasting(calendars: CompiledCalendars, prorated: bool, one_clock: bool) -> ir.Table:
    """Return the query of how long stages last, over the step `clock_windows`."""
    placed = ibis.table(_windows(_ANY).schema(), name="clock_windows")
    timed = business_us(placed, "since_us", "until_us", placed.number, calendars, "open_us")
    runs, waits = timed.counted * (1 - timed.paused), timed.counted * timed.paused
    used, waited = timed.open_us * runs, timed.open_us * waits
    timed = timed.mutate(runs=runs, used_us=used, waited_us=waited)
    cycle = KEY if one_clock else [*KEY, "cycle"]
    order, everywhere = {"group_by": cycle, "order_by": "seq"}, ibis.window(group_by=cycle)
    so_far = ibis.window(**order, preceding=None, following=0)
    first = ibis.ifelse(timed.seq == timed.first_covered, timed.target, None)
    latest = ibis.ifelse(timed.counted == 1, timed.seq, None)
    told = timed.mutate(
        before_us=summed(timed.used_us.sum().over(so_far)) - timed.used_us,
        ran=summed(timed.runs.sum().over(so_far)),
        first_target=first.max().over(everywhere),
        latest=latest.max().over(everywhere),
    )
    told = told.mutate(
        target_us=ibis.ifelse(told.covered == 1, told.target, told.first_target),
        last=ones(told.seq == told.latest),
    )
    told = told.filter(told.counted == 1)
    if prorated:
        told = told.mutate(part=told.used_us.cast("float64") / told.target_us)
        told = told.mutate(part_before=told.part.sum().over(so_far) - told.part)
    inner = {"counted", "covered", "target", "first_covered", "first_target", "latest", "runs"}
    return told.select(name for name in told.columns if name not in inner)


def _placed(rows: ir.Table, rules: Rules) -> ir.Table:
    """Say which clock of the ticket an interval belongs to, and what follows on it."""
    order = {"group_by": KEY, "order_by": "seq"}
    one, so_far = ibis.window(**order), ibis.window(**order, preceding=None, following=0)
    rows = rows.mutate(done=ibis.greatest(rows.stop, rows.cancel))

    def first(flag: ir.IntegerValue) -> ir.IntegerValue:  # cheaper than a look at all so far
        return ibis.ifelse(flag == 1, rows.seq, None).min().over(ibis.window(group_by=KEY))

    looked = {
        "first_begun": first(rows.begins),
        "first_covered": first(rows.covered),
        "stops": rows.stop.lead().over(one).fill_null(0),
    }
    if rules.on_reopen == "ignore":
        looked["first_done"] = first(rows.done)
    nought = ibis.literal(0, "int64")
    if rules.one_clock:
        rows = rows.mutate(**looked, cancels=_leaves(rows, nought).lead().over(one).fill_null(0))
        rows = rows.mutate(cycle=nought + 1, resets=nought)
    else:
        rows = rows.mutate(
            **looked,
            was_done=rows.done.lag().over(one).fill_null(0),
            was_reset=rows.reset.lag().over(one).fill_null(0),
            was_covered=rows.covered.lag().over(one).fill_null(0),
            was_target=rows.target.lag().over(one),
        )
        rows = rows.mutate(anew=ones(_anew(rows, rules)))
        rows = rows.mutate(
            cycle=summed(rows.anew.sum().over(so_far)) + 1,
            cancels=_leaves(rows, rows.anew).lead().over(one).fill_null(0),
            resets=rows.anew.lead().over(one).fill_null(0),
        )
    covered, paused = rows.covered == 1, rows.pause == 1
    if rules.early:
        covered |= rows.seq < rows.first_covered
    if not rules.early_pauses:
        paused &= rows.seq >= rows.first_covered
    counts = covered & (rows.seq >= rows.first_begun) & (rows.done == 0)
    if rules.on_reopen == "ignore":  # the first stop of the ticket ended its clock for good
        counts &= (rows.seq < rows.first_done).fill_null(True)
    return rows.select(
        *KEY,
        "seq",
        "since_us",
        "until_us",
        "number",
        "stopped_us",
        "message",
        *BY_TEAM,
        "covered",
        "target",
        "first_covered",
        "cycle",
        "stops",
        "cancels",
        "resets",
        counted=ones(counts),
        paused=ones(paused),
    )


def _leaves(rows: ir.Table, anew: ir.IntegerValue) -> ir.IntegerValue:
    """Say, as 1 or 0, whether a ticket is cancelled, or is no longer one of those meant."""
    left = (rows.covered == 0) & (rows.stop == 0) & (anew == 0)
    return ones((rows.cancel == 1) | left)


def _anew(rows: ir.Table, rules: Rules) -> ir.BooleanValue:
    """Say whether a new clock begins with an interval."""
    goes = (rows.covered == 1) & (rows.done == 0)
    anew = (rows.reset == 1) & (rows.was_reset == 0) & (rows.seq > rows.first_covered)
    if rules.update:
        anew = anew | (goes & (rows.seq > rows.first_covered))
    if rules.on_reopen == "restart":
        anew = anew | (goes & (rows.was_done == 1))
    if rules.on_change == "restart":
        changed = (rows.was_covered == 1) & (rows.target != rows.was_target)
        anew = anew | (goes & changed)
    return anew
