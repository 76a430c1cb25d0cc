"""The season of a series in words: which days and hours bring much, and what occasions do.

Floor 4, analysis. What the profile tells ahead is predictable workload: a high value that lies in
its expected range is no signal, however far it lies from the mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from opsgauge.analysis.forecast.layout import WEEKDAYS, Numbers
from opsgauge.analysis.forecast.season import Occasion, Season

APART = 0.10  # of a usual day, before a weekday is worth a word
DAY_HOURS = 24
FEW = 0.2  # of a usual working day: a day on which next to nothing comes


@dataclass(frozen=True)
class Profile:
    """What is known ahead of a series.

    Attributes
    ----------
    level : what a usual row brings, over a whole season
    weekdays : how much each weekday brings, as a part of that; NaN where one was never seen
    hours : shape (weekdays, slots); what each slot brings
    occasions : what else was looked at, and what it does
    """

    level: float
    weekdays: Numbers
    hours: Numbers
    occasions: tuple[Occasion, ...]

    @property
    def usual(self) -> float:
        """What a slot brings where nothing is known of it."""
        return self.level / self.hours.shape[1]

    def of(self, weekday: int, slot: int = 0) -> float:
        """Return how much a slot of the week brings, as a part of a usual one; NaN for none."""
        return float(self.hours[weekday, slot] / self.usual) if self.usual > 0 else float("nan")

    def predictable(self, value: float, expected: float, low: float, high: float) -> bool:
        """Say whether a value is out of the ordinary and yet as expected: no signal.

        Parameters
        ----------
        expected, low, high : what was expected of its slot, and the range
        """
        ordinary = self.usual - (expected - low) <= value <= self.usual + (high - expected)
        return low <= value <= high and not ordinary

    def sentences(self) -> tuple[str, ...]:
        """Say which weekdays and hours stand out, and what occasions do."""
        if not self.level > 0:
            return ("Nothing came in any season, so nothing is expected.",)
        return (*self._of_weekdays(), *self._of_hours(), *self._of_occasions())

    def _of_weekdays(self) -> list[str]:
        said = []
        for weekday, part in enumerate(self.weekdays if len(self.weekdays) > 1 else ()):
            if part < FEW:
                said.append(f"{WEEKDAYS[weekday]}s bring next to nothing.")
            elif abs(part - 1) >= APART:
                said.append(f"{WEEKDAYS[weekday]}s bring {part:.2f} times a usual day.")
        return said

    def _of_hours(self) -> list[str]:
        slots = self.hours.shape[1]
        if slots == 1 or not np.nansum(self.hours) > 0:
            return []
        weekday, slot = np.unravel_index(int(np.nanargmax(self.hours)), self.hours.shape)
        said = f"{WEEKDAYS[int(weekday)]} {hours(int(slot), slots)}"
        return [f"The busiest time is {said}: {self.hours[weekday, slot]:.1f} expected."]

    def _of_occasions(self) -> list[str]:
        return [
            f"{each.name.capitalize()}: {each.factor:.2f} times as much (seen {each.n} times)."
            for each in self.occasions
            if each.factor != 1
        ]


def profile(season: Season) -> Profile:
    """Return the profile of a season as it is known now."""
    weights = np.array([season.weight(place) for place in range(season.cycle)])
    known = weights[~np.isnan(weights)]
    mean = float(known.mean()) if len(known) else float("nan")
    whole = season.level * weights
    shapes = np.array([season.shape(place) for place in range(season.cycle)])
    return Profile(
        level=float(season.level * mean) if mean > 0 else 0.0,
        weekdays=weights / mean if mean > 0 else weights,
        hours=whole[:, np.newaxis] * shapes,
        occasions=season.told(),
    )


def hours(slot: int, slots: int) -> str:
    """Return a slot of the day as the time it lasts.

    Examples
    --------
    >>> hours(9, 24), hours(1, 96)
    ('09–10', '00:15–00:30')
    """
    if slots == DAY_HOURS:
        return f"{slot:02}–{slot + 1:02}"
    ends = [n * DAY_HOURS * 60 // slots for n in (slot, slot + 1)]
    begin, end = (f"{minutes // 60:02}:{minutes % 60:02}" for minutes in ends)
    return f"{begin}–{end}"


def told(when: Sequence[str], low: str, high: str, got: str) -> str:
    """Say what was expected and what came.

    Examples
    --------
    >>> told(["Monday 09–10", "month end"], "40", "62", "91")
    'Monday 09–10 (month end), expected 40–62, got 91'
    """
    first, *others = when
    beside = f" ({', '.join(others)})" if others else ""
    return f"{first}{beside}, expected {low}–{high}, got {got}"
