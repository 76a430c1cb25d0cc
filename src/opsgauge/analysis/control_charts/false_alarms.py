"""How often a calm process alarms, and how soon a change is seen, by each set of rules.

Floor 4, analysis. The figures were measured by simulation; `python -m bench control_charts`
measures them again and holds them against these.
"""

from collections.abc import Mapping
from itertools import pairwise
from math import exp, log

import numpy as np
from scipy.special import ndtr

from opsgauge.analysis.control_charts.patterns import OF_THE_WHOLE, STRICT, runs
from opsgauge.analysis.control_charts.rules import RuleSet, rule_set
from opsgauge.analysis.control_charts.standing import Flags, Standing

# Share of calm charts (independent normal values) that show a signal somewhere, by how many points
# they have; the limits, of the run chart the median, come from those points.
CALM_CHARTS: Mapping[str, Mapping[int, float]] = {}
# Points to the first false alarm, on average, where centre and sigma are known.
RUN_LENGTHS: Mapping[str, float] = {}


def false_alarm_rate(rules: str, points: int) -> float:
    """Return how likely a calm chart of so many points shows a signal somewhere.

    Measured on XmR charts (run charts for the Anhøj rules) of independent normal values; between
    and beyond the measured numbers of points it is reckoned as if each point added alike.

    Raises
    ------
    QueryWrong : there is no such rule set

    Examples
    --------
    >>> 0.1 < false_alarm_rate("making_data_count", 24) < 0.2
    True
    """
    known = CALM_CHARTS[rule_set(rules).name]
    hazards = [(n, -log(1 - share)) for n, share in sorted(known.items())]
    if points <= hazards[0][0]:
        return 1 - exp(-hazards[0][1] * points / hazards[0][0])
    for (fewer, low), (more, high) in pairwise(hazards):
        slope = (high - low) / (more - fewer)
        if points <= more:
            break
    return 1 - exp(-(high + slope * (points - more)))


def growth(autocorrelation: float) -> float:
    """Return how many times as often a calm value lies outside XmR limits for leaning on others.

    Neighbours that lean on each other differ less, so the limits that come from their steps are
    √(1 - autocorrelation) as wide as they should be.

    Examples
    --------
    >>> [round(growth(lean), 1) for lean in (0.0, 0.3, 0.5, 0.8)]
    [1.0, 4.5, 12.6, 66.6]
    """
    return float(ndtr(-3 * np.sqrt(1 - autocorrelation)) / ndtr(-3.0))


def alarms(standing: Standing, rules: RuleSet) -> Flags:
    """Say at which values a rule of the set is first seen to be broken, as they come in one by one.

    A run is flagged back to its first member, but nobody sees it before it is complete. Rules that
    are said of a whole series are left out.
    """
    seen: Flags = np.zeros(standing.side.shape, dtype=bool)
    for rule in rules.rules:
        if rule.pattern not in OF_THE_WHOLE:
            seen |= rule.seen(standing)
    return seen


def alarming(standing: Standing, rules: RuleSet) -> Flags:
    """Say which series show any signal at all."""
    found: Flags = np.zeros(standing.side.shape[:-1], dtype=bool)
    for rule in rules.rules:
        if rule.pattern == "crossings":
            found |= runs(standing.side).too_few
        else:
            found |= (rule.flags(standing, STRICT) != 0).any(axis=-1)
    return found
