"""Duration: hours from one moment of a record to another.

Floor 3. A record that lacks either moment is not counted, so an open ticket never enters as zero.
Hours that run backwards stay negative: `opsgauge check` reports them.
"""

import ibis.expr.types as ir

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.metrics.ask import Ask
from opsgauge.metrics.dated import Duration
from opsgauge.metrics.statistics import summarise
from opsgauge.warehouse.portable import hours_of


def rows(ask: Ask) -> ir.Table:
    """Return the records that have both moments: key, period, dimensions, `number` microseconds."""
    duration = ask.definition(Duration)
    records = ask.records(ask.moment, duration.from_, duration.to)
    elapsed_us = ask.at_us(records, duration.to) - ask.at_us(records, duration.from_)
    return ask.dated(records, number=elapsed_us)


def numbers(ask: Ask) -> ir.Table:
    """Return the statistic of each group in hours: see `statistics.summarise`."""
    return summarise(rows(ask), ask.keys, ask.statistic, MICROS_PER_HOUR)


def value(rows: ir.Table, ask: Ask) -> ir.Value:
    """Return the record's hours."""
    return hours_of(rows.number)
