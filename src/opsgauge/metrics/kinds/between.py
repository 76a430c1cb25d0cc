"""Between: how long all is well from the end of one record to the start of the next.

Floor 3. Records follow each other by their start, within the dimensions that the paragraph names
and those that the question splits by. What overlaps leaves no time between; while an earlier one
has not ended there is none either. The first of all has nothing before it and is not counted.
Source: time between failures as operating time over failures, IEC 60050-192.
"""

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.metrics.ask import Ask
from opsgauge.metrics.dated import Between
from opsgauge.metrics.statistics import summarise
from opsgauge.warehouse.portable import hours_of

NEVER_US = 9_000_000_000_000_000_000  # an end that has not come


def rows(ask: Ask) -> ir.Table:
    """Return the records that follow another: key, period, dimensions, `number`."""
    between = ask.definition(Between)
    records = ask.records_with(between.within, ask.moment, between.from_, between.to)
    chain = list(dict.fromkeys([*between.within, *ask.by]))
    records = records.mutate(
        start_us=ask.at_us(records, between.to),
        end_us=ask.at_us(records, between.from_).fill_null(NEVER_US),
        **{f"in_{place}": ask.word(records, name) for place, name in enumerate(chain)},
    )
    within = [f"in_{place}" for place in range(len(chain))]
    order = ["start_us", *ask.key]
    so_far = ibis.window(group_by=within, order_by=order, preceding=None, following=0)
    ended = records.mutate(last_end_us=records.end_us.max().over(so_far))
    in_order = ibis.window(group_by=within, order_by=order)
    before = ended.mutate(before_us=ended.last_end_us.lag().over(in_order))
    apart = ibis.greatest(before.start_us - before.before_us, 0)
    return ask.dated(before, number=ibis.cases((before.before_us.notnull(), apart)))


def numbers(ask: Ask) -> ir.Table:
    """Return the statistic of each group in hours: see `statistics.summarise`."""
    return summarise(rows(ask), ask.keys, ask.statistic, MICROS_PER_HOUR)


def value(rows: ir.Table, ask: Ask) -> ir.Value:
    """Return the hours since the one before."""
    return hours_of(rows.number)
