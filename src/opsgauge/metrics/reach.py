"""How far a difference between two data versions reaches into the answer to a question.

Floor 3. A record counts in the period of one moment of its own, so records that differ reach the
periods in which they are dated, by the one version or the other. What is open at the end of a
period differs from the first instant on at which something else was open. All other periods have
the value they had; `tests/operations/test_renewed.py` compares that with asking for all of them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from opsgauge.log.differences import Difference
from opsgauge.log.door import LogTables
from opsgauge.log.periods import ONE_DAY, Periods, dates_of, label_of, labels_between, next_label
from opsgauge.log.related import CLOCKS
from opsgauge.log.tables import TICKETS
from opsgauge.metrics.ask import Ask, at_us
from opsgauge.metrics.dated import Between, Repeat
from opsgauge.metrics.definition import Stock
from opsgauge.metrics.subject import OF_TICKET, Subject

MOST_RUNS = 3  # stretches of days asked for one by one; more are asked for as one


@dataclass(frozen=True)
class Compared:
    """Two data versions, as questions to the later one need to have them compared.

    Attributes
    ----------
    days : the local days on which records of a table that differ are dated, by a moment
    same : the tables in which nothing differs
    first : the first local day of both
    since : the local day on which what the earlier version knew ended
    last : the last local day of the two
    """

    difference: Difference
    days: Callable[[Subject, str], frozenset[date]]
    same: frozenset[str]
    first: date
    since: date
    last: date
    zone: ZoneInfo


def touched_periods(ask: Ask, compared: Compared) -> frozenset[str] | None:
    """Return the periods in which the answer may differ; None where it may in every one."""
    if ask.metric.parts:
        found = [touched_periods(ask.part(part), compared) for part in ask.metric.parts]
        known = [each for each in found if each is not None]
        return frozenset().union(*known) if len(known) == len(found) else None
    definition, grain = ask.metric.definition, ask.question.period
    if isinstance(definition, Stock):
        return frozenset(labels_between(_first_stay(ask, compared), compared.last, grain))
    if isinstance(definition, Between) or ask.subject.name == CLOCKS.name:
        return None  # one record may shift the next far off; clocks run on by themselves
    days: Iterable[date] = compared.days(ask.subject, ask.moment)
    if isinstance(definition, Repeat):
        # A record is followed by what comes some days after; a day more, since days are local.
        back = range(definition.days + 2)
        days = {day - ONE_DAY * n for day in days for n in back}
    return frozenset(label_of(day, grain) for day in days)


def _first_stay(ask: Ask, compared: Compared) -> date:
    """Return the local day from which on a stock may differ; it also does as time goes on."""
    told = compared.difference
    starts = [told.stays_from_us, told.retold_from_us if ask.asks_of_tickets else None]
    known = [_local_day(us, compared.zone) for us in starts if us is not None]
    return min([compared.since, *known])


def _local_day(us: int, zone: ZoneInfo) -> date:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)).astimezone(zone).date()


def runs_of(labels: Iterable[str]) -> Sequence[tuple[date, date]]:
    """Return the stretches of days that periods cover, the first and the last day of each.

    Examples
    --------
    >>> [str(first) for first, _ in runs_of({"2016-01", "2016-02", "2016-05"})]
    ['2016-01-01', '2016-05-01']
    """
    runs: list[tuple[str, str]] = []
    for label in sorted(labels):
        if runs and next_label(runs[-1][1]) == label:
            runs[-1] = (runs[-1][0], label)
        else:
            runs.append((label, label))
    if len(runs) > MOST_RUNS:
        runs = [(runs[0][0], runs[-1][1])]
    return [(dates_of(first)[0], dates_of(last)[1]) for first, last in runs]


@dataclass(frozen=True)
class Differing:
    """Names of tables of an engine that hold the keys of what differs.

    Attributes
    ----------
    own : those of a subject's records
    tickets : that of tickets, "" where none do
    ends_us : where the calendar of the earlier version ended: records beside tickets that are dated
        later were not asked for
    """

    own: tuple[str, ...]
    tickets: str
    ends_us: int


def dated_buckets(
    subject: Subject, tables: LogTables, periods: Periods, differing: Differing
) -> ir.Table | None:
    """Return the buckets in which records that differ are dated: a column for each moment.

    Of records beside tickets those count too that name a ticket which differs. None where there are
    no such records.
    """
    rows = subject.rows(tables)
    moments = {name: at_us(rows, subject, name, periods) for name in subject.moments}
    found = [rows.semi_join(_keys(rows, subject.key, name), subject.key) for name in differing.own]
    if not subject.is_tickets:
        later = ibis.literal(False)
        for moment in moments.values():
            later |= (moment >= differing.ends_us).fill_null(False)
        found.append(rows.filter(later))
    if differing.tickets and subject.ticket:
        tickets = _keys(tables.tickets, list(TICKETS.key), differing.tickets)
        named = subject.with_ticket(rows, tables)
        same = [named.source == tickets.source, named[OF_TICKET] == tickets.ticket_id]
        found.append(named.semi_join(tickets, same).select(*rows.columns))
    if not found:
        return None
    buckets = [
        each.select(
            **{m: at_us(each, subject, m, periods) // periods.bucket_us for m in subject.moments}
        )
        for each in found
    ]
    first, *others = buckets
    return first.union(*others, distinct=True) if others else first.distinct()


def _keys(rows: ir.Table, key: Sequence[str], name: str) -> ir.Table:
    return ibis.table({column: rows[column].type() for column in key}, name=name)
