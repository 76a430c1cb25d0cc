"""Process map: how often tickets enter each step, what follows it, and how long each lasts.

Floor 4, analysis. A directly-follows graph as expressions on `history`, whose rows know the step
that follows them: no window and no join, but for fields of which `steps.py` says otherwise and for
business time. Nothing is run here.

For every step: times entered = starts + ways in = ways out + ends, stays in the step counted as
ways in and out. It holds while whole tickets are filtered, and breaks if single rows are.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any, TypeAlias

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.mining import durations
from opsgauge.analysis.mining import steps as by
from opsgauge.analysis.mining.passing import TICKETS, passing, with_passing
from opsgauge.foundation.units import MICROS_PER_SECOND
from opsgauge.log.calendars.compiled import CompiledCalendars
from opsgauge.log.calendars.expressions import business_us
from opsgauge.warehouse.portable import micros, micros_at

RUNNING = "running_seconds"
_Key: TypeAlias = tuple[str | None, str | None]
_LASTS = "lasts_us"  # of a stay that lasts, up to the newest record


def in_business_time(
    history: ir.Table, calendar: str, compiled: CompiledCalendars, until: datetime
) -> ir.Table:
    """Return the rows with the time that a calendar was open in the place of the time elapsed.

    Parameters
    ----------
    calendar : its name, one that was compiled
    until : up to where a stay is counted that lasts
    """
    end = ibis.coalesce(micros(history.until), ibis.literal(micros_at(until), "int64"))
    rows = business_us(history, micros(history.since), end, calendar, compiled, _LASTS)
    ended = ibis.ifelse(rows.until.notnull(), rows[_LASTS], ibis.null("int64"))
    return rows.mutate(elapsed_us=ended).filter(ibis.literal(True))


def node_rows(
    history: ir.Table,
    steps: str,
    *,
    with_tickets: bool = True,
    tickets: ir.Table | None = None,
    until: datetime | None = None,
) -> ir.Table:
    """Select the steps of the map, most frequent first.

    Parameters
    ----------
    history : the rows of whole tickets
    steps : a field of `steps.FIELDS`, or two: "phase+team"
    with_tickets : whether to count distinct tickets, which takes three times as long
    tickets : the same tickets, where steps are such that paths are known by: distinct ones are then
        counted by these, which takes little longer than none
    until : where given, `running_seconds` says what the stays that still last took up to it, of
        tickets that are open; an ended ticket stays in its last step for ever

    Returns
    -------
    id (null where no step is written; id_2 beside it where steps are told by two fields), count
    (times entered), tickets, stays (times followed by itself), starts and ends (tickets that begin
    and end with it), median_seconds, p90_seconds, mean_seconds (of the stays that have ended; null
    if none has) and total_seconds.

    Raises
    ------
    UnknownColumn : there are no such steps
    """
    rows = by.stepped(history, steps)
    step, followed = by.here(rows, steps), by.is_followed(rows)
    after = by.following(rows, steps).values()
    same = [one.identical_to(other) for one, other in zip(step.values(), after, strict=True)]
    stays = reduce(and_, same, followed)
    grouped = rows.group_by(**step).aggregate(
        count=rows.count(),
        **_tickets(rows, with_tickets and tickets is None),
        stays=rows.count(where=stays),
        starts=rows.count(where=rows.seq == 1),
        ends=rows.count(where=~followed),
        **durations.summaries(rows.elapsed_us),
        **_running(rows, until),
    )
    counts = (*step, "count", *([TICKETS] if with_tickets else []), "stays", "starts", "ends")
    running = (RUNNING,) if until else ()
    seconds = durations.in_seconds(grouped)
    told = grouped.mutate(**seconds)
    if with_tickets and tickets is not None:
        told = with_passing(told, passing(rows, tickets, steps, step))
    return told.select(*counts, *seconds, *running).order_by(ibis.desc("count"), *step)


def _running(rows: ir.Table, until: datetime | None) -> dict[str, ir.Value]:
    if until is None:
        return {}
    lasts = rows[_LASTS] if _LASTS in rows.columns else micros_at(until) - micros(rows.since)
    lasted = lasts.sum(where=rows.until.isnull() & rows.open)
    return {RUNNING: lasted.fill_null(0).cast("float64") / MICROS_PER_SECOND}


def arc_rows(
    history: ir.Table, steps: str, *, with_tickets: bool = False, tickets: ir.Table | None = None
) -> ir.Table:
    """Select the ways from one step to the next, most frequent first; stays in a step included.

    Parameters
    ----------
    history : the rows of whole tickets
    steps : a field of `steps.FIELDS`, or two: "phase+team"
    with_tickets : whether to count distinct tickets, which takes several times as long
    tickets : as in `node_rows`

    Returns
    -------
    from_, to (null where no step is written; from__2 and to_2 beside them where steps are told by
    two fields), count, tickets if asked for, and median_seconds, p90_seconds, mean_seconds,
    total_seconds from one update to the next.

    Raises
    ------
    UnknownColumn : there are no such steps
    """
    rows = by.stepped(history, steps)
    rows = rows.filter(by.is_followed(rows))
    way = {**by.here(rows, steps, "from_"), **by.following(rows, steps, "to")}
    grouped = rows.group_by(**way).aggregate(
        count=rows.count(),
        **_tickets(rows, with_tickets and tickets is None),
        **durations.summaries(rows.elapsed_us),
    )
    counts = (*way, "count", *([TICKETS] if with_tickets else []))
    seconds = durations.in_seconds(grouped)
    told = grouped.mutate(**seconds)
    if with_tickets and tickets is not None:
        told = with_passing(told, passing(rows, tickets, steps, way))
    return told.select(*counts, *seconds).order_by(ibis.desc("count"), *way)


def conserves(nodes: pa.Table, arcs: pa.Table) -> bool:
    """Tell whether nothing is lost or invented on the way.

    Parameters
    ----------
    nodes, arcs : what `node_rows` and `arc_rows` gave for the same history and steps

    Returns
    -------
    Whether for every step: entered = starts + ways in = ways out + ends, and its stays are its
    way to itself.
    """
    into: Counter[_Key] = Counter()
    out: Counter[_Key] = Counter()
    stays: Counter[_Key] = Counter()
    for arc in arcs.to_pylist():
        from_, to = _key(arc, "from_"), _key(arc, "to")
        out[from_] += arc["count"]
        into[to] += arc["count"]
        if from_ == to:
            stays[to] += arc["count"]
    known = {_key(node, "id"): node for node in nodes.to_pylist()}
    return {*into, *out} <= known.keys() and all(
        node["count"] == node["starts"] + into[id_] == node["ends"] + out[id_]
        and node["stays"] == stays[id_]
        for id_, node in known.items()
    )


def _key(row: Mapping[str, Any], name: str) -> _Key:
    return row[name], row.get(f"{name}_2")


def _tickets(rows: ir.Table, wanted: bool) -> dict[str, ir.Value]:
    if not wanted:
        return {}
    return {TICKETS: ibis.struct({"source": rows.source, "id": rows.ticket_id}).nunique()}
