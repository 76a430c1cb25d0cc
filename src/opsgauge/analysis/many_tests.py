"""What many tests at once may tell: how much of it is the luck of many.

Floor 4, analysis. Pure arithmetic. `scipy.stats` has it too, and takes half a second to load, which
every command would wait for.

Source: Benjamini and Hochberg, Controlling the false discovery rate, J. R. Statist. Soc. B 57,
1995.
"""

from collections.abc import Sequence
from itertools import accumulate


def false_discovery_rates(chances: Sequence[float]) -> list[float]:
    """Return for each of many tests the least share of false findings at which it is told.

    Telling all with at most 0.1 of it, one in ten of what is told is chance on average; where
    nothing is the matter with any of them, something is told one time in ten.

    Parameters
    ----------
    chances : of each test, in any order

    Examples
    --------
    >>> false_discovery_rates([0.04, 0.01, 0.5])
    [0.06, 0.03, 0.5]
    """
    falling = sorted(range(len(chances)), key=lambda each: -chances[each])
    steps = (chances[each] * len(chances) / (len(chances) - n) for n, each in enumerate(falling))
    rates = accumulate(steps, min)
    told = dict(zip(falling, rates, strict=True))
    return [min(told[each], 1.0) for each in range(len(chances))]
