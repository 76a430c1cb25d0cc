"""What a definition says of each interval of history: in force or not, begun, paused, stopped.

Floor 2. Every condition looks at the ticket as it was during the interval, so a definition written
today follows tickets of any past. This is the one part of a clock's query that differs with every
definition; what follows from the flags is in `stages.py`.

    1 | rows      the intervals of the tickets concerned, with what the conditions look at
    2 | flags     covered, begins, stop, cancel, pause, reset, message, target, calendar
"""

from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir

from opsgauge.log.calendars.compiled import CompiledCalendars
from opsgauge.log.door import LogTables, dimension
from opsgauge.log.related import RECORD_FACTS, SERVICES
from opsgauge.log.service_levels.conditions import all_hold, any_holds, without_moment, word
from opsgauge.log.service_levels.paragraph import (
    BY_PERSON,
    ITEM_PLACE,
    OF_HISTORY,
    OF_MESSAGES,
    TIER,
    ServiceLevel,
    Target,
)
from opsgauge.log.tables import HISTORY, OF_OUTAGES, TICKETS
from opsgauge.log.vocabulary import BEFORE_RESPONSE
from opsgauge.warehouse.portable import micros, ones
from opsgauge.warehouse.steps import step

KEY = list(TICKETS.key)
BY_TEAM = ("team", "phase", "assignee", "priority", "service")  # kept for saying where time went
ITEM = "configuration_item"
_OPENED = "opened_us"
_OF_HISTORY = (*KEY, "seq", *BY_TEAM)
# All that clocks can look at in history.
LOOKED_AT = tuple(
    dict.fromkeys([*_OF_HISTORY, "since", "until", *OF_HISTORY, *OF_MESSAGES, "automatic"])
)
_NUMBERS = ("since_us", "until_us", "target", "number", "stopped_us", "message")
_YES_OR_NO = ("covered", "begins", "stop", "cancel", "pause", "reset")  # 1 or 0
FLAGS = {
    **{name: HISTORY.ibis_schema()[name] for name in _OF_HISTORY},
    **dict.fromkeys((*_NUMBERS, *_YES_OR_NO), "int64"),
}


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


def ever_paused(level: ServiceLevel, of: Followed) -> Followed:
    """Leave out tickets whose clock was never paused, where history alone tells which those are.

    What is left has the same pauses: no ticket's clock depends on another ticket.
    """
    if level.while_ or not {*level.pause} <= {*OF_HISTORY}:
        return of
    history = of.tables.history
    waited = history.filter(any_holds(history, level.pause)).select(*KEY).distinct()
    return replace(of, tables=replace(of.tables, history=history.semi_join(waited, KEY)))


def ever_retargeted(level: ServiceLevel, of: Followed) -> Followed:
    """Leave out tickets that never changed in what their target goes by.

    In what is left the same targets change: all else that they go by a ticket has once for all.
    """
    history = of.tables.history
    named = {column for target in level.targets for column in target.conditions()}
    by = sorted((named | ({"service"} if TIER in named else set())) & {*OF_HISTORY})
    known = {f"{name}_known": history[name].count() for name in by}
    ends = {f"{name}_{how}": getattr(history[name], how)() for name in by for how in ("min", "max")}
    each = history.group_by(KEY).aggregate(rows=history.count(), **known, **ends)
    changed = ibis.literal(False)
    for name in by:
        changed |= each[f"{name}_min"] != each[f"{name}_max"]
        changed |= each[f"{name}_known"].between(1, each.rows - 1)
    moved = each.filter(changed).select(*KEY)
    return replace(of, tables=replace(of.tables, history=history.semi_join(moved, KEY)))


def intervals(level: ServiceLevel, of: Followed) -> ir.Table:
    """Return the intervals with the columns that conditions look at."""
    tables, needed = of.tables, level.columns()
    history = tables.history
    if level.practices:
        history = history.filter(history.practice.isin(level.practices))
    kept = dict.fromkeys([*BY_TEAM, *(name for name in OF_HISTORY if name in needed)])
    kept |= dict.fromkeys(level.messages)
    by_person = level.moment_of(level.stops()) == BY_PERSON
    kept |= {"automatic": None} if by_person else {}
    begun = micros(history.since)
    rows = history.filter(begun <= of.now_us).select(
        *KEY,
        "seq",
        *kept,
        since_us=begun,
        until_us=ibis.least(micros(history.until).fill_null(of.now_us), of.now_us),
    )
    if level.while_ and {*level.while_} <= {*kept}:
        # Where that never holds no clock begins: most tickets were never in the vendor's hands.
        rows = rows.semi_join(rows.filter(all_hold(rows, level.while_)).select(*KEY), KEY)
    rows = _with_ticket(rows, level, of)
    rows = _told_who_answered(rows) if by_person else rows
    if TIER in needed:
        rows = _with_tier(rows, of)
    return _with_place(rows, of) if ITEM_PLACE in needed else rows


