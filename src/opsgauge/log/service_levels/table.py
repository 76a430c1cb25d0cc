"""The clocks of all service levels as one table, `clocks`, that metrics and pages ask.

Floor 2. Its columns are in `log.related`.
"""

import ibis
import ibis.expr.types as ir

from opsgauge.log.related import CLOCKS
from opsgauge.log.service_levels.clocks import clocks
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.log.service_levels.stages import Followed
from opsgauge.warehouse.portable import moment_from

DECIDED = ("met", "late")  # states in which a promise has been kept, or not


def clock_rows(level: ServiceLevel, of: Followed) -> ir.Table:
    """Return the rows of `clocks` that are of one service level."""
    found = clocks(level, of)
    # A promise that is broken is decided then and there; one that is kept, when the clock stops.
    broken = found.breached & found.breached_us.notnull()
    decided = ibis.cases(
        (broken & (found.state != "cancelled"), found.breached_us),
        (found.state.isin(DECIDED), found.stopped_us),
        else_=ibis.null("int64"),
    )
    known = found.mutate(
        agreement=ibis.literal(level.agreement),
        target_of=ibis.literal(level.kind),
        decided_us=decided,
    )
    moments = {
        f"{name}_at": moment_from(known[f"{name}_us"])
        for name in ("started", "stopped", "breached", "due", "decided")
    }
    nothing = ibis.null("boolean")
    kept = ibis.ifelse(known.decided_us.notnull(), ~known.breached, nothing)
    every = known.mutate(**moments, kept=kept)
    return every.select(*CLOCKS.names)
