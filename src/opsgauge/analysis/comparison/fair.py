"""Groups compared as if all had the same mix of work: observed against expected, and adjusted.

Floor 4, analysis. "All" are the groups that are compared: one that does too little of the work of
the others is no measure for them either, and is set aside first. Else a group of quite other work,
monitoring among channels, makes every other one look worse than all.

Sources: Breslow and Day, Statistical methods in cancer research II, IARC, 1987,
2 (standardisation, exact limits); Keiding and Clayton, Standardization and control for
confounding, Statistical Science 29, 2014 (when the two ways may differ).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from typing import TypeVar

from scipy.special import ndtri

from opsgauge.metrics.intervals import poisson

Stratum = tuple[str | None, ...]

FEWEST_IN_COMMON = 0.8  # of all work, the share of which a group does some, to be compared
Z = float(ndtri(0.975))


@dataclass(frozen=True)
class Counted:
    """Records of one group in one stratum: how many, and how many of them are hits."""

    n: int
    hits: float


@dataclass(frozen=True)
class Compared:
    """One group, as it is and as it would be with the mix of all.

    Attributes
    ----------
    raw : its share of hits as it is
    expected : hits it would have if each stratum were as with all groups together
    ratio, low, high : observed over expected, with its exact 95 % interval
    adjusted : `ratio` times the share of all: the indirectly standardised share
    direct, direct_low, direct_high : its share of hits had it the strata of all; None where it
        lacks too many of them
    in_common : of the records of all, the share in strata of which the group has any
    comparable : whether that is enough to say anything
    """

    group: str | None
    n: int
    hits: float
    raw: float
    expected: float
    ratio: float | None
    low: float | None
    high: float | None
    adjusted: float | None
    direct: float | None
    direct_low: float | None
    direct_high: float | None
    in_common: float

    @property
    def comparable(self) -> bool:
        """Whether the group does enough of the work of all."""
        return self.in_common >= FEWEST_IN_COMMON


def compare(groups: Mapping[str | None, Mapping[Stratum, Counted]]) -> list[Compared]:
    """Compare groups, each as if it had the strata of all that are comparable.

    Returns
    -------
    One for each group with records, in the order given. One that is not comparable is as it was
    when it was set aside.

    Examples
    --------
    The kidney stones of Charig, 1986, as two teams: A is better with easy and with hard ones, and
    looks worse, since it was given the hard ones.

    >>> easy, hard = ("easy",), ("hard",)
    >>> a, b = compare({
    ...     "A": {easy: Counted(87, 81), hard: Counted(263, 192)},
    ...     "B": {easy: Counted(270, 234), hard: Counted(80, 55)},
    ... })
    >>> round(a.raw, 3), round(b.raw, 3), round(a.direct, 4), round(b.direct, 4)
    (0.78, 0.826, 0.8325, 0.7789)
    >>> round(a.ratio, 4), round(b.ratio, 4)
    (1.0257, 0.9769)
    """
    return _like_with_like(groups, _compared_shares)


G = TypeVar("G", Compared, "Adjusted")
C = TypeVar("C", Counted, "Valued")


def _like_with_like(
    groups: Mapping[str | None, Mapping[Stratum, C]],
    compared: Callable[[Mapping[str | None, Mapping[Stratum, C]]], list[G]],
) -> list[G]:
    """Compare groups among those that are comparable; others as when they were set aside."""
    left, aside = dict(groups), dict[str | None, G]()
    while True:
        found = compared(left)
        other = [each for each in found if not each.comparable]
        if not other or len(other) == len(found):
            told = aside | {each.group: each for each in found}
            return [told[group] for group in groups if group in told]
        for each in other:
            aside[each.group] = each
            del left[each.group]


def _compared_shares(groups: Mapping[str | None, Mapping[Stratum, Counted]]) -> list[Compared]:
    every: dict[Stratum, Counted] = {}
    for strata in groups.values():
        for stratum, cell in strata.items():
            so_far = every.get(stratum, Counted(0, 0))
            every[stratum] = Counted(so_far.n + cell.n, so_far.hits + cell.hits)
    total = sum(cell.n for cell in every.values())
    hits = fsum(cell.hits for cell in every.values())
    return [
        _compared(group, strata, every, total, hits / total)
        for group, strata in groups.items()
        if total and any(cell.n for cell in strata.values())
    ]


def _compared(
    group: str | None,
    strata: Mapping[Stratum, Counted],
    every: Mapping[Stratum, Counted],
    total: int,
    share: float,
) -> Compared:
    there = {stratum: cell for stratum, cell in strata.items() if cell.n}
    n, hits = sum(cell.n for cell in there.values()), fsum(cell.hits for cell in there.values())
    expected = fsum(
        cell.n * every[stratum].hits / every[stratum].n for stratum, cell in there.items()
    )
    ratio = hits / expected if expected else None
    low, high = _exact(hits, expected)
    in_common = sum(every[stratum].n for stratum in there) / total
    direct: tuple[float | None, float | None, float | None] = (None, None, None)
    if in_common >= FEWEST_IN_COMMON:
        direct = _direct(there, every)
    adjusted = None if ratio is None else min(ratio * share, 1.0)
    return Compared(
        group, n, hits, hits / n, expected, ratio, low, high, adjusted, *direct, in_common
    )


def _exact(hits: float, expected: float) -> tuple[float | None, float | None]:
    """Return the exact 95 % limits of observed over expected, the hits being rare events.

    Where hits are not rare, they vary less than that, so the limits are on the safe side.
    """
    if not expected:
        return None, None
    low, high = poisson(hits)
    return low / expected, high / expected


def _direct(
    there: Mapping[Stratum, Counted], every: Mapping[Stratum, Counted]
) -> tuple[float, float, float]:
    """Return the directly standardised share with its 95 % limits, over the strata it has."""
    total = sum(every[stratum].n for stratum in there)
    value, variance = [], []
    for stratum, cell in there.items():
        weight = every[stratum].n / total
        # Agresti and Coull: two hits and misses more keep a stratum of nought from looking sure.
        share, of = (cell.hits + 2) / (cell.n + 4), cell.n + 4
        value.append(weight * cell.hits / cell.n)
        variance.append(weight**2 * share * (1 - share) / of)
    middle, reach = fsum(value), Z * sqrt(fsum(variance))
    return middle, max(0.0, middle - reach), min(1.0, middle + reach)


@dataclass(frozen=True)
class Valued:
    """Records of one group in one stratum: how many, their mean, and its standard error."""

    n: int
    value: float
    error: float


@dataclass(frozen=True)
class Adjusted:
    """One group's mean, as it is and as it would be with the mix of all.

    Attributes
    ----------
    raw : its mean as it is
    expected : its mean if each stratum were as with all groups together
    difference, low, high : raw less expected, with its 95 % interval
    direct, direct_low, direct_high : its mean had it the strata of all; None where it lacks too
        many of them
    in_common : of the records of all, the share in strata of which the group has any
    """

    group: str | None
    n: int
    raw: float
    expected: float
    difference: float
    low: float
    high: float
    direct: float | None
    direct_low: float | None
    direct_high: float | None
    in_common: float

    @property
    def comparable(self) -> bool:
        """Whether the group does enough of the work of all."""
        return self.in_common >= FEWEST_IN_COMMON


def compare_means(groups: Mapping[str | None, Mapping[Stratum, Valued]]) -> list[Adjusted]:
    """Compare means of groups, each as if it had the strata of all that are comparable.

    Examples
    --------
    >>> easy, hard = ("easy",), ("hard",)
    >>> a, b = compare_means({
    ...     "A": {easy: Valued(10, 2.0, 0.1), hard: Valued(90, 8.0, 0.1)},
    ...     "B": {easy: Valued(90, 3.0, 0.1), hard: Valued(10, 9.0, 0.1)},
    ... })
    >>> round(a.raw, 1), round(b.raw, 1), round(a.direct, 1), round(b.direct, 1)
    (7.4, 3.6, 5.0, 6.0)
    """
    return _like_with_like(groups, _compared_means)


def _compared_means(groups: Mapping[str | None, Mapping[Stratum, Valued]]) -> list[Adjusted]:
    every: dict[Stratum, tuple[int, float]] = {}
    for strata in groups.values():
        for stratum, cell in strata.items():
            n, amount = every.get(stratum, (0, 0.0))
            every[stratum] = (n + cell.n, amount + cell.n * cell.value)
    total = sum(n for n, _ in every.values())
    return [
        _adjusted(group, {key: cell for key, cell in strata.items() if cell.n}, every, total)
        for group, strata in groups.items()
        if any(cell.n for cell in strata.values())
    ]


def _adjusted(
    group: str | None,
    there: Mapping[Stratum, Valued],
    every: Mapping[Stratum, tuple[int, float]],
    total: int,
) -> Adjusted:
    n = sum(cell.n for cell in there.values())
    raw = fsum(cell.n * cell.value for cell in there.values()) / n
    expected = fsum(cell.n * every[key][1] / every[key][0] for key, cell in there.items()) / n
    reach = Z * sqrt(fsum((cell.n / n * cell.error) ** 2 for cell in there.values()))
    shared = sum(every[key][0] for key in there)
    in_common = shared / total
    direct: tuple[float | None, float | None, float | None] = (None, None, None)
    if in_common >= FEWEST_IN_COMMON:
        weights = {key: every[key][0] / shared for key in there}
        middle = fsum(weights[key] * cell.value for key, cell in there.items())
        around = Z * sqrt(fsum((weights[key] * cell.error) ** 2 for key, cell in there.items()))
        direct = (middle, middle - around, middle + around)
    off = raw - expected
    return Adjusted(group, n, raw, expected, off, off - reach, off + reach, *direct, in_common)


def reversed_by(
    one: Mapping[Stratum, Counted], other: Mapping[Stratum, Counted], fewest: int = 1
) -> bool:
    """Say whether one group is ahead in every stratum that both have, and behind in all (Simpson).

    Parameters
    ----------
    fewest : records that both must have in a stratum, so that it is looked at

    Examples
    --------
    >>> easy, hard = ("easy",), ("hard",)
    >>> a = {easy: Counted(87, 81), hard: Counted(263, 192)}
    >>> b = {easy: Counted(270, 234), hard: Counted(80, 55)}
    >>> reversed_by(a, b), reversed_by(b, a)
    (True, False)
    """
    both = [key for key in one if key in other and min(one[key].n, other[key].n) >= fewest]
    if len(both) < 2:
        return False
    ahead = all(_share(one[key]) > _share(other[key]) for key in both)
    return ahead and _pooled([one[key] for key in both]) < _pooled([other[key] for key in both])


def _share(cell: Counted) -> float:
    return cell.hits / cell.n


def _pooled(cells: Sequence[Counted]) -> float:
    return fsum(cell.hits for cell in cells) / sum(cell.n for cell in cells)
