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
    early, early_pauses : time before the definition began to apply counts, and pauses in it do
    """

    update: bool
    on_reopen: str
    on_change: str
    early: bool
    early_pauses: bool


_ANY = Rules(update=False, on_reopen="continue", on_change="carry", early=True, early_pauses=True)


def rules_of(level: ServiceLevel) -> Rules:
    """Return the rules of a definition."""
    return Rules(
        level.kind == "update",
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
    waited_us (open time while paused), part and part_before (the same as shares of the target),
    last (1 for a cycle's last row), message and stopped_us (as in `flags`), and the columns of
    BY_TEAM
    """
    placed = step("clock_windows", _windows(rules_of(level)), flags(level, of))
    standing = stand_ins(of.compiled)
    lasting = _lasting(standing.calendars)
    return step("clock_stages", lasting, placed, literals=standing.literals)


@lru_cache(maxsize=64)
def _windows(rules: Rules) -> ir.Table:
    """Return the query of what follows from flags, over the step `clock_flags`."""
    placed = _placed(ibis.table(FLAGS, name="clock_flags"), rules)
    counted = placed.filter(placed.counted == 1)
    return counted.select(name for name in placed.columns if name != "counted")


@lru_cache(maxsize=64)
def _lasting(calendars: CompiledCalendars) -> ir.Table:
    """Return the query of how long stages last, over the step `clock_windows`."""
    counted = ibis.table(_windows(_ANY).schema(), name="clock_windows")
    timed = business_us(counted, "since_us", "until_us", counted.number, calendars, "open_us")
    running = timed.mutate(
        used_us=ibis.ifelse(timed.paused == 1, 0, timed.open_us),
        waited_us=ibis.ifelse(timed.paused == 1, timed.open_us, 0),
    )
    running = running.mutate(part=running.used_us.cast("float64") / running.target_us)
    order = {"group_by": [*KEY, "cycle"], "order_by": "seq"}
    so_far = ibis.window(**order, preceding=None, following=0)
    return running.mutate(
        before_us=summed(running.used_us.sum().over(so_far)) - running.used_us,
        part_before=running.part.sum().over(so_far) - running.part,
        last=ones(running.seq.lead().over(ibis.window(**order)).isnull()),
    )


def _placed(rows: ir.Table, rules: Rules) -> ir.Table:
    """Say which clock of the ticket an interval belongs to, and what follows on it."""
    order = {"group_by": KEY, "order_by": "seq"}
    one, so_far = ibis.window(**order), ibis.window(**order, preceding=None, following=0)
    everywhere = ibis.window(group_by=KEY)
    rows = rows.mutate(done=ibis.greatest(rows.stop, rows.cancel))
    rows = rows.mutate(
        begun=rows.begins.max().over(so_far),
        was_done=rows.done.lag().over(one).fill_null(0),
        was_reset=rows.reset.lag().over(one).fill_null(0),
        was_covered=rows.covered.lag().over(one).fill_null(0),
        was_target=rows.target.lag().over(one),
        first_covered=ibis.ifelse(rows.covered == 1, rows.seq, None).min().over(everywhere),
    )
    rows = rows.mutate(anew=ones(_anew(rows, rules)), over=_over(rows, rules))
    first_target = ibis.ifelse(rows.seq == rows.first_covered, rows.target, None).max()
    early = rows.seq < rows.first_covered if rules.early else False
    covered = (rows.covered == 1) | early
    paused = rows.pause == 1
    if not rules.early_pauses:
        paused &= rows.seq >= rows.first_covered
    counts = covered & (rows.begun == 1) & (rows.done == 0) & (rows.over == 0)
    return rows.select(
        *KEY,
        "seq",
        "since_us",
        "until_us",
        "number",
        "stopped_us",
        "message",
        *BY_TEAM,
        target_us=ibis.ifelse(rows.covered == 1, rows.target, first_target.over(everywhere)),
        counted=ones(counts),
        paused=ones(paused),
        cycle=summed(rows.anew.sum().over(so_far)) + 1,
        stops=rows.stop.lead().over(one).fill_null(0),
        cancels=_leaves(rows, one),
        resets=rows.anew.lead().over(one).fill_null(0),
    )


def _leaves(rows: ir.Table, one: object) -> ir.IntegerValue:
    """Say, as 1 or 0, whether the ticket is cancelled next, or is no longer one of those meant."""
    left = (rows.covered == 0) & (rows.stop == 0) & (rows.anew == 0)
    gone = (rows.cancel == 1) | left
    return ones(gone).lead().over(one).fill_null(0)


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


def _over(rows: ir.Table, rules: Rules) -> ir.IntegerValue:
    """Say, as 1 or 0, whether the first stop of the ticket ended its clock for good."""
    if rules.on_reopen != "ignore":
        return ibis.literal(0, "int64")
    order = {"group_by": KEY, "order_by": "seq"}
    before = ibis.window(**order, preceding=None, following=0)
    return rows.was_done.max().over(before)
