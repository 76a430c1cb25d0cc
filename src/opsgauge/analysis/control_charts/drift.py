"""Whether a process slowly drifts away after it was redesigned.

Floor 4, analysis. Pure arithmetic: no table, no clock, no randomness. The first periods after the
redesign say what is usual; a smoothed mean (EWMA) of those that follow sees a small change that
lasts long before the limits of single values do; a sum (CUSUM) says since when.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan, sqrt

import numpy as np
from scipy.special import stdtrit

from opsgauge.analysis.control_charts.chart import Smoothing
from opsgauge.analysis.control_charts.fit import MOVING_RANGE_TO_SIGMA, mean_moving_range
from opsgauge.analysis.control_charts.smoothed import cusum, ewma
from opsgauge.foundation.errors import TooFewPoints

FEWEST = 12  # periods that say what is usual
# Of steady processes 3 to 5 in 100 are taken for drifting at any one look (bench/control_charts).
SLOW = Smoothing(weight=0.1, reach=2.3)


@dataclass(frozen=True)
class Drift:
    """How far a process has drifted from what was usual after its redesign.

    found : whether the smoothed mean has left its limits, and has not come back
    seen : position at which that was first seen; None where it was not
    since : position at which the drift began, as the sum has it; None where none was found
    size : mean since then less the usual one, with its 95 % interval; 0 without a drift
    """

    found: bool
    usual: float
    smoothed: float
    seen: int | None = None
    since: int | None = None
    size: float = 0.0
    interval: tuple[float, float] = (0.0, 0.0)


def drift(values: Sequence[float | None], baseline: int = 20, smoothing: Smoothing = SLOW) -> Drift:
    """Look for a slow or small lasting change after a redesign.

    The limits allow for what is usual being known from few periods only.

    Parameters
    ----------
    values : the periods since the redesign, oldest first, None for a gap
    baseline : the first so many of them say what is usual; 12 or more

    Raises
    ------
    TooFewPoints : fewer than 12 values in the baseline, or none after it

    Examples
    --------
    >>> steady, slipping = [10, 12, 11, 13, 12, 11, 12, 11] * 3, [12, 13, 12, 13, 13, 14, 13, 14]
    >>> found = drift([*steady, *slipping], baseline=24)
    >>> found.found, found.since, round(found.size, 2)
    (True, 25, 1.64)
    """
    known = np.array([nan if v is None or not isfinite(v) else v for v in values], dtype=float)
    first, later = known[: max(baseline, 0)], known[max(baseline, 0) :]
    count = int(np.isfinite(first).sum())
    if count < FEWEST or not np.isfinite(later).any():
        raise TooFewPoints(
            f"Drift is looked for after {FEWEST} periods or more that say what is usual; there "
            f"are {count}, and {int(np.isfinite(later).sum())} after them.",
            hint="Wait for more periods, or choose a shorter one.",
        )
    usual, sigma = float(np.nanmean(first)), MOVING_RANGE_TO_SIGMA * mean_moving_range(first)
    drawn = ewma(later, usual, smoothing.weight)
    fade = smoothing.weight / (2 - smoothing.weight)
    so_far = np.cumsum(np.isfinite(later))
    settled = fade * (1 - (1 - smoothing.weight) ** (2 * so_far))
    # A mean of few values strays itself, and all of the smoothed ones with it.
    limit = smoothing.reach * sigma * np.sqrt(settled + 1 / count)
    outside = np.abs(drawn - usual) > limit + 1e-12 * abs(usual)
    if not outside[-1]:
        return Drift(False, usual, float(drawn[-1]))
    upward = drawn[-1] > usual
    inside = np.flatnonzero(~outside | ((drawn > usual) != upward))
    seen = int(inside[-1]) + 1 if len(inside) else 0
    sums = cusum(later - usual, smoothing.allowance * sigma)[0 if upward else 1]
    at_rest = np.flatnonzero(sums[: seen + 1] <= 0)
    since = min(int(at_rest[-1]) + 1 if len(at_rest) else 0, seen)
    size, reach = _size(later[since:], usual, sigma, count)
    return Drift(
        True,
        usual,
        float(drawn[-1]),
        seen=baseline + seen,
        since=baseline + since,
        size=size,
        interval=(size - reach, size + reach),
    )


def _size(late: np.ndarray, usual: float, sigma: float, count: int) -> tuple[float, float]:
    n = int(np.isfinite(late).sum())
    reach = float(stdtrit(count - 1, 0.975)) * sigma * sqrt(1 / n + 1 / count)
    return float(np.nanmean(late)) - usual, reach
