"""The patterns that rules are made of: beyond, in a row, some of a few, up and down.

Floor 4, analysis. Arithmetic on arrays; the last axis is time. A pattern with its parameters, a
name and a sentence is a `Rule`; `rules.py` puts rules into sets. Nothing reaches over a gap,
except where a pattern says so: we do not know what was there.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr

from opsgauge.analysis.control_charts.standing import (
    Flags,
    Signs,
    Standing,
    run_flags,
    run_lengths,
    running,
    window_flags,
    windows_sum,
)

Whole = npt.NDArray[np.int64]

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
        if self.pattern in RUNNING:
            return _flags_in_a_row(self, standing, lenient)
        return FLAGGING[self.pattern](self, standing)

    def seen(self, standing: Standing) -> Flags:
        """Say at which values it is seen to be broken, as they come in one by one.

        A run is flagged back to its first member, but nobody sees it before it is complete.

        Raises
        ------
        KeyError : it is said of a whole series
        """
        if self.pattern in RUNNING:
            mark, before = RUNNING[self.pattern](self, standing)
            return running(mark) >= self.points - before
        return SEEING[self.pattern](self, standing)


def beyond(rule: Rule, standing: Standing) -> Signs:
    """Flag what lies farther off than so many sigmas."""
    return standing.beyond(rule.sigmas)


def some_beyond(rule: Rule, standing: Standing) -> Signs:
    """Flag windows in which enough values lie far off on one side."""
    flags: Signs = np.zeros(standing.side.shape, dtype=np.int8)
    if flags.shape[-1] < rule.points:
        return flags
    for side, marked, full in _full_windows(rule, standing):
        members = np.ones(marked.shape, dtype=bool) if rule.every else marked
        flags[window_flags(members, full, rule.points)] = side
    return flags


def some_beyond_seen(rule: Rule, standing: Standing) -> Flags:
    """Say where a window in which enough values lie far off on one side is complete."""
    seen: Flags = np.zeros(standing.side.shape, dtype=bool)
    if seen.shape[-1] >= rule.points:
        for _, _, full in _full_windows(rule, standing):
            seen[..., rule.points - 1 :] |= full
    return seen


def _full_windows(rule: Rule, standing: Standing) -> Iterator[tuple[int, Flags, Flags]]:
    """Yield each side, what lies far off on it, and which windows hold enough of that."""
    far = standing.beyond(rule.sigmas)
    if rule.below < inf:
        far = np.where(standing.beyond(rule.below) != 0, 0, far).astype(np.int8)
    if not far.any():
        return  # as in most series
    whole = windows_sum(standing.known, rule.points) == rule.points
    sides = windows_sum(standing.side, rule.points) if rule.one_side else None
    for side in (1, -1):
        marked = far == side
        full = whole & (windows_sum(marked, rule.points) >= rule.least)
        if sides is not None:
            full &= sides == side * rule.points
        yield side, marked, full


def _flags_in_a_row(rule: Rule, standing: Standing, lenient: Lenient) -> Signs:
    """Flag every member of the runs that are long enough."""
    mark, before = RUNNING[rule.pattern](rule, standing)
    skipped = None
    if rule.pattern == "trend" and not lenient.equal_steps_break:
        skipped = standing.stepped & (mark == 0)
    if rule.pattern == "one_side" and not lenient.on_centre_breaks:
        skipped = standing.known & (mark == 0)
    flags = run_flags(mark, rule.points - before, skipped)
    for _ in range(before):
        # Flag values by the steps between them; where two runs meet, the later one decides.
        flags[..., :-1] = np.where(flags[..., 1:] != 0, flags[..., 1:], flags[..., :-1])
    if rule.pattern not in DIRECTED:
        flags[flags != 0] = NO_DIRECTION
    return flags


def _turns(rule: Rule, standing: Standing) -> tuple[Signs, int]:
    turns = np.zeros(standing.steps.shape, dtype=np.int8)
    turns[..., 2:] = standing.steps[..., 2:] * standing.steps[..., 1:-1] == -1
    return turns, 2


def _near(rule: Rule, standing: Standing) -> tuple[Signs, int]:
    there = standing.known & ~np.isnan(standing.sigmas)
    return (there & (standing.beyond(rule.sigmas) == 0)).astype(np.int8), 0


def _off(rule: Rule, standing: Standing) -> tuple[Signs, int]:
    return (standing.beyond(rule.sigmas) != 0).astype(np.int8), 0


# What forms the runs of a pattern, and how many values before its first mark belong to a run.
RUNNING: Mapping[str, Callable[[Rule, Standing], tuple[Signs, int]]] = {
    "one_side": lambda _, standing: (standing.side, 0),
    "trend": lambda _, standing: (standing.steps, 1),
    "alternating": _turns,
    "near_centre": _near,
    "off_centre": _off,
}
DIRECTED = ("one_side", "trend")


def longest_run(rule: Rule, standing: Standing) -> Signs:
    """Flag every member of a run longer than chance makes it among so many values.

    Values on the centre, and gaps, are passed over.
    """
    useful = standing.side != 0
    longest = longest_by_chance(useful.sum(axis=-1, keepdims=True))
    return run_flags(standing.side, longest + 1, ~useful)


def crossings(rule: Rule, standing: Standing) -> Signs:
    """Flag no value: that the centre is crossed too seldom is said of the whole."""
    return np.zeros(standing.side.shape, dtype=np.int8)


FLAGGING: Mapping[str, Callable[[Rule, Standing], Signs]] = {
    "beyond": beyond,
    "some_beyond": some_beyond,
    "longest_run": longest_run,
    "crossings": crossings,
}
SEEING: Mapping[str, Callable[[Rule, Standing], Flags]] = {
    "beyond": lambda rule, standing: standing.beyond(rule.sigmas) != 0,
    "some_beyond": some_beyond_seen,
}
OF_THE_WHOLE = ("longest_run", "crossings")  # patterns that are said of a series when it is there


def longest_by_chance(useful: Whole) -> Whole:
    """Return how long the longest run on one side may be among so many values off the centre.

    Examples
    --------
    >>> longest_by_chance(np.array([10, 12, 24, 60])).tolist()
    [6, 7, 8, 9]
    """
    found: Whole = np.round(np.log2(np.maximum(useful, 1))).astype(np.int64) + 3
    return found


def fewest_crossings(useful: Whole) -> Whole:
    """Return how often so many values off the centre cross it at least: the 5 % quantile.

    Examples
    --------
    >>> fewest_crossings(np.array([0, 1, 10, 12, 24, 60])).tolist()
    [0, 0, 2, 3, 8, 23]
    """
    chances = np.maximum(useful - 1, 0)
    found: Whole = np.zeros(chances.shape, dtype=np.int64)
    for tried in range(int(chances.max(initial=0))):
        found += bdtr(tried, chances, 0.5) < MOST_BY_CHANCE
    return np.where(chances > 0, found, 0)


@dataclass(frozen=True)
class Runs:
    """How values run about their centre: one number of each for every series."""

    useful: Whole  # values off the centre
    longest: Whole
    crossings: Whole

    @property
    def too_long(self) -> Flags:
        """Whether a run is longer than chance makes it."""
        return np.asarray(self.longest > longest_by_chance(self.useful))

    @property
    def too_few(self) -> Flags:
        """Whether the centre is crossed more seldom than chance does."""
        return np.asarray(self.crossings < fewest_crossings(self.useful))


def runs(side: Signs) -> Runs:
    """Count the runs of values about their centre, as a run chart is read.

    Parameters
    ----------
    side : 1 above, -1 below; what is 0, on the centre or a gap, is passed over

    Examples
    --------
    >>> found = runs(np.array([1, 1, -1, 0, -1, 1], dtype=np.int8))
    >>> int(found.useful), int(found.longest), int(found.crossings)
    (5, 2, 2)
    """
    useful = side != 0
    lengths, begins = run_lengths(side, ~useful)
    return Runs(
        useful=useful.sum(axis=-1),
        longest=lengths.max(axis=-1, initial=0),
        crossings=np.maximum((begins & useful).sum(axis=-1) - 1, 0),
    )
