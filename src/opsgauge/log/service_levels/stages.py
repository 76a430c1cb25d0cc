"""What a clock does during each interval of history: it runs, it is paused, or it is not there.

Floor 2. One row per interval in which the clock is there. All is whole microseconds, and every
condition looks at the ticket as it was during the interval, so a definition written today follows
tickets of any past. Time between a stop and a reopening belongs to no stage: it is neither running
nor paused.

    1 | rows      the intervals of the tickets concerned, with what the conditions look at
    2 | flags     covered, done, cancelled, paused, target, calendar
    3 | windows   what came before and comes next; which clock of the ticket it is (the cycle)
    4 | stages    the rows that count, with open time used, and used before them
"""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from opsgauge.log.calendars.compiled import CompiledCalendars
from opsgauge.log.calendars.expressions import business_us
from opsgauge.log.door import LogTables
from opsgauge.log.service_levels.paragraph import (
    ITEM_PLACE,
    MOMENT,
    OF_HISTORY,
    TIER,
    Conditions,
    ServiceLevel,
)
from opsgauge.log.tables import TICKETS
from opsgauge.warehouse.portable import micros, ones, summed

KEY = list(TICKETS.key)
BY_TEAM = ("team", "phase", "assignee", "priority", "service")  # kept for saying where time went
ITEM = "configuration_item"
FULL = 1.0 + 1e-12  # of a promise used, with room for the last digit of a fraction


@dataclass(frozen=True)
class Followed:
    """What clocks are followed with.

    Attributes
    ----------
    compiled : the calendars that the engine holds, see `calendar_of`
    now_us : the latest moment in the records, at which what lasts is measured
    """

    tables: LogTables
    compiled: CompiledCalendars
    now_us: int


def calendar_of(name: str, zone: str = "") -> str:
    """Return the name under which a calendar is compiled, in a zone of its own or another."""
    return f"{name}@{zone}" if zone else name


def stages(level: ServiceLevel, of: Followed) -> ir.Table:
    """Return the intervals in which the clocks of a service level run or are paused.

    Returns
    -------
    key, seq, cycle, since_us, until_us, target_us, number (of the calendar), paused (1 or 0),
    stops and cancels (1 where the next interval ends the clock so), resets (1 where a new clock
    follows), used_us and before_us (open time while running, in the interval and before it),
    waited_us (open time while paused), part and part_before (the same as shares of the target),
    last (1 for a cycle's last row), and the columns of BY_TEAM
    """
    flagged = _flagged(intervals(level, of), level, of)
    placed = _placed(flagged, level)
    counted = placed.filter(placed.counted == 1)
    timed = business_us(counted, "since_us", "until_us", counted.number, of.compiled, "open_us")
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


def intervals(level: ServiceLevel, of: Followed) -> ir.Table:
    """Return the intervals with the columns that conditions look at."""
    tables, needed = of.tables, level.columns()
    history = tables.history
    if level.practices:
        history = history.filter(history.practice.isin(level.practices))
    kept = dict.fromkeys([*BY_TEAM, *(name for name in OF_HISTORY if name in needed)])
    begun = micros(history.since)
    rows = history.filter(begun <= of.now_us).select(
        *KEY,
        "seq",
        *kept,
        since_us=begun,
        until_us=ibis.least(micros(history.until).fill_null(of.now_us), of.now_us),
    )
    moments = {level.moment_of(level.start), level.moment_of(level.stops())} - {""}
    others = sorted(needed - {*OF_HISTORY, TIER, ITEM_PLACE})
    placed = ITEM_PLACE in needed
    if placed and ITEM not in others:
        others.append(ITEM)
    if moments or others:
        tickets = tables.tickets
        beside = tickets.select(*KEY, *others, **{m: micros(tickets[m]) for m in sorted(moments)})
        rows = rows.inner_join(beside, KEY)
    if TIER in needed:
        services = tables.related["services"]
        tiers = services.select("source", "tier", of_service=services.service)
        same = [rows.source == tiers.source, rows.service == tiers.of_service]
        rows = rows.left_join(tiers, same).select(*rows.columns, "tier")
    return _with_place(rows, of) if placed else rows


