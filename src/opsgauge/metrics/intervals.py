"""How sure a number is: 95 % intervals for shares, means, ratios and order statistics.

Floor 3. Pure arithmetic: no table, no clock, no randomness.
Sources: Wilson, JASA 22 (1927) 209-212; Conover, Practical Nonparametric Statistics, 3rd ed.,
1999, section 3.2 (quantiles); Garwood, Biometrika 28 (1936) 437-442 (events); Cochran, Sampling
Techniques, 3rd ed., 1977, section 6.4 (ratios); Zou and Donner, Statistics in Medicine 27 (2008)
1693-1702 (differences, MOVER).
"""

from dataclasses import dataclass
from functools import cache
from math import comb, exp, hypot, sqrt

from scipy.special import gammaincinv, stdtrit

CONFIDENCE = 0.95
Z = 1.959963984540054  # 97.5 % point of the normal distribution
EXACT_UP_TO = 20  # Conover's own limit for the exact ranks of a quantile

Interval = tuple[float | None, float | None]
UNKNOWN: Interval = (None, None)


def wilson(hits: float, n: int) -> Interval:
    """Where the true share lies, of which `hits` of `n` is a sample.

    Examples
    --------
    >>> [round(end, 3) for end in wilson(4, 23)]
    [0.07, 0.371]
    """
    if n == 0:
        return UNKNOWN
    share, wide = hits / n, Z * Z / n
    middle = (share + wide / 2) / (1 + wide)
    reach = Z / (1 + wide) * sqrt(share * (1 - share) / n + wide / (4 * n))
    # Where none or all hit, the end is exact; rounding would leave it a hair off.
    low = 0.0 if hits == 0 else middle - reach
    return low, 1.0 if hits == n else middle + reach


def mean_interval(mean: float, deviation: float | None, n: int) -> Interval:
    """Where the true mean lies, by Student's t; unknown with fewer than two values.

    Parameters
    ----------
    deviation : standard deviation of the sample, in the unit of `mean`

    Examples
    --------
    >>> [round(end, 2) for end in mean_interval(10, 2, 16)]
    [8.93, 11.07]
    """
    if n < 2 or deviation is None:
        return UNKNOWN
    reach = student(n - 1) * deviation / sqrt(n)
    return mean - reach, mean + reach


def factor_interval(mean: float, log_deviation: float | None, n: int) -> Interval:
    """Where the true geometric mean lies: Student's t on the logarithms.

    Parameters
    ----------
    log_deviation : standard deviation of the logarithms of the sample

    Examples
    --------
    >>> [round(end, 2) for end in factor_interval(10, 1.0, 16)]
    [5.87, 17.04]
    """
    if n < 2 or log_deviation is None:
        return UNKNOWN
    factor = exp(student(n - 1) * log_deviation / sqrt(n))
    return mean / factor, mean * factor


def positive_mean_interval(mean: float, deviation: float | None, n: int) -> Interval:
    """Where the true mean of values above zero lies, which may be heavily skewed.

    By Student's t on the logarithm of the mean (delta method), so that neither end is negative.

    Examples
    --------
    >>> [round(end, 2) for end in positive_mean_interval(10, 2, 16)]
    [8.99, 11.12]
    """
    if n < 2 or deviation is None or mean <= 0:
        return UNKNOWN
    factor = exp(student(n - 1) * deviation / mean / sqrt(n))
    return mean / factor, mean * factor


def less_interval(one: tuple[float, Interval], other: tuple[float, Interval]) -> Interval:
    """Where `one` less `other` lies, each given with its own interval (MOVER).

    Exact for two that vary by themselves; too wide where they rise and fall together, as a mean
    and a quantile of the same values do.

    Examples
    --------
    >>> [round(end, 1) for end in less_interval((20, (17, 23)), (10, (6, 14)))]
    [5.0, 15.0]
    """
    (a, (low_a, high_a)), (b, (low_b, high_b)) = one, other
    if low_a is None or high_a is None or low_b is None or high_b is None:
        return UNKNOWN
    return a - b - hypot(a - low_a, high_b - b), a - b + hypot(high_a - a, b - low_b)


def poisson(events: float) -> tuple[float, float]:
    """Where the true mean number of events lies, of which `events` happened; exact.

    Examples
    --------
    >>> [round(end, 3) for end in poisson(0)], [round(end, 3) for end in poisson(10)]
    ([0.0, 3.689], [4.795, 18.39])
    """
    tail = (1 - CONFIDENCE) / 2
    low = float(gammaincinv(events, tail)) if events > 0 else 0.0
    return low, float(gammaincinv(events + 1, 1 - tail))


@dataclass(frozen=True)
class Sums:
    """Sums over tickets of a part `y` and a whole `x`, in one unit."""

    n: int
    y: float
    x: float
    yy: float
    yx: float
    xx: float


def ratio_interval(sums: Sums) -> Interval:
    """Where the true ratio of two totals lies, linearised, within 0 and 1.

    Tickets vary in both part and whole; what counts is how far each lies from `ratio * whole`.

    Examples
    --------
    >>> [round(end, 3) for end in ratio_interval(Sums(n=3, y=6, x=30, yy=14, yx=64, xx=308))]
    [0.051, 0.349]
    """
    if sums.n < 2 or sums.x <= 0:
        return UNKNOWN
    ratio = sums.y / sums.x
    # Rounding can leave a hair below zero where every ticket has the same ratio.
    residual = max(0.0, sums.yy - 2 * ratio * sums.yx + ratio * ratio * sums.xx)
    deviation = sqrt(residual / (sums.n - 1) * sums.n) / sums.x
    reach = student(sums.n - 1) * deviation
    return max(0.0, ratio - reach), min(1.0, ratio + reach)


@cache
def student(degrees: int) -> float:
    """Return the 97.5 % point of Student's t.

    Examples
    --------
    >>> round(student(5), 3)
    2.571
    """
    return float(stdtrit(degrees, (1 + CONFIDENCE) / 2))


@cache
def low_rank(n: int, q: float) -> int:
    """Return the rank of the ordered value below which the quantile lies with at most 2.5 %.

    Exact, by the binomial distribution; 0 means that n values are too few to say.

    Examples
    --------
    >>> [low_rank(n, 0.5) for n in (5, 6, 12, 20)]
    [0, 1, 3, 6]
    """
    tail = (1 - CONFIDENCE) / 2
    below, rank = 0.0, 0
    while rank < n:
        below += comb(n, rank) * q**rank * (1 - q) ** (n - rank)
        if below > tail:
            break
        rank += 1
    return rank


def high_rank(n: int, q: float) -> int:
    """Return the rank of the ordered value above which the quantile lies with at most 2.5 %.

    n + 1 means that n values are too few to say.

    Examples
    --------
    >>> [high_rank(n, 0.5) for n in (5, 6, 12, 20)]
    [6, 6, 10, 15]
    """
    return n + 1 - low_rank(n, 1 - q)
