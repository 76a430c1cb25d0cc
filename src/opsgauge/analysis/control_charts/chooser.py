"""Chooses the kind of chart that suits a series, and says why.

Floor 4, analysis. Pure arithmetic: no table, no clock, no randomness.
Sources: M. A. Mohammed, P. Worthington and W. H. Woodall, Plotting basic control charts, Quality
and Safety in Health Care 17, 2008; the thresholds of sigma z are the house's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from opsgauge.analysis.control_charts.chart import USUAL, Chart, Plan, Point
from opsgauge.analysis.control_charts.counted import LEAST_BY_CHANCE_Z, MOST_BY_CHANCE_Z
from opsgauge.analysis.control_charts.draw import draw
from opsgauge.analysis.control_charts.kinds import KINDS
from opsgauge.analysis.control_charts.limits import FEWEST_POINTS

UNEQUAL = 2.0  # times: sizes that differ by more are not about the same
GROWS = 1.2  # times: steps between small periods are that much wider than between large ones
LANEY = {"p": "laney_p", "u": "laney_u"}  # what stands in the place of which
RARE = 1.0  # events a period: with fewer, most periods have none
FEWEST_EVENTS = FEWEST_POINTS + 1  # between which there are as many gaps as a chart needs
BETWEEN = ("t", "g")  # kinds that draw what lies between events
_HINT = (
    " It happens less than once a period: a longer period, or the time between two of them "
    "(a t chart), would say more."
)
_WHY = {
    "t": "It happens less than once a period, so that most periods have none: a t chart of the "
    "times between.",
    "g": "It happens less than once a period, so that most periods have none: a g chart of how "
    "many others came between.",
}


class Data(StrEnum):
    """What kind of number a series holds."""

    SHARE = "share"  # so many of so many
    COUNT = "count"
    RATE = "rate"  # events for each of so many
    MEASURE = "measure"  # a duration, an age, a score, an amount: mean, median or another quantile
    TIME_BETWEEN = "time_between"  # between two rare events
    COUNT_BETWEEN = "count_between"


@dataclass(frozen=True)
class Choice:
    """A kind of chart, and why it is this one."""

    kind: str  # a key of `kinds.KINDS`
    why: str


def choose_rare(points: Sequence[Point], data: Data) -> Choice | None:
    """Choose the chart of what lies between events where these are rare; None where they are not.

    Counts get the times between, and shares how many others came between, since a share of few
    tickets is often nought for want of tickets alone.

    Examples
    --------
    >>> weeks = [Point(f"2026-W{w:02}", float(w % 4 == 0), n=int(w % 4 == 0)) for w in range(1, 53)]
    >>> choose_rare(weeks, Data.COUNT).kind
    't'
    """
    if data not in {Data.COUNT, Data.SHARE} or not _is_rare(points, data):
        return None
    if sum(_counts(points, data)) < FEWEST_EVENTS:
        return None
    kind = "t" if data is Data.COUNT else "g"
    return Choice(kind, _WHY[kind])


def choose(points: Sequence[Point], data: Data, plan: Plan = USUAL) -> Choice:
    """Choose the kind of chart for a series.

    Shares and rates are charted by chance within the periods alone (p, u) where that explains how
    they vary, else by Laney's charts; counts by a c chart or an XmR chart; what is measured by an
    XmR chart, or by an I′ chart where it varies more in periods of few tickets.

    Raises
    ------
    TooFewPoints : fewer periods than a chart needs

    Examples
    --------
    >>> weeks = [Point(f"2026-W{w:02}", None, n=50, numerator=k) for w, k in enumerate([5, 4] * 8)]
    >>> choose(weeks, Data.SHARE).kind
    'laney_p'
    >>> choose(weeks, Data.SHARE).why
    'Between periods the shares vary 0.4 times as much as chance within them explains (σz = 0.44, \
under 0.7): a Laney p′ chart, whose limits take that into account.'
    """
    if data in {Data.TIME_BETWEEN, Data.COUNT_BETWEEN}:
        kind = "t" if data is Data.TIME_BETWEEN else "g"
        return Choice(kind, f"{KINDS[kind].sentence[:-1]}: a {KINDS[kind].title}.")
    if data is Data.MEASURE:
        return _of_measures(points)
    if data is Data.COUNT:
        return _of_counts(points, plan)
    return _of_ratios(points, data, plan)


def draw_chosen(
    points: Sequence[Point], good: str, data: Data, plan: Plan = USUAL
) -> tuple[Chart, Choice]:
    """Draw the kind of chart that suits a series."""
    choice = choose(points, data, plan)
    return draw(points, good, choice.kind, plan), choice


def within_chance(
    points: Sequence[Point], good: str, kind: str, plan: Plan = USUAL
) -> tuple[Chart, str]:
    """Draw a kind of chart; a p or u chart only where chance explains how the values vary.

    Returns
    -------
    The chart asked for, and ""; where its newest σz lies outside 0.7 to 1.5, Laney's chart of the
    same values, and why it stands in its place.

    Raises
    ------
    TooFewPoints : fewer periods than a chart needs
    QueryWrong : there is no such kind or rule set, or the values are not of the kind

    Examples
    --------
    >>> weeks = [Point(f"2026-W{w:02}", None, n=50, numerator=k) for w, k in enumerate([2, 9] * 8)]
    >>> chart, why = within_chance(weeks, "lower", "p")
    >>> chart.kind, why[:62]
    ('laney_p', 'A Laney p′ chart stands here in place of the p chart that was ')
    """
    chart = draw(points, good, kind, plan)
    laney, sigma_z = LANEY.get(kind), chart.phase.sigma_z
    if laney is None or sigma_z is None or _by_chance(sigma_z):
        return chart, ""
    way = "narrow" if sigma_z > 1 else "wide"
    return draw(points, good, laney, plan), (
        f"A {KINDS[laney].title} stands here in place of the {KINDS[kind].title} that was chosen: "
        f"between periods the values vary {sigma_z:.1f} times as much as chance within them "
        f"explains (σz = {sigma_z:.2f}, {_off(sigma_z)}), so that its limits would be too {way}."
    )


def _by_chance(sigma_z: float) -> bool:
    return LEAST_BY_CHANCE_Z <= sigma_z <= MOST_BY_CHANCE_Z


def _of_ratios(points: Sequence[Point], data: Data, plan: Plan) -> Choice:
    plain, laney = ("p", "laney_p") if data is Data.SHARE else ("u", "laney_u")
    noun = f"{data}s"
    if any(point.numerator is None for point in _judged(points)):
        return Choice("xmr", f"How many stand behind the {noun} is not known: an XmR chart.")
    sigma_z, rare = _spread(points, plain, plan), _rare(points, data)
    if _by_chance(sigma_z):
        return Choice(
            plain,
            f"Chance within the periods explains how the {noun} vary (σz = {sigma_z:.2f}): a "
            f"{KINDS[plain].title}, whose limits widen where there are fewer tickets.{rare}",
        )
    return Choice(
        laney,
        f"Between periods the {noun} vary {sigma_z:.1f} times as much as chance within them "
        f"explains (σz = {sigma_z:.2f}, {_off(sigma_z)}): a {KINDS[laney].title}, whose limits "
        f"take that into account.{rare}",
    )


def _of_counts(points: Sequence[Point], plan: Plan) -> Choice:
    sigma_z, rare = _spread(points, "c", plan), _rare(points, Data.COUNT)
    if _by_chance(sigma_z):
        return Choice(
            "c",
            f"Chance alone explains how the counts vary (σz = {sigma_z:.2f}): a c chart.{rare}",
        )
    return Choice(
        "xmr",
        f"The counts vary {sigma_z:.1f} times as much as chance alone explains "
        f"(σz = {sigma_z:.2f}, {_off(sigma_z)}): an XmR chart, whose limits come from how much "
        f"neighbours differ.{rare}",
    )


def _of_measures(points: Sequence[Point]) -> Choice:
    sizes = np.array([point.n for point in _judged(points)], dtype=float)
    if not len(sizes) or sizes.min() <= 0 or sizes.max() <= UNEQUAL * sizes.min():
        return Choice("xmr", "One value per period, of about equally many: an XmR chart.")
    if not _wider_where_few(_judged(points)):
        return Choice(
            "xmr",
            "The values vary no more in periods of few tickets than in those of many: an XmR "
            "chart.",
        )
    return Choice(
        "i_prime",
        "The values vary more in periods of few tickets: an I′ chart, whose limits widen there.",
    )


def _wider_where_few(points: Sequence[Point]) -> bool:
    """Say whether steps between small periods are wider than those between large ones."""
    values = np.array([point.value for point in points], dtype=float)
    sizes = np.array([point.n for point in points], dtype=float)
    steps, few = np.abs(np.diff(values)), 1 / sizes[1:] + 1 / sizes[:-1]
    small = few > np.median(few)
    if not small.any() or small.all():
        return False
    return bool(steps[small].mean() > GROWS * steps[~small].mean())


def _judged(points: Sequence[Point]) -> list[Point]:
    return [
        point
        for point in points
        if point.complete and (point.value is not None or point.numerator is not None)
    ]


def _spread(points: Sequence[Point], kind: str, plan: Plan) -> float:
    """Return sigma z of the newest phase."""
    found = draw(points, "neutral", kind, plan).phase.sigma_z
    return 1.0 if found is None else found


def _rare(points: Sequence[Point], data: Data) -> str:
    return _HINT if _is_rare(points, data) else ""


def _is_rare(points: Sequence[Point], data: Data) -> bool:
    known = _counts(points, data)
    return bool(known) and sum(known) < RARE * len(known)


def _counts(points: Sequence[Point], data: Data) -> list[float]:
    """Return how many events each period has, of those that are known."""
    counts = [
        point.value if data is Data.COUNT and point.numerator is None else point.numerator
        for point in _judged(points)
    ]
    return [count for count in counts if count is not None]


def _off(sigma_z: float) -> str:
    if sigma_z > MOST_BY_CHANCE_Z:
        return f"above {MOST_BY_CHANCE_Z:g}"
    return f"under {LEAST_BY_CHANCE_Z:g}"