def _with_place(rows: ir.Table, of: Followed) -> ir.Table:
    """Add where the ticket's configuration item is."""
    items = of.tables.related["configuration_items"]
    places = items.select("source", of_item=items[ITEM], **{ITEM_PLACE: items.location})
    same = [rows.source == places.source, rows[ITEM] == places.of_item]
    return rows.left_join(places, same).select(*rows.columns, ITEM_PLACE)


def _flagged(rows: ir.Table, level: ServiceLevel, of: Followed) -> ir.Table:
    """Say of each interval what the definition says of it."""
    clipped = _clipped(rows, level)
    nothing = ibis.null("int64")
    target = ibis.cases(
        *((_all(clipped, t.conditions()), t.micros()) for t in level.targets), else_=nothing
    )
    covered = _all(clipped, level.where) & target.notnull()
    return clipped.select(
        *KEY,
        "seq",
        "since_us",
        "until_us",
        *BY_TEAM,
        target=target.cast("int64"),
        number=_calendar(clipped, level, of.compiled),
        covered=ones(covered),
        begins=ones(_all(clipped, _without_moment(level.start)) & _all(clipped, level.while_)),
        stop=ones(_any(clipped, _without_moment(level.stops()))),
        cancel=ones(_any(clipped, level.cancel)),
        pause=ones(_any(clipped, level.pause) | ~_all(clipped, level.while_)),
        reset=ones(_any(clipped, level.reset)),
        stopped_us=_stop_moment(clipped, level, of.now_us),
    )


def _clipped(rows: ir.Table, level: ServiceLevel) -> ir.Table:
    """Cut the intervals at the moments that begin and stop the clock; nothing is dropped."""
    begin, stop = level.moment_of(level.start), level.moment_of(level.stops())
    if begin:
        # A ticket without that moment has no clock yet.
        rows = rows.filter(rows[begin].notnull())
        rows = rows.mutate(
            since_us=ibis.greatest(rows.since_us, rows[begin]),
            until_us=ibis.greatest(rows.until_us, rows[begin]),
        )
    if stop:
        end = rows[stop].fill_null(rows.until_us)
        rows = rows.mutate(
            since_us=ibis.least(rows.since_us, end), until_us=ibis.least(rows.until_us, end)
        )
    return rows


def _stop_moment(rows: ir.Table, level: ServiceLevel, now_us: int) -> ir.IntegerValue:
    """Return the moment that stopped the clock, null where none did or it is not yet."""
    stop = level.moment_of(level.stops())
    nothing = ibis.null("int64")
    return ibis.ifelse(rows[stop] <= now_us, rows[stop], nothing) if stop else nothing


def _calendar(rows: ir.Table, level: ServiceLevel, compiled: CompiledCalendars) -> ir.IntegerValue:
    """Return the number of the calendar that counts an interval."""
    named = [(_all(rows, t.conditions()), t.calendar or level.calendar) for t in level.targets]

    def number(zone: str) -> ir.IntegerValue:
        cases = [(fits, compiled.number(calendar_of(name, zone))) for fits, name in named]
        return ibis.cases(*cases, else_=compiled.number(calendar_of(named[0][1], zone)))

    if level.zones is None:
        return number("").cast("int64")
    named_zones = sorted(level.zones.of.items())
    words = [_word(rows, column) for column in level.zones.by]
    zones = [(word == value, number(zone)) for word in words for value, zone in named_zones]
    return ibis.cases(*zones, else_=number("")).cast("int64")


