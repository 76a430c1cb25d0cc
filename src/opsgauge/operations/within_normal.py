"""What the chart of a metric says of one stretch of days: within what is normal, or not.

Floor 5. For pages that tell of a change and are not charts themselves, so that none of them speaks
of news where the chart sees noise.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from opsgauge.analysis.control_charts.rules import OUTSIDE_LIMITS
from opsgauge.foundation.agreed import Rules
from opsgauge.foundation.errors import Misuse
from opsgauge.foundation.units import amounts
from opsgauge.log.periods import GRAINS, dates_of, label_of
from opsgauge.metrics.question import Question
from opsgauge.operations.answers import enough
from opsgauge.operations.charted import charted
from opsgauge.operations.context import Context
from opsgauge.operations.measure import measure
from opsgauge.operations.phrases import when

PERIODS_BACK = 26  # of the chart
LONGEST = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
WITHIN, OUTSIDE, RUN = "within", "outside", "run"


@dataclass(frozen=True)
class ChartVerdict:
    """What a chart says of one period.

    Attributes
    ----------
    verdict : "within" what is normal, "outside" it, or within but part of a "run" that is seldom
    """

    statistic: str
    period: str
    verdict: str
    lower: float
    upper: float
    unit: str

    def words(self) -> str:
        """Say it, to follow the name of the statistic."""
        low, high = amounts([max(self.lower, 0.0), self.upper], self.unit)
        span = f"{low} to {high}"
        if self.verdict == OUTSIDE:
            return f"outside what is normal ({span})"
        run = ", but in a run that chance seldom makes" if self.verdict == RUN else ""
        return f"within what is normal ({span}){run}"


def chart_verdicts(
    ctx: Context, metric: str, statistics: tuple[str, ...], where: Rules, days: tuple[date, date]
) -> tuple[ChartVerdict, ...]:
    """Return what the charts of a metric say of days that are one period; () where they say none.

    Parameters
    ----------
    statistics : the charts of which are asked, each once
    days : the first and the last, both included
    """
    first, last = days
    grain = next((each for each in GRAINS if dates_of(label_of(first, each)) == (first, last)), "")
    if not grain:
        return ()
    found = (_verdict(ctx, metric, each, where, grain, days) for each in statistics)
    return tuple(each for each in found if each is not None)


def verdicts_sentence(found: tuple[ChartVerdict, ...]) -> str:
    """Say what charts tell of a period; "" where none is asked.

    Examples
    --------
    >>> one = ChartVerdict("mean", "2026-10", "within", 40.0, 100.0, "hours")
    >>> verdicts_sentence((one,))
    'By its chart the mean is within what is normal (40.0 h to 100.0 h) in October 2026.'
    """
    told = [f"the {each.statistic} is {each.words()}" for each in found]
    return f"By its chart {', '.join(told)} {when(found[0].period)}." if told else ""


def _verdict(
    ctx: Context, metric: str, statistic: str, where: Rules, grain: str, days: tuple[date, date]
) -> ChartVerdict | None:
    (first, last), label = days, label_of(days[0], grain)
    begin = dates_of(label_of(first - timedelta(days=LONGEST[grain] * (PERIODS_BACK - 1)), grain))
    asked = Question(metric, statistic, where=where, period=grain, from_=begin[0], to=last)
    try:
        measured = measure(ctx, asked)
        chart = None if measured.suspect else charted(ctx, measured)
    except Misuse:  # such as too few periods for limits
        return None
    point = next((each for each in chart.points if each.period == label), None) if chart else None
    if chart is None or point is None or not point.judged or not enough(measured.unit, point.n):
        return None
    verdict = WITHIN
    if point.signals:
        verdict = OUTSIDE if OUTSIDE_LIMITS in point.signals else RUN
    return ChartVerdict(statistic, label, verdict, chart.lower, chart.upper, measured.unit)
