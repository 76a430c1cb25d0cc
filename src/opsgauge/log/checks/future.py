"""Moments later than the data came in: what had not happened yet cannot have been recorded.

Floor 2. An update in the future moves what is "now" for the data, and with it every age and the
backlog, so one that is far ahead fails the check alone.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.units import duration, instant, whole
from opsgauge.log.checks.records import Records
from opsgauge.log.checks.rules import examples
from opsgauge.log.checks.seen import ALL, Seen, Subject, Told, seen
from opsgauge.warehouse.portable import micros, micros_at

FUTURE = Subject("future_moments", "Nothing from the future", ALL, critical=True)
AHEAD = timedelta(minutes=5)  # clocks of two machines differ by that much
FAR_AHEAD = timedelta(days=1)  # more than any time zone explains
MOMENTS = ("opened_at", "first_response_at", "resolved_at", "closed_at", "last_update_at")


def future_moments(records: Records) -> Seen:
    """Count the tickets with a moment later than the last receipt of their source."""
    tickets = records.tables.tickets
    if not records.received:
        return seen(FUTURE, Told(0, 0, "", ""))
    late = later(tickets, records.received)
    counts = (table.aggregate(n=table.count()) for table in (late, tickets))
    count, of = (records.rows(counted)[0]["n"] for counted in counts)
    ahead = records.watermark - max(records.received.values())
    far = ahead > FAR_AHEAD
    now = (
        f" The latest, {instant(records.watermark)} UTC, is taken for now: every age and the "
        f"backlog are {duration(ahead / timedelta(hours=1))} ahead."
        if far
        else ""
    )
    told = Told(
        count,
        of,
        f"{whole(count)} of {whole(of)} tickets carry a moment later than the import that brought "
        f"them.{now}",
        "Check the time zone of the mapping, and correct dates that were mistyped at the source.",
        tickets=examples(records, late) if count else (),
        state="fail" if far else "",
    )
    return seen(FUTURE, told)


def later(tickets: ir.Table, received: Mapping[str, datetime]) -> ir.Table:
    """Return the tickets with a moment later than the last receipt of their source."""
    ends = [
        (tickets.source == source, ibis.literal(micros_at(at + AHEAD), "int64"))
        for source, at in sorted(received.items())
    ]
    end = ibis.cases(*ends)
    late = [(micros(tickets[name]) > end).fill_null(False) for name in MOMENTS]
    return tickets.filter(ibis.or_(*late))
