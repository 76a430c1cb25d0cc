"""Charts that look for small lasting changes: EWMA and CUSUM.

Floor 4, analysis. Pure arithmetic: no table, no clock, no randomness. A smoothed value leans on
those before it, so that runs of them say nothing: these charts are judged by their limits alone.
Sources: S. W. Roberts, Control Chart Tests Based on Geometric Moving Averages, Technometrics 1,
1959; E. S. Page, Continuous Inspection Schemes, Biometrika 41, 1954; limits for one false alarm
in 370 after J. M. Lucas and M. S. Saccucci, Technometrics 32, 1990, and D. M. Hawkins, 1993.
"""

import numpy as np

from opsgauge.analysis.control_charts.fit import (
    MOVING_RANGE_TO_SIGMA,
    THREE,
    Fitted,
    Stretch,
    mean_moving_range,
)
from opsgauge.analysis.control_charts.standing import Floats, stand


def ewma_chart(stretch: Stretch) -> Fitted:
    """Chart the mean of all values so far, in which older ones count less and less."""
    centre, sigma, ranges = _usual(stretch)
    weight, reach = stretch.smoothing.weight, stretch.smoothing.reach
    counted = stretch.kept & stretch.known
    drawn = np.where(
        stretch.known, ewma(np.where(counted, stretch.values, np.nan), centre, weight), np.nan
    )
    so_far = np.cumsum(counted)
    width = sigma * np.sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * so_far)))
    return _judged(stretch, drawn, centre, reach * width, ranges)


def cusum_chart(stretch: Stretch) -> Fitted:
    """Chart how far values have strayed in sum, to the side where they strayed more."""
    centre, sigma, ranges = _usual(stretch)
    counted = stretch.kept & stretch.known
    off = np.where(counted, stretch.values - centre, np.nan)
    up, down = cusum(off, stretch.smoothing.allowance * sigma)
    drawn = np.where(stretch.known, np.where(up >= down, up, -down), np.nan)
    reach = np.full(drawn.shape, stretch.smoothing.decision * sigma)
    return _judged(stretch, drawn, 0.0, reach, ranges)


def ewma(values: Floats, start: Floats | float, weight: float) -> Floats:
    """Return the smoothed values along the last axis; a gap leaves the mean as it was.

    Examples
    --------
    >>> ewma(np.array([10.0, 20.0, np.nan, 20.0]), 10.0, 0.5).tolist()
    [10.0, 15.0, 15.0, 17.5]
    """
    found = np.empty(values.shape)
    mean = np.broadcast_to(np.asarray(start, dtype=float), values.shape[:-1])
    for at in range(values.shape[-1]):
        newest = values[..., at]
        mean = np.where(np.isfinite(newest), weight * newest + (1 - weight) * mean, mean)
        found[..., at] = mean
    return found


def cusum(off: Floats, allowance: Floats | float) -> tuple[Floats, Floats]:
    """Return the upper and the lower sum along the last axis; a gap leaves both as they were.

    Parameters
    ----------
    off : distance of each value from the centre, nan for a gap
    allowance : what a value may stray before it adds to a sum

    Examples
    --------
    >>> up, down = cusum(np.array([1.0, 2.0, -3.0, np.nan]), 0.5)
    >>> up.tolist(), down.tolist()
    ([0.5, 2.0, 0.0, 0.0], [0.0, 0.0, 2.5, 2.5])
    """
    up, down = np.empty(off.shape), np.empty(off.shape)
    above = below = np.zeros(off.shape[:-1])
    for at in range(off.shape[-1]):
        newest = off[..., at]
        there = np.isfinite(newest)
        above = np.where(there, np.maximum(0.0, above + newest - allowance), above)
        below = np.where(there, np.maximum(0.0, below - newest - allowance), below)
        up[..., at], down[..., at] = above, below
    return up, down


def _usual(stretch: Stretch) -> tuple[float, float, float]:
    ranges = mean_moving_range(stretch.neighbours(stretch.values))
    return float(stretch.values[stretch.base].mean()), MOVING_RANGE_TO_SIGMA * ranges, ranges


def _judged(stretch: Stretch, drawn: Floats, centre: float, reach: Floats, ranges: float) -> Fitted:
    middle = np.full(drawn.shape, centre)
    judging = stand(drawn, centre, reach / THREE, stretch.noise)
    return Fitted(drawn, middle, middle - reach, middle + reach, judging, mean_moving_range=ranges)
