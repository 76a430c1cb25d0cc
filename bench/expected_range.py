"""Are expected ranges right: on real calls of a bank, and fast enough on a year of hours.

Every day of the last eight weeks is foreseen from the days before it alone.
"""

import time
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from bench.measuring import SHARED_DATA, Bound, Result
from opsgauge.analysis.forecast.backtest import Foreseen, foresee
from opsgauge.analysis.forecast.layout import Layout, Numbers

CALLS = SHARED_DATA / "bank_calls" / "fpp3_bank_calls.parquet"
MINUTES = {"five minutes": 5, "hours": 60}
A_WEEK = 7
ROUNDS = 5
LEAST, MOST = 0.70, 0.90  # share of values that a range of 80 % may hold


def expected_range(quick: bool) -> Result:
    """Measure ranges of bank calls, and the time that a year of hours takes."""
    seconds: dict[str, list[float]] = {"a year of hours": []}
    bounds: list[Bound] = []
    notes: dict[str, Any] = {}
    year = _year()
    for _ in range(1 if quick else ROUNDS):
        start = time.perf_counter()
        foresee(year)
        seconds["a year of hours"].append(time.perf_counter() - start)
    bounds.append(Bound("a year of hours, s", min(seconds["a year of hours"]), 1.0))
    if not CALLS.exists():
        return Result("expected_range", seconds, bounds, notes, "no bank calls beside this")
    for name, minutes in MINUTES.items():
        layout = _calls(minutes)
        for every in (1, A_WEEK):
            told = foresee(layout, every=every)
            what = f"{name}, origin every {every} days" if every > 1 else name
            notes[what] = {key: vars(score) for key, score in told.scores.items()}
            notes[what]["far"] = _far(told)
            bounds += _bounds(what, told)
    return Result("expected_range", seconds, bounds, notes)


def _bounds(what: str, told: Foreseen) -> list[Bound]:
    season, naive = told.scores["season"], told.scores["seasonal_naive"]
    covered = told.scores["used"].covered or 0.0
    return [
        Bound(
            f"{what}: MASE against that of seasonal naive",
            (season.mase or np.inf) / (naive.mase or np.nan),
            0.999,
        ),
        Bound(f"{what}: share in the 80 % range", covered, LEAST, at_least=True),
        Bound(f"{what}: share in the 80 % range", covered, MOST),
    ]


def _far(told: Foreseen) -> float:
    """Return the share of values far outside."""
    values = told.layout.values[told.begin :]
    there = ~np.isnan(values) & ~np.isnan(told.ranges.low)
    far = (values < told.ranges.far_low) | (values > told.ranges.far_high)
    return float(far[there].mean())


def _calls(minutes: int) -> Layout:
    """Return the calls by day and slot; days and slots without any record have no value."""
    table = pq.read_table(CALLS)
    when = [datetime.fromisoformat(each) for each in table["DateTime"].to_pylist()]
    first, last = when[0].date(), when[-1].date()
    slots = 24 * 60 // minutes
    values: Numbers = np.full(((last - first).days + 1, slots), np.nan)
    for moment, calls in zip(when, table["Calls"].to_pylist(), strict=True):
        place = ((moment.date() - first).days, (moment.hour * 60 + moment.minute) // minutes)
        values[place] = np.nan_to_num(values[place]) + calls
    values = values[:, ~np.isnan(values).all(axis=0)]
    return Layout(first, values, np.ones_like(values))


def _year() -> Layout:
    """Return a year of invented hours with weekdays, nights and chance."""
    chance, days = np.random.default_rng(1), 365
    weekday = np.array([1.4, 1.0, 1.0, 1.0, 0.9, 0.1, 0.05])[np.arange(days) % A_WEEK]
    hour = np.exp(-(((np.arange(24) - 11) / 4) ** 2))
    values = chance.poisson(30 * weekday[:, np.newaxis] * hour).astype(float)
    return Layout(date(2024, 1, 1), values, np.ones_like(values))
