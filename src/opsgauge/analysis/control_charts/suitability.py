"""Whether limits can be trusted: do neighbours lean on each other, does a season come back?

Floor 4, analysis. Arithmetic on arrays: no table, no clock, no randomness. Asked before limits are
put on a series: an XmR chart takes its width from how much neighbours differ, which says how much
values vary only where they come independently.
Sources: M. G. Kendall, Note on Bias in the Estimation of Autocorrelation, Biometrika 41, 1954;
W. H. Kruskal and W. A. Wallis, Use of Ranks in One-Criterion Variance Analysis, Journal of the
American Statistical Association 47, 1952.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, nan, sqrt

import numpy as np
from scipy.special import chdtrc

from opsgauge.analysis.control_charts.false_alarms import growth
from opsgauge.analysis.control_charts.season import without_season
from opsgauge.analysis.control_charts.standing import Floats

FEWEST = 20  # values: with fewer there is no telling
FEWEST_IN_CYCLES = 3  # whole cycles: a season is what comes back
BY_CHANCE_Z = 1.96  # both ways
BY_CHANCE = 0.01  # of a season: it is looked for in every chart


@dataclass(frozen=True)
class Suitability:
    """What was found about a series before limits are put on it.

    autocorrelation : of neighbours, about the mean of each phase, corrected for short series;
        None where too few values tell
    growth : how many times as often a calm value lies outside XmR limits; 1 where the
        autocorrelation may be chance
    season : its cycle, where one comes back; None where none does, or too few cycles tell
    sentences : what a reader must know
    """

    n: int
    autocorrelation: float | None
    growth: float
    season: int | None
    sentences: tuple[str, ...]

    @property
    def unsafe(self) -> bool:
        """Whether XmR limits would alarm more often than they say."""
        return self.growth > 1


def suitability(
    values: Sequence[float | None], cycle: int | None = None, phases: Sequence[int] = ()
) -> Suitability:
    """Look at a series before limits are put on it.

    A season is looked for first, since it makes neighbours alike; where one is found, the
    autocorrelation is that of what remains without it.

    Parameters
    ----------
    values : oldest first, one per period, None for a gap
    cycle : periods after which a season would come back; None looks for none
    phases : positions where new phases begin; levels that differ are no autocorrelation

    Examples
    --------
    >>> from math import sin
    >>> slow = [10 + 3 * sin(at / 4) for at in range(60)]
    >>> found = suitability(slow)
    >>> found.unsafe, found.sentences[0][:36]
    (True, 'Neighbouring periods lean on each ot')
    """
    known = np.array([nan if v is None or not isfinite(v) else v for v in values], dtype=float)
    n, told = int(np.isfinite(known).sum()), []
    season = cycle if cycle and seasonal(known, cycle) else None
    if season:
        rest = without_season([*values], season)
        known = np.array([nan if v is None else v for v in rest], dtype=float)
        told.append(
            f"A season comes back every {season} periods: the chart is better drawn without it."
        )
    lean = autocorrelation(_level(known, phases)) if n >= FEWEST else None
    chance = lean is None or abs(lean) * sqrt(n) < BY_CHANCE_Z
    times = 1.0 if lean is None or chance else growth(min(lean, 1.0))
    if lean is not None and times != 1.0:
        told.append(_leaning(lean, times))
    return Suitability(n, lean, times, season, tuple(told))


def autocorrelation(values: Floats) -> float:
    """Return the autocorrelation of neighbours, corrected for its bias in short series.

    None is reckoned over a gap; a series without variation has 0.

    Examples
    --------
    >>> round(autocorrelation(np.array([1.0, 2, 1, 2, 1, 2, 1, 2] * 4)), 2)
    -1.0
    """
    off = values - np.nanmean(values)
    spread = np.nansum(off**2)
    pairs = off[1:] * off[:-1]
    count, n = int(np.isfinite(pairs).sum()), int(np.isfinite(off).sum())
    if not spread > 0 or count < 4:
        return 0.0
    raw = float(np.nansum(pairs) / count / (spread / n))
    return max(-1.0, min(1.0, (n * raw + 1) / (n - 3)))


def seasonal(values: Floats, cycle: int) -> bool:
    """Say whether a season comes back after so many periods, by more than chance.

    By the ranks of the values about a moving mean of one cycle, place by place.
    """
    rest = values - _moving_mean(values, cycle)
    place = np.arange(len(rest)) % cycle
    there = np.isfinite(rest)
    counts = np.bincount(place[there], minlength=cycle)
    if len(values) < FEWEST_IN_CYCLES * cycle or counts.min() < FEWEST_IN_CYCLES - 1:
        return False
    ranks, n = _ranks(rest[there]), int(there.sum())
    sums = np.bincount(place[there], weights=ranks, minlength=cycle)
    statistic = 12 / (n * (n + 1)) * (sums**2 / counts).sum() - 3 * (n + 1)
    return bool(chdtrc(cycle - 1, statistic) < BY_CHANCE)


def _ranks(values: Floats) -> Floats:
    """Return the ranks from 1; equal values share the mean of theirs."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    found: Floats = (last - (counts - 1) / 2)[which]
    return found


def _moving_mean(values: Floats, cycle: int) -> Floats:
    """Return the mean of the cycle about each value; nan where it is not wholly there."""
    weights = np.ones(cycle if cycle % 2 else cycle + 1)
    if cycle % 2 == 0:
        weights[[0, -1]] = 0.5
    reach = len(weights) // 2
    found = np.full(len(values), nan)
    if len(values) > 2 * reach:
        found[reach : len(values) - reach] = np.convolve(values, weights / weights.sum(), "valid")
    return found


def _level(values: Floats, phases: Sequence[int]) -> Floats:
    """Return the values about the mean of their phase."""
    ends = [0, *sorted(phases), len(values)]
    parts = [values[start:end] for start, end in pairwise(ends)]
    return np.concatenate([part - np.nanmean(part) for part in parts if np.isfinite(part).any()])


def _leaning(lean: float, times: float) -> str:
    if lean < 0:
        return (
            f"Neighbouring periods swing against each other (autocorrelation {lean:.2f}): limits "
            "of an XmR chart are wider than they should be, and see less."
        )
    return (
        f"Neighbouring periods lean on each other (autocorrelation {lean:.2f}): XmR limits are too "
        f"narrow, and a calm value lies outside them {times:.0f} times as often as it should."
    )
