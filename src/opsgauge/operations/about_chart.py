"""What a reader must know about a chart: assurance, unsafe limits, variation, drift, false alarms.

Floor 5. The arithmetic is `analysis.control_charts`; here it is asked of a chart as it is shown,
and said in sentences.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from opsgauge.analysis.control_charts.assurance import assurance
from opsgauge.analysis.control_charts.drift import drift
from opsgauge.analysis.control_charts.kinds import KINDS
from opsgauge.analysis.control_charts.suitability import suitability
from opsgauge.analysis.control_charts.variation import variation
from opsgauge.foundation.agreed import Target
from opsgauge.foundation.errors import TooFewPoints
from opsgauge.foundation.units import amount, percent
from opsgauge.governance.access import decide
from opsgauge.governance.targets import targets
from opsgauge.log.periods import ALL
from opsgauge.operations.answers import Measured
from opsgauge.operations.chart_answers import Charted, ChartPoint
from opsgauge.operations.charted import charted, suits
from opsgauge.operations.charting import Charting
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.chart_words import rules_words
from opsgauge.operations.drawing.event_marks import event_marks
from opsgauge.operations.drawing.words import counted
from opsgauge.operations.events import by_period, happenings
from opsgauge.operations.phrases import newest_chart, when, year_of
from opsgauge.operations.targets import of_series

CYCLES = {"day": 7, "month": 12, "quarter": 4}  # periods after which a season would come back
NAMED = 4  # reasons, and periods, that a sentence names
USUAL = 20  # periods since a rebase that say what is usual, before drift is looked for


def told(ctx: Context, chart: Charted) -> dict[str, Any]:
    """Return a chart as it is published.

    With what to know of it, the kind that suits it, and the marks of what happened meanwhile.
    """
    choice = suits(ctx, chart)
    happened = by_period(happenings(ctx, chart.measured), chart.measured.period)
    return {
        **chart.as_json(),
        "suited": {"chart": choice.kind, "why": choice.why} if choice else None,
        "about": list(about_chart(ctx, chart)),
        **event_marks(happened, [point.period for point in chart.points]).as_json(),
    }


def told_of(ctx: Context, measured: Measured, how: Charting) -> dict[str, Any] | None:
    """Return the chart of a measured series as it is published; None where it has none."""
    if measured.suspect or not measured.rows or measured.period == ALL:
        return None
    with suppress(TooFewPoints):
        return told(ctx, charted(ctx, measured, how))
    return None


def about_chart(
    ctx: Context, chart: Charted, aims: Sequence[Target] | None = None
) -> tuple[str, ...]:
    """Return what a reader must know about a chart, in sentences; needs `chart:read`.

    Whether its target is met always, by chance or never; whether its limits are too narrow, since
    neighbours lean on each other or a season comes back; since a rebase, whether the process
    varies less and whether it drifts; how often calm charts of so many periods show a signal.

    Parameters
    ----------
    aims : the targets of the metric, where they were read already
    """
    ctx.require("chart:read")
    if chart.waits:
        return ()
    return (
        *_target(ctx, chart, aims),
        *_season(chart),
        *_limits(chart),
        *_since_rebase(chart),
        *_alarms(chart),
    )


def _target(ctx: Context, chart: Charted, aims: Sequence[Target] | None) -> Iterator[str]:
    if not (ctx.sight.is_everything and decide(ctx.actor, "target:read").allowed):
        return
    every = targets(ctx.database, chart.measured.metric) if aims is None else aims
    target = of_series(every, chart.measured)
    found = assurance(newest_chart(chart), target.goal) if target else None
    if found is not None:
        yield found.sentence


def _season(chart: Charted) -> Iterator[str]:
    known = [point for point in chart.points if point.predictable]
    year, period = year_of(chart.measured), chart.measured.period
    if known:
        why = Counter(each for point in known for each in point.predictable.split("; "))
        named = "; ".join(each for each, _ in why.most_common(NAMED))
        yield (
            f"Not flagged, since it was known ahead: {counted(len(known), period)} that broke a "
            f"rule ({named})."
        )
    if chart.unusual:
        newest = ", ".join(when(each, year) for each in chart.unusual[-NAMED:])
        more = f" and {len(chart.unusual) - NAMED} before" if len(chart.unusual) > NAMED else ""
        yield (f"Odd only for what is known of such {period}s: {newest}{more}.")


def _limits(chart: Charted) -> Iterator[str]:
    if chart.chart != "xmr":
        return
    values = _values(chart.newest_phase)
    yield from suitability(values, CYCLES.get(chart.measured.period)).sentences


def _since_rebase(chart: Charted) -> Iterator[str]:
    if len(chart.phases) < 2 or KINDS[chart.chart].smoothed:
        return
    before, after = (
        _values([each for each in chart.points if one.first <= each.period <= one.last])
        for one in chart.phases[-2:]
    )
    year = year_of(chart.measured)
    begun = when(chart.phases[-1].first, year)
    try:
        found = variation(before, after)
    except TooFewPoints:
        return
    if found.changed:
        way = "narrower" if found.changed < 0 else "wider"
        yield (
            f"Since it began anew {begun} its limits are {way}: {percent(found.ratio, 0)} of what "
            f"they were ({percent(found.low, 0)} to {percent(found.high, 0)})."
        )
    yield from _drifted(chart, after)


def _drifted(chart: Charted, after: list[float | None]) -> Iterator[str]:
    try:
        found = drift(after, USUAL)
    except TooFewPoints:
        return
    if found.found and found.since is not None:
        unit, points = chart.measured.unit, chart.newest_phase
        since = when(points[found.since].period, year_of(chart.measured))
        way = "up" if found.size > 0 else "down"
        yield (
            f"It has drifted {way} by {amount(abs(found.size), unit)} {since} and after, from what "
            f"was usual since it began anew."
        )


def _alarms(chart: Charted) -> Iterator[str]:
    judged = sum(point.counts for point in chart.newest_phase)
    if chart.false_alarms is not None:
        yield (
            f"By {rules_words(chart.rules)} {percent(chart.false_alarms, 0)} of calm charts "
            f"of {counted(judged, chart.measured.period)} show a signal somewhere; the newest "
            f"{chart.measured.period} alone is seldom wrong."
        )


def _values(points: list[ChartPoint] | tuple[ChartPoint, ...]) -> list[float | None]:
    return [each.value if each.counts else None for each in points if each.complete]
