"""Charts of what is measured: XmR, I′, run, x̄ and s, and of what is rare: t and g.

Floor 4, analysis. Pure arithmetic: no table, no clock, no randomness.
Sources: D. J. Wheeler and D. S. Chambers, Understanding Statistical Process Control, 2nd ed.,
1992; D. C. Montgomery, Introduction to Statistical Quality Control, 7th ed., 2012; I. W. Burr,
Control Charts for Measurements with Varying Sample Sizes, Journal of Quality Technology 1, 1969;
J. C. Benneyan, Number-Between g-Type Statistical Quality Control Charts, Health Care Management
Science 4, 2001.
"""

from dataclasses import replace
from math import isfinite, sqrt

import numpy as np
from scipy.special import gammaln

from opsgauge.analysis.control_charts.fit import (
    Fitted,
    Stretch,
    around,
    mean_of_sizes,
    unequal_sigma,
)
from opsgauge.analysis.control_charts.limits import natural_limits
from opsgauge.analysis.control_charts.standing import Floats, signs
from opsgauge.foundation.errors import QueryWrong

TO_BELL = 3.6  # times between rare events, to the power of 1 / 3.6, are about normal


def xmr_chart(stretch: Stretch) -> Fitted:
    """Chart one value per period, with limits from how much neighbours differ."""
    neighbours = stretch.neighbours(stretch.values).tolist()
    limits = natural_limits([value if isfinite(value) else None for value in neighbours])
    fitted = around(stretch, limits.centre, limits.sigma)
    return replace(
        fitted,
        lower=np.full(stretch.values.shape, limits.lower),
        upper=np.full(stretch.values.shape, limits.upper),
        mean_moving_range=limits.mean_moving_range,
    )


def i_prime_chart(stretch: Stretch) -> Fitted:
    """Chart means or shares of unequally many tickets, with limits from how neighbours differ."""
    sigma = unequal_sigma(stretch.neighbours(stretch.values), stretch.neighbours(stretch.size))
    with np.errstate(divide="ignore"):
        return around(stretch, mean_of_sizes(stretch), sigma * np.sqrt(1 / stretch.size))


def run_chart(stretch: Stretch) -> Fitted:
    """Chart any values about their median: no limits, only how they run about it."""
    centre = float(np.median(stretch.values[stretch.base]))
    fitted = around(stretch, centre, np.nan)
    nowhere = np.full(stretch.values.shape, np.inf)
    judging = replace(fitted.judging, sigmas=np.full(stretch.values.shape, np.nan))
    return replace(fitted, lower=-nowhere, upper=nowhere, judging=judging)


def xbar_chart(stretch: Stretch) -> Fitted:
    """Chart means of several measurements, with limits from the spread within each period."""
    centre = mean_of_sizes(stretch)
    with np.errstate(divide="ignore"):
        return around(stretch, centre, _within(stretch) / np.sqrt(stretch.size))


def s_chart(stretch: Stretch) -> Fitted:
    """Chart the spread within each period."""
    sigma, bias = _within(stretch), unbias(stretch.size)
    return around(stretch, bias * sigma, sigma * np.sqrt(1 - bias**2), (0.0, np.inf))


def t_chart(stretch: Stretch) -> Fitted:
    """Chart times between rare events: limits where they are about normal, drawn as times."""
    _refuse_negative(stretch, "time")
    bell = replace(stretch, values=stretch.values ** (1 / TO_BELL))
    fitted = xmr_chart(bell)
    drawn = {
        name: np.clip(getattr(fitted, name), 0.0, None) ** TO_BELL
        for name in ("centre", "lower", "upper")
    }
    return replace(fitted, drawn=stretch.values, mean_moving_range=np.nan, **drawn)


def g_chart(stretch: Stretch) -> Fitted:
    """Chart how many came between rare events; what lies above the median is the upper side."""
    _refuse_negative(stretch, "number")
    mean = float(stretch.values[stretch.base].mean())
    fitted = around(stretch, mean, sqrt(mean * (mean + 1)), (0.0, np.inf))
    median = float(np.median(stretch.values[stretch.base]))
    side = signs(stretch.values - median, stretch.noise)
    return replace(
        fitted,
        centre=np.full(stretch.values.shape, median),
        judging=replace(fitted.judging, side=side),
    )


def unbias(size: Floats) -> Floats:
    """Return c4: the mean of the standard deviation of so many, where sigma is 1.

    Examples
    --------
    >>> unbias(np.array([2.0, 5.0, 25.0])).round(4).tolist()
    [0.7979, 0.94, 0.9896]
    """
    more = np.maximum(size, 2.0) - 1
    found: Floats = np.sqrt(2 / more) * np.exp(gammaln((more + 1) / 2) - gammaln(more / 2))
    return found


def _within(stretch: Stretch) -> float:
    """Return the sigma within periods: of their spreads, each weighed by how sure it is."""
    taken = stretch.base & (stretch.size >= 2) & np.isfinite(stretch.spread)
    if not taken.any():
        raise QueryWrong(
            "A chart of means needs the spread within each period, and none of these has one.",
            hint="Choose the chart 'xmr', which takes one value per period.",
        )
    bias = unbias(stretch.size[taken])
    weight = bias**2 / (1 - bias**2)
    return float((weight * stretch.spread[taken] / bias).sum() / weight.sum())


def _refuse_negative(stretch: Stretch, what: str) -> None:
    wrong = stretch.known & (stretch.values < 0)
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        raise QueryWrong(
            f"A {what} between events is 0 or more; {stretch.periods[at]} has "
            f"{stretch.values[at]:g}.",
            hint="Check the order of the events.",
        )
