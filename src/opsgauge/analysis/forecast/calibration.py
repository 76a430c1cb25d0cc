"""Probabilities held against what happened: reliability, Brier score, and putting them right.

Floor 4, analysis. A probability is reliable where of the tickets given 30 % some 30 % broke.

Source: Brier, Verification of forecasts expressed in terms of probability, 1950; Zadrozny and
Elkan, Transforming classifier scores into accurate multiclass probability estimates, 2002
(isotonic).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.optimize import isotonic_regression

from opsgauge.metrics.intervals import wilson

Numbers = npt.NDArray[np.float64]
TENTHS = 10


@dataclass(frozen=True)
class Bin:
    """The tickets given about the same probability.

    Attributes
    ----------
    n : how many there were
    said : the mean of what was said of them
    broke : the share that broke; low and high, its 95 % interval
    """

    n: int
    said: float
    broke: float
    low: float
    high: float

    @property
    def off(self) -> float:
        """How far what was said lies from what happened."""
        return abs(self.said - self.broke)

    @property
    def leaning(self) -> str:
        """Which way what was said is wrong beyond chance; "" where its interval holds it.

        Examples
        --------
        >>> Bin(1106, 0.351, 0.411, 0.382, 0.44).leaning, Bin(40, 0.2, 0.25, 0.1, 0.4).leaning
        ('understates', '')
        """
        if self.low <= self.said <= self.high:
            return ""
        return "understates" if self.said < self.low else "overstates"


def reliability(said: Numbers, broke: Numbers) -> tuple[Bin, ...]:
    """Return the tenths of probability that hold any ticket.

    Parameters
    ----------
    said : probabilities, one for each ticket
    broke : 1.0 where it broke, else 0.0

    Examples
    --------
    >>> [each] = reliability(np.array([0.21, 0.29]), np.array([0.0, 1.0]))
    >>> each.n, round(each.said, 2), each.broke
    (2, 0.25, 0.5)
    """
    places = np.minimum((said * TENTHS).astype(int), TENTHS - 1)
    made = []
    for place in range(TENTHS):
        own = places == place
        n = int(own.sum())
        if n:
            low, high = wilson(float(broke[own].sum()), n)
            ends = (0.0 if low is None else low, 1.0 if high is None else high)
            made.append(Bin(n, float(said[own].mean()), float(broke[own].mean()), *ends))
    return tuple(made)


def brier(said: Numbers, broke: Numbers) -> float:
    """Return the mean square of how far probabilities lay from what happened.

    Examples
    --------
    >>> brier(np.array([0.8, 0.0]), np.array([1.0, 0.0]))
    0.02
    """
    return round(float(((said - broke) ** 2).mean()), 12)


@dataclass(frozen=True)
class Steps:
    """A rising line through points: what to say in the place of what a model says."""

    at: Numbers
    says: Numbers

    def of(self, score: Numbers) -> Numbers:
        """Return the probability in the place of each score."""
        return np.interp(score, self.at, self.says)


def rising(score: Numbers, broke: Numbers) -> Steps:
    """Return the rising line that fits best: isotonic regression, its steps joined at their means.

    None says never or ever: what was not seen among n tickets may be the next.
    """
    order = np.argsort(score, kind="stable")
    fitted = isotonic_regression(broke[order]).x
    ends = np.flatnonzero(np.concatenate([[True], np.diff(fitted) > 0, [True]]))
    steps = [slice(begin, end) for begin, end in pairwise(ends)]
    at = np.array([float(score[order[step]].mean()) for step in steps])
    says = np.array([float(fitted[step.start]) for step in steps])
    never = 1 / (len(score) + 2)
    return Steps(at, np.clip(says, never, 1 - never))
