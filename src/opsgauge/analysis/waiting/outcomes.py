"""What became of tickets by how often they were handed over.

Floor 4, analysis. Outcomes are those of resolved tickets: hours to resolve (median, with the
interval of its order statistics), the source's own flag that its service level was kept, and
whether it was reopened. Tickets that travel are harder, too: the curve says what goes together, not
what handing over does.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.metrics.intervals import wilson
from opsgauge.metrics.statistics import summarise
from opsgauge.warehouse.portable import micros, ones

MANY = 5  # handoffs from here on are one group


@dataclass(frozen=True)
class Outcome:
    """Resolved tickets that were handed over so often; the last group is `MANY` or more.

    Attributes
    ----------
    median, low, high : hours to resolve, with the 95 % interval; None with too few
    kept : of `judged` tickets, those that kept their service level
    reopened : of `known` tickets, those that were reopened
    """

    handoffs: int
    tickets: int
    median: float | None
    low: float | None
    high: float | None
    kept: int
    judged: int
    reopened: int
    known: int

    @property
    def kept_interval(self) -> tuple[float | None, float | None]:
        """Where the true share kept lies."""
        return wilson(self.kept, self.judged)


def resolved_rows(tickets: ir.Table) -> ir.Table:
    """Return resolved tickets whose handoffs are known: handoffs, number, kept, reopened."""
    moves = ibis.coalesce(tickets.history_handoff_count, tickets.handoff_count)
    took = micros(tickets.resolved_at) - micros(tickets.opened_at)
    rows = tickets.select(
        handoffs=ibis.cases((moves.notnull(), ibis.least(moves, MANY))),  # least leaves nulls out
        number=took,
        sla_met=tickets.sla_met,
        again=ibis.coalesce(tickets.reopen_count, tickets.history_reopen_count),
    )
    return rows.filter(rows.handoffs.notnull() & (rows.number >= 0))


def outcome_rows(resolved: ir.Table) -> ir.Table:
    """Return the counts of each group."""
    return resolved.group_by("handoffs").aggregate(
        tickets=resolved.count(),
        kept=ones(resolved.sla_met).sum(),
        judged=resolved.sla_met.count(),
        reopened=ones(resolved.again > 0).sum(),
        known=resolved.again.count(),
    )


def outcome_times(resolved: ir.Table) -> ir.Table:
    """Return n, value, low and high of each group's hours to resolve."""
    return summarise(resolved, ["handoffs"], "median", float(MICROS_PER_HOUR))


def outcomes(counted: pa.Table, timed: pa.Table) -> list[Outcome]:
    """Return the curve, fewest handoffs first."""
    times = {row["handoffs"]: row for row in timed.to_pylist()}
    found = [
        Outcome(
            handoffs=int(row["handoffs"]),
            tickets=int(row["tickets"]),
            median=times[row["handoffs"]]["value"],
            low=times[row["handoffs"]]["low"],
            high=times[row["handoffs"]]["high"],
            kept=int(row["kept"]),
            judged=int(row["judged"]),
            reopened=int(row["reopened"]),
            known=int(row["known"]),
        )
        for row in counted.to_pylist()
    ]
    return sorted(found, key=lambda each: each.handoffs)