def _with_ticket(rows: ir.Table, level: ServiceLevel, of: Followed) -> ir.Table:
    """Add what conditions look at that a ticket has once for all, and the clock's moments."""
    tickets, needed = of.tables.tickets, level.columns()
    moments = {level.moment_of(level.start), level.moment_of(level.stops())} - {""}
    others = needed - {*OF_HISTORY, TIER, ITEM_PLACE} | ({ITEM} if ITEM_PLACE in needed else set())
    told = {column: dimension(tickets, column) for column in sorted(others)}
    told |= {moment: micros(tickets[moment]) for moment in sorted(moments)}
    told |= {_OPENED: micros(tickets.opened_at)} if moments else {}
    return rows.inner_join(tickets.select(*KEY, **told), KEY) if told else rows


def _told_who_answered(rows: ir.Table) -> ir.Table:
    """Leave out tickets of which nothing tells whether a person has answered.

    Those are tickets without any signed update, and where no answer is surely a person's, those
    with an answer that is not signed.
    """
    unsigned = rows.automatic.isnull() & ~rows.phase.isin(BEFORE_RESPONSE) & (rows.seq > 0)
    each = rows.group_by(KEY).aggregate(
        answered=rows[BY_PERSON].max(),
        signed=ones(rows.automatic.notnull()).max(),
        doubtful=ones(unsigned).max(),
    )
    told = each.answered.notnull() | ((each.signed == 1) & (each.doubtful == 0))
    return rows.semi_join(each.filter(told), KEY)


def _with_tier(rows: ir.Table, of: Followed) -> ir.Table:
    """Add the tier of the service: as people decided, else as the source has it."""
    services, facts = of.tables.related[SERVICES.name], of.tables.related[RECORD_FACTS.name]
    told = services.select("source", told_tier=services.tier, of_service=services.service)
    stand = facts.filter(facts.stands & (facts.kind == TIER))
    decided = stand.select(decided_on=stand.service, decided_tier=stand.number.cast("int64"))
    same = [rows.source == told.source, rows.service == told.of_service]
    rows = rows.left_join(told, same).select(*rows.columns, "told_tier")
    met = rows.left_join(decided, rows.service == decided.decided_on)
    columns = [name for name in rows.columns if name != "told_tier"]
    return met.select(*columns, **{TIER: ibis.coalesce(met.decided_tier, met.told_tier)})


def _with_place(rows: ir.Table, of: Followed) -> ir.Table:
    """Add where the ticket's configuration item is."""
    items = of.tables.related["configuration_items"]
    places = items.select("source", of_item=items[ITEM], **{ITEM_PLACE: items.location})
    same = [rows.source == places.source, rows[ITEM] == places.of_item]
    return rows.left_join(places, same).select(*rows.columns, ITEM_PLACE)


def flags(level: ServiceLevel, of: Followed) -> ir.Table:
    """Return the intervals, cut at the clock's moments, with what the definition says of each.

    Returns
    -------
    the columns of FLAGS: target (microseconds, null for none), number (of the calendar), covered,
    begins, stop, cancel, pause and reset (1 or 0), stopped_us (the moment that stops the clock),
    message (whether the customer was sent one at that instant: 1 or 0, null where nothing tells)
    """
    return step("clock_flags", _flagged(intervals(level, of), level, of))


def _flagged(rows: ir.Table, level: ServiceLevel, of: Followed) -> ir.Table:
    clipped = _placed_calendar(_clipped(_with_message(rows, level), level), level)
    nothing = ibis.null("int64")
    target = ibis.cases(
        *((all_hold(clipped, t.conditions()), t.micros()) for t in level.targets), else_=nothing
    )
    begins = all_hold(clipped, without_moment(level.start))
    covered = all_hold(clipped, level.where) & target.notnull()
    told = clipped.select(
        *KEY,
        "seq",
        "since_us",
        "until_us",
        *BY_TEAM,
        target=target.cast("int64"),
        number=_calendar(clipped, level, of.compiled),
        covered=ones(covered),
        begins=ones(begins & all_hold(clipped, level.while_)),
        stop=ones(any_holds(clipped, without_moment(level.stops())) | clipped.past),
        cancel=ones(any_holds(clipped, level.cancel) & ~clipped.past),
        pause=ones(any_holds(clipped, level.pause) | ~all_hold(clipped, level.while_)),
        reset=ones(any_holds(clipped, level.reset) & ~clipped.past),
        stopped_us=_stop_moment(clipped, level, of.now_us),
        message=clipped.message,
    )
    return told.select(*FLAGS)


