"""Repeatability: does the same type of work take as long whoever does it?

Floor 4, analysis. The variance of times within a type has two parts: that between groups (teams,
places), and that from one ticket of a group to the next. They are taken apart by the analysis of
variance with groups nested in types, on logarithms, since times are skewed and a slow team is slow
by a factor. A part below nought is nought. The interval is exact where all groups are of one size
and a good one where they are not.

Source: Searle, Casella and McCulloch, Variance Components, 1992, ch. 3; Montgomery, Design and
Analysis of Experiments, 8th ed., 2013, sec. 3.9.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt

from scipy.special import fdtri

from opsgauge.analysis.aspects.groups import Group, by_type
from opsgauge.foundation.errors import TooFewPoints

FEWEST = 20  # records of types that several groups work on


@dataclass(frozen=True)
class Repeatability:
    """The parts of the variance within types.

    Attributes
    ----------
    between, within : variance between groups of one type, and inside a group
    share : of the whole that lies between groups; `low` and `high` its 95 % interval
    factor : a group as slow as one in six takes that many times what the middle one takes
    n, groups, types : what was compared
    """

    between: float
    within: float
    share: float
    low: float
    high: float
    factor: float
    n: int
    groups: int
    types: int


def repeatability(groups: tuple[Group, ...]) -> Repeatability:
    """Take the variance of logarithms of times apart; a type that one group does tells nothing.

    Raises
    ------
    TooFewPoints : fewer than `FEWEST` records, or no group with two, of types that several do
    """
    shared = [found for _, found in by_type(groups) if len(found) > 1]
    every = [group for found in shared for group in found]
    n, inner = sum(g.n for g in every), sum(g.n - 1 for g in every)
    if n < FEWEST or not inner:
        raise TooFewPoints(
            f"Repeatability needs {FEWEST} records of types that several groups work on; "
            f"there are {n}.",
            hint="Choose a longer range, a coarser type, or another dimension to compare across.",
        )
    return components(shared)


def components(shared: Sequence[Sequence[Group]]) -> Repeatability:
    """Take apart the variance of types, each of several groups, of which one has two records."""
    every = [group for found in shared for group in found]
    outer, inner = len(every) - len(shared), sum(g.n - 1 for g in every)
    within = sum((g.n - 1) * g.log_variance for g in every) / inner
    mean_square = sum(_squares_between(found) for found in shared) / outer
    size = sum(_effective(found) for found in shared) / outer
    between = max(0.0, (mean_square - within) / size)
    low, high = _interval(mean_square, within, size, (outer, inner))
    whole = between + within
    return Repeatability(
        between=between,
        within=within,
        share=between / whole if whole else 0.0,
        low=low,
        high=high,
        factor=exp(sqrt(between)),
        n=sum(g.n for g in every),
        groups=len(every),
        types=len(shared),
    )


def _squares_between(groups: Sequence[Group]) -> float:
    n = sum(group.n for group in groups)
    mean = sum(group.n * group.log_mean for group in groups) / n
    return sum(group.n * (group.log_mean - mean) ** 2 for group in groups)


def _effective(groups: Sequence[Group]) -> float:
    """Return what a type adds to the effective size of a group, before it is shared out."""
    n = sum(group.n for group in groups)
    return n - sum(group.n**2 for group in groups) / n


def _interval(
    mean_square: float, within: float, size: float, freedom: tuple[int, int]
) -> tuple[float, float]:
    if not within:
        return (1.0, 1.0) if mean_square else (0.0, 0.0)
    ends = [mean_square / within / float(fdtri(*freedom, p)) for p in (0.975, 0.025)]
    low, high = (max(0.0, (end - 1) / (end - 1 + size)) for end in ends)
    return low, high
