"""A question becomes one expression.

Floor 3. The way in to metrics: `compile_question` checks the question, makes an `Ask` of it and
hands that to the metric's kind. What comes out is not run here, see `series.py`.
"""

from datetime import datetime
from typing import Protocol

import ibis.expr.types as ir

from opsgauge.log.door import LogTables
from opsgauge.log.periods import Periods
from opsgauge.metrics.ask import Ask, make_ask
from opsgauge.metrics.kinds import (
    age,
    amount,
    between,
    composed,
    count,
    distinct,
    duration,
    dwell,
    flow,
    points,
    repeat,
    score,
    share,
    summed,
    time_share,
)
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.question import Question

__all__ = ["KINDS", "Kind", "Question", "compile_question", "without_interval"]


class Kind(Protocol):
    """What every file of `kinds/` offers."""

    def rows(self, ask: Ask) -> ir.Table:
        """Return the records counted: key, period, dimensions; one row per record and period."""
        ...

    def numbers(self, ask: Ask) -> ir.Table:
        """Return the value of each group: keys, n, value and what its interval needs."""
        ...

    def value(self, rows: ir.Table, ask: Ask) -> ir.Value:
        """Return what one record adds to the number, of the rows that `rows` gave."""
        ...


OF_INTERVAL = ("low", "high", "deviation", "log_deviation", "yy", "yx", "xx")
# Of a metric made of others, each part lists its own rows: see `explain.py`.
KINDS: dict[str, Kind] = {
    "count": count,
    "distinct": distinct,
    "share": share,
    "repeat": repeat,
    "duration": duration,
    "amount": amount,
    "sum": summed,
    "time_share": time_share,
    "dwell": dwell,
    "between": between,
    "score": score,
    "points": points,
    "age": age,
    "flow": flow,
}


def compile_question(
    metric: Metric, question: Question, tables: LogTables, periods: Periods, watermark: datetime
) -> ir.Table:
    """Return the expression that answers a question.

    Parameters
    ----------
    tables : the tables of the log, as `open_tables` gave them
    periods : the calendar whose tables the engine holds; it should cover the records
    watermark : the latest moment in the records, where periods that have not ended are measured

    Returns
    -------
    period (a label; `all` for everything as one), a column per dimension, n, value, and by kind:
    numerator and denominator; low and high, the interval of a quantile; deviation, of a mean;
    yy, yx and xx, of a share of time. Period is null for tickets that no period holds.

    Raises
    ------
    QueryWrong, PersonSplit, UnknownColumn : the question cannot be asked of this metric
    """
    return numbers(make_ask(metric, question, tables, periods, watermark))


def numbers(ask: Ask) -> ir.Table:
    """Return the expression that answers a question made ready."""
    return composed.numbers(ask) if ask.metric.parts else KINDS[ask.metric.kind].numbers(ask)


def without_interval(numbers: ir.Table) -> ir.Table:
    """Return the same numbers without what their intervals need: a query that people can read."""
    shown = [name for name in numbers.columns if name not in OF_INTERVAL]
    return numbers if len(shown) == len(numbers.columns) else numbers.select(*shown)
