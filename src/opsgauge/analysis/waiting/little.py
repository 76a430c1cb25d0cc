"""Little's law: the identity that always holds, and the average that holds under conditions.

Floor 4, analysis. On any stretch of time the integral of the number of open tickets equals the sum
of what each of them was open within it: exactly, whatever happens. Here the number comes from the
passages (created, reopened, resolved, ...), the sum from the open intervals, so that two columns
that are made apart are held against each other; where they differ, the records are wrong.

That mean number = throughput x mean time is another thing: it holds over a stretch in which as
much comes as goes, what begins ends, the number and its age stay what they were, and one unit is
counted. Which of these hold is told. It describes what was; nothing is forecast with it.

Sources: Little, Operations Research 9 (1961) 383-387; Little, Operations Research 59 (2011)
536-549 (finite windows); Vacanti, Actionable Agile Metrics for Predictability, 2015 (conditions).
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.waiting.steps import KEY, open_rows
from opsgauge.foundation.units import MICROS_PER_HOUR, MICROS_PER_SECOND, duration, percent, whole
from opsgauge.log.vocabulary import RESOLVED_PHASE
from opsgauge.warehouse.portable import micros, ones, summed

ENTRIES = ("created", "reopened")
ALIKE = 0.1  # of the larger: so far apart two numbers may be and count as the same
HOURS_PER_DAY = 24.0


@dataclass(frozen=True)
class Condition:
    """One of the conditions, and what was seen; holds None: nothing to judge by."""

    name: str
    holds: bool | None
    words: str


@dataclass(frozen=True)
class Little:
    """A stretch of time in the light of Little's law.

    Attributes
    ----------
    queue_us, item_us : the integral of the number, and the sum of the tickets' time
    start, end : open tickets at either end; `start_age_us`, `end_age_us` their ages together
    came, went : passages in and out; `unresolved` of these without being resolved
    finished, life_us : tickets whose last resolution lies in it, and how long they were open
    lasting : tickets open at the start and not once done up to the end
    """

    window_us: int
    queue_us: int
    item_us: int
    start: int
    end: int
    start_age_us: int
    end_age_us: int
    came: int
    went: int
    unresolved: int
    lasting: int
    finished: int
    life_us: int

    @property
    def identity(self) -> bool:
        """Whether the two sums are the same, to the microsecond."""
        return self.queue_us == self.item_us

    @property
    def mean_open(self) -> float:
        """Open tickets on average."""
        return self.item_us / self.window_us if self.window_us else float(self.end)

    @property
    def throughput(self) -> float:
        """Tickets that left, per day."""
        days = self.window_us / MICROS_PER_HOUR / HOURS_PER_DAY
        return self.went / days if days else 0.0

    @property
    def mean_hours(self) -> float | None:
        """Hours for which finished tickets were open."""
        return self.life_us / self.finished / MICROS_PER_HOUR if self.finished else None

    @property
    def by_average(self) -> float | None:
        """Throughput x mean time: what the number would be, did the conditions hold."""
        hours = self.mean_hours
        return None if hours is None else self.throughput * hours / HOURS_PER_DAY

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Vacanti's five, each with what was seen."""
        lasts = self.lasting / self.start if self.start else None
        started, ended = (
            self._age(self.start, self.start_age_us),
            self._age(self.end, self.end_age_us),
        )
        return (
            Condition(
                "As much comes as goes",
                _alike(self.came, self.went),
                f"{whole(self.came)} came, {whole(self.went)} went",
            ),
            Condition(
                "What begins, ends",
                None if lasts is None else lasts <= ALIKE,
                "nothing was open"
                if lasts is None
                else f"{percent(lasts, 0)} of what was open at the start still is",
            ),
            Condition(
                "The number stays what it was",
                _alike(self.start, self.end),
                f"{whole(self.start)} open at the start, {whole(self.end)} at the end",
            ),
            Condition(
                "Its age stays what it was",
                None if started is None or ended is None else _alike(started, ended),
                f"{_hours(started)} at the start, {_hours(ended)} at the end",
            ),
            Condition("One unit is counted", True, "tickets and elapsed hours throughout"),
        )

    @property
    def may_be_averaged(self) -> bool:
        """Whether every condition holds."""
        return all(each.holds is True for each in self.conditions)

    @staticmethod
    def _age(tickets: int, age_us: int) -> float | None:
        return age_us / tickets / MICROS_PER_HOUR if tickets else None


def _hours(age: float | None) -> str:
    return "none" if age is None else duration(age)


def _alike(one: float, other: float) -> bool:
    """Say whether two numbers are much the same.

    Examples
    --------
    >>> _alike(100, 91), _alike(100, 89), _alike(0, 0)
    (True, False, True)
    """
    return abs(one - other) <= ALIKE * max(one, other)


