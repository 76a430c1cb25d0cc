"""Dwell: how long a ticket spent in some phases, by its history.

Floor 3. A stretch that still lasts has no length yet and is not counted, nor is a ticket that was
never in one of the phases: nothing is not zero. A ticket of a list is not counted either: between
its moments it may have been in any phase.
"""

from collections.abc import Sequence

import ibis.expr.types as ir

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.untold import TOLD_BY_UPDATES
from opsgauge.metrics.ask import KEY, Ask
from opsgauge.metrics.dated import Dwell
from opsgauge.metrics.statistics import summarise
from opsgauge.warehouse.portable import hours_of


def spent(ask: Ask, phases: Sequence[str]) -> ir.Table:
    """Return for each ticket that was in one of the phases how long: key, spent_us."""
    history = ask.tables.history.select(*KEY, "phase", "elapsed_us")
    there = history.filter(history.phase.isin(phases) & history.elapsed_us.notnull())
    return there.group_by(KEY).aggregate(spent_us=there.elapsed_us.sum().cast("int64"))


def rows(ask: Ask) -> ir.Table:
    """Return the tickets that were in one of the phases: key, period, dimensions, `number`."""
    tickets = ask.records(ask.moment, TOLD_BY_UPDATES)
    tickets = tickets.filter(tickets[TOLD_BY_UPDATES].notnull())
    met = tickets.inner_join(spent(ask, ask.definition(Dwell).phases), KEY)
    return ask.dated(met, number=met.spent_us)


def numbers(ask: Ask) -> ir.Table:
    """Return the statistic of each group in hours: see `statistics.summarise`."""
    return summarise(rows(ask), ask.keys, ask.statistic, MICROS_PER_HOUR)


def value(rows: ir.Table, ask: Ask) -> ir.Value:
    """Return the ticket's hours."""
    return hours_of(rows.number)
