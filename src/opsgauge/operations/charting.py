"""How a metric is charted where somebody says: the kind of chart, the rules, the phases.

Floor 5. Names and dates from outside become a plan of the analysis; `measure.charted` draws it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from opsgauge.analysis.control_charts.chart import Chart, Plan, Point, Rebase
from opsgauge.analysis.control_charts.chooser import Data, choose
from opsgauge.analysis.control_charts.draw import draw
from opsgauge.analysis.control_charts.false_alarms import false_alarm_rate
from opsgauge.analysis.control_charts.kinds import kind_of
from opsgauge.foundation.errors import QueryWrong
from opsgauge.log.periods import dates_of
from opsgauge.operations.answers import Value
from opsgauge.operations.asking import day

AUTO = "auto"
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
    """

    kind: str = "xmr"
    rules: str = ""
    freeze: int | None = None
    rebase: tuple[date, ...] = ()


AS_USUAL = Charting()


def charting(
    kind: str = "xmr", rules: str = "", freeze: int | None = None, rebase: Sequence[str] = ()
) -> Charting:
    """Read what a command or an address asks of a chart; a dash in a name is an underscore.

    Raises
    ------
    QueryWrong : a day is not written as one

    Examples
    --------
    >>> charting("laney-p", rebase=["2026-02-01"])
    Charting(kind='laney_p', rules='', freeze=None, rebase=(datetime.date(2026, 2, 1),))
    """
    days = tuple(found for text in rebase if (found := day("rebase", text)))
    return Charting(kind.replace("-", "_"), rules.replace("-", "_"), freeze, days)


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


def judge(
    points: Sequence[Point], good: str, of_kind: str, how: Charting = AS_USUAL
) -> tuple[Chart, str]:
    """Draw the chart asked for; with "auto", say also why it is this one.

    Parameters
    ----------
    of_kind : the metric's kind, a key of `definition.KINDS`

    Raises
    ------
    TooFewPoints : fewer periods than a chart needs
    QueryWrong : there is no such chart, no such rules, or no period that holds a day of `rebase`
    """
    plan = Plan(
        freeze=how.freeze,
        rebase=tuple(
            Rebase(_period_of(points, each), why=f"rebased on {each}")
            for each in sorted({*how.rebase})
        ),
        rules=how.rules,
    )
    if how.kind != AUTO:
        return draw(points, good, how.kind, plan), ""
    choice = choose(points, OF_KINDS.get(of_kind, Data.MEASURE), plan)
    return draw(points, good, choice.kind, plan), choice.why


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