def queue_rows(history: ir.Table, start_us: int, end_us: int) -> ir.Table:
    """Return one row of the number of open tickets, by passages, from one instant to another.

    Returns
    -------
    queue_s, queue_us (the integral, in whole seconds and the microseconds beyond), start, end,
    came, went, unresolved
    """
    rows = history.filter(history.passage.notnull())
    entry = rows.passage.isin(ENTRIES)
    at = micros(rows.since)
    passed = rows.select(
        at_us=at,
        delta=2 * ones(entry) - 1,
        left_us=end_us - _clipped(at, start_us, end_us),
        inside=ones((at >= start_us) & (at < end_us)),
        entry=ones(entry),
        resolved=ones(rows.passage == RESOLVED_PHASE),
    )
    exits = passed.inside * (1 - passed.entry)
    return passed.aggregate(
        queue_s=_total(passed.delta * _seconds(passed.left_us)),
        queue_us=_total(passed.delta * _beyond(passed.left_us)),
        start=_total(passed.delta * ones(passed.at_us < start_us)),
        end=_total(passed.delta * ones(passed.at_us < end_us)),
        came=_total(passed.inside * passed.entry),
        went=_total(exits),
        unresolved=_total(exits * (1 - passed.resolved)),
    )


def item_rows(history: ir.Table, start_us: int, end_us: int) -> ir.Table:
    """Return one row of the tickets' own time, by open intervals, from one instant to another.

    Returns
    -------
    item_s, item_us (what they were open), and start_age_s, end_age_s (seconds since they were
    opened, of those open at either end)
    """
    rows = open_rows(history)
    since = micros(rows.since)
    until = micros(rows.until).fill_null(end_us)
    opened = micros(rows.opened_at)
    spent = rows.select(
        us=_clipped(until, start_us, end_us) - _clipped(since, start_us, end_us),
        at_start=ones((since < start_us) & ((until >= start_us) | rows.until.isnull())),
        at_end=ones((since < end_us) & ((until >= end_us) | rows.until.isnull())),
        start_s=(start_us - opened) // MICROS_PER_SECOND,
        end_s=(end_us - opened) // MICROS_PER_SECOND,
    )
    return spent.aggregate(
        item_s=_total(_seconds(spent.us)),
        item_us=_total(_beyond(spent.us)),
        start_age_s=_total(spent.at_start * spent.start_s),
        end_age_s=_total(spent.at_end * spent.end_s),
    )


def ticket_rows(tickets: ir.Table, history: ir.Table, start_us: int, end_us: int) -> ir.Table:
    """Return one row: finished (last resolved in the stretch), life_us, and lasting."""
    exits = history.filter(history.passage.notnull() & ~history.passage.isin(ENTRIES))
    first_exit = exits.group_by(list(KEY)).aggregate(exit_us=micros(exits.since).min())
    ends = ibis.coalesce(micros(tickets.resolved_at), micros(tickets.closed_at))
    met = tickets.select(
        *KEY, "life_us", opened_us=micros(tickets.opened_at), end_us=ends
    ).left_join(first_exit, list(KEY))
    done = ones((met.end_us >= start_us) & (met.end_us < end_us))
    still = met.exit_us.isnull() | (met.exit_us >= end_us)
    return met.aggregate(
        finished=_total(done),
        life_s=_total(done * (met.life_us.fill_null(0) // MICROS_PER_SECOND)),
        lasting=_total(ones((met.opened_us < start_us) & still)),
    )


def little(queue: pa.Table, items: pa.Table, tickets: pa.Table, window_us: int) -> Little:
    """Return what the three queries above gave, of the same stretch."""
    passed, spent, ended = (rows.to_pylist()[0] for rows in (queue, items, tickets))
    number = {name: int(value or 0) for name, value in {**passed, **spent, **ended}.items()}
    second = MICROS_PER_SECOND
    return Little(
        window_us=window_us,
        queue_us=number["queue_s"] * second + number["queue_us"],
        item_us=number["item_s"] * second + number["item_us"],
        start=number["start"],
        end=number["end"],
        start_age_us=number["start_age_s"] * second,
        end_age_us=number["end_age_s"] * second,
        came=number["came"],
        went=number["went"],
        unresolved=number["unresolved"],
        lasting=number["lasting"],
        finished=number["finished"],
        life_us=number["life_s"] * second,
    )


def _clipped(us: ir.IntegerValue, start_us: int, end_us: int) -> ir.IntegerValue:
    return ibis.least(ibis.greatest(us, start_us), end_us)


def _seconds(us: ir.IntegerValue) -> ir.IntegerValue:
    return us // MICROS_PER_SECOND


def _beyond(us: ir.IntegerValue) -> ir.IntegerValue:
    """Return the microseconds beyond whole seconds."""
    return us - _seconds(us) * MICROS_PER_SECOND


def _total(values: ir.IntegerValue) -> ir.IntegerValue:
    return summed(values.sum()).fill_null(0)
