"""The twin of a query: the same question as a sentence, and as the tickets behind a number.

Floor 3. A list of tickets is the question itself, narrowed to one period and one value of each
dimension: it runs through the same kind as the number, so it cannot tell another story.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import ibis.expr.types as ir

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import QueryWrong
from opsgauge.log.as_of import STATE, THEN, tickets_as_of
from opsgauge.log.door import LogTables
from opsgauge.log.periods import ALL, Periods, dates_of
from opsgauge.log.tables import TICKETS
from opsgauge.metrics.ask import KEY, Ask, make_ask
from opsgauge.metrics.definition import Amount, Dated, Duration, Metric, Share, TimeShare
from opsgauge.metrics.kinds.share import in_numerator
from opsgauge.metrics.paragraph import Criterion, quantile_of
from opsgauge.metrics.query import KINDS
from opsgauge.metrics.question import Question, check_question

NUMERATOR = "numerator"
MOMENT_WORDS = {
    "opened_at": "opened",
    "assigned_at": "first assigned",
    "first_response_at": "first answered",
    "resolved_at": "resolved",
    "closed_at": "closed",
    "last_update_at": "last updated",
}
LEFT_OUT = {
    "count": "Tickets that have not had that moment.",
    "share": "Tickets that have not had the moment that dates them.",
    "duration": "Tickets that lack either moment, so one still open never counts as zero.",
    "amount": "Tickets that carry no such number: nothing is not zero.",
    "time_share": "Tickets that have not been resolved, or of whose time nothing is known.",
    "age": "Tickets that are resolved, closed, cancelled or rejected at that instant.",
    "flow": "Tickets that are resolved, closed, cancelled or rejected at that instant.",
}
# What a list of tickets shows of each: not hashes, the partition, text and further fields.
LISTED = tuple(
    c.name
    for c in TICKETS.columns
    if not c.name.startswith(("variant", "history_", "opened_month", "attributes", "description"))
)


def sentence(metric: Metric, question: Question) -> str:
    """Return a question in words.

    Raises
    ------
    QueryWrong, PersonSplit, UnknownColumn : see `question.check_question`
    """
    question = check_question(metric, question)
    parts = [f"{metric.definition.title}: {_what(metric, question)}"]
    if question.by:
        parts.append(f"split by {' and '.join(question.by)}")
    if question.where:
        parts.append(f"where {' and '.join(each.sentence() for each in question.where)}")
    if question.from_ or question.to:
        begin = f"from {question.from_} " if question.from_ else ""
        parts.append(f"{begin}{f'to {question.to}' if question.to else 'on'}")
    if question.as_of:
        parts.append(f"as things stood on {question.as_of.astimezone(UTC):%Y-%m-%d %H:%M} UTC")
    return ", ".join(parts) + "."


def _what(metric: Metric, question: Question) -> str:
    statistic = question.statistic or metric.statistics[0]
    measured = _measured(metric, _statistic(statistic))
    if not isinstance(metric.definition, Dated):
        when = "the end" if question.period == ALL else f"the end of each {question.period}"
        return f"{measured} open at {when}"
    moment = question.dated_by or metric.definition.period_by
    happened = MOMENT_WORDS.get(moment, moment)
    if question.period == ALL:
        return f"{measured} that were {happened}"
    return f"{measured} by the {question.period} in which they were {happened}"


def _measured(metric: Metric, statistic: str) -> str:
    definition = metric.definition
    if isinstance(definition, Share):
        base = f" with {_test(definition.denominator)}" if definition.denominator else ""
        return f"share with {_test(definition.numerator)} of the tickets{base}"
    if isinstance(definition, Duration):
        begin, end = (MOMENT_WORDS.get(m, m) for m in (definition.from_, definition.to))
        return f"{statistic} hours from {begin} to {end}, of tickets"
    if isinstance(definition, Amount):
        unit = "hours of " if definition.unit == "hours" else ""
        return f"{statistic} {unit}{definition.column}, of tickets"
    if isinstance(definition, TimeShare):
        return f"{definition.part} as a share of {definition.whole}, of tickets"
    if metric.kind == "age":
        return f"{statistic} hours since opening, of tickets"
    return "number of tickets"


def _statistic(name: str) -> str:
    q = quantile_of(name)
    return name if q in (None, 0.5) else f"{name.removeprefix('p')}th percentile"


def _test(criterion: Criterion) -> str:
    if criterion.known:
        return f"{criterion.column} known"
    if criterion.at_least is not None:
        return f"{criterion.column} at least {criterion.at_least}"
    words = criterion.any_of or (str(criterion.is_),)
    return (
        f"{criterion.column} {' or '.join({'True': 'yes', 'False': 'no'}.get(w, w) for w in words)}"
    )


def left_out(metric: Metric) -> str:
    """Return in words which tickets do not count."""
    definition = metric.definition
    said = [LEFT_OUT[metric.kind]]
    if isinstance(definition, Share) and definition.denominator is not None:
        said.append(f"Tickets other than those with {_test(definition.denominator)}.")
    if isinstance(definition, Amount) and definition.at_least is not None:
        said.append(f"Tickets with {definition.column} below {definition.at_least}.")
    said += [f"Tickets other than those where {each.sentence()}." for each in definition.conditions]
    return " ".join(said)


def tickets_behind(  # noqa: PLR0913, PLR0917 - what a query takes, and which of its values
    metric: Metric,
    question: Question,
    tables: LogTables,
    periods: Periods,
    watermark: datetime,
    row: Mapping[str, str | None],
    part: str = "",
) -> ir.Table:
    """Return the tickets behind one value of an answer: as many as its n.

    Parameters
    ----------
    row : `period`, and the value of each dimension the question splits by
    part : "numerator" for only those of a share's tickets that it counts

    Returns
    -------
    the columns of `LISTED` and `value`, what the ticket adds to the number: hours, a count, a
    share, 1 or 0. Behind a stock, team, priority and so on are as they were when it was counted;
    moments are as they are known today.

    Raises
    ------
    QueryWrong : the row does not belong to the question, or only shares have parts
    """
    ask = make_ask(metric, _narrowed(question, row), tables, periods, watermark)
    kind = KINDS[metric.kind]
    rows = kind.rows(ask)
    if part == NUMERATOR and metric.kind == "share":
        rows = rows.filter(in_numerator(rows))
    elif part:
        raise QueryWrong(f"There is no part {part!r} of it.", hint="Shares have a numerator.")
    chosen = rows.select(*KEY, value=kind.value(rows, ask).cast("float64"))
    if not isinstance(metric.definition, Dated):
        return _as_they_stood(ask, rows, chosen)
    if question.as_of is not None:
        return tickets_as_of(tables, question.as_of, LISTED).inner_join(chosen, KEY)
    return tables.tickets.select(*LISTED).inner_join(chosen, KEY)


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
