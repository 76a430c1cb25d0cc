"""Shares that stand out: one of many places does something more often than the others do.

Floor 4, analysis. Pure arithmetic. Places differ by nature, so a place is held against how the
others differ, not against their mean alone: its share is drawn from a beta distribution with the
others' mean and spread (moments, less what chance adds in so few cases), and of its cases that
share does it, by chance. Found is what lies beyond such differences with odds that hold over all
places looked at (Bonferroni), and whose share is surely a given number of times the usual.

Sources: Kleinman, Proportions with extraneous variance, 1973, for the moments; Tukey, Exploratory
data analysis, 1977, for the fence; Wilson, Probable inference, 1927, for the interval.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

import numpy as np
from scipy.special import betaln, gammaln

FEWEST_OF = 10  # cases of a place, for it to say what is usual
FEWEST_OTHERS = 5  # places to learn from what is usual
FEWEST_HITS = 20  # fewer are no habit
TIMES_USUAL = 2.0
SURE = 0.01  # odds by chance over all places looked at
FAR_OUT = 3.0  # times the range between the quartiles: Tukey's outer fence
HALF = 0.5  # a share that nobody has by mistakes alone
FEW = 0.1  # of the places
LEAST_SPREAD = 0.25  # of the mean: no two places are ever quite alike
Z_95 = 1.959964


class Counted(Protocol):
    """A place with so many cases, of which so many count."""

    @property
    def of(self) -> int:
        """How many cases there are."""

    @property
    def hits(self) -> int:
        """How many of them count."""


@dataclass(frozen=True)
class Place:
    """A place by its name: so many cases, so many of which count, and the hours these took."""

    name: tuple[str, ...]
    of: int
    hits: int
    hours: float = 0.0
    examples: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Usual:
    """What share is usual: its mean over places, and its spread."""

    mean: float
    spread: float


@dataclass(frozen=True)
class Outstanding:
    """A place that stands out, against what, and with what odds by chance over all looked at."""

    place: Place
    usual: Usual
    odds: float

    @property
    def share(self) -> float:
        """Its own share."""
        return self.place.hits / self.place.of

    @property
    def expected(self) -> float:
        """How many of its cases would count if it were as the others are."""
        return self.place.of * self.usual.mean

    @property
    def worth_hours(self) -> float:
        """The part of its hours that is above what would be usual."""
        return self.place.hours * max(1 - self.expected / self.place.hits, 0.0)


@dataclass(frozen=True)
class Bar:
    """How much it takes to be found."""

    hits: int = FEWEST_HITS
    times: float = TIMES_USUAL
    share: float = 0.0


def standing_out(
    known: Sequence[Place], looked: int | None = None, bar: Bar | None = None
) -> list[Outstanding]:
    """Return the places whose share stands out, the least likely first.

    Parameters
    ----------
    known : places of one kind, each held against all others
    looked : how many are looked at in all; None for those of `known` that are large enough
    """
    bar = bar or Bar()
    large = sum(each.of >= FEWEST_OF for each in known)
    found = []
    for place in known:
        if place.hits < bar.hits:
            continue
        usual = usual_share(other for other in known if other is not place)
        if usual is None:
            continue
        if lowest_share(place.hits, place.of) < max(bar.times * usual.mean, bar.share):
            continue
        odds = odds_of_so_many(place.hits, place.of, usual) * (large if looked is None else looked)
        if odds < SURE:
            found.append(Outstanding(place, usual, odds))
    return sorted(found, key=lambda each: (each.odds, each.place.name))


def usual_share(others: Iterable[Counted]) -> Usual | None:
    """Return what share is usual among other places; None where there are too few of them.

    Each place counts as one, however many cases it has: what is asked for is how places differ. Of
    the spread of their shares, what chance adds to it in so few cases is taken away. Single places
    that lie far out may be what is looked for themselves and would hide each other: they are left
    out, unless there are so many that they belong to the desk.

    Examples
    --------
    >>> usual = usual_share(Place((str(n),), 100, hits) for n, hits in enumerate([5] * 6))
    >>> round(usual.mean, 6), round(usual.spread, 6)  # all alike: the least spread
    (0.05, 0.0125)
    """
    kept = _without_far_out([place for place in others if place.of >= FEWEST_OF])
    if len(kept) < FEWEST_OTHERS:
        return None
    shares = np.array([place.hits / place.of for place in kept])
    sizes = np.array([place.of for place in kept])
    mean = max(float(shares.mean()), 1 / float(sizes.sum()))
    variance = float(shares.var(ddof=1)) - float((shares * (1 - shares) / (sizes - 1)).mean())
    # No wider than shares can be, so that a beta distribution of them exists.
    most = 0.9 * mean * (1 - mean)
    return Usual(mean, min(max(sqrt(max(variance, 0.0)), LEAST_SPREAD * mean), sqrt(most)))


def _without_far_out(places: Sequence[Counted]) -> Sequence[Counted]:
    """Leave out places with half or more, beyond Tukey's outer fence, if they are few."""
    shares = [place.hits / place.of for place in places]
    if not shares:
        return places
    low, high = np.quantile(shares, [0.25, 0.75])
    fence = max(high + FAR_OUT * (high - low), HALF)
    inside = [place for place, share in zip(places, shares, strict=True) if share < fence]
    return inside if len(places) - len(inside) <= FEW * len(places) else places


def odds_of_so_many(hits: int, of: int, usual: Usual) -> float:
    """Return how likely another place would have so many or more.

    Examples
    --------
    >>> usual = Usual(mean=0.1, spread=0.05)
    >>> [round(odds_of_so_many(n, 100, usual), 3) for n in (0, 10, 30)]
    [1.0, 0.473, 0.005]
    """
    strength = usual.mean * (1 - usual.mean) / usual.spread**2 - 1
    a, b = usual.mean * strength, (1 - usual.mean) * strength
    k = np.arange(hits, of + 1)
    ways = gammaln(of + 1) - gammaln(k + 1) - gammaln(of - k + 1)
    return float(np.exp(ways + betaln(k + a, of - k + b) - betaln(a, b)).sum())


def lowest_share(hits: int, of: int) -> float:
    """Return the lower end of Wilson's 95 % interval of a share.

    Examples
    --------
    >>> round(lowest_share(81, 263), 4)
    0.2553
    """
    square = Z_95**2
    share = hits / of
    centre = share + square / (2 * of)
    reach = Z_95 * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return (centre - reach) / (1 + square / of)
