"""Invented series with a known truth."""

from datetime import date

import numpy as np

from opsgauge.analysis.forecast.layout import Layout, Numbers

MONDAY = date(2025, 1, 6)
WEEK = np.array([1.5, 1.0, 1.0, 1.0, 0.9, 0.2, 0.1])
DAY = np.exp(-(((np.arange(24) - 11) / 4) ** 2)) * (np.arange(24) > 5)


def rates(days: int, busiest: float = 60.0) -> Numbers:
    """Return what each hour brings on average: Mondays more, nights nothing."""
    return busiest * WEEK[np.arange(days) % 7][:, np.newaxis] * DAY


def hours(days: int, busiest: float = 60.0, seed: int = 1) -> Layout:
    """Return counts by the hour that come by chance."""
    values = np.random.default_rng(seed).poisson(rates(days, busiest)).astype(float)
    return Layout(MONDAY, values, np.ones_like(values))


def of_days(layout: Layout) -> Layout:
    """Return the same by the day."""
    values = layout.values.sum(axis=1, keepdims=True)
    return Layout(layout.first, values, np.ones_like(values))
