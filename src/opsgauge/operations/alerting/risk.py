"""Open tickets that are about to break a service level, and those of which that could be seen.

Floor 5. The time left is what the clock of each ticket says, open time of its calendar.
"""

from typing import Any

import ibis.expr.types as ir

from opsgauge.foundation.alerting import AlertRule
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.service_levels.flags import KEY
from opsgauge.operations.clocked import clocks_shown
from opsgauge.operations.context import Context
from opsgauge.operations.service_levels import Clocks, clocks_chosen
from opsgauge.warehouse.portable import micros

MOST_LISTED = 5_000
_OF_TICKET = ("team", "service", "vendor", "priority")


def at_risk(ctx: Context, rule: AlertRule) -> list[dict[str, Any]]:
    """List running clocks that will break within the rule's hours, the least time left first.

    Needs `metric:read` and `ticket:read`. A clock that is paused does not run out, and one that
    has broken is at no risk any more.

    Returns
    -------
    source, ticket_id, clock, cycle, left_us, due_us, and what the ticket says of team and service
    """
    ctx.require("metric:read")
    ctx.require("ticket:read")
    rows = _clocks(ctx, rule)
    limit = round((rule.hours or 0.0) * MICROS_PER_HOUR)
    running = rows.filter(
        (rows.state == "running") & ~rows.breached & (rows.left_us >= 0) & (rows.left_us <= limit)
    )
    listed = _with_tickets(ctx, running, rule, due_us=micros(running.due_at))
    listed = listed.order_by("left_us", "ticket_id", "clock", "cycle").limit(MOST_LISTED)
    found: list[dict[str, Any]] = ctx.opened().engine.run(listed).to_pylist()
    return found


def were_at_risk(ctx: Context, rule: AlertRule, since_us: int) -> list[dict[str, Any]]:
    """List the clocks decided since a moment that had no more time left than the rule's hours.

    Returns
    -------
    as `at_risk`, and kept, decided_us: whether the clock was kept, and when that was decided
    """
    ctx.require("metric:read")
    ctx.require("ticket:read")
    rows = _clocks(ctx, rule)
    limit = round((rule.hours or 0.0) * MICROS_PER_HOUR)
    decided = rows.filter(
        rows.kept.notnull() & (micros(rows.decided_at) >= since_us) & (rows.left_us <= limit)
    )
    listed = _with_tickets(
        *(ctx, decided, rule), decided_us=micros(decided.decided_at), kept=decided.kept
    )
    listed = listed.order_by("decided_us", "ticket_id", "clock", "cycle")
    found: list[dict[str, Any]] = ctx.opened().engine.run(listed).to_pylist()
    return found


def _clocks(ctx: Context, rule: AlertRule) -> ir.Table:
    clocks_shown(ctx)
    rows = clocks_chosen(ctx, Clocks(where=rule.segment))
    return rows.filter(rows.clock == rule.about) if rule.about else rows


def _with_tickets(ctx: Context, clocks: ir.Table, rule: AlertRule, **more: ir.Value) -> ir.Table:
    columns = dict.fromkeys((*_OF_TICKET, *([rule.split] if rule.split else [])))
    kept = clocks.select(*KEY, "clock", "cycle", "left_us", **more)
    return kept.inner_join(ctx.tables.tickets.select(*KEY, *columns), KEY)
