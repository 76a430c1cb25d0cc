"""Charts by what people agreed on: the only place where baselines and rebases reach a series.

Floor 5. What is agreed is read once for each context, see `Context.phases`.
"""

from collections.abc import Sequence
from typing import Any

from opsgauge.analysis.baselines.phased import Phase, phased
from opsgauge.analysis.control_charts.chart import Point
from opsgauge.foundation.agreed import AgreedPhases, Series
from opsgauge.operations.answers import Measured
from opsgauge.operations.chart_answers import ChartPhase, ChartPoint
from opsgauge.operations.context import Context
from opsgauge.operations.which_chart import same_series


def phases_of(ctx: Context, measured: Measured) -> AgreedPhases | None:
    """Return what is agreed on about a series, None where nothing is."""
    series = Series(measured.metric, measured.statistic, measured.where, measured.period)
    return next((each for each in ctx.phases if same_series(each.series, series)), None)


def judged_by_phase(
    points: Sequence[Point], good: str, agreed: AgreedPhases, early: str
) -> dict[str, Any]:
    """Judge a series; return the limits, points and phases of `Charted`.

    Parameters
    ----------
    early : the last period that began before the records did

    Raises
    ------
    TooFewPoints : there are no limits
    """
    phases = phased(points, good, agreed)
    why = dict(agreed.left_out)
    limits = next(each.chart.limits for each in reversed(phases) if each.chart is not None)
    return {
        "centre": limits.centre,
        "lower": limits.lower,
        "upper": limits.upper,
        "mean_moving_range": limits.mean_moving_range,
        "points": tuple(
            ChartPoint(
                period=point.period,
                value=point.value,
                n=point.n,
                signals=point.signals,
                verdict=point.verdict,
                complete=point.complete,
                early=point.period <= early,
                excluded=why.get(point.period, ""),
                judged=phase.chart is not None and not point.excluded,
            )
            for phase in phases
            for point in phase.judged
        ),
        "phases": tuple(map(_told, phases)),
    }


def _told(phase: Phase) -> ChartPhase:
    limits = phase.chart.limits if phase.chart else None
    counted = [point for point in phase.judged if point.judged]
    return ChartPhase(
        first=phase.points[0].period,
        last=phase.points[-1].period,
        periods=len(counted),
        centre=limits.centre if limits else None,
        lower=limits.lower if limits else None,
        upper=limits.upper if limits else None,
        frozen=phase.frozen,
    )
