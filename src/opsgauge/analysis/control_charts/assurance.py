"""Whether a process, as it runs, meets a target always, by chance or never.

Floor 4, analysis. Pure arithmetic: no table, no clock, no randomness. The newest limits say where
values lie while nothing special happens; a target beyond them is met, or missed, every time.
Source: NHS England, Making Data Count: assurance icons.
"""

from dataclasses import dataclass
from math import isfinite

from opsgauge.analysis.control_charts.chart import Chart

PASSES = "consistently_pass"
FAILS = "consistently_fail"
EITHER = "hit_or_miss"
WORDS = {
    PASSES: "As it runs, the target is met in every period.",
    FAILS: "As it runs, the target is met in no period: only a change of the process can do it.",
    EITHER: "As it runs, whether a period meets the target is chance.",
}


@dataclass(frozen=True)
class Assurance:
    """What a process is sure of, by its newest limits."""

    state: str  # "consistently_pass", "consistently_fail", "hit_or_miss"
    target: float
    lower: float
    upper: float

    @property
    def sentence(self) -> str:
        """Say it in words."""
        return WORDS[self.state]


def assurance(chart: Chart, target: float) -> Assurance | None:
    """Hold a target against the newest limits.

    A target that lies on a limit may be met and missed: hit or miss.

    Returns
    -------
    None for a neutral metric, for a chart without limits, for the smoothed charts (their limits
    are not those of a period), and for a target that is no finite number.

    Examples
    --------
    >>> from opsgauge.analysis.control_charts.chart import Point
    >>> from opsgauge.analysis.control_charts.xmr import chart
    >>> weeks = [Point(f"2026-W{w:02}", v, n=40) for w, v in enumerate([9, 7, 8, 7, 9, 8, 7, 9], 1)]
    >>> [assurance(chart(weeks, "lower"), hours).state for hours in (4, 8, 12)]
    ['consistently_fail', 'hit_or_miss', 'consistently_pass']
    """
    limits, smoothed = chart.limits, chart.kind in {"ewma", "cusum"}
    bounded = isfinite(limits.lower) and isfinite(limits.upper)
    if chart.good == "neutral" or smoothed or not bounded or not isfinite(target):
        return None
    state = EITHER
    if limits.sign(target - limits.upper) > 0:
        state = PASSES if chart.good == "lower" else FAILS
    elif limits.sign(target - limits.lower) < 0:
        state = FAILS if chart.good == "lower" else PASSES
    return Assurance(state, target, limits.lower, limits.upper)
