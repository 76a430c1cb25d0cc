"""Takes a season out of a series: what comes back every week, or every year.

Floor 4, analysis. Arithmetic on arrays: no table, no clock, no randomness.
Source: R. B. Cleveland, W. S. Cleveland, J. E. McRae and I. Terpenning, STL: A Seasonal-Trend
Decomposition Procedure Based on Loess, Journal of Official Statistics 6, 1990; the season here is
the same in every cycle ("periodic").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite, nan

import numpy as np

from opsgauge.analysis.control_charts.standing import Floats
from opsgauge.foundation.errors import QueryWrong, TooFewPoints

CYCLES = {"day": 7, "week": 52, "month": 12, "quarter": 4}  # periods after which a season returns
FEWEST_CYCLES = 2
ROUNDS = 2  # of robust weights, each of so many passes
FAR = 6  # median distances: what lies farther off has no say


@dataclass(frozen=True)
class Seasonal:
    """A series in three parts that add up to it; nan where it has gaps, except in the season."""

    cycle: int
    season: Floats  # of mean 0 over a cycle
    trend: Floats
    rest: Floats


def decompose(values: Sequence[float | None], cycle: int) -> Seasonal:
    """Part a series into season, trend and rest.

    Parameters
    ----------
    values : oldest first, one per period, None for a gap
    cycle : periods after which the season returns, 2 or more

    Raises
    ------
    QueryWrong : a cycle under 2 periods
    TooFewPoints : fewer than two whole cycles, or a place of the cycle that has no value

    Examples
    --------
    >>> weekend = [5, 5, 5, 5, 5, 1, 1] * 4
    >>> decompose(weekend, 7).season[:7].round(2).tolist()
    [1.14, 1.14, 1.14, 1.14, 1.14, -2.86, -2.86]
    """
    known = np.array([nan if v is None or not isfinite(v) else v for v in values], dtype=float)
    _must_suffice(known, cycle)
    there = np.isfinite(known)
    filled: Floats = np.where(there, known, 0.0)
    trend: Floats = np.zeros(len(known))
    season: Floats = np.zeros(len(known))
    weight = there.astype(float)
    span = 2 * ceil((1.5 * cycle / (1 - 1.5 / (10 * len(known) + 1)) - 1) / 2) + 1
    for rounds in range(ROUNDS + 1):
        for _ in range(2):
            season = _season(filled - trend, weight, cycle)
            trend = loess(filled - season, weight, span)
        if rounds < ROUNDS:
            weight = there * _robust(np.where(there, filled - season - trend, nan))
    return Seasonal(
        cycle,
        season,
        np.where(there, trend, nan),
        np.where(there, known - season - trend, nan),
    )


def without_season(values: Sequence[float | None], cycle: int) -> list[float | None]:
    """Return a series without its season; its level stays, and gaps stay gaps.

    Examples
    --------
    >>> [round(value, 6) for value in without_season([5, 5, 5, 5, 5, 1, 1] * 4, 7)[:7]]
    [3.857143, 3.857143, 3.857143, 3.857143, 3.857143, 3.857143, 3.857143]
    """
    season = decompose(values, cycle).season.tolist()
    return [
        None if value is None or not isfinite(value) else value - part
        for value, part in zip(values, season, strict=True)
    ]


def loess(values: Floats, weight: Floats, span: int) -> Floats:
    """Smooth a series by straight lines through the `span` nearest values of each place.

    Examples
    --------
    >>> loess(np.array([1.0, 2, 3, 4, 5, 6, 7]), np.ones(7), 5).round(6).tolist()
    [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    """
    at = np.arange(len(values), dtype=float)
    distance = np.abs(at[:, None] - at[None, :])
    nearest = np.sort(distance, axis=1)[:, min(span, len(values)) - 1] * max(1, span / len(values))
    near = np.clip(1 - (distance / np.maximum(nearest, 1)[:, None]) ** 3, 0, None) ** 3 * weight
    whole = near.sum(axis=1)
    whole = np.where(whole > 0, whole, 1.0)
    middle = near @ at / whole
    level = near @ values / whole
    off = at[None, :] - middle[:, None]
    spread = (near * off**2).sum(axis=1)
    lean = (near * off * (values[None, :] - level[:, None])).sum(axis=1)
    slope = np.where(spread > 1e-9, lean / np.where(spread > 1e-9, spread, 1.0), 0.0)
    found: Floats = level + slope * (at - middle)
    return found


def _season(values: Floats, weight: Floats, cycle: int) -> Floats:
    """Return the mean of each place of the cycle, less the mean of all places."""
    place = np.arange(len(values)) % cycle
    total = np.bincount(place, weights=weight * values, minlength=cycle)
    means = total / np.maximum(np.bincount(place, weights=weight, minlength=cycle), 1e-12)
    found: Floats = (means - means.mean())[place]
    return found


def _robust(rest: Floats) -> Floats:
    """Return how much say each value has, by how far off it is."""
    off = np.abs(rest)
    far = FAR * np.nanmedian(off)
    if not far > 0:
        return np.ones(len(rest))
    # A little say is kept, so that no place of the cycle is left without any.
    found: Floats = np.maximum(np.clip(1 - (np.nan_to_num(off) / far) ** 2, 0, None) ** 2, 1e-3)
    return found


def _must_suffice(known: Floats, cycle: int) -> None:
    if cycle < 2:
        raise QueryWrong(
            f"A season returns after 2 periods or more, not after {cycle}.",
            hint="7 for days, 12 for months.",
        )
    counts = np.bincount((np.arange(len(known)) % cycle)[np.isfinite(known)], minlength=cycle)
    if len(known) < FEWEST_CYCLES * cycle or counts.min() < 1:
        raise TooFewPoints(
            f"A season of {cycle} periods needs {FEWEST_CYCLES * cycle} periods or more; this "
            f"series has {int(np.isfinite(known).sum())}.",
            hint="Choose a longer range, or leave the season in.",
        )
