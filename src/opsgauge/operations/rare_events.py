"""Control charts of what lies between rare events: days between major incidents, changes between.

Floor 5. A metric that counts has its events at the moments of its records; of a share, those of its
numerator are the events and all others lie between them. A point is a day with an event. What
people agreed on about a series by the week does not hold here: these charts have their own limits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import ibis

from opsgauge.analysis.control_charts.between import gaps, good_between
from opsgauge.analysis.control_charts.chart import Chart, Plan, Point, Rebase
from opsgauge.analysis.control_charts.chooser import BETWEEN, Data
from opsgauge.analysis.control_charts.draw import draw
from opsgauge.foundation.errors import QueryWrong, TooFewPoints
from opsgauge.foundation.units import MICROS_PER_HOUR, amount, whole
from opsgauge.log.periods import dates_of
from opsgauge.metrics.behind import NUMERATOR, records_behind
from opsgauge.metrics.dated import Dated
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.question import Question
from opsgauge.operations.answers import Measured, Value
from opsgauge.operations.chart_answers import Charted, ChartPhase
from opsgauge.operations.charting import Charting, answered, data_of
from opsgauge.operations.context import Context
from opsgauge.warehouse.portable import micros_at

COUNTS, SHARE = "count", "share"  # kinds of metric whose records are events
TIME, OTHERS = "t", "g"
STATISTIC = {TIME: "time between", OTHERS: "number between"}
UNIT = {TIME: "hours", OTHERS: "count"}
DAY = "day"
OWN_LIMITS = "Baselines and excluded points of the series do not hold here."


@dataclass(frozen=True)
class Events:
    """The events of a metric, oldest first, and how far things have come since the newest.

    Attributes
    ----------
    days : of each event, the label of its local day
    reached : of each event, hours or how many others had come by then
    today, now : the same of the newest moment that the records know
    """

    days: Sequence[str]
    reached: Sequence[float]
    today: str
    now: float


def is_between(metric: Metric, kind: str) -> bool:
    """Say whether a kind of chart draws what lies between a metric's events."""
    if kind not in BETWEEN or not isinstance(metric.definition, Dated):
        return False
    return metric.kind == SHARE or (metric.kind == COUNTS and kind == TIME)


def may_be_between(ctx: Context, measured: Measured) -> bool:
    """Say whether single events may be shown: no number of few records or persons is withheld."""
    return ctx.workspace.settings.suppress_below <= 1 and not any(
        row.suppressed for row in measured.rows
    )


def charted_between(ctx: Context, measured: Measured, how: Charting) -> Charted:
    """Draw what lies between the events of a metric, over the periods that were measured.

    Parameters
    ----------
    measured : the metric by whatever period
    how : the kind "t" or "g"; `freeze` counts events, `rebase` names days

    Raises
    ------
    TooFewPoints : fewer than nine days with an event
    QueryWrong : single events may not be shown, or it happens more than once a day
    """
    metric = ctx.catalogue.get(measured.metric)
    if not may_be_between(ctx, measured):
        raise QueryWrong(
            "This chart would show single events, and numbers of so few are withheld here.",
            hint="Choose the chart 'auto'.",
        )
    events = _events(ctx.leaving_out(metric.name), metric, measured, how.kind)
    _must_be_rare(events, measured)
    found = gaps(events.days, events.reached)
    points = [Point(each.day, each.value, each.n) for each in found]
    since = events.now - events.reached[-1]
    words = amount(since, "hours") if how.kind == TIME else f"{whole(round(since))} others"
    if events.today > events.days[-1]:
        points.append(Point(events.today, since, 0, complete=False))
    judged = draw(points, good_between(measured.good), how.kind, _plan(points, how))
    return _answered(_between(measured, points, how.kind), judged, words)


def why_between(kind: str) -> str:
    """Say in a few words what a point of such a chart is.

    Examples
    --------
    >>> why_between("t")
    'Each point is a day on which it happened: the time since it happened before.'
    """
    what = "the time" if kind == TIME else "how many others came"
    return f"Each point is a day on which it happened: {what} since it happened before."


