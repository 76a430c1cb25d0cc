"""Which tickets may pass further steps.

Floor 5. Those that still need work do; where tickets are closed after they are resolved, so do
those that were resolved lately.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

import ibis.expr.types as ir

from opsgauge.log.door import LogTables
from opsgauge.log.vocabulary import CLOSED_PHASE, RESOLVED_PHASE
from opsgauge.operations.context import Context
from opsgauge.warehouse.portable import micros, micros_at

CLOSED_WITHIN = timedelta(days=30)  # of being resolved, or it is taken for the end
GoesOn = Callable[[ir.Table], ir.BooleanValue]


def may_go_on(ctx: Context, sides: Sequence[LogTables]) -> GoesOn:
    """Return what says of tickets whether each may pass further steps.

    A resolved ticket does where tickets of either side are closed, until it lies for long.
    """
    run, at = ctx.opened().engine.run, micros_at(ctx.opened().watermark - CLOSED_WITHIN)
    counts = (
        of.tickets.aggregate(n=of.tickets.count(where=of.tickets.phase == CLOSED_PHASE))
        for of in sides
    )
    closes = any(run(query)["n"][0].as_py() for query in counts)

    def goes_on(tickets: ir.Table) -> ir.BooleanValue:
        if not closes:
            return tickets.open
        lately = micros(tickets.last_update_at) > at
        return tickets.open | ((tickets.phase == RESOLVED_PHASE) & lately).fill_null(False)

    return goes_on
