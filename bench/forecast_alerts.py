"""Does what a forecast alert says come true: on invented series whose limit was set beforehand.

Each series is still, wanders, grows, falls back to its mean, or has weekdays. Its limit is drawn
when half of it is known, as people set limits: from what is usual to far above it. Every row after
that says how likely the limit is crossed within so many rows, and the series says whether it was.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from bench.measuring import Bound, Result
from opsgauge.analysis.forecast.crossing import looks_ahead
from opsgauge.analysis.forecast.layout import A_WEEK, Layout, Numbers

SERIES, QUICK_SERIES, SEED = 120, 10, 11
ROWS, BEGIN, LEARNT = 180, 91, slice(28, 91)  # whole weeks of days
LOW, HIGH = -0.2, 2.5  # standard deviations over the mean: between them limits are drawn
EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.01)
ENOUGH = 400  # forecasts in a class before it is judged; neighbours overlap, so they say less
OFF, TOO_SURE = 0.25, 0.12  # how far what came may lie above what was said; and said above came
WEEKDAYS = np.array([1.4, 1.1, 1.0, 1.0, 0.9, 0.2, 0.1])


@dataclass(frozen=True)
class Made:
    """An invented kind of series: how it is made, by days or weeks, and how far one looks."""

    make: Callable[[np.random.Generator], Numbers]
    ahead: int
    days: int = A_WEEK
    counts: bool = True


def _wandering(step: float) -> Callable[[np.random.Generator], Numbers]:
    def make(draw: np.random.Generator) -> Numbers:
        level = 50 + np.cumsum(draw.normal(0, step, ROWS))
        return draw.poisson(np.maximum(level, 1)).astype(float)

    return make


def _growing(draw: np.random.Generator) -> Numbers:
    return draw.poisson(40 + draw.choice([0.08, 0.15, 0.22]) * np.arange(ROWS)).astype(float)


def _falling_back(draw: np.random.Generator) -> Numbers:
    found = [200.0]
    for step in draw.normal(0, 6, ROWS - 1):
        found.append(max(200 + 0.9 * (found[-1] - 200) + step, 0))
    return np.round(found)


def _of_weekdays(step: float) -> Callable[[np.random.Generator], Numbers]:
    def make(draw: np.random.Generator) -> Numbers:
        level = 40 * np.exp(np.cumsum(draw.normal(0, step, ROWS)))
        return draw.poisson(level * WEEKDAYS[np.arange(ROWS) % A_WEEK]).astype(float)

    return make


KINDS: Mapping[str, Made] = {
    "still": Made(lambda draw: draw.poisson(53, ROWS).astype(float), 3),
    "still, few": Made(lambda draw: draw.poisson(4, ROWS).astype(float), 4),
    "still, hours": Made(lambda draw: draw.gamma(20, 0.5, ROWS), 4, counts=False),
    "still, weekdays": Made(_of_weekdays(0.0), A_WEEK, 1),
    "wandering a little": Made(_wandering(0.3), 3),
    "wandering": Made(_wandering(1.0), 3),
    "growing": Made(_growing, 4),
    "falling back to its mean": Made(_falling_back, 4),
    "wandering, weekdays": Made(_of_weekdays(0.02), A_WEEK, 1),
}


def forecast_alerts(quick: bool) -> Result:
    """Measure what came true of what was said, by kind of series and class of chance."""
    seconds: dict[str, list[float]] = {}
    bounds: list[Bound] = []
    notes: dict[str, Any] = {}
    for name, made in KINDS.items():
        start = time.perf_counter()
        said, came = said_and_came(made, QUICK_SERIES if quick else SERIES)
        seconds[name] = [time.perf_counter() - start]
        notes[name] = classes(said, came)
        judged = [each for each in notes[name] if each["n"] >= ENOUGH]
        worst = max((abs(each["said"] - each["came"]) for each in judged), default=1.0)
        sure = max((each["said"] - each["came"] for each in judged), default=1.0)
        bounds.append(Bound(f"{name}: said and came apart, at most", worst, OFF))
        bounds.append(Bound(f"{name}: said above came, at most", sure, TOO_SURE))
        base = float(came.mean() * (1 - came.mean()))
        bounds.append(Bound(f"{name}: Brier against the base rate", _brier(said, came) / base, 1.0))
    return Result("forecast_alerts", seconds, bounds, notes)


def _brier(said: Numbers, came: Numbers) -> float:
    return float(((said - came) ** 2).mean())


def said_and_came(made: Made, series: int) -> tuple[Numbers, Numbers]:
    """Return of so many series the chances that were said, and whether each came true."""
    draw = np.random.default_rng(SEED)
    said, came = [], []
    for _ in range(series):
        values = made.make(draw)
        # Limits of days are drawn over the busiest weekday, which alone can cross them.
        usual = values[LEARNT] if made.days > 1 else values[LEARNT][::A_WEEK]
        limit = float(usual.mean() + draw.uniform(LOW, HIGH) * usual.std())
        limit = round(limit) if made.counts else limit
        column = values[:, np.newaxis]
        layout = Layout(date(2024, 1, 1), column, np.ones_like(column), made.days, made.counts)
        told = looks_ahead(layout, made.ahead, limit, "above")
        for row, each in enumerate(told[: -made.ahead]):
            if each is not None and row >= BEGIN:
                said.append(each.chance)
                came.append(float((values[row + 1 : row + 1 + made.ahead] > limit).any()))
    return np.array(said), np.array(came)


def classes(said: Numbers, came: Numbers) -> list[dict[str, float]]:
    """Return by classes of chance how many forecasts, what was said and what came true."""
    found = []
    for low, high in pairwise(EDGES):
        mine = (said >= low) & (said < high)
        if mine.any():
            told = {"n": int(mine.sum()), "said": said[mine].mean(), "came": came[mine].mean()}
            found.append({name: round(float(value), 3) for name, value in told.items()})
    return found
