"""The signals of a control chart as a list: neighbours that say the same are one row.

Floor 5, drawing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from opsgauge.analysis.control_charts.patterns import Rule
from opsgauge.analysis.control_charts.rules import RULE_SETS, TREND
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

    Periods next to each other that break a rule together, on one side or in one direction, are one
    signal, whatever other rules single ones of them break. A run stays whole where a season
    explains a part of it; one that it explains as a whole is no signal.
    """
    points = [point for point in charted.points if not point.excluded]
    found = (stretch for stretch in _stretches(charted, points) if any(p.signals for p in stretch))
    rows = [_row(charted, points, stretch) for stretch in found]
    return tuple(reversed(rows))


def _stretches(charted: Charted, points: list[ChartPoint]) -> Iterator[list[ChartPoint]]:
    """Yield the points that say the same together, those that a season explains among them."""
    stretch: list[ChartPoint] = []
    for point in points:
        if stretch and not (_rules(point) and _goes_on(charted, stretch, point)):
            yield stretch
            stretch = []
        if _rules(point):
            stretch.append(point)
    if stretch:
        yield stretch


def _rules(point: ChartPoint) -> tuple[str, ...]:
    """Return the rules that a point breaks, also where a season explains that."""
    return point.signals or point.broke


def _goes_on(charted: Charted, stretch: list[ChartPoint], point: ChartPoint) -> bool:
    """Say whether a point says the same as those before it."""
    last = stretch[-1]
    shared = {*_rules(last)} & {*_rules(point)}
    verdicts = {each.verdict for each in (*stretch, point) if each.signals}
    if len(verdicts) > 1 or charted.phase_at(last.period) != charted.phase_at(point.period):
        return False
    centre = charted.centre_at(point.period)
    sides = {_sign((each.value or 0) - centre) for each in (last, point)}
    if shared - {TREND} and len(sides) == 1:
        return True
    ways = {_sign((b.value or 0) - (a.value or 0)) for a, b in pairwise([*stretch[-2:], point])}
    return TREND in shared and len(ways) == 1


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def _row(charted: Charted, points: list[ChartPoint], stretch: list[ChartPoint]) -> SignalRow:
    flagged = [point for point in stretch if point.signals]
    rules = dict.fromkeys(rule for point in flagged for rule in point.signals)
    verdict, trend = flagged[0].verdict, all(point.signals[0] == TREND for point in flagged)
    words = {rule: rule_words(rule, charted.rules) for rule in rules}
    if TREND in rules:
        words[TREND] = _trend_words(charted, points, stretch) or words[TREND]
    known = len(stretch) - len(flagged)
    told = f"; {known} of them as its season has it" if known else ""
    return SignalRow(
        periods=tuple(point.period for point in stretch),
        when=_when(stretch[0].period, stretch[-1].period),
        tone=tone(verdict),
        said=(_GETTING if trend else _SAID).get(verdict, "Changed"),
        rules=f"{'; '.join(words.values())}{told}",
        farthest=stretch[-1]
        if trend
        else max(
            flagged, key=lambda point: abs((point.value or 0) - charted.centre_at(point.period))
        ),
    )


def _trend_words(charted: Charted, points: list[ChartPoint], stretch: list[ChartPoint]) -> str:
    """Say how long a trend as a whole is; "" where that is not longer than its rule asks for."""
    last = max(at for at, p in enumerate(points) if p in stretch and TREND in _rules(p))
    values = [point.value or 0.0 for point in points]
    way = _sign(values[last] - values[last - 1]) if last else 0
    first = last
    while first and _sign(values[first] - values[first - 1]) == way:
        first -= 1
    length = last - first + 1
    least = next((each.points for each in _known_rules(charted) if each.name == TREND), 0)
    if not way or length < least:
        return ""
    return f"{'rose' if way > 0 else 'fell'} for {length} {charted.measured.period}s in a row"


def _known_rules(charted: Charted) -> tuple[Rule, ...]:
    return RULE_SETS[charted.rules].rules if charted.rules in RULE_SETS else ()


def _when(first: str, last: str) -> str:
    """Return the periods from first to last in words."""
    if first == last:
        return period_words(first)
    start, end = period_span(first), period_span(last)
    if "W" in first or first.count("-") == 2:
        return days_words(start[0], end[1]) if start and end else first
    return f"{period_brief(first)} to {period_brief(last)}"
