"""Times of which some still run: how slow each is among all, their median, and odds of a change.

Floor 4, analysis. Pure arithmetic on arrays of hours, with whether each is over.

Sources: R. L. Prentice, Linear rank tests with right censored data, Biometrika 65, 1978; Kaplan and
Meier, Nonparametric estimation from incomplete observations, 1958; B. James, K. L. James and D.
Siegmund, Tests for a change-point, Biometrika 74, 1987.
"""

from math import exp, log, pi, sqrt

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


def scores(hours: Floats, done: Flags) -> Floats:
    """Return how slow each of some tickets is among them: from -1 to 1; they sum to nought.

    Parameters
    ----------
    done : whether each is over; of the others it is known that they take longer than that

    Examples
    --------
    >>> scores(np.array([3.0, 1.0, 2.0]), np.array([True, True, True])).round(3).tolist()
    [0.667, -0.667, -0.0]
    >>> scores(np.array([3.0, 1.0, 2.0]), np.array([True, True, False])).round(3).tolist()
    [0.333, -0.667, 0.333]
    """
    _, place, counts = np.unique(hours, return_inverse=True, return_counts=True)
    at_risk = len(hours) - np.concatenate([[0], np.cumsum(counts)[:-1]])
    ended = np.bincount(place, done)
    left = np.cumprod(1 - ended / at_risk)
    before = np.concatenate([[1.0], left[:-1]])
    return np.where(done, 1 - left[place] - before[place], 1 - left[place])


def odds_of_largest(z: float, edge: float) -> float:
    """Return how likely the largest difference over all splits is as large by chance.

    Parameters
    ----------
    edge : share of the time at either end in which no split was tried

    Examples
    --------
    >>> [round(odds_of_largest(z, 0.15), 4) for z in (0.5, 2.5, 3.5, 4.7)]
    [1.0, 0.1557, 0.0107, 0.0001]
    """
    size = abs(z)
    if size < 2:
        return 1.0
    height = exp(-(size**2) / 2) / sqrt(2 * pi)
    return min(1.0, height * ((size - 1 / size) * 2 * log((1 - edge) / edge) + 4 / size))


def median(hours: Floats, done: Flags) -> float:
    """Return the median by Kaplan and Meier; where less than half are over, the longest so far.

    Examples
    --------
    >>> median(np.array([1.0, 2.0, 3.0, 9.0]), np.array([True, True, False, True]))
    2.0
    """
    length, place, counts = np.unique(hours, return_inverse=True, return_counts=True)
    at_risk = len(hours) - np.concatenate([[0], np.cumsum(counts)[:-1]])
    left = np.cumprod(1 - np.bincount(place, done) / at_risk)
    under = np.flatnonzero(left <= 0.5 + 1e-12)
    return float(length[under[0]] if len(under) else length[-1])


def mean(hours: Floats, done: Flags) -> float:
    """Return the mean of what was waited so far, by tickets that are over or not."""
    return float(hours.mean()) if len(done) else 0.0


def by_week(week: Ints, side: Flags) -> list[Ints]:
    """Return the places of the tickets on one side, week by week.

    Examples
    --------
    >>> [each.tolist() for each in by_week(np.array([7, 8, 7]), np.array([True, True, True]))]
    [[0, 2], [1]]
    """
    places = np.flatnonzero(side)
    return [places[week[places] == each] for each in np.unique(week[places])]
