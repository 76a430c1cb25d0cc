"""What happened while a picture's periods went by, as marks on it.

Floor 5. One road for every picture that has a time axis, whatever its size.
"""

from collections.abc import Sequence

from opsgauge.log.periods import dates_of
from opsgauge.operations.answers import Measured
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.event_marks import NONE, Marks, event_marks
from opsgauge.operations.drawing.sparkline import Trend
from opsgauge.operations.events import by_period, happened_between, happenings

MOST_SMALL = 4  # marks on a picture the size of a word


def marks_of(
    ctx: Context, measured: Measured, labels: Sequence[str], most: int = MOST_SMALL
) -> Marks:
    """Return the marks on a picture of a metric; needs `metric:read`.

    Parameters
    ----------
    labels : the periods shown, oldest first
    """
    there = by_period(happenings(ctx, measured), measured.period)
    return event_marks(there, labels, most)


def marks_between(ctx: Context, labels: Sequence[str], grain: str, most: int = MOST_SMALL) -> Marks:
    """Return the marks on a picture that is of no one metric; needs `metric:read`."""
    if not labels:
        return NONE
    first, last = dates_of(labels[0])[0], dates_of(labels[-1])[1]
    return event_marks(by_period(happened_between(ctx, first, last), grain), labels, most)


def trend_of(ctx: Context, charted: Charted) -> Trend:
    """Return the trend of a chart's newest phase, with the marks of what happened in it."""
    labels = [point.period for point in charted.newest_phase if point.complete]
    return Trend.of(charted).marked(labels, marks_of(ctx, charted.measured, labels))


def trend_between(ctx: Context, trend: Trend, labels: Sequence[str], grain: str) -> Trend:
    """Return a trend that is of no one metric, with the marks of what happened meanwhile."""
    return trend.marked(labels, marks_between(ctx, labels, grain))
