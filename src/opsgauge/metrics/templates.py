"""Compiled questions, kept by their shape: the next one of the same shape is only filled in.

Floor 3. Compiling a question takes longer than answering it. What differs between two questions of
one shape are the instants and labels of their days and the values of their filters; all of these
reach the SQL as literals. So a shape is compiled once with stand-ins that occur nowhere else, and
for each question the stand-ins are exchanged for its own literals. `tests/metrics` compares that
with compiling each question by itself, for every metric.
"""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from opsgauge.foundation.agreed import Condition
from opsgauge.log.door import LogTables
from opsgauge.log.periods import ALL, Periods, label_of
from opsgauge.log.related import CONTACT_TICKETS, CONTACTS
from opsgauge.log.tables import HISTORY, TICKETS, Table
from opsgauge.metrics.ask import Ask, make_ask
from opsgauge.metrics.dated import Dated, Dwell, Repeat
from opsgauge.metrics.definition import Flow
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.query import numbers, without_interval
from opsgauge.metrics.question import Question
from opsgauge.metrics.subject import Subject
from opsgauge.warehouse.around import Through, around, fits_around
from opsgauge.warehouse.engine import Engine, Filled, quoted

# Instants in microseconds some 280,000 years from now.
INSTANTS = {
    "from_us": 8_800_000_000_000_000_001,
    "to_us": 8_800_000_000_000_000_002,
    "cut_us": 8_800_000_000_000_000_003,
    "now_us": 8_800_000_000_000_000_004,
}
A_DAY = date(1902, 2, 3)  # before any tool kept a record
VALUE = "stand-in for value {}"
LEAST_INSTANT = 1 << 40  # smaller numbers would be written with another type around them
CALENDAR = ("periods", "period_ends")  # joined to whatever is counted
ODD = re.compile(r"['\\]")  # engines write these in strings each in its own way


@dataclass
class Templates:
    """The compiled shapes of one data version, as one scope sees it."""

    engine: Engine
    tables: LogTables
    periods: Periods
    watermark: datetime
    kept: dict[Hashable, str] = field(default_factory=dict)

    def query(self, metric: Metric, question: Question, readable: bool = False) -> Filled:
        """Return the query that answers a question, as `compile_question` would have it.

        Filters that may stand around the table do so; but for them its SQL is the same.

        Parameters
        ----------
        readable : without what only intervals need

        Raises
        ------
        QueryWrong, PersonSplit, UnknownColumn : the question cannot be asked of this metric
        """
        ask = make_ask(metric, question, self.tables, self.periods, self.watermark)
        if not _fits(ask):
            return Filled(self._sql(ask, readable), ())
        made = None if readable else self._around(ask)
        template, ask = made or (self._kept(ask, readable), ask)
        there = [
            (stand_in, own) for stand_in, own in _literals(ask).items() if stand_in in template
        ]
        return Filled(template, tuple(there))

    def _kept(self, ask: Ask, readable: bool = False) -> str:
        """Return the template of a question's shape, compiling it where it is the first."""
        shape = (_shape(ask), readable)
        if shape not in self.kept:
            self.kept[shape] = self._sql(_with_stand_ins(ask), readable)
        return self.kept[shape]

    def _around(self, ask: Ask) -> tuple[str, Ask] | None:
        """Return a template with the question's filters around its table, where that can be."""
        if ask.metric.parts:
            return None  # its parts count rows of several tables
        if not ask.metric.subject.is_tickets:
            return self._around_records(ask, ask.metric.subject)
        table = TICKETS if isinstance(ask.metric.definition, Dated) else HISTORY
        outer, inner = _apart(ask, table)
        within = _asking(ask, inner)
        if not outer or self.engine.name != "duckdb" or _counts_otherwise(ask, within):
            return None
        if isinstance(ask.metric.definition, Repeat | Dwell):
            return None  # what follows a record need not meet the filters
        template = self._kept(within)
        if not fits_around(template, table.name, CALENDAR):
            return None
        ordered = _asking(ask, (*inner, *outer))  # as the stand-ins are numbered
        return around(template, table.name, _with_values(ordered.question)[len(inner) :]), ordered

    def _around_records(self, ask: Ask, subject: Subject) -> tuple[str, Ask] | None:
        """Return the same for records beside tickets, filtered by their tickets' columns too."""
        outer = tuple(each for each in ask.question.where if _plain(each, subject))
        if not outer or self.engine.name != "duckdb" or isinstance(ask.metric.definition, Repeat):
            return None
        inner = tuple(each for each in ask.question.where if each not in outer)
        template, name = self._kept(_asking(ask, inner)), subject.name
        if not fits_around(template, name, (*CALENDAR, TICKETS.name, CONTACT_TICKETS.name)):
            return None
        ordered = _asking(ask, (*inner, *outer))
        filled = _with_values(ordered.question)[len(inner) :]
        own = tuple(each for each in filled if subject.has(each.column))
        others = tuple(each for each in filled if each not in own)
        return around(template, name, own, _of_ticket(subject, others)), ordered

    def _sql(self, ask: Ask, readable: bool) -> str:
        found = numbers(ask)
        return self.engine.sql(without_interval(found) if readable else found)