def _with_message(rows: ir.Table, level: ServiceLevel) -> ir.Table:
    """Add whether a message was sent when an interval began, by any update of that instant.

    Tools often write two updates where one was made, the message and the pause after it.
    """
    nothing = ibis.null("int64")
    if not level.messages:
        return rows.mutate(message=nothing)
    at_once = ibis.window(group_by=[*KEY, "since_us"])
    sent = ones(any_holds(rows, level.messages)).max().over(at_once)
    told = rows.seq == 0  # no update, so none was sent by it
    for column in level.messages:
        told |= rows[column].notnull()
    return rows.mutate(message=ibis.cases((sent == 1, 1), (told, 0), else_=nothing).cast("int64"))


def _clipped(rows: ir.Table, level: ServiceLevel) -> ir.Table:
    """Cut the intervals at the moments that begin and stop the clock; nothing is dropped.

    The first interval begins with an outage that began before it.

    `past` are those that began when the clock had stopped: it is the ticket's no more, whatever its
    target becomes. A ticket that was answered as it came keeps its first interval.
    """
    begin, stop = level.moment_of(level.start), level.moment_of(level.stops())
    began = rows.since_us
    past = (began >= rows[stop]) & (began > rows[_OPENED]) if stop else ibis.literal(False)
    rows = rows.mutate(past=ones(past) == 1)
    if begin:
        # A ticket without that moment has no clock yet.
        rows = rows.filter(rows[begin].notnull())
        first = rows.seq == rows.seq.min().over(ibis.window(group_by=KEY))
        # An outage begins before its ticket, and so does a clock that begins with it.
        early = ibis.ifelse(first, rows[begin], ibis.greatest(rows.since_us, rows[begin]))
        rows = rows.mutate(
            since_us=early if begin in OF_OUTAGES else ibis.greatest(rows.since_us, rows[begin]),
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


def _placed_calendar(rows: ir.Table, level: ServiceLevel) -> ir.Table:
    """Add which of the level's calendars and zones count an interval, where it reads any zone.

    Their places, `calendar_at` and `zone_at`, are found once each: written out for every pair of
    them, the conditions of the targets would be repeated for every value of every column.
    """
    if level.zones is None:
        return rows
    names, zones = level.calendar_names(), _zones(level)
    fitting = [(all_hold(rows, t.conditions()), _calendar_name(t, level)) for t in level.targets]
    calendars = [(fits, names.index(name)) for fits, name in fitting]
    places = [
        (word(rows, column).isin(values), place)
        for column in level.zones.by
        for place, zone in enumerate(zones)
        if (values := [value for value, its in level.zones.of.items() if its == zone])
    ]
    return rows.mutate(
        calendar_at=ibis.cases(*calendars, else_=0).cast("int64"),
        zone_at=ibis.cases(*places, else_=0).cast("int64"),
    )


def _calendar(rows: ir.Table, level: ServiceLevel, compiled: CompiledCalendars) -> ir.IntegerValue:
    """Return the number of the calendar that counts an interval."""
    names = level.calendar_names()
    if level.zones is None:
        fitting = [
            (all_hold(rows, t.conditions()), compiled.number(_calendar_name(t, level)))
            for t in level.targets
        ]
        # Where no target fits there is no clock, and any calendar will do.
        return ibis.cases(*fitting, else_=fitting[0][1]).cast("int64")
    pairs = [
        ((rows.calendar_at == c) & (rows.zone_at == z), compiled.number(calendar_of(name, zone)))
        for c, name in enumerate(names)
        for z, zone in enumerate(_zones(level))
    ]
    return ibis.cases(*pairs, else_=pairs[0][1]).cast("int64")


def _zones(level: ServiceLevel) -> list[str]:
    """Return the zones a level reads its calendars in, the calendar's own ("") first."""
    return ["", *sorted({*level.zones.of.values()})] if level.zones else [""]


def _calendar_name(target: Target, level: ServiceLevel) -> str:
    return target.calendar or level.calendar


def zone_rows(level: ServiceLevel, of: Followed, seen: ir.Table | None = None) -> ir.Table:
    """Count by what column the zone of a service level's hours was found: zone_by, tickets.

    A ticket whose zone changed on its way counts for each; `zone_by` is null where no column had
    one, so that the hours were read in the calendar's own zone.

    Parameters
    ----------
    seen : the tickets to count, where not all
    """
    rows = intervals(level, of)
    if seen is not None:
        rows = rows.semi_join(seen, KEY)
    known = [*level.zones.of] if level.zones else []
    found = [
        (word(rows, column).isin(known).fill_null(False), column)
        for column in (level.zones.by if level.zones else ())
    ]
    nothing = ibis.null("string")
    named = ibis.cases(*found, else_=nothing) if found else nothing
    covered = rows.filter(all_hold(rows, level.where)).mutate(zone_by=named)
    each = covered.select(*KEY, "zone_by").distinct()
    return each.group_by("zone_by").aggregate(tickets=each.count())