def _events(ctx: Context, metric: Metric, measured: Measured, kind: str) -> Events:
    opened, moment = ctx.opened(), metric.definition
    if not isinstance(moment, Dated):  # pragma: no cover - `is_between` asked
        raise TypeError(f"{metric.name} has no moment")
    days = [dates_of(row.period) for row in measured.rows]
    question = Question(
        metric.name,
        measured.statistic or None,
        where=measured.where,
        from_=min(first for first, _ in days),
        to=max(last for _, last in days),
    )
    part = NUMERATOR if metric.kind == SHARE and kind == TIME else ""
    rows = records_behind(
        metric, question, ctx.tables, opened.periods, opened.watermark, {"period": "all"}, part
    )
    asked = rows.select(at=rows[moment.period_by], hit=rows.value)
    asked = asked.filter(asked["at"].notnull()).order_by("at", ibis.desc("hit"))
    found = opened.engine.read(asked).to_pydict()
    moments: list[datetime] = [each.replace(tzinfo=UTC) for each in found["at"]]
    hits = [at for at, hit in enumerate(found["hit"]) if hit > 0]
    if kind == TIME:
        reached = [micros_at(moments[at]) / MICROS_PER_HOUR for at in hits]
        now = micros_at(opened.watermark) / MICROS_PER_HOUR
    else:
        reached = [float(at - place) for place, at in enumerate(hits)]
        now = float(len(moments) - len(hits))
    labels = [opened.periods.date_of(moments[at]).isoformat() for at in hits]
    return Events(labels, reached, opened.periods.date_of(opened.watermark).isoformat(), now)


def _must_be_rare(events: Events, measured: Measured) -> None:
    if not events.days:
        raise TooFewPoints(
            f"{measured.title}: it never happened in this time.", hint="Choose a longer time."
        )
    first, last = (date.fromisoformat(events.days[at]) for at in (0, -1))
    if len(events.days) > (last - first).days + 1:
        raise QueryWrong(
            f"{measured.title}: it happened {whole(len(events.days))} times, more than once a day, "
            "and is not rare.",
            hint="Choose the chart 'auto', or fewer records with where.",
        )


def _plan(points: Sequence[Point], how: Charting) -> Plan:
    places = [
        next((at for at, each in enumerate(points) if each.period >= on.isoformat()), None)
        for on in sorted({*how.rebase})
    ]
    if None in places:
        raise QueryWrong("Nothing happened since the day from which the chart is to begin anew.")
    rebases = zip(places, sorted({*how.rebase}), strict=True)
    return Plan(
        freeze=how.freeze,
        rebase=tuple(Rebase(at, why=f"rebased on {on}") for at, on in rebases if at),
        rules=how.rules,
    )


def _between(measured: Measured, points: Sequence[Point], kind: str) -> Measured:
    """Return the series as one of what lies between, by the day."""
    return replace(
        measured,
        title=f"{measured.title}, {STATISTIC[kind]}",
        unit=UNIT[kind],
        good=good_between(measured.good),
        statistic=STATISTIC[kind],
        period=DAY,
        rows=tuple(Value(each.period, {}, each.n, each.value) for each in points),
        left_out=(),
        rows_with_left_out=(),
    )


def _answered(measured: Measured, judged: Chart, since: str) -> Charted:
    notes = (f"Since it happened last: {since}.", OWN_LIMITS, *judged.notes)
    judged = replace(judged, notes=notes)
    phases = judged.phases if len(judged.phases) > 1 else ()
    told = tuple(
        ChartPhase(
            first=phase.first,
            last=phase.last,
            periods=phase.end - phase.start,
            centre=phase.limits.centre if phase.limits else None,
            lower=phase.limits.lower if phase.limits else None,
            upper=phase.limits.upper if phase.limits else None,
            limits_from=phase.limits_from,
            why=phase.why,
        )
        for phase in phases
    )
    return replace(answered(measured, judged, told, why_between(judged.kind)), between=True)


def suits_between(ctx: Context, measured: Measured) -> bool:
    """Say whether a chooser may propose such a chart for a series."""
    metric = ctx.catalogue.get(measured.metric)
    return (
        data_of(metric) in (Data.COUNT, Data.SHARE)
        and is_between(metric, TIME)
        and may_be_between(ctx, measured)
    )
