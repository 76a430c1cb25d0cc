"""The range in which a value is expected: its forecast, and how far those before it were off.

Floor 4, analysis. No bell curve is assumed. How far earlier values lay from their own forecasts,
each made before them, is set in relation to the root of the forecast, as counts spread (of other
values, to the forecast), and sorted by its size: quiet hours spread otherwise than busy ones. The
range reaches from one quantile of these to another.

Source: Lei, G'Sell, Rinaldo, Tibshirani, Wasserman, Distribution-free predictive inference for
regression, 2018 (split conformal).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import pdtrik

from opsgauge.analysis.forecast.layout import Numbers

COVERS = 0.8  # of values, in the range
RARE = 0.01  # of values, outside the wide range
LOOKS_BACK = 84  # days
CLASSES, OF_A_CLASS = 5, 30  # classes by size of forecast, and values behind each of them
OF_TAILS = 200  # values that have tails of their own
FEWEST = 15  # values without which there is no range
TENTHS = (0.1, 0.9)
TAILS = (RARE / 2, 1 - RARE / 2)
FURTHER = 3.0  # how far tails lie at least, against the tenths; of a bell curve it is 2.01
SOME = 0.5  # keeps the root of next to nothing from being nothing
TINY = 1e-9


@dataclass(frozen=True)
class Ranges:
    """Ranges of some rows, all of shape (rows, slots); NaN where too little is known.

    Attributes
    ----------
    low, high : between them 80 % of the values are expected
    far_low, far_high : beyond them about one of a hundred
    """

    low: Numbers
    high: Numbers
    far_low: Numbers
    far_high: Numbers


def ranges(forecast: Numbers, values: Numbers, first: int, look_back: int, counts: bool) -> Ranges:
    """Return the ranges of the rows from `first` on, each from the rows before it alone.

    Parameters
    ----------
    forecast : shape (rows, slots), each row made from the rows before it
    values : the same shape; NaN where there is none
    look_back : how many rows before it a range is made from
    counts : whether ranges are whole numbers
    """
    scale = scale_of(forecast, counts)
    off = (values - forecast) / scale
    shape = (len(forecast) - first, forecast.shape[1])
    reach = np.full((4, *shape), np.nan)
    for row in range(first, len(forecast)):
        before = slice(max(0, row - look_back), row)
        found = _reach(forecast[before], off[before], forecast[row])
        reach[:, row - first] = found * scale[row]
    ahead = forecast[first:]
    low, high, far_low, far_high = np.maximum(ahead + reach, 0.0)
    if counts:
        low, high = np.round(low), np.round(high)
        far_low, far_high = np.floor(far_low), np.ceil(far_high)
        # Where nothing ever came, one may still come once in so many rows.
        rare = pdtrik(TAILS[1], np.maximum(ahead, 0.0) + 1 / look_back)
        far_high = np.maximum(far_high, np.ceil(rare))
    return Ranges(low, high, far_low, far_high)


def scale_of(forecast: Numbers, counts: bool) -> Numbers:
    """Return in relation to what forecasts are off: the root of counts, else the forecast."""
    return np.sqrt(np.maximum(forecast, 0.0) + SOME) if counts else np.maximum(forecast, TINY)


def _reach(forecast: Numbers, off: Numbers, ahead: Numbers) -> Numbers:
    """Return how far the ends lie from the forecasts of a row, in their scale: shape (4, slots)."""
    known = ~np.isnan(off)
    found = np.full((4, len(ahead)), np.nan)
    if known.sum() < FEWEST:
        return found
    sizes, lies = forecast[known], off[known]
    classes = int(np.clip(len(lies) // OF_A_CLASS, 1, CLASSES))
    edges = np.quantile(sizes, np.linspace(0, 1, classes + 1)[1:-1])
    of_known, of_ahead = np.searchsorted(edges, sizes), np.searchsorted(edges, ahead)
    for each in np.unique(of_ahead):
        own = lies[of_known == each]
        own = own if len(own) >= FEWEST else lies
        found[:, of_ahead == each] = _ends(own)[:, np.newaxis]
    return found


def _ends(lies: Numbers) -> Numbers:
    """Return the tenths and the tails of some deviations; tails of few are drawn out."""
    # The value to come is one more: hence n + 1 in the place of n, as in split conformal.
    n = len(lies)
    places = [min(1.0, max(0.0, (q * (n + 1) - 1) / (n - 1))) for q in (*TENTHS, *TAILS)]
    low, high, far_low, far_high = np.quantile(lies, places)
    middle = float(np.median(lies))
    drawn = middle + FURTHER * (low - middle), middle + FURTHER * (high - middle)
    if n < OF_TAILS:  # their ends are what happened once, such as a holiday
        far_low, far_high = drawn
    return np.array([low, high, min(far_low, drawn[0]), max(far_high, drawn[1])])
