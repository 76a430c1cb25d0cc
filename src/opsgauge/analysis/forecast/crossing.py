"""How likely a series is to cross a limit within so many periods.

Floor 4, analysis. From each row the rows after it are foreseen by the season as it was known then.
How far such forecasts were off, path by path, is laid over the newest forecast, in the scale of
`ranges`: the share of paths that cross the limit is the chance. A series that drifts was foreseen
too low, or too high, each time, so that its paths carry the drift on. No bell curve is assumed.

Source: Williams and Goodman, A simple method for the construction of empirical confidence limits
for economic forecasts, Journal of the American Statistical Association, 1971.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opsgauge.analysis.forecast.layout import Layout, Numbers, occasions
from opsgauge.analysis.forecast.ranges import FEWEST, TENTHS, TINY, scale_of
from opsgauge.analysis.forecast.season import of
from opsgauge.foundation.alerting import ABOVE

HALF = 0.5
YEARS = 2  # of paths; with few of them the chance says more about luck than about the series
DAYS_OF_A_YEAR = 364
ROUNDING = 1e-9  # of the limit: sums of parts are that near to it without being beyond


@dataclass(frozen=True)
class Ahead:
    """What is foreseen from one row on.

    Attributes
    ----------
    paths, crossing : paths of earlier forecasts, and those of them that cross the limit
    first : in which period half of all paths have crossed, 0 for the next; None where fewer do
    low, middle, high : shape (ahead,), what four of five paths lie between, and half of them below
    """

    paths: int
    crossing: int
    first: int | None
    low: Numbers
    middle: Numbers
    high: Numbers

    @property
    def chance(self) -> float:
        """The share of paths that cross."""
        return self.crossing / self.paths


def looks_ahead(layout: Layout, ahead: int, limit: float, side: str) -> list[Ahead | None]:
    """Say from each row how likely the limit is crossed within the next rows.

    Parameters
    ----------
    layout : of one slot, without rows to come
    ahead : of how many rows, 1 or more
    side : "above" or "below" the limit, which itself is not crossed

    Returns
    -------
    one for each row, seen when that row was over; None where too little was known, and where the
    row itself is beyond the limit or has no value: there is nothing to foresee
    """
    values = layout.values[:, 0]
    foreseen = _foreseen(layout, ahead)
    scale = scale_of(foreseen, layout.counts)
    came = np.empty((0, ahead))
    if len(values) >= ahead:
        came = np.lib.stride_tricks.sliding_window_view(values, ahead)
    off = (came - foreseen[: len(came)]) / scale[: len(came)]
    whole: npt.NDArray[np.bool_] = np.asarray(~np.isnan(off).any(axis=1))
    most = YEARS * DAYS_OF_A_YEAR // layout.days
    told: list[Ahead | None] = []
    for row in range(len(values)):
        origin = row + 1  # what comes next is foreseen from all up to this row
        known = np.flatnonzero(whole[: max(0, origin - ahead + 1)])[-most:]
        ready = len(known) >= FEWEST and not np.isnan(foreseen[origin]).any()
        if not ready or np.isnan(values[row]) or _is_past(values[row], limit, side):
            told.append(None)
            continue
        drawn = off[known] + _back(foreseen[known], foreseen[origin], off[known])
        paths = np.maximum(foreseen[origin] + drawn * scale[origin], 0.0)
        if layout.counts:  # between a limit and the next whole number no count can lie
            paths = np.floor(paths + HALF)
        told.append(_ahead(paths, limit, side))
    return told


def _back(before: Numbers, now: Numbers, off: Numbers) -> Numbers:
    """Return how much further off the newest forecast is to be taken than each before, by its size.

    A level that was learnt from few rows wanders with their chance: where it was high, what came
    was lower than foreseen. So far as that was so, it is so again (a least-squares line).
    """
    mean = before.mean(axis=0)
    lies = before - mean
    spread = (lies**2).sum(axis=0)
    flat = (lies * (off - off.mean(axis=0))).sum(axis=0)
    slope = np.divide(flat, spread, out=np.zeros_like(flat), where=spread > TINY)
    return np.asarray(np.minimum(slope, 0.0) * (now - before))


def _foreseen(layout: Layout, ahead: int) -> Numbers:
    """Return what was foreseen from each row, and from after the last: shape (rows + 1, ahead)."""
    rows = len(layout.values)
    longer = Layout(
        layout.first,
        np.vstack([layout.values, np.full((ahead, 1), np.nan)]),
        np.ones((rows + ahead, 1)),
        layout.days,
        layout.counts,
    )
    found, places, length = occasions(longer), longer.places, np.ones(1)
    season, made = of(layout), np.full((rows + 1, ahead), np.nan)
    for row in range(rows + 1):
        made[row] = [
            season.foresee(int(places[at]), length, found[at])[0] for at in range(row, row + ahead)
        ]
        if row < rows:
            season.learn(int(places[row]), layout.values[row], length, found[row])
    return made


def _ahead(paths: Numbers, limit: float, side: str) -> Ahead:
    rounding = ROUNDING * max(1.0, abs(limit))
    past = _is_past(paths, limit + rounding if side == ABOVE else limit - rounding, side)
    by_row = np.logical_or.accumulate(past, axis=1).mean(axis=0)
    half = np.flatnonzero(by_row >= HALF)
    low, middle, high = np.quantile(paths, (TENTHS[0], HALF, TENTHS[1]), axis=0)
    return Ahead(
        paths=len(paths),
        crossing=int(past.any(axis=1).sum()),
        first=int(half[0]) if len(half) else None,
        low=low,
        middle=middle,
        high=high,
    )


def _is_past(values: Numbers | float, limit: float, side: str) -> npt.NDArray[np.bool_]:
    return np.asarray(np.greater(values, limit) if side == ABOVE else np.less(values, limit))
