"""The Making Data Count rules: what on a control chart is a signal.

Floor 4, analysis. Pure arithmetic: no table, no clock, no randomness.

outside_limits   a value above the upper or below the lower limit
trend            7 values or more, each above (or each below) the one before
two_of_three     2 of 3 neighbours beyond two sigma but inside the limits, all 3 on one side
shift            7 values or more on one side of the centre; one on the centre ends it

Every member of a run is flagged, not only the last; members of two_of_three are the two (or
three) values beyond two sigma. Nothing reaches over a gap: we do not know what was there.
Source: NHS England, Making Data Count, with the details and the order of precedence of the R
package NHSRplotthedots.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter

from opsgauge.analysis.control_charts.limits import Limits
from opsgauge.foundation.errors import QueryWrong, did_you_mean

RULE_SET = "making_data_count"
OUTSIDE_LIMITS = "outside_limits"
TREND = "trend"
TWO_OF_THREE = "two_of_three"
SHIFT = "shift"
RULES = (OUTSIDE_LIMITS, TREND, TWO_OF_THREE, SHIFT)  # the first one broken gives the verdict

RUN_POINTS = 7
GOOD_DIRECTIONS = ("lower", "higher", "neutral")


@dataclass(frozen=True)
class Broken:
    """A rule that a value breaks, and where to: 1 upward or above, -1 downward or below."""

    rule: str
    direction: int


def broken_rules(
    values: Sequence[float | None], limits: Limits, *, equal_steps_break: bool = True
) -> list[tuple[Broken, ...]]:
    """Name every rule that each value breaks, in order of precedence.

    Parameters
    ----------
    values : oldest first, one per period, None where a period has no value
    limits : of these values, or known from elsewhere
    equal_steps_break : whether two equal neighbours end a trend; if not, they neither count
        nor end it

    Returns
    -------
    One tuple per value, empty where it breaks no rule.

    Examples
    --------
    >>> limits = Limits(lower=-3, centre=0, upper=3, mean_moving_range=1.128)
    >>> broken_rules([0, 3.1, None], limits)
    [(), (Broken(rule='outside_limits', direction=1),), ()]
    """
    found = {
        OUTSIDE_LIMITS: [0 if value is None else limits.outside(value) for value in values],
        TREND: _trend(values, limits, equal_steps_break),
        TWO_OF_THREE: _two_of_three(values, limits),
        SHIFT: _shift(values, limits),
    }
    return [
        tuple(Broken(rule, found[rule][at]) for rule in RULES if found[rule][at])
        for at in range(len(values))
    ]


def verdict(broken: Sequence[Broken], good: str) -> str:
    """Say what a value's signals mean for the metric.

    A trend is judged by its slope, the other rules by the side of the centre. Where they
    disagree, the first rule in order of precedence decides: a value above the upper limit is
    worse (lower being good) even while it falls, and a trend away from the good side is worse
    even before it has crossed the centre. A value where two trends meet is read by the later one.

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
    if good == "neutral":
        return "change"
    upward = broken[0].direction > 0
    return "better" if upward == (good == "higher") else "worse"


def _trend(values: Sequence[float | None], limits: Limits, equal_steps_break: bool) -> list[int]:
    flags = [0] * len(values)
    steps = [
        (at, None if before is None or after is None else limits.sign(after - before))
        for at, (before, after) in enumerate(pairwise(values), start=1)
    ]
    counted = [step for step in steps if step[1] != 0 or equal_steps_break]
    for sign, run in groupby(counted, key=itemgetter(1)):
        ends = [at for at, _ in run]
        if sign and len(ends) >= RUN_POINTS - 1:
            # Steps lie between values: a run of steps begins one value earlier.
            for at in range(ends[0] - 1, ends[-1] + 1):
                flags[at] = sign
    return flags


def _two_of_three(values: Sequence[float | None], limits: Limits) -> list[int]:
    flags = [0] * len(values)
    sides = _sides(values, limits)
    near = [0 if value is None else limits.near(value) for value in values]
    for first in range(len(values) - 2):
        three = range(first, first + 3)
        one_side = abs(sum(sides[at] for at in three)) == 3
        if one_side and sum(abs(near[at]) for at in three) >= 2:
            for at in three:
                flags[at] = near[at] or flags[at]
    return flags


def _shift(values: Sequence[float | None], limits: Limits) -> list[int]:
    flags: list[int] = []
    for side, run in groupby(_sides(values, limits)):
        length = len(list(run))
        flags += [side if length >= RUN_POINTS else 0] * length
    return flags


def _sides(values: Sequence[float | None], limits: Limits) -> list[int]:
    return [0 if value is None else limits.side(value) for value in values]
