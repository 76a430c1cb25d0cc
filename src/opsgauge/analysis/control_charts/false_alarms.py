"""How often a calm process alarms, and how soon a change is seen, by each set of rules.

Floor 4, analysis. The figures were measured by simulation; `python -m bench control_charts`
measures them again and holds them against these.
"""

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtr

from opsgauge.analysis.control_charts.patterns import OF_THE_WHOLE, STRICT, runs
from opsgauge.analysis.control_charts.rules import RuleSet, rule_set
from opsgauge.analysis.control_charts.standing import Flags, Standing

# Share of calm charts (independent normal values) that show a signal somewhere, by how many points
# they have; the limits, of the run chart the median, come from those points.
POINTS = (8, 12, 16, 20, 24, 36, 52, 78, 104, 156, 208)
CALM_CHARTS: Mapping[str, tuple[float, ...]] = {
    "making_data_count": (
        0.021,
        0.05,
        0.082,
        0.118,
        0.156,
        0.258,
        0.386,
        0.536,
        0.66,
        0.813,
        0.896,
    ),
    "nelson": (0.032, 0.067, 0.109, 0.149, 0.194, 0.309, 0.451, 0.608, 0.73, 0.87, 0.937),
    "western_electric": (
        0.026,
        0.055,
        0.087,
        0.116,
        0.153,
        0.246,
        0.364,
        0.508,
        0.63,
        0.784,
        0.875,
    ),
    "anhoej": (0.0, 0.012, 0.009, 0.021, 0.031, 0.043, 0.046, 0.059, 0.053, 0.079, 0.07),
    "kpi_signals": (0.016, 0.038, 0.068, 0.1, 0.135, 0.231, 0.351, 0.499, 0.62, 0.779, 0.869),
    "limits_only": (0.016, 0.029, 0.039, 0.05, 0.059, 0.089, 0.13, 0.185, 0.24, 0.337, 0.423),
}
# Points to the first false alarm, on average, where centre and sigma are known.
RUN_LENGTHS: Mapping[str, float] = {
    "limits_only": 370.0,
    "western_electric": 91.9,
    "making_data_count": 86.6,
    "nelson": 73.4,
    "kpi_signals": 96.2,
}


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
    hazards = -np.log1p(-np.array([0.0, *CALM_CHARTS[rule_set(rules).name]]))
    most = POINTS[-1]
    each = np.interp(min(points, most), (0, *POINTS), hazards) * max(1.0, points / most)
    return float(-np.expm1(-each))


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
