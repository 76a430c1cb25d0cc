"""Compiled questions, kept by their shape: the next one of the same shape is only filled in.

Floor 3. Compiling a question takes longer than answering it. What differs between two questions of
one shape are the instants and labels of their days and the values of their filters; all of these
reach the SQL as literals. So a shape is compiled once with stand-ins that occur nowhere else, and
for each question the stand-ins are exchanged for its own literals. `tests/metrics` compares that
with compiling each question by itself, for every metric.
"""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.agreed import Condition
from opsgauge.log.door import LogTables
from opsgauge.log.periods import ALL, Periods, label_of
from opsgauge.log.related import CONTACT_TICKETS, CONTACTS
from opsgauge.log.tables import HISTORY, TICKETS, Table
from opsgauge.metrics.ask import ASKED, Ask, make_ask
from opsgauge.metrics.dated import Between, Dated, Repeat
from opsgauge.metrics.definition import Flow, Stock
from opsgauge.metrics.kinds import composed
from opsgauge.metrics.kinds.composed import part_numbers
from opsgauge.metrics.kinds.repeat import MICROS_PER_DAY
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.query import numbers, without_interval
from opsgauge.metrics.question import Question
from opsgauge.metrics.recent import APART, RECENT
from opsgauge.metrics.subject import Subject
from opsgauge.warehouse.around import (
    Chosen,
    Span,
    Through,
    around,
    fits_around,
    in_place_of,
    over,
    tables_read,
)
from opsgauge.warehouse.engine import Engine, name_of, quoted
from opsgauge.warehouse.steps import filled_in

# Instants in microseconds some 280,000 years from now.
INSTANTS = {
    "from_us": 8_800_000_000_000_000_001,
    "to_us": 8_800_000_000_000_000_002,
    "cut_us": 8_800_000_000_000_000_003,
    "now_us": 8_800_000_000_000_000_004,
}
Stretches = Sequence[tuple[int, int]]
PART = "part_{}"  # where the numbers of a part go
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

    def query(
        self,
        metric: Metric,
        question: Question,
        readable: bool = False,
        again: Stretches = (),
        recent: bool = False,
    ) -> str:
        """Return the SQL that answers a question, as `compile_question` would have it.

        Filters that may stand around the table do so, and of a metric made of others each part is
        compiled by itself; but for that the SQL is the same.

        Parameters
        ----------
        readable : without what only intervals need
        again : stretches of whole periods, in order, the start and the end of each in microseconds
            since 1970: only these are asked for, of a stock all from the first on. Where a filter
            around the table cannot tell them, the answer has the other periods too; else these are
            not in it, or told wrongly
        recent : the engine holds the tables `recent.RECENT` for a time that begins no later than
            `again`

        Raises
        ------
        QueryWrong, PersonSplit, UnknownColumn : the question cannot be asked of this metric
        """
        ask = make_ask(metric, question, self.tables, self.periods, self.watermark)
        form = "readable" if readable else "number"
        if not _fits(ask):
            return self.engine.sql(COMPILED[form](ask))
        standing = replace(_with_stand_ins(ask), again=tuple(again), recent=recent)
        if self.engine.name != "duckdb":
            template = self._kept(standing, form)
        else:
            template = self._of_parts(standing) if metric.parts else self._alone(standing, form)
        return filled_in(template, _literals(ask))

    def _kept(self, ask: Ask, form: str) -> str:
        """Return the template of a question's shape, compiling it where it is the first."""
        shape = (_shape(ask), form)
        if shape not in self.kept:
            self.kept[shape] = self.engine.sql(COMPILED[form](ask))
        return self.kept[shape]

    def _of_parts(self, ask: Ask) -> str:
        """Return the template of a metric made of others, each part with a template of its own."""
        template = self._kept(replace(ask, question=_any_records(ask.question)), "frame")
        for place, part in enumerate(ask.metric.parts):
            asked = ask.part(part)
            own = self._of_parts(asked) if part.parts else self._alone(asked, "part")
            template = template.replace(f"FROM {name_of(PART.format(place))}", f"FROM ({own})", 1)
        return template

    def _alone(self, ask: Ask, form: str) -> str:
        """Return the template of a metric of one table, with its filters around it if they may."""
        subject = ask.metric.subject
        around_it = self._around_tickets if subject.is_tickets else self._around_records
        sql = around_it(ask, form) or self._kept(ask, form)
        beside = {*CALENDAR, *RECENT, subject.name, CONTACT_TICKETS.name}
        enough = ask.recent and subject.name not in APART and tables_read(sql) <= beside
        return over(sql, RECENT) if enough else sql

    def _around_tickets(self, ask: Ask, form: str) -> str:
        """Return a template with filters around tickets or history; "" where that cannot be."""
        dated = isinstance(ask.metric.definition, Dated)
        table, beside = (TICKETS, (*CALENDAR, HISTORY.name)) if dated else (HISTORY, CALENDAR)
        outer, inner = _apart(ask, table)
        span = _span(ask, form)
        if not outer and span is None:
            return ""
        renewed = bool(ask.again) and isinstance(ask.metric.definition, Flow)
        by_stays = not dated and (ask.splits_the_past or renewed)
        within = replace(_asking(ask, inner), by_stays=by_stays)
        chosen = Chosen(outer, None, span)
        if isinstance(ask.metric.definition, Repeat):
            return self._followed(within, form, table.name, chosen)
        if span is not None:  # it says the same, and one template serves whatever the days
            within = replace(_at_any_time(within), from_us=None, to_us=None)
        template = self._kept(within, form)
        if not fits_around(template, table.name, beside):
            return ""
        if span and dated and fits_around(template, HISTORY.name, (*CALENDAR, TICKETS.name)):
            theirs = Through(TICKETS.key, TICKETS.name, TICKETS.key, (), None, span)
            template = around(template, HISTORY.name, Chosen((), theirs))
        return around(template, table.name, chosen)

    def _around_records(self, ask: Ask, form: str) -> str:
        """Return the same for records beside tickets, filtered by their tickets' columns too."""
        subject, span = ask.metric.subject, _span(ask, form)
        outer = tuple(each for each in ask.question.where if _plain(each, subject))
        if not outer and span is None:
            return ""
        inner = tuple(each for each in ask.question.where if each not in outer)
        own = tuple(each for each in outer if subject.has(each.column))
        others = tuple(each for each in outer if each not in own)
        chosen, within = Chosen(own, _of_ticket(subject, others), span), _asking(ask, inner)
        if isinstance(ask.metric.definition, Repeat):
            return self._followed(within, form, subject.name, chosen)
        template = self._kept(_at_any_time(within) if span is not None else within, form)
        if not fits_around(template, subject.name, (*CALENDAR, TICKETS.name, CONTACT_TICKETS.name)):
            return ""
        return around(template, subject.name, chosen)

    def _followed(self, ask: Ask, form: str, table: str, chosen: Chosen) -> str:
        """Return the template of a repeat: what follows a record need not meet the filters."""
        filtered = bool(chosen.conditions or chosen.through)
        template = self._kept(replace(ask, beside=filtered), form)
        beside = (*CALENDAR, ASKED, TICKETS.name, CONTACT_TICKETS.name)
        if chosen.span and fits_around(template, table, beside):
            template = around(template, table, Chosen((), None, chosen.span))
        asked = replace(chosen, span=None)
        return in_place_of(template, ASKED, table, ask.key, asked) if filtered else template


