"""Which control chart is meant, and which of its periods: named by people, checked here.

Floor 5.
"""

from opsgauge.foundation.agreed import Series
from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.governance.rules import plain
from opsgauge.log.periods import GRAINS, dates_of, grain_of, label_of
from opsgauge.metrics.question import Question, check_question
from opsgauge.operations.asking import day
from opsgauge.operations.context import Context
from opsgauge.operations.grouped import grouped


def question_of(series: Series) -> Question:
    """Return the question whose answer the chart draws."""
    return Question(
        series.metric, series.statistic or None, where=series.segment, period=series.period
    )


def named_series(ctx: Context, wanted: Series) -> Series:
    """Return the series that is meant: its statistic named, its conditions as the records say them.

    Raises
    ------
    UnknownMetric, UnknownColumn, QueryWrong : there is no such chart
    """
    metric = ctx.catalogue.get(wanted.metric)
    if wanted.period not in GRAINS:
        raise QueryWrong(
            f"A chart has no period {wanted.period!r}.", hint=did_you_mean(wanted.period, GRAINS)
        )
    if GRAINS.index(wanted.period) < GRAINS.index(metric.finest):
        raise QueryWrong(f"{metric.definition.title} is of a {metric.finest} at least.")
    asked = check_question(metric, grouped(ctx, question_of(wanted)))
    return Series(metric.name, asked.statistic or "", asked.where, wanted.period)


def same_series(one: Series, other: Series) -> bool:
    """Say whether two series are of one chart, in whatever order their conditions stand."""
    first, second = ((each.metric, each.statistic, each.period) for each in (one, other))
    return first == second and plain(one.segment) == plain(other.segment)


def period_named(ctx: Context, series: Series, text: str) -> str:
    """Return the label of a period of a chart; a day names the period that holds it.

    Raises
    ------
    QueryWrong : it is none, or lies outside the records
    """
    text = text.strip()
    try:
        kind = grain_of(text)
    except QueryWrong as wrong:
        raise QueryWrong(
            f"{text[:40]!r} is no {series.period} of the chart.",
            hint="Name a day in it, as 2026-03-01, or its label, as 2026-W09.",
        ) from wrong
    label = text
    if kind == "day" and series.period != "day":
        label = label_of(day("at", text) or dates_of(text)[0], series.period)
    elif kind != series.period:
        raise QueryWrong(f"{text} is a {kind}, and the chart is of each {series.period}.")
    dates_of(label)
    opened = ctx.opened()
    first = opened.periods.label_at(opened.periods.first, series.period)
    now = opened.periods.label_at(opened.watermark, series.period)
    if not first <= label <= now:
        raise QueryWrong(
            f"{label} lies outside the records, which go from {first} to {now}.",
            hint="Name a period of the chart.",
        )
    return label
