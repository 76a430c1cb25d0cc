"""The clocks of all service levels as one table, `clocks`, that metrics and pages ask.

Floor 2. Its columns are in `log.related`.
"""

from functools import lru_cache

import ibis
import ibis.expr.types as ir

from opsgauge.log.related import CLOCKS
from opsgauge.log.service_levels.clocks import clocks
from opsgauge.log.service_levels.flags import Followed
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.warehouse.engine import quoted
from opsgauge.warehouse.portable import moment_from
from opsgauge.warehouse.steps import step

AGREEMENT, KIND = "stand-in for the agreement", "stand-in for the kind"
DECIDED = ("met", "late")  # states in which a promise has been kept, or not


def clock_rows(level: ServiceLevel, of: Followed) -> ir.Table:
    """Return the rows of `clocks` that are of one service level."""
    constants = {AGREEMENT: level.agreement, KIND: level.kind}
    literals = {quoted(name): quoted(value) for name, value in constants.items()}
    found = clocks(level, of)
    return step("clock_rows", _rows(found.schema()), found, literals=literals)


@lru_cache(maxsize=4)
def _rows(schema: ibis.Schema) -> ir.Table:
    """Return the query of the table's rows, over the step `followed_clocks`."""
    found = ibis.table(schema, name="followed_clocks")
    # A promise that is broken is decided then and there; one that is kept, when the clock stops.
    broken = found.breached & found.breached_us.notnull()
    decided = ibis.cases(
        (broken & (found.state != "cancelled"), found.breached_us),
        (found.state.isin(DECIDED), found.stopped_us),
        else_=ibis.null("int64"),
    )
    known = found.mutate(
        agreement=ibis.literal(AGREEMENT),
        target_of=ibis.literal(KIND),
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
