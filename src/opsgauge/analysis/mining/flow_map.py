"""Process map: how often tickets enter each step, what follows it, and how long each lasts.

Floor 4, analysis. A directly-follows graph as expressions on `history`, whose rows know the step
that follows them: no window and no join. Nothing is run here.

For every step: times entered = starts + ways in = ways out + ends, stays in the step counted as
ways in and out. It holds while whole tickets are filtered, and breaks if single rows are.
"""

from collections import Counter
from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.mining import durations
from opsgauge.analysis.mining import steps as by
from opsgauge.foundation.units import MICROS_PER_SECOND
from opsgauge.warehouse.portable import micros, micros_at

RUNNING = "running_seconds"


def node_rows(
    history: ir.Table, steps: str, *, with_tickets: bool = True, until: datetime | None = None
) -> ir.Table:
    """Select the steps of the map, most frequent first.

    Parameters
    ----------
    history : the rows of whole tickets
    steps : "phase", "original_status", "team" or "activity"
    with_tickets : whether to count distinct tickets, which takes three times as long
    until : where given, `running_seconds` says what the stays that still last took up to it, of
        tickets that are open; an ended ticket stays in its last step for ever

    Returns
    -------
    id (null where no step is written), count (times entered), tickets, stays (times followed by
    itself), starts and ends (tickets that begin and end with it), median_seconds, p90_seconds,
    mean_seconds (of the stays that have ended; null if none has) and total_seconds.

    Raises
    ------
    UnknownColumn : there are no such steps
    """
    rows = by.updates(history)
    step, followed = by.step(rows, steps), by.is_followed(rows)
    stays = followed & step.identical_to(by.next_step(rows, steps))
    grouped = rows.group_by(id=step).aggregate(
        count=rows.count(),
        **_tickets(rows, with_tickets),
        stays=rows.count(where=stays),
        starts=rows.count(where=rows.seq == 1),
        ends=rows.count(where=~followed),
        **durations.summaries(rows.elapsed_us),
        **_running(rows, until),
    )
    counts = ("id", "count", *_tickets(rows, with_tickets), "stays", "starts", "ends")
    running = (RUNNING,) if until else ()
    seconds = durations.in_seconds(grouped)
    told = grouped.mutate(**seconds)
    return told.select(*counts, *seconds, *running).order_by(ibis.desc("count"), "id")


def _running(rows: ir.Table, until: datetime | None) -> dict[str, ir.Value]:
    if until is None:
        return {}
    lasted = (micros_at(until) - micros(rows.since)).sum(where=rows.elapsed_us.isnull() & rows.open)
    return {RUNNING: lasted.fill_null(0).cast("float64") / MICROS_PER_SECOND}


def arc_rows(history: ir.Table, steps: str, *, with_tickets: bool = False) -> ir.Table:
    """Select the ways from one step to the next, most frequent first; stays in a step included.

    Parameters
    ----------
    history : the rows of whole tickets
    steps : "phase", "original_status", "team" or "activity"
    with_tickets : whether to count distinct tickets, which takes several times as long

    Returns
    -------
    from_, to (null where no step is written), count, tickets if asked for, and median_seconds,
    p90_seconds, mean_seconds, total_seconds from one update to the next.

    Raises
    ------
    UnknownColumn : there are no such steps
    """
    rows = by.updates(history)
    rows = rows.filter(by.is_followed(rows))
    grouped = rows.group_by(from_=by.step(rows, steps), to=by.next_step(rows, steps)).aggregate(
        count=rows.count(),
        **_tickets(rows, with_tickets),
        **durations.summaries(rows.elapsed_us),
    )
    counts = ("from_", "to", "count", *_tickets(rows, with_tickets))
    return grouped.select(*counts, **durations.in_seconds(grouped)).order_by(
        ibis.desc("count"), "from_", "to"
    )


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
    into: Counter[str | None] = Counter()
    out: Counter[str | None] = Counter()
    stays: Counter[str | None] = Counter()
    for arc in arcs.select(["from_", "to", "count"]).to_pylist():
        out[arc["from_"]] += arc["count"]
        into[arc["to"]] += arc["count"]
        if arc["from_"] == arc["to"]:
            stays[arc["to"]] += arc["count"]
    known = nodes.select(["id", "count", "stays", "starts", "ends"]).to_pylist()
    return {*into, *out} <= {node["id"] for node in known} and all(
        node["count"] == node["starts"] + into[node["id"]] == node["ends"] + out[node["id"]]
        and node["stays"] == stays[node["id"]]
        for node in known
    )


def _tickets(rows: ir.Table, wanted: bool) -> dict[str, ir.Value]:
    if not wanted:
        return {}
    return {"tickets": ibis.struct({"source": rows.source, "id": rows.ticket_id}).nunique()}
