"""When the newest record came, of all records or of some.

Floor 5.
"""

from datetime import UTC, datetime, timedelta

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.alerting import AlertRule
from opsgauge.log.door import where as rows_where
from opsgauge.log.service_levels.flags import KEY
from opsgauge.operations.context import Context
from opsgauge.operations.meant import meant_of_tickets
from opsgauge.warehouse.portable import micros

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def newest_record(ctx: Context, rule: AlertRule) -> datetime | None:
    """Return the moment of the newest record that a rule of absence looks at; None without any."""
    rows = _moments(ctx, rule)
    found = ctx.opened().engine.run(rows.aggregate(newest=rows.at_us.max()))["newest"][0].as_py()
    return None if found is None else EPOCH + timedelta(microseconds=found)


def moments(ctx: Context, rule: AlertRule) -> npt.NDArray[np.int64]:
    """Return every moment at which something was recorded, each once, in order; microseconds."""
    found = ctx.opened().engine.run(_moments(ctx, rule).distinct().order_by("at_us"))
    return np.asarray(found["at_us"].to_numpy(), dtype=np.int64)


def _moments(ctx: Context, rule: AlertRule) -> ir.Table:
    history, tickets = ctx.tables.history, ctx.tables.tickets
    rows = history
    asked = (*rule.segment, *([Condition("source", (rule.about,))] if rule.about else []))
    if asked:
        chosen = rows_where(tickets, meant_of_tickets(ctx, asked))
        rows = history.semi_join(chosen, KEY)
    return rows.select(at_us=micros(rows.since))
