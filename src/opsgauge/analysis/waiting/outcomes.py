"""What became of tickets by how often they were handed over, and by what was known at handoffs.

Floor 4, analysis. Outcomes are those of resolved tickets: hours to resolve (median, with the
interval of its order statistics), the source's own flag that its service level was kept, and
whether it was reopened. Tickets that travel are harder, too: the curve says what goes together, not
what handing over does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.metrics.intervals import wilson
from opsgauge.metrics.statistics import summarise
from opsgauge.warehouse.portable import micros, ones, summed

MANY = 5  # handoffs from here on are one group
KNOWN_AT_HANDOFF = ("category", "service", "priority", "assignee")
NOT_COUNTED = ("notes", "attachments")


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


@dataclass(frozen=True)
class Completeness:
    """Handoffs by how many of the fields in use were filled then.

    Attributes
    ----------
    filled : of `of` fields
    idle_hours : until the next update, of `touched` handoffs
    back : of the handoffs, those that went straight back
    """

    filled: int
    of: int
    handoffs: int
    touched: int
    idle_hours: float
    back: int


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


def field_rows(handoffs: ir.Table) -> ir.Table:
    """Return how often each field of KNOWN_AT_HANDOFF was filled; and handoffs."""
    sums = {name: handoffs[name].sum() for name in KNOWN_AT_HANDOFF}
    return handoffs.aggregate(handoffs=handoffs.count(), **sums)


def fields_in_use(counted: pa.Table) -> tuple[str, ...]:
    """Return the fields that were filled at any handoff: the others nobody uses."""
    row: Mapping[str, int] = counted.to_pylist()[0]
    return tuple(name for name in KNOWN_AT_HANDOFF if row[name])


def completeness_rows(handoffs: ir.Table, fields: Sequence[str]) -> ir.Table:
    """Return handoffs by how many of these fields were filled: filled, and the outcome."""
    filled = ibis.literal(0, "int64")
    for name in fields:
        filled = filled + handoffs[name]
    rows = handoffs.mutate(filled=filled)
    return rows.group_by("filled").aggregate(
        handoffs=rows.count(),
        touched=rows.idle_us.count(),
        idle_us=summed(rows.idle_us.sum().fill_null(0)),
        back=rows.back.sum(),
    )


def completeness(rows: pa.Table, of: int) -> list[Completeness]:
    """Return what `completeness_rows` gave, the most complete first."""
    found = [
        Completeness(
            filled=int(row["filled"]),
            of=of,
            handoffs=int(row["handoffs"]),
            touched=int(row["touched"]),
            idle_hours=int(row["idle_us"]) / MICROS_PER_HOUR,
            back=int(row["back"]),
        )
        for row in rows.to_pylist()
    ]
    return sorted(found, key=lambda each: -each.filled)
