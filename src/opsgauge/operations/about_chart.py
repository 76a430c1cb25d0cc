"""What a reader must know about a chart: assurance, unsafe limits, variation, drift, false alarms.

Floor 5. The arithmetic is `analysis.control_charts`; here it is asked of a chart as it is shown,
and said in sentences.
"""

from collections.abc import Iterator

from opsgauge.analysis.control_charts.assurance import assurance
from opsgauge.analysis.control_charts.drift import drift
from opsgauge.analysis.control_charts.suitability import suitability
from opsgauge.analysis.control_charts.variation import variation
from opsgauge.foundation.errors import TooFewPoints
from opsgauge.foundation.units import amount, percent
from opsgauge.governance.access import decide
from opsgauge.governance.targets import targets
from opsgauge.operations.chart_answers import Charted, ChartPoint
from opsgauge.operations.context import Context
from opsgauge.operations.phrases import newest_chart, when, year_of
from opsgauge.operations.targets import of_series

CYCLES = {"day": 7, "month": 12, "quarter": 4}  # periods after which a season would come back
USUAL = 20  # periods since a rebase that say what is usual, before drift is looked for


def about_chart(ctx: Context, charted: Charted) -> tuple[str, ...]:
    """Return what a reader must know about a chart, in sentences; needs `chart:read`.

    Whether its target is met always, by chance or never; whether its limits are too narrow, since
    neighbours lean on each other or a season comes back; since a rebase, whether the process
    varies less and whether it drifts; how often calm charts of so many periods show a signal.
    """
    ctx.require("chart:read")
    if charted.waits:
        return ()
    return (
        *_target(ctx, charted),
        *_limits(charted),
        *_since_rebase(charted),
        *_alarms(charted),
    )


def _target(ctx: Context, charted: Charted) -> Iterator[str]:
    if not (ctx.sight.is_everything and decide(ctx.actor, "target:read").allowed):
        return
    target = of_series(targets(ctx.database, charted.measured.metric), charted.measured)
    found = assurance(newest_chart(charted), target.goal) if target else None
    if found is not None:
        yield found.sentence


def _limits(charted: Charted) -> Iterator[str]:
    if charted.chart != "xmr":
        return
    values = _values(charted.newest_phase)
    yield from suitability(values, CYCLES.get(charted.measured.period)).sentences


def _since_rebase(charted: Charted) -> Iterator[str]:
    if len(charted.phases) < 2:
        return
    before, after = (
        _values([each for each in charted.points if one.first <= each.period <= one.last])
        for one in charted.phases[-2:]
    )
    year = year_of(charted.measured)
    begun = when(charted.phases[-1].first, year)
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
    yield from _drifted(charted, after)


def _drifted(charted: Charted, after: list[float | None]) -> Iterator[str]:
    try:
        found = drift(after, USUAL)
    except TooFewPoints:
        return
    if found.found and found.since is not None:
        unit, points = charted.measured.unit, charted.newest_phase
        since = when(points[found.since].period, year_of(charted.measured))
        way = "up" if found.size > 0 else "down"
        yield (
            f"It has drifted {way} by {amount(abs(found.size), unit)} {since} and after, from what "
            f"was usual since it began anew."
        )


def _alarms(charted: Charted) -> Iterator[str]:
    if charted.false_alarms is not None:
        yield (
            f"By these rules {percent(charted.false_alarms, 0)} of calm charts of so many "
            f"{charted.measured.period}s show a signal somewhere; the newest "
            f"{charted.measured.period} alone is seldom wrong."
        )


def _values(points: list[ChartPoint] | tuple[ChartPoint, ...]) -> list[float | None]:
    return [each.value if each.counts else None for each in points if each.complete]
