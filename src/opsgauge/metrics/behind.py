"""The records behind a number: as many as its n.

Floor 3. The list is the question itself, narrowed to one period and one value of each dimension: it
runs through the same kind as the number, so it cannot tell another story. Behind a number of
tickets stand tickets; behind one of other records stand those, each beside the ticket it names.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import QueryWrong
from opsgauge.log.as_of import STATE, THEN, tickets_as_of
from opsgauge.log.door import LogTables
from opsgauge.log.periods import ALL, Periods, dates_of
from opsgauge.log.related import NOTE_TEXT
from opsgauge.log.tables import TICKETS
from opsgauge.metrics.ask import KEY, Ask, make_ask, within
from opsgauge.metrics.dated import Dated
from opsgauge.metrics.frames import Framed, framed, is_framed
from opsgauge.metrics.kinds.share import in_numerator
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.query import KINDS
from opsgauge.metrics.question import AVERAGE, Question, check_question
from opsgauge.metrics.subject import OF_TICKET, Subject

NUMERATOR, REST, SHIFTED = "numerator", "rest", "shifted"
SPLIT = ("share", "repeat")  # kinds whose records count, or do not
RECORD = "record"  # the column that names a record which is no ticket
# What a list shows of each ticket: not hashes, the partition, text and further fields.
LISTED = tuple(
    c.name
    for c in TICKETS.columns
    if not c.name.startswith(
        ("variant", "history_", "own_", "opened_month", "attributes", "description")
    )
)


def records_behind(  # noqa: PLR0913, PLR0917 - what a query takes, and which of its values
    metric: Metric,
    question: Question,
    tables: LogTables,
    periods: Periods,
    watermark: datetime,
    row: Mapping[str, str | None],
    part: str = "",
) -> ir.Table:
    """Return the records behind one value of an answer: as many as its n.

    Parameters
    ----------
    row : `period`, and the value of each dimension the question splits by
    part : "numerator" for only those of a share's records that it counts, "rest" for the others;
        of a ratio, "numerator" for those of the metric above the line, where it has records of its
        own below it; "shifted" for those of the value that it is set against, "shifted numerator"
        for both

    Returns
    -------
    of tickets, the columns of `LISTED` and `value`, what the ticket adds to the number: hours, a
    count, a share, 1 or 0. Behind a stock, team, priority and so on are as they were when it was
    counted; moments are as they are known today. Of other records, `record` (its number), `kept_in`
    (its table), its own columns, those of its ticket that it lacks, and `value`.

    Raises
    ------
    QueryWrong : the row does not belong to the question, or only shares and ratios have parts
    """
    shifted, _, rest = part.partition(" ") if part.startswith(SHIFTED) else ("", "", part)
    question = check_question(metric, question)
    if is_framed(question):
        return _behind(_in_frame(metric, question, tables, periods, watermark, row, shifted), rest)
    ask = make_ask(metric, _narrowed(question, row), tables, periods, watermark)
    return _behind(ask, part)


def records_split(
    metric: Metric, question: Question, tables: LogTables, periods: Periods, watermark: datetime
) -> ir.Table:
    """Return every record that a question counts, with its words and its value.

    Returns
    -------
    key, a column for each dimension that the question splits by, and `value`, what the record adds

    Raises
    ------
    QueryWrong, PersonSplit, UnknownColumn : the question cannot be asked
    """
    ask = make_ask(metric, question, tables, periods, watermark)
    kind = KINDS[metric.kind]
    rows = kind.rows(ask)
    names = dict.fromkeys([*ask.key, *ask.by])
    return rows.select(*names, value=kind.value(rows, ask).cast("float64"))


def _in_frame(  # noqa: PLR0913, PLR0917 - as above
    metric: Metric,
    question: Question,
    tables: LogTables,
    periods: Periods,
    watermark: datetime,
    row: Mapping[str, str | None],
    shifted: str,
) -> Ask:
    """Return the question narrowed to one of its own stretches of time."""
    known = min(watermark, question.as_of) if question.as_of else watermark
    told = framed(question, periods, known)
    frame = replace(told.find(row.get("period", ALL), bool(shifted)), key=ALL)
    plain = replace(question, shift=None, rolling=None, to_date=False, from_=None, to=None)
    narrowed = _narrowed(plain, {**row, "period": ALL})
    aggregate = question.aggregate if question.aggregate == AVERAGE else None
    ask = make_ask(metric, replace(narrowed, aggregate=None), tables, periods, watermark)
    ask = replace(ask, question=replace(ask.question, aggregate=aggregate))
    return within(ask, Framed((frame,)))


def _behind(ask: Ask, part: str) -> ir.Table:
    if ask.metric.parts:
        return _behind_parts(ask, part)
    kind, metric, tables = KINDS[ask.metric.kind], ask.metric, ask.tables
    rows = kind.rows(ask)
    if part in {NUMERATOR, REST} and metric.kind in SPLIT:
        counts = in_numerator(rows)
        rows = rows.filter(counts if part == NUMERATOR else ~counts)
    elif part:
        raise QueryWrong(
            f"There is no part {part!r} of it.",
            hint="Shares have a numerator and a rest, ratios a numerator.",
        )
    chosen = rows.select(*ask.key, value=kind.value(rows, ask).cast("float64"))
    if not ask.subject.is_tickets:
        return _with_tickets(ask, chosen)
    question = ask.question
    if not isinstance(metric.definition, Dated):
        return _as_they_stood(ask, rows, chosen)
    if question.as_of is not None:
        return tickets_as_of(tables, question.as_of, LISTED).inner_join(chosen, KEY)
    return tables.tickets.select(*LISTED).inner_join(chosen, KEY)


def _behind_parts(ask: Ask, part: str) -> ir.Table:
    """Return the records of the metric below the line, or above it; of a total, of all parts."""
    first, *others = ask.metric.parts
    if ask.metric.kind == "ratio" and part != REST:
        chosen = first if part == NUMERATOR else others[-1]
        only = NUMERATOR if chosen.kind == "share" else ""
        return _behind(ask.part(chosen), only)
    if part:
        raise QueryWrong(
            f"There is no part {part!r} of it.", hint="Ask for each metric that it is made of."
        )
    listed = [_brief(ask.part(each)) for each in (first, *others)]
    return listed[0].union(*listed[1:])


def _brief(ask: Ask) -> ir.Table:
    """Return of each record behind a part what all tables have."""
    rows, key = _behind(ask, ""), ask.subject.key[-1]
    named = rows[RECORD] if RECORD in rows.columns else rows[key]
    return rows.select(
        "source",
        record=named,
        kept_in=ibis.literal(ask.subject.name),
        ticket_id=rows.ticket_id if "ticket_id" in rows.columns else ibis.null("string"),
        value=rows.value,
    )


def _with_tickets(ask: Ask, chosen: ir.Table) -> ir.Table:
    """Return the records chosen with their own columns and those of the ticket each one names."""
    subject, tickets = ask.subject, ask.tables.tickets
    rows = subject.rows(ask.tables).inner_join(chosen, subject.key)
    own = [name for name in shown_columns(subject) if name not in {"source", "ticket_id"}]
    its = [name for name in LISTED if name not in {*own, *KEY}] if subject.ticket else []
    number: ir.Value = ibis.null("string")
    if subject.ticket:
        linked = subject.with_ticket(rows, ask.tables)
        named = {"ticket_source": tickets.source, "ticket_number": tickets.ticket_id}
        beside = tickets.select(**named, **{f"its_{name}": tickets[name] for name in its})
        same = [
            linked.source == beside.ticket_source,
            linked[OF_TICKET] == beside.ticket_number,
        ]
        rows = linked.left_join(beside, same)
        number = rows.ticket_number
    return rows.select(
        "source",
        record=rows[subject.key[-1]],
        kept_in=ibis.literal(subject.name),
        ticket_id=number,
        **{name: rows[name] for name in own},
        **{name: rows[f"its_{name}"] for name in its},
        value=rows.value,
    )


def shown_columns(subject: Subject) -> tuple[str, ...]:
    """Return the columns of a record that a list shows: no free text."""
    columns = subject.table.columns
    return tuple(c.name for c in columns if c.type not in {"digest", "map"} and c.name != NOTE_TEXT)


def _narrowed(question: Question, row: Mapping[str, str | None]) -> Question:
    """Return the question whose only value is that of the row."""
    if set(row) - {"period"} != set(question.by):
        raise QueryWrong(
            "The number meant is not told apart.",
            hint=f"Name its period and {', '.join(question.by) or 'nothing else'}.",
        )
    only = tuple(Condition(name, (row[name],)) for name in question.by)
    from_, to, period = question.from_, question.to, row.get("period", ALL)
    if period is not None and period != ALL:
        first, last = dates_of(period)
        from_, to = max(from_ or first, first), min(to or last, last)
    if from_ and to and to < from_:
        raise QueryWrong(f"{period} lies outside the question.", hint="Name one of its periods.")
    where = question.where + only
    return replace(question, by=(), where=where, period=ALL, from_=from_, to=to)


def _as_they_stood(ask: Ask, rows: ir.Table, chosen: ir.Table) -> ir.Table:
    """Return the tickets with team, priority and so on as they were during the stay counted."""
    history = ask.tables.history
    then = history.select(*KEY, "seq", **{THEN + name: history[name] for name in STATE})
    stays = rows.select(*KEY, "seq").inner_join(then, [*KEY, "seq"])
    met = ask.tables.tickets.select(*LISTED).inner_join(chosen, KEY).inner_join(stays, KEY)
    columns = {name: met[THEN + name if name in STATE else name] for name in LISTED}
    return met.select(**columns, value=met.value)
