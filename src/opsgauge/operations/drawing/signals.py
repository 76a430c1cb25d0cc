"""The signals of a control chart as a list: neighbours that say the same are one row.

Floor 5, drawing.
"""

from dataclasses import dataclass
from itertools import groupby

from opsgauge.analysis.control_charts.rules import TREND
from opsgauge.operations.chart_answers import Charted, ChartPoint
from opsgauge.operations.drawing.words import (
    days_words,
    period_brief,
    period_span,
    period_words,
    rule_words,
    tone,
)

_SAID = {"better": "Better", "worse": "Worse"}
_GETTING = {"better": "Getting better", "worse": "Getting worse"}


@dataclass(frozen=True)
class SignalRow:
    """One signal: when, what it says, by which rules, and the period that shows it best.

    That is the end of a trend, of any other signal the period farthest from the centre. A trend is
    told as one: what falls to the worse may still lie on the good side.
    """

    periods: tuple[str, ...]  # keys, oldest first
    when: str
    tone: str
    said: str
    rules: str
    farthest: ChartPoint


def signal_rows(charted: Charted) -> tuple[SignalRow, ...]:
    """Return the signals of a chart, newest first.

    Periods next to each other with the same verdict and the same first rule are one signal.
    """
    groups = groupby(
        (point for point in charted.points if not point.excluded),
        key=lambda point: (charted.phase_at(point.period), point.verdict, point.signals[:1]),
    )
    rows = [_row(charted, list(points)) for (_, _, rules), points in groups if rules]
    return tuple(reversed(rows))


def _row(charted: Charted, points: list[ChartPoint]) -> SignalRow:
    rules = dict.fromkeys(rule for point in points for rule in point.signals)
    verdict, trend = points[0].verdict, points[0].signals[0] == TREND
    words = {rule: rule_words(rule, charted.rules) for rule in rules}
    if trend:
        words[TREND] = _trend_words(points, charted.measured.period)
    return SignalRow(
        periods=tuple(point.period for point in points),
        when=_when(points[0].period, points[-1].period),
        tone=tone(verdict),
        said=(_GETTING if trend else _SAID).get(verdict, "Changed"),
        rules="; ".join(words.values()),
        farthest=points[-1]
        if trend
        else max(
            points, key=lambda point: abs((point.value or 0) - charted.centre_at(point.period))
        ),
    )


def _trend_words(points: list[ChartPoint], period: str) -> str:
    way = "rose" if (points[-1].value or 0) > (points[0].value or 0) else "fell"
    return f"{way} for {len(points)} {period}s in a row"


def _when(first: str, last: str) -> str:
    """Return the periods from first to last in words."""
    if first == last:
        return period_words(first)
    start, end = period_span(first), period_span(last)
    if "W" in first or first.count("-") == 2:
        return days_words(start[0], end[1]) if start and end else first
    return f"{period_brief(first)} to {period_brief(last)}"
