"""Share: of the tickets of a period, how many meet a criterion.

Floor 3. A ticket of which the column says nothing does not meet it; where it should not be in the
denominator either, the paragraph says so (`denominator`). Shares are never averaged: numerator and
denominator are summed, then divided.
"""

import ibis.expr.types as ir

from opsgauge.metrics.ask import Ask
from opsgauge.metrics.definition import Share
from opsgauge.metrics.paragraph import Criterion
from opsgauge.warehouse.portable import ones


def holds(tickets: ir.Table, criterion: Criterion) -> ir.BooleanValue:
    """Whether a ticket meets the criterion; null where nothing is known of it."""
    column = tickets[criterion.column]
    if criterion.known:
        return column.notnull()
    if criterion.at_least is not None:
        return column >= criterion.at_least
    if criterion.any_of:
        return column.isin(criterion.any_of)
    if isinstance(criterion.is_, bool):
        return column if criterion.is_ else ~column
    return column == criterion.is_


def rows(ask: Ask) -> ir.Table:
    """Return the tickets of the denominator: key, period, dimensions, `hit` 1 or 0."""
    share = ask.definition(Share)
    tested = [share.numerator.column] + ([share.denominator.column] if share.denominator else [])
    tickets = ask.tickets(ask.moment, *tested)
    if share.denominator is not None:
        tickets = tickets.filter(holds(tickets, share.denominator))
    return ask.dated(tickets, hit=ones(holds(tickets, share.numerator)))


def numbers(ask: Ask) -> ir.Table:
    """Return the share of each group: keys, n, value, numerator, denominator."""
    tested = rows(ask)
    grouped = tested.group_by(ask.keys).aggregate(
        n=tested.count(), numerator=tested.hit.sum().cast("float64")
    )
    return grouped.mutate(
        value=grouped.numerator / grouped.n, denominator=grouped.n.cast("float64")
    )


def in_numerator(rows: ir.Table) -> ir.BooleanValue:
    """Whether the ticket meets the criterion."""
    return rows.hit == 1


def value(rows: ir.Table, ask: Ask) -> ir.Value:
    """Return 1 for a ticket of the numerator, else 0."""
    return rows.hit
