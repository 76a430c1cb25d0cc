"""Duration: hours from one moment of a ticket to another.

Floor 3. A ticket that lacks either moment is not counted, so an open ticket never enters as zero.
Hours that run backwards stay negative: `opsgauge check` reports them.
"""

import ibis.expr.types as ir

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.metrics.ask import Ask
from opsgauge.metrics.definition import Duration
from opsgauge.metrics.statistics import summarise
from opsgauge.warehouse.portable import hours_of, micros


def rows(ask: Ask) -> ir.Table:
    """Return the tickets that have both moments: key, period, dimensions, `number` microseconds."""
    duration = ask.definition(Duration)
    tickets = ask.tickets(ask.moment, duration.from_, duration.to)
    elapsed_us = micros(tickets[duration.to]) - micros(tickets[duration.from_])
    return ask.dated(tickets, number=elapsed_us)


def numbers(ask: Ask) -> ir.Table:
    """Return the statistic of each group in hours: see `statistics.summarise`."""
    return summarise(rows(ask), ask.keys, ask.statistic, MICROS_PER_HOUR)


def value(rows: ir.Table, ask: Ask) -> ir.Value:
    """Return the ticket's hours."""
    return hours_of(rows.number)
