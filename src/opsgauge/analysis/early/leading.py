"""Whether one series goes before another: cross-correlation of what is new in each period.

Floor 4, analysis. Two series that both drift are correlated at every lag, and say nothing. So the
first is filtered to what its own past does not explain (an autoregression of the order that
Akaike's criterion prefers), the second by the same filter, and the correlation of these is looked
at: of the first, some periods earlier, with the second. Of several lags the most telling counts,
with its chance multiplied by how many were looked at.

Sources: Box, Jenkins, Reinsel and Ljung, Time series analysis, 5th ed., 2016, section 12.2
(prewhitening); Fisher, Metron 1 (1921) 3-32 (the interval of a correlation); Dunn, J. Am. Statist.
Assoc. 56 (1961) 52-64 (several lags).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, log, sqrt, tanh

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

FEWEST = 40  # periods with both values, in one stretch
MOST_LAG = 8  # periods
MOST_ORDER = 4  # of the autoregression
ALMOST = 1.0 - 1e-12  # a correlation of one has no interval
Z = float(ndtri(0.975))
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lagged:
    """The correlation of one series with another, some periods later.

    Attributes
    ----------
    lag : so many periods after the first the second is looked at; negative where it goes before
    correlation, low, high : of what is new in both, with its 95 % interval
    chance : of as much correlation at one of the lags looked at where nothing ties the two, 0 to 1
    """

    lag: int
    correlation: float
    low: float
    high: float
    chance: float


@dataclass(frozen=True)
class Lead:
    """How two series go together.

    Attributes
    ----------
    n : periods compared, in one stretch
    order : of the autoregression by which both were filtered
    before, at_once, behind : the most telling lag at which the first goes before the second, the
        lag nought, and the most telling lag at which it goes behind
    """

    n: int
    order: int
    before: Lagged
    at_once: Lagged
    behind: Lagged


def lead(first: npt.ArrayLike, second: npt.ArrayLike, most_lag: int = MOST_LAG) -> Lead | None:
    """Return how two series go together; None where too few periods have both values.

    Parameters
    ----------
    first, second : values of the same periods, in order; nan where there is none. Of several
        stretches without a gap the longest is looked at
    most_lag : periods, either way

    Examples
    --------
    >>> steps = [((7 * n * n) % 31) / 31 for n in range(60)]
    >>> found = lead(steps[2:], [0.0, 0.0, *steps[2:-2]])
    >>> found.before.lag
    2
    """
    x, y = _stretch(np.asarray(first, dtype=float), np.asarray(second, dtype=float))
    if len(x) < FEWEST or not _varies(x) or not _varies(y):
        return None
    weights = _autoregression(_level(x))
    new, met = _filtered(_level(x), weights), _filtered(_level(y), weights)
    if not _varies(new) or not _varies(met):
        return None
    lags = {lag: _correlated(new, met, lag) for lag in range(-most_lag, most_lag + 1)}
    return Lead(
        n=len(x),
        order=len(weights),
        before=_telling([lags[lag] for lag in range(1, most_lag + 1)]),
        at_once=lags[0],
        behind=_telling([lags[lag] for lag in range(-most_lag, 0)]),
    )


def _stretch(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Return the longest stretch in which both have values; the latest of equal ones."""
    there = np.isfinite(x) & np.isfinite(y)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], there.view(np.int8), [0]))))
    best = max(zip(edges[::2], edges[1::2], strict=True), key=_length, default=(0, 0))
    return x[best[0] : best[1]], y[best[0] : best[1]]


def _length(stretch: tuple[int, int]) -> tuple[int, int]:
    return stretch[1] - stretch[0], stretch[1]


def _varies(values: Numbers) -> bool:
    scale = float(np.max(np.abs(values), initial=0.0))
    return len(values) > 1 and float(np.std(values)) > 1e-12 * max(scale, 1e-300)


def _level(values: Numbers) -> Numbers:
    """Take away the mean and the straight line."""
    at = np.arange(len(values)) - (len(values) - 1) / 2
    level: Numbers = values - values.mean() - at * (at @ values) / (at @ at)
    return level


def _autoregression(values: Numbers) -> Numbers:
    """Return the weights of the past, of the order with the least of Akaike's criterion."""
    seen = len(values) - MOST_ORDER  # all orders are judged on the same periods
    best = float("inf")
    kept: Numbers = np.zeros(0)
    for order in range(MOST_ORDER + 1):
        past = _past(values, order)[-seen:]
        told = values[-seen:]
        weights = np.zeros(order)
        if order:
            weights[:] = np.linalg.lstsq(past, told, rcond=None)[0]
        left = told - past @ weights
        spread = float(left @ left) / seen
        criterion = seen * log(spread) + 2 * order if spread > 0 else float("inf")
        if criterion < best:
            best, kept = criterion, weights
    return kept


def _past(values: Numbers, order: int) -> Numbers:
    """Return for each period from `order` on the values before it, the nearest first."""
    columns = [values[order - back : len(values) - back] for back in range(1, order + 1)]
    return np.column_stack(columns) if columns else np.zeros((len(values), 0))


def _filtered(values: Numbers, weights: Numbers) -> Numbers:
    if not len(weights):
        return values
    left: Numbers = values[len(weights) :] - _past(values, len(weights)) @ weights
    return left


def _correlated(x: Numbers, y: Numbers, lag: int) -> Lagged:
    """Return the correlation of `x` with `y`, `lag` periods later."""
    n = len(x) - abs(lag)
    one, other = (x[:n], y[lag:]) if lag >= 0 else (x[-lag:], y[:n])
    scale = float(np.std(one) * np.std(other))
    found = float(np.mean((one - one.mean()) * (other - other.mean()))) / scale if scale else 0.0
    r = min(max(found, -ALMOST), ALMOST)
    middle, half = atanh(r), 1 / sqrt(n - 3)
    chance = 2 * float(ndtr(-abs(middle) / half))
    return Lagged(lag, r, tanh(middle - Z * half), tanh(middle + Z * half), chance)


def _telling(lags: Sequence[Lagged]) -> Lagged:
    """Return the most telling of some lags, its chance that of the luckiest among them."""
    best = min(lags, key=lambda each: each.chance)
    chance = min(best.chance * len(lags), 1.0)
    return Lagged(best.lag, best.correlation, best.low, best.high, chance)
