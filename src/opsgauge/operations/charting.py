"""How a metric is charted: the kind of chart, the rules, the phases.

Floor 5. Names and dates from outside, and what people agreed on, become a plan of the analysis;
`charted.charted` draws it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from opsgauge.analysis.baselines.phased import plan_of
from opsgauge.analysis.control_charts.chart import Chart, Plan, Point, Rebase
from opsgauge.analysis.control_charts.chooser import Choice, Data, choose, within_chance
from opsgauge.analysis.control_charts.false_alarms import false_alarm_rate
from opsgauge.analysis.control_charts.kinds import kind_of
from opsgauge.analysis.forecast.layout import Event
from opsgauge.foundation.agreed import AgreedPhases
from opsgauge.foundation.errors import QueryWrong
from opsgauge.log.periods import dates_of
from opsgauge.metrics.metric import Metric
from opsgauge.operations.answers import Measured, Value
from opsgauge.operations.asking import day
from opsgauge.operations.chart_answers import Charted, ChartPhase, ChartPoint
from opsgauge.operations.named_events import event_of
from opsgauge.operations.predictable import NOTHING, Season

AUTO = "auto"
RATIO, EVENTS = "ratio", "count"  # the kind of a metric, and the unit of one that counts events
OTHER_LIMITS = (
    "The limits that people froze are of an XmR chart; this one has limits of its own periods."
)
OF_KINDS = {
    "count": Data.COUNT,
    "distinct": Data.COUNT,
    "share": Data.SHARE,
    "repeat": Data.SHARE,
}


@dataclass(frozen=True)
class Charting:
    """What somebody asks of a chart.

    kind : a kind of chart, or "auto" for the one that suits the numbers
    rules : a rule set; "" for the one that goes with the kind
    freeze : the limits come from the first so many periods alone
    rebase : days of lasting changes; the period that holds one begins a new phase
    events : what people knew of ahead, such as rollouts: what these explain is not flagged
    """

    kind: str = "xmr"
    rules: str = ""
    freeze: int | None = None
    rebase: tuple[date, ...] = ()
    events: tuple[Event, ...] = ()


AS_USUAL = Charting()


def charting(
    kind: str = "xmr",
    rules: str = "",
    freeze: int | None = None,
    rebase: Sequence[str] = (),
    event: Sequence[str] = (),
) -> Charting:
    """Read what a command or an address asks of a chart; a dash in a name is an underscore.

    Raises
    ------
    QueryWrong : a day or an event is not written as one

    Examples
    --------
    >>> charting("laney-p", rebase=["2026-02-01"]).rebase
    (datetime.date(2026, 2, 1),)
    """
    days = tuple(found for text in rebase if (found := day("rebase", text)))
    events = tuple(event_of(text) for text in event)
    return Charting(
        kind.replace("-", "_") or AS_USUAL.kind, rules.replace("-", "_"), freeze, days, events
    )


def chart_points(rows: Sequence[Value], early: str, now: str) -> list[Point]:
    """Return measured values as points; what began before the records or runs yet is not whole."""
    return [
        Point(
            row.period,
            row.value,
            row.n,
            complete=early < row.period < now,
            numerator=row.numerator,
            denominator=row.denominator,
        )
        for row in rows
    ]


def data_of(metric: Metric) -> Data:
    """Return what kind of number a metric's series holds."""
    if metric.kind == RATIO and metric.definition.unit == EVENTS:
        return Data.RATE
    return OF_KINDS.get(metric.kind, Data.MEASURE)


def judge(
    points: Sequence[Point],
    good: str,
    data: Data,
    how: Charting = AS_USUAL,
    agreed: AgreedPhases | None = None,
) -> tuple[Chart, str]:
    """Draw the chart asked for; with "auto", or where another takes its place, say also why.

    Shares and rates whose periods vary more, or less, than chance within them explains get one of
    Laney's charts where a p or a u chart was asked for: its limits would be wrong.

    Parameters
    ----------
    agreed : what people agreed on about the series; None for nothing

    Raises
    ------
    TooFewPoints : fewer periods than a chart needs
    QueryWrong : there is no such chart, no such rules, or no period that holds a day of `rebase`
    """
    plan, choice = plan_for(points, how, agreed), Choice(how.kind, "")
    if how.kind == AUTO:
        choice = choose(points, data, plan)
        plan = plan_for(points, replace(how, kind=choice.kind), agreed)
    chart, why = within_chance(points, good, choice.kind, plan)
    if agreed is not None and agreed.frozen and chart.kind != AS_USUAL.kind:
        chart = replace(chart, notes=(*chart.notes, OTHER_LIMITS))
    return chart, why or choice.why


def plan_for(points: Sequence[Point], how: Charting, agreed: AgreedPhases | None) -> Plan:
    """Return by which phases, rules and excluded points a series is charted."""
    if agreed is not None:
        return plan_of(points, agreed, how.rules, frozen=how.kind == AS_USUAL.kind)
    return Plan(
        freeze=how.freeze,
        rebase=tuple(
            Rebase(_period_of(points, each), why=f"rebased on {each}")
            for each in sorted({*how.rebase})
        ),
        rules=how.rules,
    )


def answered(
    measured: Measured,
    judged: Chart,
    phases: tuple[ChartPhase, ...],
    why: str,
    early: str = "",
    season: Season = NOTHING,
) -> Charted:
    """Return a chart that was drawn, beside the series it was drawn of.

    Parameters
    ----------
    early : the last period that began before the records did
    season : what was known ahead
    """
    return Charted(
        measured=measured,
        chart=judged.kind,
        rules=judged.rules,
        centre=judged.limits.centre,
        lower=judged.limits.lower,
        upper=judged.limits.upper,
        mean_moving_range=judged.limits.mean_moving_range,
        points=tuple(
            ChartPoint(
                period=point.period,
                value=point.value,
                n=point.n,
                signals=point.signals,
                verdict=point.verdict,
                complete=point.complete,
                early=point.period <= early,
                excluded=point.reason,
                judged=judged.phases[point.phase].limits is not None and not point.excluded,
                predictable=season.explained.get(point.period, ""),
                broke=season.broke.get(point.period, ()),
            )
            for point in judged.points
        ),
        phases=phases,
        judged=judged,
        why=why,
        false_alarms=false_alarms(judged),
        unusual=season.unusual,
    )


def false_alarms(chart: Chart) -> float | None:
    """Return how likely the newest phase, were it calm, would show a signal somewhere.

    None for the smoothed charts, of whose limits that is not known.
    """
    if kind_of(chart.kind).smoothed:
        return None
    judged = sum(p.judged for p in chart.points[chart.phase.start : chart.phase.end])
    return false_alarm_rate(chart.rules, judged)


def _period_of(points: Sequence[Point], changed: date) -> int:
    for at, point in enumerate(points):
        first, last = dates_of(point.period)
        if first <= changed <= last:
            return at
    span = f"goes from {points[0].period} to {points[-1].period}" if points else "is empty"
    raise QueryWrong(
        f"No period of the chart holds {changed}, where it is to be rebased.",
        hint=f"The chart {span}.",
    )
