"""Many charts at once: which of their newest periods are news, and which are the luck of many.

Floor 4, analysis. Pure arithmetic on series: no table, no clock, no randomness.

A chart's own rules cry wolf about once in ninety periods; of a hundred charts, one cries each week.
So the newest period is judged here for all charts together: each gets the odds that chance alone
sets its newest values so far apart from those before; `analysis.many_tests` weighs the odds against
how many were looked at.
Source: Hawkins, Qiu and Kang, The changepoint model for statistical process control, J. Quality
Technology 35, 2003 (a shift wherever it began, with unknown mean and spread).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from opsgauge.analysis.control_charts.limits import FEWEST_POINTS, NOISE

# Neighbours in a series without memory, from which the step that fits best was taken, seem to lean
# away from each other by so much over its length (simulated: 2.9 of 26 values, 3.2 of 36).
LEAN = 3.0
MOST_LEAN = 0.9  # neighbours that lean on each other more than this are one value, not two


@dataclass(frozen=True)
class Shift:
    """How the newest values of a series differ from those before.

    Attributes
    ----------
    last : how many of the newest values, so many that the difference is clearest
    before, after : the mean of the values before them, and theirs, in the unit of the values
    odds : how often chance alone does as much, 0 to 1, whatever number of them might have been told
    lean : how much neighbours lean on each other, 0 to 0.9; it is taken into account
    splits : how many numbers of newest values were tried
    """

    last: int
    before: float
    after: float
    odds: float
    lean: float
    splits: int


def shifts(series: Sequence[Sequence[float]], alone: Sequence[bool] = ()) -> list[Shift | None]:
    """Return of each series how its newest values differ from those before.

    How much neighbours lean on each other is hard to see in one short series, so each borrows from
    all: the less the series differ in it, the more.

    Parameters
    ----------
    series : values of whole periods, oldest first; the newest is judged
    alone : of each series, whether only its newest value is judged: what lies open stays open, so
        that many values in a row beyond the usual say little

    Returns
    -------
    One for each series, in its order; None where fewer than 8 values stand before the newest.

    Examples
    --------
    >>> calm = [10, 12, 11, 13, 12, 11, 12, 11, 12, 13, 11]
    >>> [found] = shifts([[*calm, 30]])
    >>> found.last, round(found.before, 1), found.after, found.odds < 0.001
    (1, 11.6, 30.0, True)
    """
    alone = alone or [False] * len(series)
    splits = [
        _Splits(np.asarray(values, float), one) for values, one in zip(series, alone, strict=True)
    ]
    judged = [each for each in splits if each.last.size]
    leans = _leans([each.lean() for each in judged], [each.values.size for each in judged])
    lean_of = dict(zip(map(id, judged), leans, strict=True))
    return [each.best(lean_of[id(each)]) if each.last.size else None for each in splits]


class _Splits:
    """A series cut before each of its newest values in turn."""

    def __init__(self, values: NDArray[np.float64], alone: bool) -> None:
        self.values = values
        most = 1 if alone else values.size
        self.last = np.arange(1, min(most, values.size - FEWEST_POINTS) + 1)
        if not self.last.size:
            return
        # Measured from the middle, so that squares of large values do not swallow what differs.
        centred = values - values.mean()
        sums, squares = np.cumsum(centred), np.cumsum(centred * centred)
        first = values.size - self.last
        early, late = sums[first - 1], sums[-1] - sums[first - 1]
        self.before, self.after = early / first, late / self.last
        within = squares[-1] - early * self.before - late * self.after
        noise = (NOISE * max(float(np.abs(values).max()), 1e-300)) ** 2
        spread = np.maximum(within, 0.0) / (values.size - 2)
        error = spread * (1 / first + 1 / self.last)
        step = self.after - self.before
        flat = error <= noise
        # Without any spread before, a step is as odd as can be, and none is no step.
        ratio = np.abs(step) / np.sqrt(np.where(flat, 1.0, error))
        self.t = np.where(flat, np.where(step * step <= noise, 0.0, np.inf), ratio)

    def lean(self) -> float:
        """Return how neighbours lean on each other, once the clearest step is taken out."""
        place = int(self.t.argmax())
        first = self.values.size - int(self.last[place])
        rest = self.values - self.values.mean()
        rest = np.concatenate([rest[:first] - self.before[place], rest[first:] - self.after[place]])
        whole = float(rest @ rest)
        if whole <= (NOISE * float(np.abs(self.values).max())) ** 2:
            return 0.0
        return float(rest[1:] @ rest[:-1]) / whole + LEAN / self.values.size

    def best(self, lean: float) -> Shift:
        """Return the split that chance is least likely to give."""
        # A mean of values that lean on each other is worth fewer of them; one value is one.
        worth = np.where(self.last > 1, np.sqrt((1 - lean) / (1 + lean)), 1.0)
        odds = 2 * stdtr(self.values.size - 2, -self.t * worth)
        place = int(odds.argmin())
        middle = float(self.values.mean())
        return Shift(
            last=int(self.last[place]),
            before=middle + float(self.before[place]),
            after=middle + float(self.after[place]),
            odds=min(1.0, float(odds[place]) * self.last.size),
            lean=lean,
            splits=self.last.size,
        )


def _leans(seen: Sequence[float], lengths: Sequence[int]) -> list[float]:
    """Return how neighbours lean on each other in each series, drawn towards what all show."""
    if not seen:
        return []
    usual = median(seen)
    by_luck = [1 / length for length in lengths]
    real = max(float(np.var(seen)) - float(np.mean(by_luck)), 0.0)
    drawn = [
        usual + (each - usual) * real / (real + luck)
        for each, luck in zip(seen, by_luck, strict=True)
    ]
    return [min(max(each, 0.0), MOST_LEAN) for each in drawn]
