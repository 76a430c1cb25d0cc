"""Rule sets: what on a control chart is a signal. Data, so that a desk can choose.

Floor 4, analysis. Pure arithmetic: no table, no clock, no randomness.

Every member of a run is flagged, not only the last; members of a window are the values that show
what the rule asks for. The order of the rules in a set is their precedence: the first one broken
gives the verdict and the words.
Sources: NHS England, Making Data Count, with the details and the order of precedence of the R
package NHSRplotthedots; L. S. Nelson, The Shewhart Control Chart: Tests for Special Causes,
Journal of Quality Technology 16, 1984; Western Electric, Statistical Quality Control Handbook,
1956; J. Anhøj and A. V. Olesen, Run Charts Revisited, PLoS ONE 9, 2014; the documentation of
ServiceNow's KPI Signals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from opsgauge.analysis.control_charts.limits import Limits
from opsgauge.analysis.control_charts.patterns import NO_DIRECTION, STRICT, Lenient, Rule
from opsgauge.analysis.control_charts.standing import Standing, stand
from opsgauge.foundation.errors import QueryWrong, did_you_mean

RULE_SET = "making_data_count"
OUTSIDE_LIMITS = "outside_limits"
TREND = "trend"
TWO_OF_THREE = "two_of_three"
SHIFT = "shift"
RULES = (OUTSIDE_LIMITS, TREND, TWO_OF_THREE, SHIFT)  # the first one broken gives the verdict

GOOD_DIRECTIONS = ("lower", "higher", "neutral")

_OUTSIDE = Rule(OUTSIDE_LIMITS, "A value outside the limits", "beyond", sigmas=3)
_TWO_OF_THREE = Rule(
    TWO_OF_THREE,
    "2 of 3 neighbours more than two sigmas off on one side",
    "some_beyond",
    points=3,
    least=2,
    sigmas=2,
)
_FOUR_OF_FIVE = Rule(
    "four_of_five",
    "4 of 5 neighbours more than one sigma off on one side",
    "some_beyond",
    points=5,
    least=4,
    sigmas=1,
)


@dataclass(frozen=True)
class RuleSet:
    """Rules that are used together, in order of precedence."""

    name: str
    title: str
    rules: tuple[Rule, ...]

    def rule(self, name: str) -> Rule:
        """Return one of its rules."""
        return next(rule for rule in self.rules if rule.name == name)


def _in_a_row(points: int) -> Rule:
    return Rule(
        SHIFT, f"{points} values or more in a row on one side of the centre", "one_side", points
    )


def _trend(points: int) -> Rule:
    return Rule(TREND, f"{points} values or more in a row rising, or falling", "trend", points)


RULE_SETS: Mapping[str, RuleSet] = {
    each.name: each
    for each in (
        RuleSet(
            RULE_SET,
            "Making Data Count",
            (
                _OUTSIDE,
                _trend(7),
                Rule(
                    TWO_OF_THREE,
                    "2 of 3 neighbours beyond two sigmas but inside the limits, all 3 on one side",
                    "some_beyond",
                    points=3,
                    least=2,
                    sigmas=2,
                    below=3,
                    one_side=True,
                ),
                _in_a_row(7),
            ),
        ),
        RuleSet(
            "nelson",
            "Nelson",
            (
                _OUTSIDE,
                _in_a_row(9),
                _trend(6),
                Rule(
                    "alternating",
                    "14 values or more in a row going up and down by turns",
                    "alternating",
                    points=14,
                ),
                _TWO_OF_THREE,
                _FOUR_OF_FIVE,
                Rule(
                    "near_centre",
                    "15 values or more in a row within one sigma of the centre",
                    "near_centre",
                    points=15,
                    sigmas=1,
                ),
                Rule(
                    "off_centre",
                    "8 values or more in a row more than one sigma off, on either side",
                    "off_centre",
                    points=8,
                    sigmas=1,
                ),
            ),
        ),
        RuleSet(
            "western_electric",
            "Western Electric",
            (_OUTSIDE, _TWO_OF_THREE, _FOUR_OF_FIVE, _in_a_row(8)),
        ),
        RuleSet(
            "anhoej",
            "Anhøj",
            (
                Rule("longest_run", "A longer run on one side than chance makes", "longest_run"),
                Rule("crossings", "Fewer crossings of the centre than chance makes", "crossings"),
            ),
        ),
        RuleSet(
            "kpi_signals",
            "KPI Signals",
            (
                _OUTSIDE,
                Rule(
                    "short_run",
                    "4 neighbours on one side, 3 of them or more beyond two sigmas",
                    "some_beyond",
                    points=4,
                    least=3,
                    sigmas=2,
                    one_side=True,
                    every=True,
                ),
                _in_a_row(7),
            ),
        ),
        RuleSet("limits_only", "Limits alone", (_OUTSIDE,)),
    )
}


@dataclass(frozen=True)
class Broken:
    """A rule that a value breaks, and where to: 1 upward or above, -1 downward or below, else 0."""

    rule: str
    direction: int


def rule_set(name: str) -> RuleSet:
    """Return a set of rules by its name.

    Raises
    ------
    QueryWrong : there is none of that name
    """
    if name not in RULE_SETS:
        raise QueryWrong(f"There is no rule set {name!r}.", hint=did_you_mean(name, [*RULE_SETS]))
    return RULE_SETS[name]


def broken_by(
    standing: Standing, rules: RuleSet, lenient: Lenient = STRICT
) -> list[tuple[Broken, ...]]:
    """Name every rule that each value of one stretch breaks, in order of precedence.

    Returns
    -------
    One tuple per value, empty where it breaks no rule.
    """
    broken: list[tuple[Broken, ...]] = [()] * standing.side.shape[-1]
    if not broken:
        return broken
    for rule in rules.rules:
        flags = rule.flags(standing, lenient)
        for at in np.flatnonzero(flags):
            direction = int(flags[at])
            one = Broken(rule.name, 0 if direction == NO_DIRECTION else direction)
            broken[at] = (*broken[at], one)
    return broken


def broken_rules(
    values: Sequence[float | None], limits: Limits, *, equal_steps_break: bool = True
) -> list[tuple[Broken, ...]]:
    """Name every Making Data Count rule that each value breaks against known limits.

    Parameters
    ----------
    values : oldest first, one per period, None where a period has no value
    limits : of these values, or known from elsewhere
    equal_steps_break : whether two equal neighbours end a trend; if not, they neither count
        nor end it

    Returns
    -------
    One tuple per value, in order of precedence, empty where it breaks no rule.

    Examples
    --------
    >>> limits = Limits(lower=-3, centre=0, upper=3, mean_moving_range=1.128)
    >>> broken_rules([0, 3.1, None], limits)
    [(), (Broken(rule='outside_limits', direction=1),), ()]
    """
    numbers = np.array([nan if value is None else value for value in values], dtype=float)
    standing = stand(numbers, limits.centre, limits.sigma, limits.noise)
    return broken_by(standing, RULE_SETS[RULE_SET], Lenient(equal_steps_break=equal_steps_break))


def verdict(broken: Sequence[Broken], good: str) -> str:
    """Say what a value's signals mean for the metric.

    A trend is judged by its slope, the other rules by the side of the centre. Where they
    disagree, the first rule in order of precedence decides: a value above the upper limit is
    worse (lower being good) even while it falls, and a trend away from the good side is worse
    even before it has crossed the centre. A value where two trends meet is read by the later one.
    What has no direction, such as values that alternate, is a change.

    Parameters
    ----------
    broken : in order of precedence, as `broken_rules` gives them
    good : the metric's good direction: "lower", "higher" or "neutral"

    Returns
    -------
    "steady" without a signal, "change" for a neutral metric, else "better" or "worse".

    Raises
    ------
    QueryWrong : `good` is no direction

    Examples
    --------
    >>> verdict([Broken("trend", -1), Broken("shift", 1)], good="lower")
    'better'
    """
    if good not in GOOD_DIRECTIONS:
        raise QueryWrong(
            f"{good!r} is no good direction.", hint=did_you_mean(good, GOOD_DIRECTIONS)
        )
    if not broken:
        return "steady"
    if broken[0].direction == 0:
        return "change"
    return meaning(broken[0].direction > 0, good)


def meaning(upward: bool, good: str) -> str:
    """Return what a move up or down means for a metric: "better", "worse", or "change" if neutral.

    Examples
    --------
    >>> meaning(True, "lower"), meaning(False, "neutral")
    ('worse', 'change')
    """
    if good not in ("lower", "higher"):
        return "change"
    return "better" if upward == (good == "higher") else "worse"
