"""Predictable workload on a chart: what a season or a named event explains is not flagged.

Floor 5. The series is judged once more with what was known ahead taken out. A period that breaks a
rule as it is, and none then, was known ahead: it is shown, not flagged, and the chart says why. A
period that lies outside the limits only then is told beside the chart. Limits stay those of the
values as they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from opsgauge.analysis.control_charts.chart import Chart, Point
from opsgauge.analysis.control_charts.rules import OUTSIDE_LIMITS
from opsgauge.analysis.control_charts.suitability import seasonal
from opsgauge.analysis.forecast.known_ahead import KnownAhead, known_ahead
from opsgauge.analysis.forecast.layout import A_WEEK, Event, Layout
from opsgauge.foundation.units import COUNTED
from opsgauge.log.periods import dates_of
from opsgauge.operations.answers import Measured
from opsgauge.operations.context import Context
from opsgauge.operations.holidays import holidays

KINDS = ("xmr", "i_prime", "run")  # of which a value less its season is a value as well
DAYS = {"day": 1, "week": A_WEEK}
HOLIDAY = "public holiday"


@dataclass(frozen=True)
class Season:
    """What was known ahead about a chart.

    Attributes
    ----------
    explained : period to what explains that it is as it is
    broke : period to the rules it breaks as it is
    unusual : periods that lie outside the limits only once the season is taken out
    """

    explained: dict[str, str] = field(default_factory=dict)
    broke: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unusual: tuple[str, ...] = ()


NOTHING = Season()


def without_predictable(
    ctx: Context,
    measured: Measured,
    points: Sequence[Point],
    chart: Chart,
    events: Sequence[Event],
    again: Callable[[Sequence[Point]], Chart],
) -> tuple[Chart, Season]:
    """Return a chart without the flags that a season or a named event explains.

    Parameters
    ----------
    points : of the chart, oldest first
    events : what people named; the holidays of the calendars are known by themselves
    again : draws the same chart of other values
    """
    known = _known(ctx, measured, points, chart, events)
    if known is None:
        return chart, NOTHING
    plain = again(
        [
            point if point.value is None else replace(point, value=point.value - more)
            for point, more in zip(points, known.more, strict=True)
        ]
    )
    explained: dict[str, str] = {}
    broke: dict[str, tuple[str, ...]] = {}
    kept = []
    for at, (point, other) in enumerate(zip(chart.points, plain.points, strict=True)):
        calm = bool(point.broken and known.why[at] and not other.broken and point.judged)
        if calm:
            explained[point.period] = known.why[at]
            broke[point.period] = point.signals
        kept.append(replace(point, broken=(), verdict="steady") if calm else point)
    unusual = tuple(
        point.period
        for point, other in zip(chart.points, plain.points, strict=True)
        if point.judged and OUTSIDE_LIMITS in {*other.signals} - {*point.signals}
    )
    return replace(chart, points=tuple(kept)), Season(explained, broke, unusual)


def _known(
    ctx: Context,
    measured: Measured,
    points: Sequence[Point],
    chart: Chart,
    events: Sequence[Event],
) -> KnownAhead | None:
    """Return what was known ahead; None where nothing is, or the chart is of another kind."""
    days = DAYS.get(measured.period)
    if days is None or chart.kind not in KINDS:
        return None
    values = np.array(
        [np.nan if p.value is None or not p.complete else p.value for p in points], dtype=float
    )
    if not np.isfinite(values).any() or np.nanmin(values) < 0:
        return None
    weekly = days == 1 and seasonal(values, A_WEEK)
    named = [*events, *_holidays(ctx, points)] if days == 1 else [*events]
    if not weekly and not named:
        return None
    column = values[:, np.newaxis]
    first = dates_of(points[0].period)[0]
    layout = Layout(first, column, np.ones_like(column), days, measured.unit in COUNTED)
    return known_ahead(layout, named, weekly=weekly)


def _holidays(ctx: Context, points: Sequence[Point]) -> list[Event]:
    first, last = dates_of(points[0].period)[0], dates_of(points[-1].period)[1]
    return [Event(HOLIDAY, day, day) for day, _ in holidays(ctx) if first <= day <= last]
