"""Which groups lie beyond chance: limits that narrow as groups grow, widened where all vary more.

Floor 4, analysis. Source: Spiegelhalter, Funnel plots for comparing institutional performance,
Statistics in Medicine 24, 2005.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from scipy.special import ndtri

INNER, OUTER = float(ndtri(0.975)), float(ndtri(0.999))  # 95 % and 99.8 %
WINSORISED = 0.1  # of the groups at either end, drawn in before overdispersion is measured


@dataclass(frozen=True)
class Placed:
    """A group on the funnel.

    Attributes
    ----------
    z : how many times its own spread it lies from the target, overdispersion taken out
    beyond : 0 within the inner limits, 1 or -1 beyond them, 2 or -2 beyond the outer ones
    """

    n: int
    value: float
    z: float
    beyond: int


@dataclass(frozen=True)
class Funnel:
    """Groups around a target share.

    Attributes
    ----------
    target : the share of all
    overdispersion : how many times more the groups vary than chance alone would have it, 1 or more
    placed : one for each group, in its order
    """

    target: float
    overdispersion: float
    placed: tuple[Placed, ...]

    def limits(self, n: float, z: float = INNER) -> tuple[float, float]:
        """Return the limits at a number of records, within 0 and 1."""
        reach = z * sqrt(self.overdispersion * self.target * (1 - self.target) / n)
        return max(0.0, self.target - reach), min(1.0, self.target + reach)


def funnel(shares: Sequence[tuple[int, float]], target: float) -> Funnel:
    """Place groups on a funnel.

    Parameters
    ----------
    shares : of each group its number of records, 1 or more, and its share of hits
    target : the share they are held against

    Examples
    --------
    >>> found = funnel([(100, 0.5), (400, 0.52), (100, 0.8)], 0.5)
    >>> found.overdispersion, [each.beyond for each in found.placed]
    (1.0, [0, 0, 2])
    """
    spread = [sqrt(target * (1 - target) / n) for n, _ in shares]
    raw = [
        (share - target) / each if each else 0.0
        for (_, share), each in zip(shares, spread, strict=True)
    ]
    return _placed(shares, raw, target)


def placed_by_z(off: Sequence[tuple[int, float, float]], target: float) -> Funnel:
    """Place groups whose distance from what is expected has a standard error of its own.

    Parameters
    ----------
    off : of each group its number of records, its distance, and the standard error of that
    """
    raw = [distance / error if error else 0.0 for _, distance, error in off]
    return _placed([(n, target + distance) for n, distance, _ in off], raw, target)


def _placed(values: Sequence[tuple[int, float]], raw: Sequence[float], target: float) -> Funnel:
    # Of few groups it cannot be told whether all of them vary more.
    many = len(raw) > 1 / WINSORISED
    more = max(1.0, fmean(each**2 for each in _drawn_in(raw))) if many else 1.0
    placed = []
    for (n, value), z in zip(values, raw, strict=True):
        own = z / sqrt(more)
        size = (abs(own) > INNER) + (abs(own) > OUTER)
        placed.append(Placed(n, value, own, size if own > 0 else -size))
    return Funnel(target, more, tuple(placed))


def _drawn_in(values: Sequence[float]) -> list[float]:
    """Return values with a tenth at either end drawn in to the next."""
    ordered = sorted(values)
    cut = int(len(ordered) * WINSORISED)
    low, high = ordered[cut], ordered[len(ordered) - 1 - cut]
    return [min(max(each, low), high) for each in values]
