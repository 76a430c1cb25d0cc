"""What a series was expected to be, and how good the forecasts were.

Floor 4, analysis. Every row is foreseen from the rows before it alone (a rolling origin), by the
season and by the seasonal naive forecast: the same slot a season ago. Where the season was off by
more than that one over the weeks before a row, the row goes by the naive forecast.

Source: Hyndman and Koehler, Another look at measures of forecast accuracy, 2006 (MASE).
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opsgauge.analysis.forecast.layout import Event, Layout, Numbers, occasions
from opsgauge.analysis.forecast.ranges import (
    COVERS,
    FEWEST,
    LOOKS_BACK,
    TENTHS,
    Ranges,
    ranges,
)
from opsgauge.analysis.forecast.season import Season, of
from opsgauge.foundation.errors import TooFewPoints

JUDGED_DAYS, JUDGED_WEEKS = 56, 26  # held against what was expected of them, at the end
FEWEST_SEASONS = 2
SEASON, NAIVE = "season", "seasonal_naive"


@dataclass(frozen=True)
class Score:
    """How good forecasts were over the rows judged.

    Attributes
    ----------
    n : values held against them
    mase : mean error against that of the seasonal naive forecast before those rows; None where that
        one was never off
    wape : all errors together as a share of all values; None where these are nought
    pinball : mean pinball loss of the ends of the range
    covered : share of values in the range
    """

    n: int
    mase: float | None
    wape: float | None
    pinball: float | None
    covered: float | None


@dataclass(frozen=True)
class Foreseen:
    """A series with what was expected of its last rows.

    Attributes
    ----------
    layout : the series, with rows to come at its end
    begin : the first row judged
    expected : shape (rows judged and to come, slots); likewise all below
    by_season : of each row, whether it goes by the season
    found : the occasions of each row
    season : what is known after the last row
    scores : of the season and of the naive forecast, each with its own range, and of what was used
    """

    layout: Layout
    begin: int
    expected: Numbers
    ranges: Ranges
    by_season: npt.NDArray[np.bool_]
    found: Sequence[tuple[str, ...]]
    season: Season
    scores: dict[str, Score]

    @property
    def method(self) -> str:
        """By what the row to come goes."""
        return SEASON if self.by_season[-1] else NAIVE


def foresee(
    layout: Layout, events: Sequence[Event] = (), judged: int | None = None, every: int = 1
) -> Foreseen:
    """Say what was expected of the last rows of a series.

    Parameters
    ----------
    layout : rows to come, without values, may stand at its end
    judged : how many rows at the end to hold against what was expected; else eight weeks of days,
        half a year of weeks
    every : how many rows are foreseen from one origin; the next follows after them

    Raises
    ------
    TooFewPoints : less than two whole seasons
    """
    rows = len(layout.values)
    _must_be_enough(layout)
    found = occasions(layout, events)
    expected, season = _by_season(layout, found, tuple({e.name for e in events}), every)
    naive = _naive(layout, every)
    look_back = max(LOOKS_BACK // layout.days, 2 * FEWEST)
    usually = JUDGED_DAYS if layout.days == 1 else JUDGED_WEEKS
    begin = max(layout.cycle * FEWEST_SEASONS, rows - (judged or usually))
    made = {
        name: ranges(each, layout.values, begin, look_back, layout.counts)
        for name, each in ((SEASON, expected), (NAIVE, naive))
    }
    chosen = _better(layout.values, expected, naive, begin, usually)
    column = chosen[:, np.newaxis]
    used = np.where(column, expected[begin:], naive[begin:])
    both = {
        end: np.where(column, getattr(made[SEASON], end), getattr(made[NAIVE], end))
        for end in ("low", "high", "far_low", "far_high")
    }
    told = Ranges(**both)
    usual = _usual_error(layout, begin)
    actual = layout.values[begin:]
    return Foreseen(
        layout,
        begin,
        used,
        told,
        chosen,
        found[begin:],
        season,
        {
            SEASON: score(actual, expected[begin:], made[SEASON], usual),
            NAIVE: score(actual, naive[begin:], made[NAIVE], usual),
            "used": score(actual, used, told, usual),
        },
    )


def _must_be_enough(layout: Layout) -> None:
    there = np.flatnonzero((~np.isnan(layout.values)).any(axis=1))
    lasted = int(there[-1] - there[0] + 1) if len(there) else 0
    held = -(-FEWEST // layout.values.shape[1])
    least = FEWEST_SEASONS * layout.cycle + held
    if lasted < least:
        unit = "weeks" if layout.days > 1 else "days"
        raise TooFewPoints(
            f"What is expected needs {least} {unit} or more, two seasons and {held} to hold "
            f"against them; this series has {lasted}.",
            hint="Choose a longer range, a shorter period, or a control chart.",
        )


def _by_season(
    layout: Layout, found: Sequence[tuple[str, ...]], named: Sequence[str], every: int
) -> tuple[Numbers, Season]:
    season = of(layout, named)
    origin, places = season, layout.places
    expected = np.full(layout.values.shape, np.nan)
    for row, values in enumerate(layout.values):
        if every > 1 and row % every == 0:
            origin = deepcopy(season)
        length, place = layout.length[row], int(places[row])
        expected[row] = origin.foresee(place, length, found[row])
        season.learn(place, values, length, found[row])
    return expected, season


def _naive(layout: Layout, every: int) -> Numbers:
    """Return the newest value of the same slot, a season or more before; NaN where there is none.

    From one origin nothing is used that comes after it.
    """
    rate = np.divide(
        layout.values,
        layout.length,
        out=np.full(layout.values.shape, np.nan),
        where=layout.length > 0,
    )
    made = np.full(layout.values.shape, np.nan)
    known = np.full((layout.cycle, layout.values.shape[1]), np.nan)
    shown, places = known.copy(), layout.places
    for row, values in enumerate(rate):
        if row % every == 0:
            shown = known.copy()
        place = places[row]
        made[row] = shown[place] * layout.length[row]
        known[place] = np.where(np.isnan(values), known[place], values)
    return made


def _better(
    values: Numbers, season: Numbers, naive: Numbers, begin: int, look_back: int
) -> npt.NDArray[np.bool_]:
    """Say of each row from `begin` whether the season was nearer over the rows before it."""
    both = ~(np.isnan(season) | np.isnan(naive) | np.isnan(values))
    more = np.where(both, np.abs(values - season) - np.abs(values - naive), 0.0).sum(axis=1)
    upto = np.concatenate([[0.0], np.cumsum(more)])
    rows = np.arange(begin, len(values))
    return upto[rows] - upto[np.maximum(rows - look_back, 0)] <= 0


def _usual_error(layout: Layout, begin: int) -> float:
    """Return how far the seasonal naive forecast was off, on average, before a row."""
    naive = _naive(layout.before(begin), 1)
    return float(np.nanmean(np.abs(layout.values[:begin] - naive)))


def score(values: Numbers, forecast: Numbers, told: Ranges, usual: float) -> Score:
    """Hold forecasts against what came; values without a forecast, and the reverse, do not count.

    Parameters
    ----------
    usual : the mean error to set that of the forecasts in relation to
    """
    there = ~(np.isnan(values) | np.isnan(forecast) | np.isnan(told.low))
    y, f, low, high = (each[there] for each in (values, forecast, told.low, told.high))
    n = len(y)
    if not n:
        return Score(0, None, None, None, None)
    off, total = np.abs(y - f), float(np.abs(y).sum())
    losses = [_pinball(y, end, q) for end, q in zip((low, high), TENTHS, strict=True)]
    return Score(
        n,
        float(off.mean()) / usual if usual > 0 else None,
        float(off.sum()) / total if total else None,
        float(np.mean(losses)),
        float(((y >= low) & (y <= high)).mean()),
    )


def _pinball(values: Numbers, quantile: Numbers, q: float) -> float:
    off = values - quantile
    return float(np.maximum(q * off, (q - 1) * off).mean())


def holds(told: Score) -> bool:
    """Say whether the range holds about as much as it says: 70 to 90 % of the values."""
    return told.covered is not None and abs(told.covered - COVERS) <= 0.1
