"""Natural process limits of a series, and where a value lies against them.

Floor 4, analysis. Pure arithmetic: no table, no clock, no randomness.
Source: Wheeler and Chambers, Understanding Statistical Process Control, 2nd ed., 1992.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from opsgauge.foundation.errors import TooFewPoints

MOVING_RANGE_TO_THREE_SIGMA = 2.66  # 3 / d2, where d2 = 1.128 for ranges of two neighbours
MOVING_RANGE_TO_UPPER_RANGE = 3.267  # D4 for ranges of two neighbours
FEWEST_POINTS = 8  # with fewer, the limits say more about luck than about the process
FEWEST_RANGES = 4  # gaps may take ranges away, but not most of the seven that 8 points give
NOISE = 1e-12  # differences this small against the largest value are the arithmetic's, not ours


@dataclass(frozen=True)
class Limits:
    """Centre and natural process limits, in the unit of the values they came from.

    `lower` may fall below zero even where the metric cannot: clipping is the drawing's business,
    not the arithmetic's. Two values that differ by no more than `noise` count as equal, so that a
    value which is the mean in hours is the mean in minutes as well.
    """

    lower: float
    centre: float
    upper: float
    mean_moving_range: float
    noise: float = 0.0

    @property
    def upper_moving_range(self) -> float:
        """The largest step between neighbours that is still normal."""
        return MOVING_RANGE_TO_UPPER_RANGE * self.mean_moving_range

    @property
    def sigma(self) -> float:
        """A third of the way from the centre to the upper limit."""
        return (self.upper - self.centre) / 3

    def sign(self, difference: float) -> int:
        """Return the sign of a difference, 0 where it is no more than noise."""
        if abs(difference) <= self.noise:
            return 0
        return 1 if difference > 0 else -1


def moving_ranges(values: Sequence[float | None]) -> list[float | None]:
    """Return how far each value lies from the one before it.

    A range is formed between neighbours only: the first value has none, and none reaches over a
    gap.

    Examples
    --------
    >>> moving_ranges([10, 12, None, 11, 14])
    [None, 2, None, None, 3]
    """
    ranges: list[float | None] = [
        None if before is None or after is None else abs(after - before)
        for before, after in pairwise(values)
    ]
    return [None, *ranges] if values else []


def natural_limits(values: Sequence[float | None]) -> Limits:
    """Compute the natural process limits of an individuals (X) chart.

    Parameters
    ----------
    values : oldest first, one per period, None where a period has no value; 8 values or more

    Returns
    -------
    centre = mean, limits = centre ± 2.66 x mean moving range, in the unit of `values`.

    Raises
    ------
    TooFewPoints : fewer than 8 values, or fewer than 4 pairs of neighbours

    Examples
    --------
    >>> limits = natural_limits([10, 12, 11, 13, 12, 11, 12, 11])
    >>> round(limits.lower, 2), limits.centre, round(limits.upper, 2)
    (8.08, 11.5, 14.92)
    """
    known = [value for value in values if value is not None]
    if len(known) < FEWEST_POINTS:
        raise TooFewPoints(
            f"A control chart needs {FEWEST_POINTS} periods or more; this one has {len(known)}.",
            hint="Choose a longer range or a shorter period.",
        )
    ranges = [step for step in moving_ranges(values) if step is not None]
    if len(ranges) < FEWEST_RANGES:
        raise TooFewPoints(
            f"A control chart needs {FEWEST_RANGES} pairs of periods that follow each other; "
            f"gaps leave this one {len(ranges)}.",
            hint="Choose a longer period, so that fewer are empty.",
        )
    centre, mean_range = fmean(known), fmean(ranges)
    reach = MOVING_RANGE_TO_THREE_SIGMA * mean_range
    noise = NOISE * max(abs(value) for value in known)
    return Limits(centre - reach, centre, centre + reach, mean_range, noise)
