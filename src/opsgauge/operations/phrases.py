"""Numbers as one says them: statistics, periods and tickets in plain words.

Floor 5. Home, pages and answers speak alike because they ask here.
"""

from collections.abc import Sequence

from opsgauge.analysis.control_charts import xmr
from opsgauge.analysis.control_charts.chart import Chart, Point
from opsgauge.analysis.control_charts.limits import FEWEST_POINTS, NOISE, Limits
from opsgauge.analysis.control_charts.rules import TREND
from opsgauge.analysis.control_charts.sentence import period_words, sentence
from opsgauge.foundation.units import COUNTED, amount
from opsgauge.log.checks.score import HELD_AT, Score
from opsgauge.log.periods import dates_of
from opsgauge.operations.answers import Measured
from opsgauge.operations.chart_answers import Charted, ChartPoint

_NOUNS = {"incident": "incident", "request": "request", "problem": "problem", "change": "change"}
_WITHIN = {"median": "half", "p75": "three in four", "p90": "nine in ten", "p95": "19 in 20"}
WHOLE = ("count", "sum", "ratio", "score")  # statistics that need no word of their own
_POSSIBLE = {
    "share": (0.0, 1.0),
    "hours": (0.0, float("inf")),
    **dict.fromkeys((*COUNTED, "money"), (0.0, float("inf"))),
    "count": (0.0, float("inf")),
}


def noun(practices: Sequence[str]) -> str:
    """Return what tickets are called: by their practice where there is one alone.

    Examples
    --------
    >>> noun(["incident"]), noun(["incident", "request"]), noun(["knowledge"])
    ('incident', 'ticket', 'ticket')
    """
    return _NOUNS.get(practices[0], "ticket") if len(practices) == 1 else "ticket"


def said(value: float | None, unit: str, statistic: str) -> str:
    """Return a statistic as one says it.

    Examples
    --------
    >>> said(22.1, "hours", "median"), said(381.5, "hours", "p90"), said(22.1, "hours", "mean")
    ('half within 22.1 h', 'nine in ten within 15.9 days', '22.1 h on average')
    >>> said(1184, "tickets", "count"), said(0.94, "count", "mean")
    ('1,184', '0.94 on average')
    """
    written = amount(value, unit)
    if value is None or unit in {*COUNTED, "share"} or statistic in WHOLE:
        return written
    if statistic in {"mean", "geometric_mean"}:
        return f"{written} on {'geometric ' if statistic != 'mean' else ''}average"
    part = _WITHIN.get(statistic, f"{statistic[1:]} in 100")
    return f"{part} within {written}" if unit == "hours" else f"{part} at most {written}"


def when(period: str, this_year: int | None = None) -> str:
    """Return a period with its preposition: "in week 21", "on 30 May", "in all"."""
    return "in all" if period == "all" else period_words(period, this_year).when


def unit_words(unit: str) -> str:
    """Return a metric's unit for a table of metrics.

    Examples
    --------
    >>> unit_words("count"), unit_words("share")
    ('number', 'percent')
    """
    return {"count": "number", "share": "percent"}.get(unit, unit)


def chart_sentence(charted: Charted) -> str:
    """Say what the newest whole period of a chart shows, and since when."""
    measured = charted.measured
    year = year_of(measured)
    if charted.waits:
        phase = charted.phases[-1]
        needed = f"{phase.periods} of the {FEWEST_POINTS} {measured.period}s"
        return f"Begun anew {when(phase.first, year)}; {needed} that new limits need are there."
    chart = newest_chart(charted)
    if not any(point.counts for point in charted.newest_phase):
        return f"No whole {measured.period} is judged yet."
    return sentence(
        chart,
        lambda value: amount(value, measured.unit),
        within=_POSSIBLE.get(measured.unit, (float("-inf"), float("inf"))),
        this_year=year,
    )


def newest_chart(charted: Charted) -> Chart:
    """Return a chart as the analysis judges it, whose newest phase is what its words are about."""
    if charted.judged is not None:
        return charted.judged
    drawn = charted.newest_phase
    points = [Point(point.period, point.value, point.n, point.complete) for point in drawn]
    out = [at for at, point in enumerate(drawn) if point.excluded]
    return xmr.chart_by(points, charted.measured.good, limits_of(charted), out)


def limits_words(charted: Charted) -> str:
    """Say from what the limits of a chart's newest phase are, where people agreed on them.

    Returns
    -------
    "" for a chart whose limits are of all its own periods
    """
    if not charted.phases:
        return ""
    phase, kind = charted.phases[-1], charted.measured.period
    if charted.waits:
        return ""  # what it waits for is said in its sentence
    if phase.frozen:
        many, last = phase.frozen.periods, dates_of(phase.frozen.last)[1]
        who = " and ".join(phase.frozen.signed_by)
        signed = f", signed by {who}" if who else ", not signed yet"
        return f"Limits frozen from {many} {kind}s to {last}{signed}."
    if len(charted.phases) > 1:
        return f"Limits of the {phase.periods} {kind}s since it began anew with {phase.first}."
    return ""


def limits_of(charted: Charted) -> Limits:
    """Return the limits of a chart's newest phase, as they judge values."""
    known = [abs(point.value) for point in charted.points if point.value is not None]
    noise = NOISE * max([*known, abs(charted.centre)])
    return Limits(
        charted.lower, charted.centre, charted.upper, charted.mean_moving_range, noise=noise
    )


def year_of(measured: Measured) -> int | None:
    """Return the year that need not be said: that of the newest period."""
    newest = max((row.period for row in measured.rows), default="")
    return int(newest[:4]) if newest[:4].isdigit() else None


def run_start(points: Sequence[ChartPoint], centre: float) -> int:
    """Return the place of the first period since which the last one says what it says.

    A signal is told by the first rule that it breaks, as `chart_sentence` tells it, so that a mark,
    a list and a sentence name one period.

    Parameters
    ----------
    points : oldest first, whole ones with a value
    """
    place, newest = len(points) - 1, points[-1]
    if not newest.signals:
        while place > 0 and not points[place - 1].signals:
            place -= 1
        return place
    way = _way(newest, points[place - 1], centre, newest.signals[0])
    while place > 0 and newest.signals[0] in points[place - 1].signals:
        earlier, later = points[place - 1 : place + 1]
        # Two trends may touch; a step that ends the one must not be counted into the other.
        there = later if newest.signals[0] == TREND else earlier
        if _way(there, earlier, centre, newest.signals[0]) != way:
            break
        place -= 1
    return place


def _way(point: ChartPoint, before: ChartPoint, centre: float, rule: str) -> int:
    """Return to which side a point lies: of the one before it in a trend, else of the centre."""
    value, other = point.value or 0.0, (before.value or 0.0) if rule == TREND else centre
    return (value > other) - (value < other)


def score_words(of: Score) -> str:
    """Say a data-quality score in words.

    Examples
    --------
    >>> score_words(Score(99, 24, 2))
    '99 of 100'
    >>> score_words(Score(50, 24, 2, held=True))
    '50 of 100, held there since a critical check fails'
    >>> score_words(Score(None, 0, 26))
    'not known'
    """
    if of.value is None:
        return "not known"
    held = ", held there since a critical check fails" if of.held and of.value == HELD_AT else ""
    return f"{of.value} of 100{held}"
