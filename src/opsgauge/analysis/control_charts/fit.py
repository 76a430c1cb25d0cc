"""A stretch of a series as arrays, and the limits that a kind of chart puts on it.

Floor 4, analysis. Shapes, and the arithmetic that kinds of charts share.
"""

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np

from opsgauge.analysis.control_charts.chart import SMOOTHING, Smoothing
from opsgauge.analysis.control_charts.limits import (
    FEWEST_RANGES,
    MOVING_RANGE_TO_THREE_SIGMA,
    NOISE,
    Limits,
)
from opsgauge.analysis.control_charts.standing import Flags, Floats, Standing, stand
from opsgauge.foundation.errors import TooFewPoints

THREE = 3.0  # sigmas between the centre and a limit
MOVING_RANGE_TO_SIGMA = MOVING_RANGE_TO_THREE_SIGMA / THREE
HALF_PI = np.pi / 2


@dataclass(frozen=True)
class Stretch:
    """One phase of a series, oldest first; nan where something is not known.

    kept : False for points that are taken out
    base : the points that the limits come from, all of them kept and known
    size : tickets behind each value, or the denominator
    periods : labels, for messages
    """

    values: Floats
    size: Floats
    spread: Floats
    kept: Flags
    base: Flags
    periods: tuple[str, ...] = ()
    smoothing: Smoothing = SMOOTHING

    @property
    def known(self) -> Flags:
        """Which values are there."""
        there: Flags = np.isfinite(self.values)
        return there

    @property
    def noise(self) -> float:
        """Differences this small are the arithmetic's."""
        return NOISE * float(np.abs(self.values[self.base]).max(initial=0.0))

    def neighbours(self, of: Floats) -> Floats:
        """Return, oldest first, what stands for the limits, with a nan between two for a gap.

        Points that were taken out are passed over, as if they were not there.
        """
        # A value after the baseline ends it; one that is unknown inside it stays a gap.
        inside = np.flatnonzero(self.base)
        if not len(inside):
            return of[:0]
        reach = np.zeros(self.base.shape, dtype=bool)
        reach[: inside[-1] + 1] = True
        taken = self.kept & reach
        found: Floats = np.where(self.base, of, nan)[taken]
        return found


@dataclass(frozen=True)
class Fitted:
    """What a kind of chart says about a stretch, one of each per point.

    drawn : the values as the chart draws them
    judging : where they stand, in the scale in which the chart judges
    """

    drawn: Floats
    centre: Floats
    lower: Floats
    upper: Floats
    judging: Standing
    mean_moving_range: float = nan
    sigma_z: float | None = None
    notes: tuple[str, ...] = ()


def around(
    stretch: Stretch,
    centre: Floats | float,
    sigma: Floats | float,
    possible: tuple[float, float] = (-np.inf, np.inf),
) -> Fitted:
    """Put limits three sigmas around a centre, but not beyond what values can be at all."""
    shape = stretch.values.shape
    middle, reach = (np.broadcast_to(each, shape) for each in (centre, THREE * np.asarray(sigma)))
    return Fitted(
        drawn=stretch.values,
        centre=middle,
        lower=np.maximum(middle - reach, possible[0]),
        upper=np.minimum(middle + reach, possible[1]),
        judging=stand(stretch.values, centre, sigma, stretch.noise),
    )


def by_limits(stretch: Stretch, limits: Limits) -> Fitted:
    """Put limits that are known from elsewhere on a stretch."""
    shape = stretch.values.shape
    return Fitted(
        drawn=stretch.values,
        centre=np.full(shape, limits.centre),
        lower=np.full(shape, limits.lower),
        upper=np.full(shape, limits.upper),
        judging=stand(stretch.values, limits.centre, limits.sigma, limits.noise),
        mean_moving_range=limits.mean_moving_range,
    )


def mean_moving_range(neighbours: Floats) -> float:
    """Return the mean step between neighbours; none reaches over a gap.

    Raises
    ------
    TooFewPoints : fewer than 4 pairs of neighbours

    Examples
    --------
    >>> mean_moving_range(np.array([1.0, 3.0, 2.0, np.nan, 4.0, 4.0, 3.0]))
    1.0
    """
    steps = np.abs(np.diff(neighbours))
    steps = steps[np.isfinite(steps)]
    if len(steps) < FEWEST_RANGES:
        raise TooFewPoints(
            f"A control chart needs {FEWEST_RANGES} pairs of periods that follow each other; "
            f"gaps leave this one {len(steps)}.",
            hint="Choose a longer period, so that fewer are empty.",
        )
    return float(steps.mean())


def ratio(part: Floats, whole: Floats) -> Floats:
    """Return part / whole, 0 where both are 0, infinite where only the whole is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where((part == 0) & (whole == 0), 0.0, part / whole)
    return found


def mean_of_sizes(stretch: Stretch) -> float:
    """Return the mean of the baseline's values, each weighed by its size."""
    size = stretch.size[stretch.base]
    return float((stretch.values[stretch.base] * size).sum() / size.sum())


def unequal_sigma(neighbours: Floats, size: Floats) -> float:
    """Return the sigma of a single ticket, from neighbouring values of unequal sizes.

    Source: W. A. Taylor, Statistical Procedures for the Medical Device Industry, 2017 (the I'
    chart): s = sqrt(pi / 2) x |step| / sqrt(1 / n before + 1 / n after), averaged.
    """
    steps = np.diff(neighbours)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = sqrt(HALF_PI) * np.abs(steps) / np.sqrt(1 / size[:-1] + 1 / size[1:])
    each = each[np.isfinite(each)]
    if len(each) < FEWEST_RANGES:
        mean_moving_range(np.full(len(each) + 1, 0.0))  # says what is wrong
    return float(each.mean())
