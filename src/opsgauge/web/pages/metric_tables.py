"""The tables of a metric's page: how its split is ordered and titled, and each table as a file.

Floor 6.
"""

from collections.abc import Sequence

from opsgauge.foundation.units import COUNTED, amount
from opsgauge.log.periods import ALL, dates_of
from opsgauge.metrics.question import Question
from opsgauge.operations.answers import FEWEST_TICKETS, Measured, Value
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.drawing.bars import Span
from opsgauge.operations.drawing.words import counted, days_words, named, plain
from opsgauge.operations.looked import UNSETTLED, settled
from opsgauge.operations.phrases import limits_words
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import Values, View
from opsgauge.web.pages.metric_chart import without_chart


def files(seen: View, measured: Measured, split: str) -> Values:
    """Return where the page's tables are as CSV: the series, its signals, the split."""
    asked = seen.address.having(
        definition=None, by=None, period=measured.period, statistic=measured.statistic
    )
    whole = asked.having(period=ALL, by=split or None)
    return {
        "series": _file("measure", measured.metric, asked),
        "signals": _file("chart", measured.metric, asked),
        "split": _file("measure", measured.metric, whole),
    }


def _file(road: str, metric: str, asked: Address) -> str:
    address = Address(f"/api/v1/{road}/{metric}", asked.params).having(format="csv")
    return str(address if road == "chart" else without_chart(address))


def _enough(row: Value, unit: str) -> bool:
    return unit in {*COUNTED, "money"} or row.n >= FEWEST_TICKETS


def place(row: Value, unit: str) -> tuple[bool, float]:
    """Return where a row of a split stands: the largest first, those of few tickets last."""
    enough = _enough(row, unit)
    return (not enough, -(row.value or 0.0) if enough else -row.n)


def compared(rows: tuple[Value, ...], name: str, split: Measured) -> str:
    """Return the title of the split: between which values it lies.

    Those without a value of the dimension are in the table, and are no group to be named.
    """
    title = f"By {plain(name)}"
    judged = [
        row
        for row in rows
        if _enough(row, split.unit) and row.value is not None and row.by[name] is not None
    ]
    if len(judged) < 2:
        return title
    most, least = judged[0], judged[-1]
    ends = [
        f"{amount(row.value, split.unit)} for {named(row.by[name], name)}" for row in (least, most)
    ]
    return f"{title}: from {ends[0]} to {ends[1]}"


def span(rows: tuple[Value, ...], unit: str, overall: Value | None) -> Span | None:
    """Return the scale of the intervals, from zero to the farthest that is sure enough."""
    ends = [row.high for row in rows if row.high is not None and _enough(row, unit)]
    if not ends:
        return None
    return Span(0.0, max(ends), overall.value if overall else None)


def limits_from(chart: Charted) -> str:
    """Say from which stretch of time the limits of a chart are, and who agreed on them."""
    agreed = limits_words(chart)
    if agreed or chart.waits:
        return agreed
    judged = [each.period for each in chart.newest_phase if each.counts]
    kind, frozen = chart.measured.period, chart.judged.limits_from if chart.judged else len(judged)
    first = "the first " if frozen < len(judged) else ""
    judged = judged[:frozen]
    if chart.between:
        return f"Normal is what {first}{len(judged)} such days showed."
    days = days_words(dates_of(judged[0])[0], dates_of(judged[-1])[1])
    return f"Normal is what {first}{counted(len(judged), kind)} showed, {days}."


def open_end(chart: Charted) -> str:
    """Say what of a chart is not over yet, as a sentence after others; "" where all is."""
    if chart.points[-1].complete:
        return ""
    if chart.between:
        return " What has passed since it happened last is not over, and not judged."
    return f" The newest {chart.measured.period} has not ended and is not judged."


def running(seen: View, question: Question) -> str:
    """Return the label of the period that is not over where the records end."""
    opened = seen.ctx.opened()
    known = min(opened.watermark, question.as_of) if question.as_of else opened.watermark
    return opened.periods.label_at(known, question.period)


def newest_over(rows: Sequence[Value], now: str) -> Value | None:
    """Return the newest value of a period that is over; where none is, the newest of all."""
    shown = [row for row in rows if not row.suppressed]
    over = [row for row in shown if row.period < now or row.period == ALL]
    there = over or shown
    return there[-1] if there else None


def unsettled(seen: View, measured: Measured, newest: Value | None) -> str:
    """Say so where tickets of the newest value may still change it, as Home does."""
    if newest is None or newest.period == ALL:
        return ""
    metric = seen.ctx.catalogue.get(measured.metric)
    return "" if settled(seen.ctx, metric, dates_of(newest.period)[1]) else UNSETTLED
