"""How far a difference between two data versions reaches into the answer to a question.

Floor 3. A record counts in the period of one moment of its own, so records that differ reach the
periods in which they are dated, by the one version or the other. What is open at the end of a
period differs from the first instant on at which something else was open. All other periods have
the value they had; `tests/operations/test_renewed.py` compares that with asking for all of them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from opsgauge.log.differences import Difference
from opsgauge.log.door import LogTables
from opsgauge.log.periods import ONE_DAY, Periods, dates_of, label_of, labels_between, next_label
from opsgauge.metrics.ask import Ask
from opsgauge.metrics.dated import Between, Repeat
from opsgauge.metrics.dating import at_us, dated_since
from opsgauge.metrics.definition import Stock
from opsgauge.metrics.subject import OF_TICKET, Subject


@dataclass(frozen=True)
class Compared:
    """Two data versions, as questions to the later one need to have them compared.

    Attributes
    ----------
    days : the local days on which records of a table are dated, by a moment, that differ in one
        of some columns, or whose ticket does; None where that is not known
    same : the tables in which nothing differs
    first : the first local day of both
    since : the local day on which what the earlier version knew ended
    last : the last local day of the two
    day_of : the local day of an instant, microseconds since 1970
    """

    difference: Difference
    days: Callable[[Subject, str, frozenset[str]], frozenset[date] | None]
    same: frozenset[str]
    first: date
    since: date
    last: date
    day_of: Callable[[int], date]


def touched_periods(ask: Ask, compared: Compared, names: frozenset[str]) -> frozenset[str] | None:
    """Return the periods in which the answer may differ; None where it may in every one.

    Parameters
    ----------
    names : of all columns that the answer stands on, and `history` where it looks at that
    """
    if ask.metric.parts:
        parts = ask.metric.parts
        found = [touched_periods(ask.part(part), compared, names) for part in parts]
        known = [each for each in found if each is not None]
        return frozenset().union(*known) if len(known) == len(found) else None
    definition, grain = ask.metric.definition, ask.question.period
    if isinstance(definition, Stock):
        return frozenset(labels_between(_first_stay(ask, compared), compared.last, grain))
    if isinstance(definition, Between):
        return None  # one record may shift the next far off
    found_days = compared.days(ask.subject, ask.moment, names)
    if found_days is None:
        return None
    days: Iterable[date] = found_days
    if isinstance(definition, Repeat):
        # A record is followed by what comes some days after; a day more, since days are local.
        back = range(definition.days + 2)
        days = {day - ONE_DAY * n for day in days for n in back}
    return frozenset(label_of(day, grain) for day in days)


def _first_stay(ask: Ask, compared: Compared) -> date:
    """Return the local day from which on a stock may differ; it also does as time goes on."""
    told = compared.difference
    starts = [told.stays_from_us, told.retold_from_us if ask.asks_of_tickets else None]
    known = [compared.day_of(us) for us in starts if us is not None]
    return min([compared.since, *known])


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
    return [(dates_of(first)[0], dates_of(last)[1]) for first, last in runs]


PLACE = "place"  # of a key in its table


def key_columns(key: Sequence[str]) -> list[str]:
    """Return what the columns of a table of keys are called, beside `place`."""
    return [f"key_{n}" for n in range(len(key))]


def dated_rows(
    subject: Subject, tables: LogTables, periods: Periods, keys: str, of_ticket: bool = False
) -> ir.Table:
    """Return when the records of some keys are dated: `place` of the key, and a bucket a moment.

    Parameters
    ----------
    keys : name of a table of keys, each with its `place`
    of_ticket : the keys are of tickets, and the records are those that name one
    """
    rows = subject.rows(tables)
    key = [rows[name] for name in subject.key]
    if of_ticket:
        rows = subject.with_ticket(rows, tables)
        key = [rows.source, rows[OF_TICKET]]
    named = dict(zip(key_columns(key), key, strict=True))
    dated = rows.select(**named, **_buckets(rows, subject, periods))
    wanted = ibis.table({**{n: v.type() for n, v in named.items()}, PLACE: "int64"}, name=keys)
    return dated.inner_join(wanted, [*named]).select(PLACE, *subject.moments)


def later_rows(subject: Subject, tables: LogTables, periods: Periods, ends_us: int) -> ir.Table:
    """Return when records are dated that have a moment at or after an instant, as `dated_rows`."""
    rows = dated_since(subject.rows(tables), subject, periods, ends_us)
    return rows.select(**_buckets(rows, subject, periods))


def _buckets(rows: ir.Table, subject: Subject, periods: Periods) -> dict[str, ir.Value]:
    return {
        name: at_us(rows, subject, name, periods) // periods.bucket_us for name in subject.moments
    }
