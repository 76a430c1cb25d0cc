"""A measured series judged: the one road from a series to its control chart.

Floor 5. Whoever asks for nothing gets an XmR chart by what people agreed on; another kind of chart
and other rules are judged by the same phases and without the same excluded points.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from opsgauge.analysis.baselines.phased import frozen_in
from opsgauge.analysis.control_charts.chart import Chart, Phase, Point
from opsgauge.analysis.control_charts.chooser import Choice, choose, choose_rare
from opsgauge.foundation.agreed import AgreedPhases
from opsgauge.foundation.errors import Misuse
from opsgauge.log.periods import Periods, dates_of, label_of, labels_between, previous_label
from opsgauge.operations.agreed_phases import phases_of
from opsgauge.operations.answers import Measured, Value
from opsgauge.operations.chart_answers import Charted, ChartPhase
from opsgauge.operations.charting import (
    AS_USUAL,
    AUTO,
    Charting,
    answered,
    chart_points,
    data_of,
    judge,
    plan_for,
)
from opsgauge.operations.context import Context
from opsgauge.operations.predictable import without_predictable
from opsgauge.operations.rare_events import charted_between, is_between, suits_between

COUNTS_MEMBERS = "np"  # of a share this kind of chart draws how many, not which part


def charted(ctx: Context, measured: Measured, how: Charting = AS_USUAL) -> Charted:
    """Judge a series that was measured: by what people agreed on, and as somebody asks.

    Phases and frozen limits that somebody asks for stand in the place of those agreed on.

    Raises
    ------
    TooFewPoints : there are no limits
    QueryWrong : `how` names no chart or rules there are, or days outside the series
    """
    agreed = None if how.freeze or how.rebase else phases_of(ctx, measured)
    return charted_with(ctx, measured, agreed, how)


def charted_with(
    ctx: Context, measured: Measured, agreed: AgreedPhases | None, how: Charting = AS_USUAL
) -> Charted:
    """Judge a series by baselines, rebases and excluded points that are given.

    Raises
    ------
    TooFewPoints : there are no limits
    """
    points, early = _points_of(ctx, measured)
    metric = ctx.catalogue.get(measured.metric)
    data = data_of(metric)
    rare = _rare(ctx, measured, points) if how.kind == AUTO else None
    if rare is not None or is_between(metric, how.kind):
        found = charted_between(ctx, measured, replace(how, kind=rare.kind if rare else how.kind))
        return replace(found, why=f"{rare.why} {found.why}") if rare else found
    judged, why = judge(points, measured.good, data, how, agreed)

    def again(others: Sequence[Point]) -> Chart:
        return judge(others, measured.good, data, replace(how, kind=judged.kind), agreed)[0]

    judged, season = without_predictable(ctx, measured, points, judged, how.events, again)
    if judged.kind == COUNTS_MEMBERS:
        measured = replace(measured, unit="tickets")
    return answered(measured, judged, _phases(judged, agreed), why, early, season)


def suits(ctx: Context, chart: Charted) -> Choice | None:
    """Return the kind of chart that suits the numbers of a chart, and why; None where none does."""
    measured = chart.measured
    if chart.between:
        return Choice(chart.chart, chart.why)
    points, _ = _points_of(ctx, measured)
    rare = _rare(ctx, measured, points)
    if rare is not None:
        return rare
    plan = plan_for(points, Charting(AUTO), phases_of(ctx, measured))
    with suppress(Misuse):
        return choose(points, data_of(ctx.catalogue.get(measured.metric)), plan)
    return None


def _rare(ctx: Context, measured: Measured, points: Sequence[Point]) -> Choice | None:
    """Return the chart of what lies between events, where these are rare and may be shown."""
    if not suits_between(ctx, measured):
        return None
    return choose_rare(points, data_of(ctx.catalogue.get(measured.metric)))


def _points_of(ctx: Context, measured: Measured) -> tuple[list[Point], str]:
    """Return a series as points, and the last period that began before the records did."""
    opened = ctx.opened()
    now = opened.periods.label_at(opened.watermark, measured.period)
    early = begun_before(opened.periods, measured.period)
    return chart_points(_gaps_shown(measured), early, now), early


def _phases(judged: Chart, agreed: AgreedPhases | None) -> tuple[ChartPhase, ...]:
    """Return the phases of a chart; () where nothing is agreed and it is one."""
    if agreed is None and len(judged.phases) < 2:
        return ()
    return tuple(_told(phase, judged, agreed) for phase in judged.phases)


def _told(phase: Phase, judged: Chart, agreed: AgreedPhases | None) -> ChartPhase:
    limits = phase.limits
    frozen = agreed is not None and judged.kind == AS_USUAL.kind
    counted = sum(each.judged for each in judged.points[phase.start : phase.end])
    return ChartPhase(
        first=phase.first,
        last=phase.last,
        periods=counted,
        centre=limits.centre if limits else None,
        lower=limits.lower if limits else None,
        upper=limits.upper if limits else None,
        frozen=frozen_in(agreed, phase.first) if frozen and agreed else None,
        limits_from=phase.limits_from or counted,
        sigma_z=phase.sigma_z,
        broken=phase.broken,
        why=phase.why,
    )


def begun_before(periods: Periods, grain: str) -> str:
    """Return the label of the last period that began before the records did."""
    begin = periods.date_of(periods.first)
    label = label_of(begin, grain)
    return label if dates_of(label)[0] < begin else previous_label(label)


def _gaps_shown(measured: Measured) -> Sequence[Value]:
    """Return the rows with periods that have no value put in, so that gaps stay gaps."""
    if not measured.rows:
        return measured.rows
    there = {row.period: row for row in measured.rows}
    first, last = (dates_of(label)[0] for label in (min(there), max(there)))
    labels = labels_between(first, last, measured.period)
    return [there.get(label, Value(label, {}, 0, None)) for label in labels]