def _span(ask: Ask, form: str) -> Span | None:
    """Return the time in which rows must lie to count, where the table's own columns tell it."""
    definition = ask.metric.definition
    stretches = ask.again or ((ask.from_us, ask.to_us),)
    if form == "readable" or stretches == ((None, None),):
        return None
    told = tuple(("" if a is None else str(a), "" if b is None else str(b)) for a, b in stretches)
    if isinstance(definition, Stock):
        return Span("until", told[:1], while_column="open") if ask.again else None
    column = ask.subject.column(ask.moment) if isinstance(definition, Dated) else None
    if column is None or column.type != "instant" or isinstance(definition, Between):
        return None
    if isinstance(definition, Repeat):  # so far off may one lie that follows
        later = f" + {definition.days * MICROS_PER_DAY}"
        told = tuple((start, end and end + later) for start, end in told)
    return Span(column.name, told)


def _frame(ask: Ask) -> ir.Table:
    """Return a metric made of others, over a table for each part that stands for its numbers."""
    places = iter(range(len(ask.metric.parts)))

    def stand_in(asked: Ask) -> ir.Table:
        return ibis.table(part_numbers(asked).schema(), name=PART.format(next(places)))

    return composed.numbers(ask, stand_in)


# What a question is compiled to: its number, also without what only intervals need; the numbers of
# one part of a metric made of others; or that metric itself, with places for its parts.
COMPILED: Mapping[str, Callable[[Ask], ir.Table]] = {
    "number": numbers,
    "readable": lambda ask: without_interval(numbers(ask)),
    "part": part_numbers,
    "frame": _frame,
}


def _any_records(question: Question) -> Question:
    """Return a question without what only its parts look at."""
    return replace(question, where=(), from_=None, to=None)


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


def _at_any_time(ask: Ask) -> Ask:
    return replace(ask, question=replace(ask.question, from_=None, to=None))


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
        question.where,
        question.from_ is None,
        ask.from_us is None,
        ask.to_us is None,
        ask.splits_the_past,
        ask.beside,
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
