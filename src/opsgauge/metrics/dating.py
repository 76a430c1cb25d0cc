"""When a record is dated, and between which instants a question counts.

Floor 3. Moments become whole microseconds; a day has no instant of its own.
"""

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from opsgauge.log.periods import ONE_DAY, Periods, start_of_day
from opsgauge.metrics.criterion import moment_us
from opsgauge.metrics.definition import Composed
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.question import Question
from opsgauge.metrics.subject import Subject
from opsgauge.warehouse.portable import micros_at

MICROS_PER_HALF_DAY = 43_200_000_000


def at_us(records: ir.Table, subject: Subject, moment: str, periods: Periods) -> ir.IntegerValue:
    """Return a moment of each record, microseconds since 1970; of a day, its local noon."""
    found, column = moment_us(records, subject, moment), subject.column(moment)
    if column is None or column.type != "day":
        return found
    # Noon, as clocks stand in winter or summer, is of the same day everywhere in the zone.
    ahead = periods.first.astimezone(periods.zone).utcoffset() or timedelta()
    return found + (MICROS_PER_HALF_DAY - ahead // timedelta(microseconds=1))


def dated_since(rows: ir.Table, subject: Subject, periods: Periods, since_us: int) -> ir.Table:
    """Return the records that have a moment at or after an instant, microseconds since 1970."""
    later: ir.BooleanValue = ibis.literal(False)
    for name in subject.moments:
        later |= (at_us(rows, subject, name, periods) >= since_us).fill_null(False)
    return rows.filter(later)


def limits(metric: Metric, question: Question, periods: Periods) -> tuple[int | None, int | None]:
    """Return the limits of what is asked for; without dates, none for tickets."""
    zone, first, last = periods.zone, question.from_, question.to
    beside = isinstance(metric.definition, Composed) or not metric.definition.subject.is_tickets
    if beside:
        begin, end = periods.date_of(periods.first), periods.date_of(periods.last)
        first, last = max(first or begin, begin), min(last or end, end)
    from_us = micros_at(start_of_day(first, zone)) if first else None
    to_us = micros_at(start_of_day(last + ONE_DAY, zone)) if last else None
    return from_us, to_us
