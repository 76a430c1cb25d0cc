"""The backlog adds up: what was open, plus what came in, less what went out, is what is open.

Floor 2. Every day the intervals open at its end are compared with the passages up to then. An
import for which a month does not add up is refused; this looks again at all days of what is stored.
"""

import ibis
import ibis.expr.types as ir
import numpy as np

from opsgauge.foundation.units import MICROS_PER_HOUR, whole
from opsgauge.log.checks.records import Records, numbers
from opsgauge.log.checks.seen import ALL, EXAMPLES, Seen, Subject, Told, seen
from opsgauge.warehouse.portable import micros, ones

CONSERVATION = Subject("backlog_adds_up", "The backlog adds up", ALL, critical=True)
DAY_US = 24 * MICROS_PER_HOUR
COMES_IN = ("created", "reopened")


def conservation(records: Records) -> Seen:
    """Compare stock and flow at the end of every day, in UTC."""
    rows = records.table(daily(records.tables.history)).sort_by("day")
    days = numbers(rows, "day")
    stock, flow = (np.cumsum(numbers(rows, name)) for name in ("stock", "flow"))
    broken = np.flatnonzero(stock != flow)
    dates = days[broken].astype("datetime64[D]")
    apart = int(np.abs(stock - flow).max(initial=0))
    told = Told(
        len(broken),
        len(days),
        f"On {whole(len(broken))} of {whole(len(days))} days the open tickets are not those that "
        f"came in less those that went out; they differ by up to {whole(apart)}.",
        "Import the source again from its files; if it stays so, report it as a fault of Opsgauge.",
        tuple(str(day) for day in dates[:EXAMPLES]),
        state="fail",
    )
    return seen(CONSERVATION, told)


def daily(history: ir.Table) -> ir.Table:
    """Return by how much the open intervals and the flow of passages grew on each UTC day.

    Parameters
    ----------
    history : all intervals, those before the first update included

    Returns
    -------
    day (days since 1970), stock, flow
    """
    opens, came_in = ones(history.open), ones(history.passage.isin(COMES_IN))
    passed = ones(history.passage.notnull())
    begun = history.select(
        day=micros(history.since) // DAY_US, stock=opens, flow=2 * came_in - passed
    )
    over = history.filter(history.until.notnull())
    ended = over.select(
        day=micros(over.until) // DAY_US, stock=_none() - ones(over.open), flow=_none()
    )
    rows = ibis.union(begun, ended)
    return rows.group_by("day").aggregate(stock=rows.stock.sum(), flow=rows.flow.sum())


def _none() -> ir.IntegerValue:
    return ibis.literal(0, "int64")