def _plain(condition: Condition, subject: Subject) -> bool:
    """Say whether a condition is on words of a record, or on those of its ticket, none missing."""
    table = subject.table if subject.has(condition.column) else TICKETS
    column = table.column(condition.column)
    if column is None or column.type != "text" or not column.dimension:
        return False
    return table is not TICKETS or None not in condition.values


def _of_ticket(subject: Subject, conditions: tuple[Condition, ...]) -> Through | None:
    """Return how records are held to what their tickets must meet."""
    if not conditions:
        return None
    key, ticket = TICKETS.key, ("source", subject.ticket)
    if subject.name != CONTACTS.name:
        return Through(ticket, TICKETS.name, key, conditions)
    tied = Through(key, TICKETS.name, key, conditions)
    return Through(CONTACTS.key, CONTACT_TICKETS.name, CONTACTS.key, (), tied)


def _apart(ask: Ask, table: Table) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    """Return the question's conditions that may stand around the table it reads, and the others.

    Around history a filter means how things were at the time, as it does inside; a question that
    needs tickets beside history keeps all its conditions inside, see `fits_around`.
    """
    plain = {c.name for c in table.columns if c.dimension and c.type == "text"}
    outer = tuple(each for each in ask.question.where if each.column in plain)
    return outer, tuple(each for each in ask.question.where if each not in outer)


def _counts_otherwise(ask: Ask, within: Ask) -> bool:
    """Say whether a stock is counted in another way without the filters, see `stock.moves`."""
    flows = isinstance(ask.metric.definition, Flow)
    return flows and ask.splits_the_past != within.splits_the_past


def _asking(ask: Ask, where: tuple[Condition, ...]) -> Ask:
    return replace(ask, question=replace(ask.question, where=where))


def _fits(ask: Ask) -> bool:
    """Say whether stand-ins can be exchanged for its literals as text."""
    values = [value for condition in ask.question.where for value in condition.values if value]
    instants = [getattr(ask, name) for name in INSTANTS]
    return (
        ask.question.as_of is None
        and ask.framed is None
        and not ask.question.groupings
        and not _said_twice(ask)
        and not any(ODD.search(value) for value in values)
        and all(each is None or each > LEAST_INSTANT for each in instants)
    )


def _said_twice(ask: Ask) -> bool:
    """Say whether the question repeats a condition of the metric: compiled, it is said once."""
    told = [ask.metric, *ask.metric.parts, *(p for part in ask.metric.parts for p in part.parts)]
    own = {condition for metric in told for condition in metric.definition.conditions}
    return any(condition in own for condition in ask.question.where)


def _shape(ask: Ask) -> Hashable:
    """Return what two questions must share for one template to serve both."""
    metric, question = ask.metric, ask.question
    return (
        metric.name,
        metric.definition_hash,
        ask.statistic,
        question.by,
        question.period,
        question.dated_by,
        tuple(
            (condition.column, tuple(value is None for value in condition.values))
            for condition in question.where
        ),
        question.from_ is None,
        ask.from_us is None,
        ask.to_us is None,
    )


def _with_stand_ins(ask: Ask) -> Ask:
    question = replace(
        ask.question,
        where=_with_values(ask.question),
        from_=A_DAY if ask.question.from_ else None,
    )
    return replace(
        ask,
        question=question,
        from_us=INSTANTS["from_us"] if ask.from_us is not None else None,
        to_us=INSTANTS["to_us"] if ask.to_us is not None else None,
        cut_us=INSTANTS["cut_us"],
        now_us=INSTANTS["now_us"],
    )


def _with_values(question: Question) -> tuple[Condition, ...]:
    made, count = [], 0
    for condition in question.where:
        values: list[str | None] = []
        for value in condition.values:
            values.append(None if value is None else VALUE.format(count))
            count += value is not None
        made.append(Condition(condition.column, tuple(values)))
    return tuple(made)


def _literals(ask: Ask) -> Mapping[str, str]:
    """Return what stands for each stand-in, both as they are written in SQL."""
    made = {
        str(number): str(getattr(ask, name))
        for name, number in INSTANTS.items()
        if getattr(ask, name) is not None
    }
    if ask.first_label is not None and ask.question.period != ALL:
        made[quoted(label_of(A_DAY, ask.question.period))] = quoted(ask.first_label)
    values = [v for c in ask.question.where for v in c.values if v is not None]
    made |= {quoted(VALUE.format(n)): quoted(value) for n, value in enumerate(values)}
    return made
