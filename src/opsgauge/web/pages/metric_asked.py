"""The questions of a metric's page, and the answer without rows where there is none.

Floor 6.
"""

from dataclasses import replace

from opsgauge.log.periods import ALL, dates_of
from opsgauge.metrics.question import Question
from opsgauge.operations.answers import Explained, Measured, Value
from opsgauge.operations.asking import Asked
from opsgauge.operations.measure import chart_period
from opsgauge.web.pages.frame import View
from opsgauge.web.pages.metric_beside import plainly


def series_of(metric: str, asked: Asked, seen: View) -> Question:
    """Return the question for the page's series: by its usual period where none is asked for."""
    usual = chart_period(seen.ctx.catalogue.get(metric))
    series = replace(plainly(asked), by=(), period=asked.period or usual)
    return series.question(metric, seen.ctx.workspace.zone)


def of_one_period(question: Question, row: Value | None) -> Question:
    """Return the question asked of the period of one value alone, which is answered sooner."""
    if row is None or row.period == ALL:
        return question
    first, last = dates_of(row.period)
    return replace(
        question,
        from_=max(first, question.from_ or first),
        to=min(last, question.to or last),
    )


def none(explained: Explained, question: Question) -> Measured:
    """Return an answer without rows, for a metric that the records cannot give."""
    return Measured(
        metric=explained.metric,
        title=explained.title,
        unit=explained.unit,
        good=explained.good,
        statistic=question.statistic or "",
        period=question.period,
        by=(),
        where=question.where,
        rows=(),
        provenance=explained.provenance,
        sentence=explained.sentence,
    )