def zone_rows(level: ServiceLevel, of: Followed) -> ir.Table:
    """Count by what column the zone of a service level's hours was found: zone_by, tickets.

    A ticket whose zone changed on its way counts for each; `zone_by` is null where no column had
    one, so that the hours were read in the calendar's own zone.
    """
    rows = intervals(level, of)
    known = [*level.zones.of] if level.zones else []
    found = [
        (_word(rows, column).isin(known).fill_null(False), column)
        for column in (level.zones.by if level.zones else ())
    ]
    nothing = ibis.null("string")
    named = ibis.cases(*found, else_=nothing) if found else nothing
    covered = rows.filter(_all(rows, level.where)).mutate(zone_by=named)
    each = covered.select(*KEY, "zone_by").distinct()
    return each.group_by("zone_by").aggregate(tickets=each.count())


def _placed(rows: ir.Table, level: ServiceLevel) -> ir.Table:
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
    rows = rows.mutate(
        first_target=ibis.ifelse(rows.seq == rows.first_covered, rows.target, None)
        .max()
        .over(everywhere),
        anew=ones(_anew(rows, level)),
        over=_over(rows, level),
    )
    early = rows.seq < rows.first_covered if level.retroactive.start == "yes" else False
    covered = (rows.covered == 1) | early
    paused = rows.pause == 1
    if level.retroactive.pause == "no":
        paused &= rows.seq >= rows.first_covered
    counts = covered & (rows.begun == 1) & (rows.done == 0) & (rows.over == 0)
    return rows.select(
        *KEY,
        "seq",
        "since_us",
        "until_us",
        "number",
        "stopped_us",
        *BY_TEAM,
        target_us=ibis.ifelse(rows.covered == 1, rows.target, rows.first_target),
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


def _anew(rows: ir.Table, level: ServiceLevel) -> ir.BooleanValue:
    """Say whether a new clock begins with an interval."""
    goes = (rows.covered == 1) & (rows.done == 0)
    anew = (rows.reset == 1) & (rows.was_reset == 0) & (rows.seq > rows.first_covered)
    if level.kind == "update":
        anew = anew | (goes & (rows.seq > rows.first_covered))
    if level.on_reopen == "restart":
        anew = anew | (goes & (rows.was_done == 1))
    if level.on_change == "restart":
        changed = (rows.was_covered == 1) & (rows.target != rows.was_target)
        anew = anew | (goes & changed)
    return anew


def _over(rows: ir.Table, level: ServiceLevel) -> ir.IntegerValue:
    """Say, as 1 or 0, whether the first stop of the ticket ended its clock for good."""
    if level.on_reopen != "ignore":
        return ibis.literal(0, "int64")
    order = {"group_by": KEY, "order_by": "seq"}
    before = ibis.window(**order, preceding=None, following=0)
    return rows.was_done.max().over(before)


def _without_moment(conditions: Conditions) -> Conditions:
    return {column: values for column, values in conditions.items() if column != MOMENT}


def _all(rows: ir.Table, conditions: Mapping[str, tuple[str, ...]]) -> ir.BooleanValue:
    """Whether every column holds one of its values; true where there are no conditions."""
    met = ibis.literal(True)
    for column, values in conditions.items():
        met &= _holds(rows, column, values)
    return met


def _any(rows: ir.Table, conditions: Mapping[str, tuple[str, ...]]) -> ir.BooleanValue:
    """Whether one of the columns holds one of its values; false where there are no conditions."""
    met = ibis.literal(False)
    for column, values in conditions.items():
        met |= _holds(rows, column, values)
    return met


def _holds(rows: ir.Table, column: str, values: tuple[str, ...]) -> ir.BooleanValue:
    if column == TIER:
        return rows.tier.isin([int(value) for value in values]).fill_null(False)
    return _word(rows, column).isin(values).fill_null(False)


def _word(rows: ir.Table, column: str) -> ir.Value:
    value = rows[column]
    return ibis.cases((value, "yes"), (~value, "no")) if value.type().is_boolean() else value
