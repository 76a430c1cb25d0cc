"""Whether a process varies less, or more, than before: the width of its limits, compared.

Floor 4, analysis. Pure arithmetic: no table, no clock, no randomness. The width of the limits is
a multiple of the mean step between neighbours; a ratio of two such means gets its interval from
how the steps themselves scatter, also with the next one, since two neighbouring steps share a
value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite, log, nan, sqrt

import numpy as np
from scipy.special import stdtrit

from opsgauge.analysis.control_charts.fit import MOVING_RANGE_TO_SIGMA, THREE
from opsgauge.analysis.control_charts.limits import FEWEST_POINTS
from opsgauge.analysis.control_charts.standing import Floats
from opsgauge.foundation.errors import TooFewPoints

FEWEST = 12  # values on each side: the interval of fewer says nothing


@dataclass(frozen=True)
class Variation:
    """How wide the limits were before and are after.

    ratio : after by before, with its 95 % interval; under 1 the process varies less
    """

    before: float
    after: float
    ratio: float
    low: float
    high: float

    @property
    def changed(self) -> int:
        """Return -1 where it varies less, 1 where it varies more, 0 where that may be chance."""
        if self.high < 1:
            return -1
        return 1 if self.low > 1 else 0


def variation(before: Sequence[float | None], after: Sequence[float | None]) -> Variation:
    """Compare the width of XmR limits before and after.

    Parameters
    ----------
    before, after : oldest first, one per period, None for a gap; 12 values or more each

    Raises
    ------
    TooFewPoints : fewer, or before there was no variation at all

    Examples
    --------
    >>> found = variation([10, 16, 9, 15, 8, 17, 10, 16] * 3, [12, 13, 12, 14, 13, 12, 13, 12] * 3)
    >>> round(found.ratio, 2), found.changed
    (0.15, -1)
    """
    steps = [_steps(values) for values in (before, after)]
    means = [float(np.nanmean(each)) for each in steps]
    if not means[0] > 0:
        raise TooFewPoints(
            "Before, every value is the same: there is no variation that could be compared.",
            hint="Choose a longer range before.",
        )
    widths = [2 * THREE * MOVING_RANGE_TO_SIGMA * mean for mean in means]
    if means[1] == 0:
        return Variation(widths[0], 0.0, 0.0, 0.0, 0.0)
    errors = [_error(each) / mean for each, mean in zip(steps, means, strict=True)]
    freedom = min(int(np.isfinite(each).sum()) for each in steps) - 1
    reach = float(stdtrit(freedom, 0.975)) * sqrt(errors[0] ** 2 + errors[1] ** 2)
    ratio = means[1] / means[0]
    low, high = (exp(log(ratio) + sign * reach) for sign in (-1, 1))
    return Variation(widths[0], widths[1], ratio, low, high)


def _steps(values: Sequence[float | None]) -> Floats:
    known = np.array([nan if v is None or not isfinite(v) else v for v in values], dtype=float)
    steps = np.abs(np.diff(known))
    if np.isfinite(known).sum() < FEWEST or np.isfinite(steps).sum() < FEWEST_POINTS:
        raise TooFewPoints(
            f"Variation is compared over {FEWEST} periods or more before and after; one side has "
            f"{int(np.isfinite(known).sum())}.",
            hint="Choose a longer range, or a shorter period.",
        )
    return steps


def _error(steps: Floats) -> float:
    """Return the standard error of the mean step; each step is counted with its neighbour."""
    off = steps - np.nanmean(steps)
    n = int(np.isfinite(off).sum())
    alone = float(np.nansum(off**2)) / (n - 1)
    together = float(np.nansum(off[1:] * off[:-1])) / (n - 1)
    return sqrt(max(alone + 2 * together, alone / 2) / n)
