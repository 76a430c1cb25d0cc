"""Consistency: how far the times of like work lie apart, and how often something special happens.

Floor 4, analysis. Unlike work takes unlike times, which is no fault; so times are compared within
their type only. Each type has a coefficient of variation (its spread as a share of its mean), and
all of them together the root of its mean square, each type by its degrees of freedom.

Source: Bland and Altman, Measurement error proportional to the mean, BMJ 313, 1996, p. 106 (the
within-subject coefficient of variation); Wheeler, Understanding Variation, 2000 (special causes).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from opsgauge.analysis.aspects.groups import Group, by_type
from opsgauge.foundation.errors import TooFewPoints

FEWEST = 20  # records of types that have two or more


@dataclass(frozen=True)
class Segment:
    """One type of work."""

    name: str | None
    n: int
    mean: float
    variation: float  # spread over mean


@dataclass(frozen=True)
class Consistency:
    """How alike the times of like work are.

    Attributes
    ----------
    variation : within-type coefficient of variation; 0.5 is a spread of half the mean
    n : records of the types compared
    segments : the types, the largest first
    withheld : types that are not named
    """

    variation: float
    n: int
    segments: tuple[Segment, ...]
    withheld: int = 0


def consistency(groups: tuple[Group, ...]) -> Consistency:
    """Work out how far times lie apart within their type.

    Raises
    ------
    TooFewPoints : fewer than `FEWEST` records in types with two or more
    """
    segments = [_segment(name, found) for name, found in by_type(groups)]
    compared = sorted((each for each in segments if each.n > 1), key=lambda each: -each.n)
    n = sum(each.n for each in compared)
    if n < FEWEST:
        raise TooFewPoints(
            f"Consistency needs {FEWEST} records of types with two or more; there are {n}.",
            hint="Choose a longer range or a coarser type.",
        )
    return Consistency(within_variation((e.n, e.variation) for e in compared), n, tuple(compared))


def within_variation(variations: Iterable[tuple[int, float]]) -> float:
    """Return the coefficient of variation within types, from the n and the one of each.

    Examples
    --------
    >>> round(within_variation([(11, 0.3), (11, 0.4)]), 6)
    0.353553
    """
    told = list(variations)
    freedom = sum(n - 1 for n, _ in told)
    return sqrt(sum((n - 1) * each**2 for n, each in told) / freedom)


def _segment(name: str | None, groups: list[Group]) -> Segment:
    n = sum(group.n for group in groups)
    mean = sum(group.n * group.mean for group in groups) / n
    squares = sum(
        (group.n - 1) * group.variance + group.n * (group.mean - mean) ** 2 for group in groups
    )
    return Segment(name, n, mean, sqrt(squares / (n - 1)) / mean if n > 1 else 0.0)
