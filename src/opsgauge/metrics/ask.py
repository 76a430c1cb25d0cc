"""A question made ready for its kind: the rows it may count, and the limits of its time.

Floor 3. Kinds begin here: `Ask.records` or `stock.stretches` gives the rows that meet every
condition, narrowed to the columns needed; `Ask.dated` puts each record into its period, with the
dimensions to split by as words. An instant that no period holds keeps its row, without a label, so
that nothing is lost in silence. Records of other tables than tickets may reach far back and far
ahead (articles, contracts): of those only what lies in the calendar is asked for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.agreed import Condition
from opsgauge.log.as_of import tickets_as_of
from opsgauge.log.door import LogTables, dimension, where
from opsgauge.log.periods import (
    ALL,
    Periods,
    label_of,
    period_ends_table,
    periods_table,
)
from opsgauge.log.tables import TICKETS
from opsgauge.metrics.criterion import spellings
from opsgauge.metrics.dated import Dated
from opsgauge.metrics.dating import at_us, limits
from opsgauge.metrics.frames import Framed, day_ends, framed, frames_table, is_framed
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.paragraph import GEOMETRIC, Paragraph
from opsgauge.metrics.placing import CHANGING, About, with_then
from opsgauge.metrics.question import AVERAGE, Question, check_question
from opsgauge.metrics.subject import OF_TICKET, Subject
from opsgauge.metrics.words import base_columns, holds, word
from opsgauge.warehouse.portable import micros_at

KEY = list(TICKETS.key)
# Dimensions whose past values history keeps; the others a ticket has once for all.
KEPT_IN_HISTORY = frozenset((*CHANGING, "source", "practice", "open"))
ASKED = "asked_for"  # a table of the keys of records asked for
STOOD = "stood_us"  # an instant at which a row of history stands where it does in hierarchies
P = TypeVar("P", bound=Paragraph)


@dataclass(frozen=True)
class Ask:
    """A checked question with the tables it is asked of.

    Attributes
    ----------
    from_us : nothing dated before counts; None where the question has no start
    to_us : nothing dated at or after counts; None where it has no end
    cut_us : for what is measured when a period ends, the end (exclusive) of all that is known
    now_us : the instant at which that is
    by_stays : a stock is counted by the stays of tickets even where nothing splits them
    beside : records asked for are also in the table `ASKED`
    again : stretches of whole periods that alone are asked for, see `templates.Templates.query`
    recent : of tickets, those in the tables `recent.RECENT` are enough for `again`
    framed : the stretches it measures, where they are not plain periods
    """

    metric: Metric
    question: Question
    tables: LogTables
    periods: Periods
    from_us: int | None
    to_us: int | None
    cut_us: int
    now_us: int
    by_stays: bool = False
    beside: bool = False
    again: tuple[tuple[int | None, int | None], ...] = ()
    recent: bool = False
    framed: Framed | None = None

    def definition(self, kind: type[P]) -> P:
        """Return the metric's paragraph as the kind it is."""
        if not isinstance(self.metric.definition, kind):
            raise TypeError(f"{self.metric.name} is no {kind.__name__}")
        return self.metric.definition

    @property
    def subject(self) -> Subject:
        """The table whose records it is asked of."""
        return self.metric.definition.subject

    @property
    def key(self) -> list[str]:
        """What tells the records apart."""
        return self.subject.key

    @property
    def by(self) -> tuple[str, ...]:
        """The dimensions to split by."""
        return self.question.by

    @property
    def statistic(self) -> str:
        """The statistic asked for, or the metric's default."""
        return self.question.statistic or self.metric.statistics[0]

    @property
    def first_label(self) -> str | None:
        """The first period asked for; None where the question has no start."""
        if self.question.from_ is None or self.question.period == ALL:
            return None
        return label_of(self.question.from_, self.question.period)

    @property
    def keys(self) -> list[str]:
        """What tells the values of the answer apart."""
        return ["period", *self.by]

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What the metric counts, and of that what the question asks for."""
        return self.metric.definition.conditions + self.question.where

    @property
    def counts_rows(self) -> bool:
        """Whether a stock is counted ticket by ticket: its moments are no ends of periods."""
        return self.framed is not None or any(each.is_age for each in self.question.groupings)

    @property
    def averages(self) -> bool:
        """Whether a stock is counted at the end of each day."""
        return self.framed is not None and self.question.aggregate == AVERAGE

    def is_age(self, name: str) -> bool:
        """Say whether a name is a band of ages, which a ticket has only when it is counted."""
        grouping = self.question.grouping(name)
        return grouping is not None and grouping.is_age

    def base(self, names: Iterable[str]) -> list[str]:
        """Return the columns that dimensions are read from."""
        made = []
        for name in names:
            grouping = self.question.grouping(name)
            made += base_columns([name] if grouping is None else grouping.bases)
        return made

    def word(self, rows: ir.Table, name: str) -> ir.Value:
        """Return a dimension as words, of rows that have its base."""
        grouping = self.question.grouping(name)
        if grouping is None:
            return word(rows, name)
        if name in rows.columns:
            return rows[name]  # `stock.stretches` put it there
        about = About(self.subject, self.periods.zone, self.periods.last)
        if grouping not in self.question.moving:
            return grouping.word(rows, about)
        stood = rows[STOOD] if STOOD in rows.columns else self.at_us(rows, self.moment)
        return grouping.word(rows, about, stood)

    def where(self, rows: ir.Table, conditions: tuple[Condition, ...]) -> ir.Table:
        """Return the rows that meet every condition but those on ages."""
        for condition in conditions:
            if self.question.grouping(condition.column) is None:
                rows = where(rows, (condition,))
            elif not self.is_age(condition.column):
                rows = rows.filter(holds(self.word(rows, condition.column), condition))
        return rows

    @property
    def moment(self) -> str:
        """The column that dates a ticket."""
        return self.question.dated_by or self.definition(Dated).period_by

    def part(self, metric: Metric) -> "Ask":
        """Return the same question to a metric that this one is made of."""
        where = self.metric.definition.conditions + self.question.where
        question = replace(self.question, metric=metric.name, statistic=None, where=where)
        return replace(self, metric=metric, question=question)

    def records(self, *columns: str) -> ir.Table:
        """Return the records that count, with these columns and those that dimensions come from."""
        return self.records_with((), *columns)

    def records_with(self, dimensions: Iterable[str], *columns: str) -> ir.Table:
        """Return the records that count, as `records` does, with some more dimensions."""
        return self._records(dimensions, columns, self.conditions)

    def everybody(self, *columns: str) -> ir.Table:
        """Return the records that the metric counts, whatever the question asks for of them."""
        asked = [condition.column for condition in self.question.where]
        return self._records(asked, columns, self.metric.definition.conditions)

    def asked_for(self, records: ir.Table) -> ir.Table:
        """Return those of `everybody` that the question asks for."""
        if self.beside:
            keys = {name: records[name].type() for name in self.key}
            records = records.semi_join(ibis.table(keys, name=ASKED), self.key)
        return self.where(records, self.question.where)

    def _records(
        self, dimensions: Iterable[str], columns: Iterable[str], conditions: tuple[Condition, ...]
    ) -> ir.Table:
        left_out = self.metric.definition.except_
        asked = [*self.by, *dimensions, *left_out]
        then = self._then([*self.by, *dimensions, *(c.column for c in conditions)])
        columns = [*columns, self.moment] if then or self.question.moving else columns
        if self.subject.is_tickets:
            columns = [*columns, *self.base(asked)]
            return self._without(self.tickets(columns, conditions, then))
        asked = self.base([*asked, *(condition.column for condition in conditions)])
        own = [name for name in asked if self.subject.has(name)]
        met = dict.fromkeys(name for name in asked if not self.subject.has(name))
        link = [self.subject.ticket] if met else []
        names = dict.fromkeys([*self.key, *columns, *own, *link])
        rows = self.subject.rows(self.tables).select(*names)
        met_rows = self._with_then(self._with_tickets(rows, met) if met else rows, then)
        return self._without(self.where(met_rows, conditions))

    def _then(self, names: Iterable[str]) -> list[str]:
        """Return the dimensions that are needed as they were at the moment that dates a record."""
        found = [self.question.grouping(name) for name in names]
        return list(dict.fromkeys(each.then for each in found if each and each.then))

    def _with_then(self, rows: ir.Table, then: Sequence[str]) -> ir.Table:
        if not then:
            return rows
        at_us = self.at_us(rows, self.moment)
        return with_then(rows, self.subject, self.tables.history, at_us, then)

    def _without(self, records: ir.Table) -> ir.Table:
        """Return the records without those that the metric leaves out; what is unknown stays."""
        for name, words in self.metric.definition.except_.items():
            named = dimension(records, name).isin(spellings(words))
            records = records.filter(~named.fill_null(False))
        return records

    def tickets(
        self, columns: Iterable[str], conditions: tuple[Condition, ...], then: Sequence[str] = ()
    ) -> ir.Table:
        """Return the tickets that meet some conditions, with columns of theirs.

        Parameters
        ----------
        then : dimensions that are wanted as they were at the moment that dates a ticket, too
        """
        asked = self.base(condition.column for condition in conditions)
        names = list(dict.fromkeys([*KEY, *columns, *asked]))
        if self.question.as_of is not None:
            rows = tickets_as_of(self.tables, self.question.as_of, names)
        elif conditions or then:
            rows = self.tables.tickets.select(*names)  # few compile fast
        else:
            rows = self.tables.tickets
        return self.where(self._with_then(rows, then), conditions)

    def _with_tickets(self, rows: ir.Table, columns: Iterable[str]) -> ir.Table:
        """Return the records with columns of the ticket each one names; null where it has none."""
        rows = self.subject.with_ticket(rows, self.tables)
        tickets = self.tables.tickets
        named = {"ticket_source": tickets.source, "ticket_number": tickets.ticket_id}
        tickets = tickets.select(**named, **{name: tickets[name] for name in columns})
        same = [rows.source == tickets.ticket_source, rows[OF_TICKET] == tickets.ticket_number]
        return rows.left_join(tickets, same)

    def kept(self, name: str) -> bool:
        """Say whether history keeps what a dimension is made of."""
        return bool(base := self.base([name])) and all(each in KEPT_IN_HISTORY for each in base)

    @property
    def asks_of_tickets(self) -> bool:
        """Whether a stock splits or filters by something that a ticket has once for all."""
        names = [*self.by, *(condition.column for condition in self.conditions)]
        return any(not self.kept(name) for name in names if not self.is_age(name))

    def split(self, rows: ir.Table) -> dict[str, ir.Value]:
        """Return the dimensions to split by, of rows that `records` or `stock.stretches` gave."""
        return {name: self.word(rows, name) for name in self.by if not self.is_age(name)}

    @property
    def splits_the_past(self) -> bool:
        """Whether it splits or filters by something that changes while a ticket is open."""
        names = [*self.by, *(condition.column for condition in self.conditions)]
        moved = bool(self.question.moving)
        return self.by_stays or moved or any(b in (*CHANGING, "open") for b in self.base(names))

    def dated(self, records: ir.Table, **values: ir.Value) -> ir.Table:
        """Return the records of the question's time that have all `values`, each with its period.

        Returns
        -------
        key, period, dimensions and `values` (and what was needed to get there), one row per record
        """
        at_us = self.at_us(records, self.moment)
        dating = self._dating(at_us)
        split = {name: value for name, value in self.split(records).items() if name not in self.key}
        rows = records.select(*self.key, at_us=at_us, **dating, **split, **values)
        within = rows.at_us.notnull()
        if self.from_us is not None:
            within &= rows.at_us >= self.from_us
        if self.to_us is not None:
            within &= rows.at_us < self.to_us
        for name in values:
            within &= rows[name].notnull()
        if self.statistic == GEOMETRIC:
            within &= rows["number"] > 0  # nothing has no logarithm
        return self._with_period(rows.filter(within))

    def at_us(self, records: ir.Table, moment: str) -> ir.IntegerValue:
        """Return a moment of each record, microseconds since 1970; of a day, its local noon."""
        return at_us(records, self.subject, moment, self.periods)

    def labelled(self, rows: ir.Table, instant: str) -> ir.Table:
        """Return the rows with the label of the period that holds the column `instant`."""
        return self._with_period(rows.mutate(**self._dating(rows[instant])))

    def _dating(self, at_us: ir.IntegerValue) -> dict[str, ir.Value]:
        if self.framed is not None:
            return {}
        if self.question.period == ALL:
            return {"period": ibis.literal(ALL)}
        return {"bucket": at_us // self.periods.bucket_us}

    def _with_period(self, rows: ir.Table) -> ir.Table:
        if self.framed is not None:
            return self._in_frames(rows)
        if self.question.period == ALL:
            return rows
        calendar = periods_table().select("bucket", period=self.question.period)
        return rows.left_join(calendar, "bucket")

    def _in_frames(self, rows: ir.Table) -> ir.Table:
        """Return the rows once for every frame that holds their `at_us`."""
        frames = self.frames()
        held = [rows.at_us >= frames.start_us, rows.at_us < frames.end_us]
        met = rows.inner_join(frames, held)
        return met.select(*rows.columns, "period")

    def frames(self) -> ir.Table:
        """Return the stretches that are measured: period, start_us, end_us (exclusive)."""
        return frames_table(self.framed.all if self.framed else ())

    def counted_at(self) -> ir.Table:
        """Return the moments at which a stock is counted: period, end_us (exclusive), now_us."""
        frames = self.framed.all if self.framed else ()
        moments = frames_table(day_ends(frames, self.periods) if self.averages else frames)
        moments = moments.filter(moments.start_us < self.cut_us)
        return moments.select(
            "period",
            end_us=ibis.least(moments.end_us, self.cut_us),
            now_us=ibis.least(moments.end_us, self.now_us),
        )

    def ends(self) -> ir.Table:
        """Return the ends of the periods that have begun.

        Returns
        -------
        period, ordinal, end_us (exclusive), now_us (the instant up to which ages count)
        """
        ends = period_ends_table()
        ends = ends.filter((ends.grain == self.question.period) & (ends.start_us < self.cut_us))
        return ends.select(
            "ordinal",
            period=ends.label,
            end_us=ibis.least(ends.end_us, self.cut_us),
            now_us=ibis.least(ends.end_us, self.now_us),
        )


def make_ask(
    metric: Metric, question: Question, tables: LogTables, periods: Periods, watermark: datetime
) -> Ask:
    """Check a question and work out the limits of its time.

    Raises
    ------
    QueryWrong, PersonSplit, UnknownColumn : see `check_question`
    ValueError : the periods end before the watermark
    """
    question = check_question(metric, question)
    if watermark > periods.last:
        raise ValueError(f"the periods end at {periods.last}, before the records do: {watermark}")
    known = min(watermark, question.as_of) if question.as_of else watermark
    from_us, to_us = limits(metric, question, periods)
    known_us = micros_at(known)
    # What happens at the very instant of measuring counts, hence the microsecond.
    cut_us, now_us = known_us + 1, known_us
    if question.to is not None and to_us is not None:
        cut_us, now_us = min(cut_us, to_us), min(now_us, to_us)
    ask = Ask(metric, question, tables, periods, from_us, to_us, cut_us, now_us)
    return within(ask, framed(question, periods, known)) if is_framed(question) else ask


def within(ask: Ask, told: Framed) -> Ask:
    """Return the question asked of stretches of its own, in place of plain periods."""
    begin, end = min(f.start_us for f in told.all), max(f.end_us for f in told.all)
    beside = limits(ask.metric, replace(ask.question, from_=None, to=None), ask.periods)
    from_us = begin if beside[0] is None else max(begin, beside[0])
    to_us = end if beside[1] is None else min(end, beside[1])
    return replace(ask, from_us=from_us, to_us=to_us, framed=told)
