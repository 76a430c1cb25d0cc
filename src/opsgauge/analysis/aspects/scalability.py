"""Scalability: do times grow when there is more to do?

Floor 4, analysis. The logarithm of a period's usual time against that of the work that lay open at
its beginning, by least squares: the slope is by how many per cent times grow when the load grows by
one. Neighbouring periods resemble each other, so the slope's error is that of Newey and West.
Periods without work, or that took no time, have no logarithm and are left out.

Source: Newey and West, A simple, positive semi-definite, heteroskedasticity and autocorrelation
consistent covariance matrix, Econometrica 55, 1987; lags after their 1994 rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from statistics import fmean

from scipy.special import stdtrit

from opsgauge.foundation.errors import TooFewPoints

FEWEST = 12  # periods
A_TENTH = 1.1


@dataclass(frozen=True)
class Scalability:
    """How times follow the load.

    Attributes
    ----------
    slope : per cent longer for one per cent more load; `low` and `high` its 95 % interval
    n : periods
    """

    slope: float
    low: float
    high: float
    n: int

    @property
    def for_a_tenth_more(self) -> float:
        """By what share of themselves times grow when the load grows by a tenth."""
        return float(A_TENTH**self.slope - 1)


def scalability(periods: Sequence[tuple[float | None, float | None]]) -> Scalability:
    """Work out how times follow the load.

    Parameters
    ----------
    periods : load and time of each, oldest first

    Raises
    ------
    TooFewPoints : fewer than `FEWEST` periods with both, or the load never changes
    """
    known = [
        (log(load), log(time)) for load, time in periods if load and time and min(load, time) > 0
    ]
    n = len(known)
    if n < FEWEST or len({load for load, _ in known}) == 1:
        raise TooFewPoints(
            f"Scalability needs {FEWEST} periods with work and unlike loads; there are {n}.",
            hint="Choose a longer range or a shorter period.",
        )
    loads, times = zip(*known, strict=True)
    middle, usual = fmean(loads), fmean(times)
    apart = [load - middle for load in loads]
    squares = sum(each**2 for each in apart)
    slope = sum(a * (time - usual) for a, time in zip(apart, times, strict=True)) / squares
    scores = [a * (time - usual - slope * a) for a, time in zip(apart, times, strict=True)]
    error = sqrt(_long_run(scores) * n / (n - 2)) / squares
    reach = float(stdtrit(n - 2, 0.975)) * error
    return Scalability(slope, slope - reach, slope + reach, n)


def _long_run(scores: Sequence[float]) -> float:
    """Return the sum of squares of scores with what neighbours share (Bartlett's weights)."""
    n = len(scores)
    lags = int(4 * (n / 100) ** (2 / 9))
    total = sum(score**2 for score in scores)
    for lag in range(1, lags + 1):
        shared = sum(scores[i] * scores[i - lag] for i in range(lag, n))
        total += 2 * (1 - lag / (lags + 1)) * shared
    return total
