"""Share: of the records of a period, how many meet a criterion.

Floor 3. A record of which the column says nothing does not meet it; where it should not be in the
denominator either, the paragraph says so (`denominator`). Shares are never averaged: numerator and
denominator are summed, then divided.
"""

import ibis.expr.types as ir

from opsgauge.metrics.ask import Ask
from opsgauge.metrics.criterion import all_hold
from opsgauge.metrics.dated import Share
from opsgauge.warehouse.portable import ones


def rows(ask: Ask) -> ir.Table:
    """Return the records of the denominator: key, period, dimensions, `hit` 1 or 0."""
    share = ask.definition(Share)
    records = ask.records(ask.moment, *share.tested)
    within = all_hold(records, share.denominator, ask.subject)
    if within is not None:
        records = records.filter(within)
    return ask.dated(records, hit=ones(all_hold(records, share.numerator, ask.subject)))


def numbers(ask: Ask) -> ir.Table:
    """Return the share of each group: keys, n, value, numerator, denominator."""
    return share_of(rows(ask), ask)


def share_of(tested: ir.Table, ask: Ask) -> ir.Table:
    """Return the share of `hit` in each group: keys, n, value, numerator, denominator."""
    grouped = tested.group_by(ask.keys).aggregate(
        n=tested.count(), numerator=tested.hit.sum().cast("float64")
    )
    return grouped.mutate(
        value=grouped.numerator / grouped.n, denominator=grouped.n.cast("float64")
    )


def in_numerator(rows: ir.Table) -> ir.BooleanValue:
    """Whether the record meets the criterion."""
    return rows.hit == 1


def value(rows: ir.Table, ask: Ask) -> ir.Value:
    """Return 1 for a record of the numerator, else 0."""
    return rows.hit
