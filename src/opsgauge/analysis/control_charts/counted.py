"""Charts of what is counted: p, np, u, c, and Laney's p′ and u′.

Floor 4, analysis. Pure arithmetic: no table, no clock, no randomness.
Sources: D. C. Montgomery, Introduction to Statistical Quality Control, 7th ed., 2012, chapter 7;
D. B. Laney, Improved Control Charts for Attributes, Quality Engineering 14, 2002.
"""

from dataclasses import replace

import numpy as np

from opsgauge.analysis.control_charts.fit import (
    MOVING_RANGE_TO_SIGMA,
    Fitted,
    Stretch,
    around,
    mean_of_sizes,
    ratio,
)
from opsgauge.analysis.control_charts.standing import Floats
from opsgauge.foundation.errors import QueryWrong

MOST_BY_CHANCE_Z, LEAST_BY_CHANCE_Z = 1.5, 0.7  # of sigma z: outside, chance alone explains it not
NO_WIDTH = "In the baseline every value is the same, so that any other one lies outside the limits."


def p_chart(stretch: Stretch) -> Fitted:
    """Chart shares: limits by how far a share of so many strays by chance."""
    _refuse_beyond(stretch, most=1.0)
    centre = mean_of_sizes(stretch)
    sigma = _share_sigma(centre, stretch.size)
    return _counted(stretch, around(stretch, centre, sigma, (0.0, 1.0)), sigma)


def np_chart(stretch: Stretch) -> Fitted:
    """Chart how many of so many: the centre moves with how many there are."""
    shares = replace(stretch, values=ratio(stretch.values, stretch.size))
    _refuse_beyond(shares, most=1.0)
    centre = mean_of_sizes(shares)
    sigma = np.sqrt(stretch.size * max(centre * (1 - centre), 0.0))
    fitted = around(stretch, centre * stretch.size, sigma)
    possible = np.clip(fitted.lower, 0.0, None), np.minimum(fitted.upper, stretch.size)
    return _counted(stretch, replace(fitted, lower=possible[0], upper=possible[1]), sigma)


def u_chart(stretch: Stretch) -> Fitted:
    """Chart rates: events for each of so many, of which each may have several."""
    _refuse_beyond(stretch)
    centre = mean_of_sizes(stretch)
    sigma = _rate_sigma(centre, stretch.size)
    return _counted(stretch, around(stretch, centre, sigma, (0.0, np.inf)), sigma)


def c_chart(stretch: Stretch) -> Fitted:
    """Chart counts of events where there is always as much chance for them."""
    _refuse_beyond(stretch)
    centre = float(stretch.values[stretch.base].mean())
    sigma = np.full(stretch.values.shape, np.sqrt(centre))
    return _counted(stretch, around(stretch, centre, sigma, (0.0, np.inf)), sigma)


def laney_p_chart(stretch: Stretch) -> Fitted:
    """Chart shares that vary between periods by more, or less, than chance within them."""
    _refuse_beyond(stretch, most=1.0)
    centre = mean_of_sizes(stretch)
    return _laney(stretch, centre, _share_sigma(centre, stretch.size), (0.0, 1.0))


def laney_u_chart(stretch: Stretch) -> Fitted:
    """Chart rates that vary between periods by more, or less, than chance within them."""
    _refuse_beyond(stretch)
    centre = mean_of_sizes(stretch)
    return _laney(stretch, centre, _rate_sigma(centre, stretch.size), (0.0, np.inf))


def _laney(stretch: Stretch, centre: float, sigma: Floats, possible: tuple[float, float]) -> Fitted:
    spread = _sigma_z(stretch, centre, sigma)
    fitted = around(stretch, centre, sigma * spread, possible)
    return replace(fitted, sigma_z=spread, notes=(NO_WIDTH,) if spread == 0 else ())


def _counted(stretch: Stretch, fitted: Fitted, sigma: Floats) -> Fitted:
    spread = _sigma_z(stretch, fitted.centre, sigma)
    width = float(sigma[stretch.base].max(initial=0.0))
    return replace(fitted, sigma_z=spread, notes=() if width > 0 else (NO_WIDTH,))


def _sigma_z(stretch: Stretch, centre: Floats | float, sigma: Floats) -> float:
    """Return how many times as much as chance explains neighbours differ."""
    # Where gaps leave no neighbours there is no telling, and chance is let explain it.
    z = stretch.neighbours(ratio(stretch.values - centre, sigma))
    steps = np.abs(np.diff(z))
    steps = steps[np.isfinite(steps)]
    return float(steps.mean()) * MOVING_RANGE_TO_SIGMA if len(steps) else 1.0


def _share_sigma(centre: float, size: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.sqrt(max(centre * (1 - centre), 0.0) / size)
    return found


def _rate_sigma(centre: float, size: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.sqrt(centre / size)
    return found


def _refuse_beyond(stretch: Stretch, most: float = np.inf) -> None:
    """Refuse what cannot have been counted."""
    wrong = stretch.known & ((stretch.values < 0) | (stretch.values > most))
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        named = "share between 0 and 1" if most == 1.0 else "count of 0 or more"
        raise QueryWrong(
            f"A chart of counts needs a {named}; {stretch.periods[at]} has {stretch.values[at]:g}.",
            hint="Choose the chart 'xmr', which takes any number.",
        )
