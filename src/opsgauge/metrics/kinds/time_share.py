"""Time share: one length of time as a share of another, summed over tickets before dividing.

Floor 3. Long tickets weigh more than short ones, as their time does. A ticket without either length
is not counted.
"""

import ibis.expr.types as ir

from opsgauge.metrics.ask import KEY, Ask
from opsgauge.metrics.dated import TimeShare
from opsgauge.metrics.kinds.adding import number_of
from opsgauge.metrics.kinds.dwell import spent
from opsgauge.warehouse.portable import hours_of, ratio


def rows(ask: Ask) -> ir.Table:
    """Return the tickets that have both lengths: key, period, dimensions, part_us, whole_us."""
    share = ask.definition(TimeShare)
    parts = [share.part] if share.part else []
    records = ask.records(ask.moment, *parts, share.whole)
    if share.part is None:
        records = records.left_join(spent(ask, share.phases), KEY)
        part = records.spent_us.fill_null(0)
    else:
        part = number_of(records, ask.subject, share.part)
    return ask.dated(records, part_us=part, whole_us=number_of(records, ask.subject, share.whole))


def numbers(ask: Ask) -> ir.Table:
    """Return the share of each group, with the sums that its interval needs.

    Returns
    -------
    keys, n, value, numerator and denominator in hours, and yy, yx, xx: the sums over tickets of
    part², part times whole, whole², in hours²
    """
    timed = rows(ask)
    part, whole = hours_of(timed.part_us), hours_of(timed.whole_us)
    grouped = timed.group_by(ask.keys).aggregate(
        n=timed.count(),
        numerator=hours_of(timed.part_us.sum()),
        denominator=hours_of(timed.whole_us.sum()),
        yy=(part * part).sum(),
        yx=(part * whole).sum(),
        xx=(whole * whole).sum(),
    )
    return grouped.mutate(value=ratio(grouped.numerator, grouped.denominator))


def value(rows: ir.Table, ask: Ask) -> ir.Value:
    """Return the ticket's own share; null where its life has no length."""
    return ratio(rows.part_us, rows.whole_us)
