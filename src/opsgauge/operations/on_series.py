"""What the newest period of one series shows: a signal, a record, a long calm.

Floor 5. Each answer is a `Found` of `governance.signals`, with what earlier periods show now, so
that the register can say of a signal whether it goes on, is quiet, or is no longer there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from math import inf
from typing import Any

from opsgauge.analysis.control_charts.rules import TREND, meaning
from opsgauge.analysis.control_charts.sentence import period_words
from opsgauge.foundation.agreed import Rules, Series
from opsgauge.foundation.errors import TooFewPoints
from opsgauge.foundation.units import amount
from opsgauge.governance import rules
from opsgauge.governance.signals import CALM, HIGH, LEVEL, LOW, SIGNAL, Found, Sight
from opsgauge.log.periods import dates_of
from opsgauge.operations.answers import Measured, enough
from opsgauge.operations.chart_answers import Charted, ChartPoint
from opsgauge.operations.charted import charted
from opsgauge.operations.context import Context
from opsgauge.operations.looked import WEEKS
from opsgauge.operations.open_signals import OpenSignal
from opsgauge.operations.phrases import chart_sentence, when, year_of

FEWEST_BEFORE = 12  # whole periods before one can be the highest or lowest of all
_WAYS = {("worse", "lower"): 1, ("better", "lower"): -1, ("worse", "higher"): -1}


def series_of(measured: Measured, more: Rules = ()) -> Series:
    """Return what a series is of, its conditions in the one order that the records keep."""
    segment = rules.read(rules.text((*measured.where, *more)))
    return Series(measured.metric, measured.statistic, segment, measured.period)


def way(points: Sequence[ChartPoint], at: int, chart: Charted) -> int:
    """Return which way a period of a chart is a signal: 1 upward, -1 downward, 0 for none.

    Parameters
    ----------
    points : oldest first, whole periods, of which some may have no value
    """
    point = points[at]
    if not point.signals or point.value is None:
        return 0
    if point.verdict in ("worse", "better"):
        return _WAYS.get((point.verdict, chart.measured.good), 1)
    against = chart.centre
    if point.signals[0] == TREND:
        near = points[at - 1] if at else None
        if near is None or TREND not in near.signals or near.value is None:
            later = points[at + 1].value or 0.0  # a trend goes on for several periods
            return 1 if later > point.value else -1
        against = near.value
    return 1 if point.value > against else -1


def signal_on(
    chart: Charted, signal: OpenSignal | None, news: bool = True, more: Rules = ()
) -> Found | None:
    """Return what a chart shows in its newest whole period.

    Parameters
    ----------
    signal : what its newest period breaks, or its newest periods together; None for nothing
    news : whether that begins a signal
    more : conditions that the chart's own series does not name
    """
    points = [each for each in chart.points if each.complete]
    if not points:
        return None
    ways = [way(points, at, chart) for at in range(len(points))]
    sight = None
    if signal is not None and (ways[-1] or signal.rules == (LEVEL,)):
        together = signal.rules == (LEVEL,)
        sight = _sight(
            points[-1],
            signal.since,
            [each.period for each in points] if together else _run(points, ways),
            rules=signal.rules,
            verdict=signal.verdict,
            way=_level_way(points[-1], chart) if together else ways[-1],
            centre=chart.centre,
            lower=chart.lower,
            upper=chart.upper,
            words=_level_words(signal, chart) if together else chart_sentence(chart),
            lasting=together,
        )
    still = {point.period: (point.value, w) for point, w in zip(points, ways, strict=True)}
    series = series_of(chart.measured, more)
    return Found(series, SIGNAL, points[-1].period, sight, still, news=news)


def _level_way(newest: ChartPoint, chart: Charted) -> int:
    return 1 if (newest.value or 0.0) > chart.centre else -1


def _level_words(signal: OpenSignal, chart: Charted) -> str:
    since = period_words(signal.since, year_of(chart.measured)).name
    return f"Since {since} it lies apart from the weeks before, though each week is within limits."


def records_on(whole: Charted, newest: str) -> Iterator[Found]:
    """Yield whether the newest period has the highest or the lowest value of all.

    A value that was there before is no record. Periods of too few tickets do not count.

    Parameters
    ----------
    whole : the chart of every period there is
    """
    measured = whole.measured
    points = [
        each
        for each in whole.points
        if each.complete
        and each.value is not None
        and each.period <= newest
        and enough(measured.unit, each.n)
    ]
    for kind, sign in ((HIGH, 1), (LOW, -1)):
        ways = [sign if each else 0 for each in _are_records(points, sign)]
        sight = None
        if points and points[-1].period == newest and ways[-1]:
            run = _run(points, ways)
            sight = _sight(
                points[-1],
                run[0],
                run,
                rules=(kind,),
                verdict=meaning(sign > 0, measured.good),
                way=sign,
                among=len(points),
                words=_record_words(points, sign, whole),
            )
        still = {point.period: (point.value, w) for point, w in zip(points, ways, strict=True)}
        yield Found(series_of(measured), kind, newest, sight, still)


def _are_records(points: Sequence[ChartPoint], sign: int) -> Iterator[bool]:
    """Say of each period whether it lies beyond all before it, of which there are enough."""
    values = [sign * (each.value or 0.0) for each in points]
    most = accumulate(values, max, initial=-inf)
    for at, (value, before) in enumerate(zip(values, most, strict=False)):
        yield at >= FEWEST_BEFORE and value > before


def _record_words(points: Sequence[ChartPoint], sign: int, whole: Charted) -> str:
    measured, newest = whole.measured, points[-1]
    period = when(newest.period, year_of(measured))
    value = amount(newest.value, measured.unit)
    most = "Highest" if sign > 0 else "Lowest"
    return f"{most} of {len(points)} {measured.period}s: {value} {period}."


def calm_on(ctx: Context, whole: Charted, newest: str) -> Found | None:
    """Return whether no signal was there for twice as many periods as a baseline has.

    None where there are too few periods to say so. A series that never moves is not called calm.

    Told are the limits of the chart that every page shows of the series; it has to be without a
    signal too.

    Parameters
    ----------
    whole : the chart of every week there is
    """
    measured, length = whole.measured, 2 * ctx.workspace.settings.signal_baseline_periods
    labels = [each.period for each in whole.points if each.complete and each.period <= newest]
    if len(labels) < length:
        return None
    first = labels[-length]
    try:
        chart, shown = (
            _between(ctx, measured, since, newest) for since in (first, labels[-WEEKS:][0])
        )
    except TooFewPoints:
        return None
    points = [each for each in chart.points if each.complete]
    held = [each for each in points if each.value is not None and enough(measured.unit, each.n)]
    calm = len(held) == length and not any(each.signals for each in (*held, *shown.points))
    sight = None
    if calm and chart.upper > chart.lower:
        sight = _sight(
            points[-1],
            first,
            tuple(each.period for each in points),
            rules=(CALM,),
            verdict="",
            way=0,
            centre=shown.centre,
            lower=shown.lower,
            upper=shown.upper,
            among=length,
            words=f"No signal for {length} {measured.period}s. {chart_sentence(shown)}",
        )
    return Found(series_of(measured), CALM, newest, sight, {})


def _between(ctx: Context, measured: Measured, first: str, last: str) -> Charted:
    rows = tuple(row for row in measured.rows if first <= row.period <= last)
    return charted(ctx, replace(measured, rows=rows))


def _run(points: Sequence[ChartPoint], ways: Sequence[int]) -> tuple[str, ...]:
    """Return the periods up to the newest that show the same without a break."""
    at = len(points) - 1
    while at > 0 and ways[at - 1] == ways[-1]:
        at -= 1
    return tuple(point.period for point in points[at:])


def _sight(point: ChartPoint, since: str, run: Sequence[str], **told: Any) -> Sight:
    began = dates_of(point.period)[0].isoformat()
    return Sight(
        point.period, since, value=point.value, n=point.n, began=began, run=tuple(run), **told
    )
