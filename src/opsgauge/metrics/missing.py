"""Which of the columns a metric needs hold nothing in the records.

Floor 3. Asked before the first question to a metric: a source that never fills a column would else
give a share of nought, which is a wrong number and not a small one.
"""

import ibis

from opsgauge.log.door import LogTables, where
from opsgauge.log.tables import TICKETS
from opsgauge.metrics.definition import Metric
from opsgauge.warehouse.engine import Engine

ALWAYS = frozenset(column.name for column in TICKETS.columns if column.required)


def missing_columns(engine: Engine, metric: Metric, tables: LogTables) -> tuple[str, ...]:
    """Return the columns of `tickets` that the metric needs and no ticket it counts fills.

    The answer holds for a whole data version: keep it. Where there is no ticket at all, nothing is
    missing either.
    """
    needed = [name for name in metric.definition.columns() if name not in ALWAYS]
    if not needed:
        return ()
    practices = tuple(c for c in metric.definition.conditions if c.column == "practice")
    tickets = where(tables.tickets.select(*dict.fromkeys(["practice", *needed])), practices)
    filled = {name: tickets[name].count() for name in needed}
    counts = engine.run(tickets.aggregate(**filled, tickets=ibis._.count())).to_pylist()[0]
    return tuple(name for name in needed if counts["tickets"] and not counts[name])
