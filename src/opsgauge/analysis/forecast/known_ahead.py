"""What is known ahead of each day or week: its weekday, the turn of the month, named events.

Floor 4, analysis. Pure arithmetic: no table, no clock, no randomness. For a chart that looks back:
each factor is what such days brought over the whole series, beside the level of the weeks about
them, so that a level that changed for good is explained by no season.

Source: the ratio-to-moving-average method, as in Hyndman and Athanasopoulos, Forecasting, 3rd ed.,
2021, 3.4, by trimmed means, with the occasions of `season.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opsgauge.analysis.forecast.layout import WEEKDAYS, Event, Layout, Numbers, occasions
from opsgauge.analysis.forecast.profile import APART, FEW
from opsgauge.analysis.forecast.season import Seen

ROUNDS = 4  # of weekdays and occasions, each reckoned without the other
REACH = {1: 10, 7: 4}  # rows to either side that make the level about a row, by the days of a row
TRIMMED = 0.1  # of what a weekday brought, at either end: what is odd says little of the others


@dataclass(frozen=True)
class KnownAhead:
    """What was known ahead of each row.

    Attributes
    ----------
    factors : times as much as a usual row, without any knowledge 1
    more : how much more than a usual row about then, below nought for less
    why : what says so, in words; "" where nothing does
    """

    factors: tuple[float, ...]
    more: tuple[float, ...]
    why: tuple[str, ...]


def known_ahead(layout: Layout, events: Sequence[Event] = (), *, weekly: bool = True) -> KnownAhead:
    """Return what was known ahead of each row of a series of one slot.

    Parameters
    ----------
    layout : by the day or the week, without rows to come
    events : what people named; several of one name are the same thing again
    weekly : whether weekdays are asked for what they bring

    Examples
    --------
    >>> from datetime import date
    >>> weeks = np.array([[8.0], [5], [5], [5], [5], [2], [5]] * 6)
    >>> told = known_ahead(Layout(date(2026, 1, 5), weeks, np.ones_like(weeks)))
    >>> [round(factor, 2) for factor in told.factors[:7]]
    [1.6, 1.0, 1.0, 1.0, 1.0, 0.4, 1.0]
    >>> told.why[0]
    'Mondays bring 1.60 times a usual day'
    """
    values, found = layout.values[:, 0], occasions(layout, events)
    named = {event.name for event in events}
    cycle = layout.cycle if weekly else 1
    places = layout.places % cycle
    plainly = np.array([not names for names in found])
    weights, effects = np.ones(cycle), dict[str, float]()
    for _ in range(ROUNDS):
        effect = _effects(found, effects)
        level = _level(values, weights[places] * effect, REACH[layout.days])
        weights = _weights(values, level, places, plainly, weights)
        effects = _seen(values, level * weights[places], found, named, layout.counts)
    factors = weights[places] * _effects(found, effects)
    level = np.nan_to_num(_level(values, factors, REACH[layout.days]))
    return KnownAhead(
        tuple(factors.tolist()),
        tuple((level * (factors - 1)).tolist()),
        tuple(
            "; ".join(_words(layout, weights[place], cycle, row, found[row], effects))
            for row, place in enumerate(places)
        ),
    )


def _effects(found: Sequence[Sequence[str]], effects: Mapping[str, float]) -> Numbers:
    return np.array([float(np.prod([effects.get(n, 1.0) for n in names])) for names in found])


def _level(values: Numbers, factors: Numbers, reach: int) -> Numbers:
    """Return what a usual row brings about each row: what came there over what was due."""
    there = np.isfinite(values)
    window = np.ones(2 * reach + 1)
    came = np.convolve(np.where(there, values, 0.0), window, "same")[: len(values)]
    due = np.convolve(np.where(there, factors, 0.0), window, "same")[: len(values)]
    return np.divide(came, due, out=np.full(len(values), np.nan), where=due > 0)


def _weights(
    values: Numbers,
    level: Numbers,
    places: npt.NDArray[np.int64],
    plainly: npt.NDArray[np.bool_],
    before: Numbers,
) -> Numbers:
    """Return what each place of the season brings, in usual rows; they are 1 on average."""
    ratio = np.divide(values, level, out=np.full(len(values), np.nan), where=level > 0)
    made = before.copy()
    for place in range(len(before)):
        mine = ratio[(places == place) & plainly & np.isfinite(ratio)]
        made[place] = _trimmed_mean(mine) if len(mine) else before[place]
    mean = made.mean()
    return made / mean if mean > 0 else before


def _trimmed_mean(values: Numbers) -> float:
    cut = int(TRIMMED * len(values))
    return float(np.sort(values)[cut : len(values) - cut].mean())


def _seen(
    values: Numbers,
    plain: Numbers,
    found: Sequence[Sequence[str]],
    named: set[str],
    counts: bool,
) -> dict[str, float]:
    """Return what each occasion does; of what nobody named, only where it is sure."""
    seen: dict[str, Seen] = {}
    for value, usual, names in zip(values, plain, found, strict=True):
        if np.isfinite(value) and np.isfinite(usual):
            for name in names:
                seen.setdefault(name, Seen()).add(float(value), float(usual), counts)
    return {name: each.factor(name in named) for name, each in seen.items()}


def _words(
    layout: Layout,
    weight: float,
    cycle: int,
    row: int,
    names: Sequence[str],
    effects: Mapping[str, float],
) -> list[str]:
    day, said = layout.date(row), []
    if cycle > 1 and abs(weight - 1) >= APART:
        much = "next to nothing" if weight < FEW else f"{weight:.2f} times a usual day"
        said.append(f"{WEEKDAYS[day.weekday()]}s bring {much}")
    return said + [
        f"{name}: {effects[name]:.2f} times as much"
        for name in names
        if abs(effects.get(name, 1.0) - 1) >= APART
    ]
