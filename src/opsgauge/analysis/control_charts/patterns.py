"""The patterns that rules are made of: beyond, in a row, some of a few, up and down.

Floor 4, analysis. Arithmetic on arrays; the last axis is time. A pattern with its parameters, a
name and a sentence is a `Rule`; `rules.py` puts rules into sets. Nothing reaches over a gap,
except where a pattern says so: we do not know what was there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, log2

import numpy as np
from scipy.special import bdtr

from opsgauge.analysis.control_charts.standing import (
    Flags,
    Signs,
    Standing,
    run_flags,
    run_lengths,
    window_flags,
    windows_sum,
)

NO_DIRECTION = 2  # of a flag: a signal that points neither up nor down
MOST_BY_CHANCE = 0.05  # of crossings: fewer than this quantile are too few


@dataclass(frozen=True)
class Lenient:
    """Which values end a run: an equal step a trend, a value on the centre a run on one side.

    If not, they neither count nor end it.
    """

    equal_steps_break: bool = True
    on_centre_breaks: bool = True


STRICT = Lenient()


@dataclass(frozen=True)
class Rule:
    """One rule as data: a pattern with its parameters.

    points : how many neighbours it looks at
    least : how many of them must show it
    sigmas, below : farther from the centre than the one, no farther than the other
    one_side : whether all the neighbours must lie on one side
    every : whether all of them are flagged, or only those that show it
    """

    name: str
    sentence: str
    pattern: str
    points: int = 1
    least: int = 1
    sigmas: float = 3.0
    below: float = inf
    one_side: bool = False
    every: bool = False

    def flags(self, standing: Standing, lenient: Lenient = STRICT) -> Signs:
        """Flag the values that break it: 1 upward, -1 downward, 2 without a direction, else 0."""
        return PATTERNS[self.pattern](self, standing, lenient)


def beyond(rule: Rule, standing: Standing, lenient: Lenient) -> Signs:
    """Flag what lies farther off than so many sigmas."""
    return standing.beyond(rule.sigmas)


def some_beyond(rule: Rule, standing: Standing, lenient: Lenient) -> Signs:
    """Flag windows in which enough values lie far off on one side."""
    flags: Signs = np.zeros(standing.side.shape, dtype=np.int8)
    if flags.shape[-1] < rule.points:
        return flags
    far = standing.beyond(rule.sigmas)
    if rule.below < inf:
        far = np.where(standing.beyond(rule.below) != 0, 0, far).astype(np.int8)
    whole = windows_sum(standing.known, rule.points) == rule.points
    sides = windows_sum(standing.side, rule.points)
    for side in (1, -1):
        right = whole & (sides == side * rule.points) if rule.one_side else whole
        marked = far == side
        if rule.every:
            right = right & (windows_sum(marked, rule.points) >= rule.least)
            marked = np.ones(flags.shape, dtype=bool)
        flags[window_flags(marked, 0 if rule.every else rule.least, rule.points, right)] = side
    return flags


def one_side(rule: Rule, standing: Standing, lenient: Lenient) -> Signs:
    """Flag every member of a run on one side of the centre."""
    skipped = None if lenient.on_centre_breaks else standing.known & (standing.side == 0)
    return run_flags(standing.side, rule.points, skipped)


def trend(rule: Rule, standing: Standing, lenient: Lenient) -> Signs:
    """Flag every member of a run of values that each lie above, or each below, the one before."""
    level = standing.stepped & (standing.steps == 0)
    steps = run_flags(standing.steps, rule.points - 1, None if lenient.equal_steps_break else level)
    return _with_the_first(steps)


def alternating(rule: Rule, standing: Standing, lenient: Lenient) -> Signs:
    """Flag every member of a run that goes up and down by turns."""
    turns = np.zeros(standing.steps.shape, dtype=np.int8)
    turns[..., 2:] = standing.steps[..., 2:] * standing.steps[..., 1:-1] == -1
    turning = run_flags(turns, rule.points - 2)
    flagged = _with_the_first(_with_the_first(turning))
    directionless: Signs = np.where(flagged != 0, NO_DIRECTION, 0).astype(np.int8)
    return directionless


def near_centre(rule: Rule, standing: Standing, lenient: Lenient) -> Signs:
    """Flag every member of a run that keeps close to the centre."""
    with_sigma = standing.known & ~np.isnan(standing.sigmas)
    return _in_a_row(with_sigma & (standing.beyond(rule.sigmas) == 0), rule.points)


def off_centre(rule: Rule, standing: Standing, lenient: Lenient) -> Signs:
    """Flag every member of a run that avoids the centre, on either side."""
    return _in_a_row(standing.beyond(rule.sigmas) != 0, rule.points)


def longest_run(rule: Rule, standing: Standing, lenient: Lenient) -> Signs:
    """Flag every member of a run longer than chance makes it among so many values.

    Values on the centre, and gaps, are passed over.
    """
    useful = standing.side != 0
    longest = longest_by_chance(int(useful.sum()))
    return run_flags(standing.side, longest + 1, ~useful)


def crossings(rule: Rule, standing: Standing, lenient: Lenient) -> Signs:
    """Flag no value: that the centre is crossed too seldom is said of the whole."""
    return np.zeros(standing.side.shape, dtype=np.int8)


PATTERNS: Mapping[str, Callable[[Rule, Standing, Lenient], Signs]] = {
    "beyond": beyond,
    "some_beyond": some_beyond,
    "one_side": one_side,
    "trend": trend,
    "alternating": alternating,
    "near_centre": near_centre,
    "off_centre": off_centre,
    "longest_run": longest_run,
    "crossings": crossings,
}


def longest_by_chance(useful: int) -> int:
    """Return how long the longest run on one side may be among so many values off the centre.

    Examples
    --------
    >>> [longest_by_chance(n) for n in (10, 12, 24, 60)]
    [6, 7, 8, 9]
    """
    return round(log2(useful)) + 3 if useful > 0 else 3


def fewest_crossings(useful: int) -> int:
    """Return how often so many values off the centre cross it at least: the 5 % quantile.

    Examples
    --------
    >>> [fewest_crossings(n) for n in (10, 12, 24, 60)]
    [2, 3, 8, 23]
    """
    if useful < 2:
        return 0
    counts = np.arange(useful)
    return int(np.searchsorted(bdtr(counts, useful - 1, 0.5), MOST_BY_CHANCE))


@dataclass(frozen=True)
class Runs:
    """How the values of one stretch run about the centre."""

    useful: int  # values off the centre
    longest: int
    longest_allowed: int
    crossings: int
    fewest_crossings: int

    @property
    def too_long(self) -> bool:
        """Whether a run is longer than chance makes it."""
        return self.longest > self.longest_allowed

    @property
    def too_few(self) -> bool:
        """Whether the centre is crossed more seldom than chance does."""
        return self.crossings < self.fewest_crossings


def runs(standing: Standing) -> Runs:
    """Count the runs of one series about its centre, as a run chart is read.

    Examples
    --------
    >>> found = runs(Standing(*(np.array([1, 1, -1, 0, -1, 1], dtype=np.int8),) * 4))
    >>> found.useful, found.longest, found.crossings
    (5, 2, 2)
    """
    sides = standing.side[standing.side != 0]
    lengths = run_lengths(sides, np.zeros(sides.shape, dtype=bool)) if len(sides) else sides
    return Runs(
        useful=len(sides),
        longest=int(lengths.max(initial=0)),
        longest_allowed=longest_by_chance(len(sides)),
        crossings=int((sides[1:] != sides[:-1]).sum()),
        fewest_crossings=fewest_crossings(len(sides)),
    )


def _in_a_row(marked: Flags, least: int) -> Signs:
    flagged = run_flags(marked.astype(np.int8), least)
    directionless: Signs = (flagged * NO_DIRECTION).astype(np.int8)
    return directionless


def _with_the_first(steps: Signs) -> Signs:
    """Flag values by the steps between them; where two runs meet, the later one decides."""
    flags = steps.copy()
    flags[..., :-1] = np.where(steps[..., 1:] != 0, steps[..., 1:], steps[..., :-1])
    return flags
