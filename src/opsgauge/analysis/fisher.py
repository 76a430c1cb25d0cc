"""Is a share higher by more than chance.

Floor 4, analysis. Pure arithmetic on counts. `scipy.stats` has it too, and takes half a second to
load, which every command would wait for.

Source: Fisher, Statistical methods for research workers, 1925.
"""

import numpy as np
from scipy.special import betaln


def chance_of_more(so: int, among: int, others_so: int, others_among: int) -> float:
    """Return the chance of so many or more where those have the others' share (exact, one-sided).

    Parameters
    ----------
    so, among : how many of how many
    others_so, others_among : the same of those they are held against

    Examples
    --------
    Of a lady's four cups three were told rightly: 17 of the 70 ways to choose do as well.

    >>> round(chance_of_more(3, 4, 1, 4) * 70, 9)
    17.0
    """
    every, every_so = among + others_among, so + others_so
    more = np.arange(so, min(every_so, among) + 1)
    ways = _ways(every_so, more) + _ways(every - every_so, among - more)
    return min(float(np.exp(ways - _ways(every, among)).sum()), 1.0)


def _ways(of: int, chosen: int | np.ndarray) -> np.ndarray:
    """Return the logarithm of the number of ways to choose."""
    return np.asarray(-np.log1p(of) - betaln(of - chosen + 1, chosen + 1))
