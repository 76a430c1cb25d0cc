"""The season of a series: a level that moves, times the weekday, times the hour, times occasions.

Floor 4, analysis. Everything is kept as two sums, what came and what was due, each discounted with
age: their ratio is the rate. Sums need no logarithm and stand zeros, quiet nights and gaps: a day
that is due little says little. How fast the level forgets is chosen from how the choices did
before. A row is foreseen from earlier rows alone.

Source: West and Harrison, Bayesian Forecasting and Dynamic Models, 2nd ed., 1997, 6.3 (discounts);
Harvey and Fernandes, Time series models for count or qualitative observations, 1989.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from opsgauge.analysis.forecast.layout import WEEKDAYS, Layout, Numbers

FORGETS = np.array([0.6, 0.75, 0.85, 0.92, 0.96, 0.985])  # what a day's weight falls to, next day
OF_WEEKDAY, OF_SHAPE = 0.95, 0.9  # the same of a weekday's rate and of its hours, next week
OF_ERRORS = 0.97  # and of the errors by which the level's is chosen
BORROWED = 0.05  # weight of the other days of the same kind in the hours of a weekday
FAR = 6.0  # how many usual errors a day may pull the level
FEW, FEW_NAMED = 2.0, 0.5  # occurrences that weigh as much as the belief that nothing is done
SURE = 2.0  # standard errors from nothing before the turn of a month is believed
FEWEST_TURNS = 3
WORKING_DAYS = 5
HALF_A_COUNT = 0.5  # keeps the logarithm of a day without any


@dataclass(frozen=True)
class Occasion:
    """What an occasion does to a day: times as much as without it.

    Attributes
    ----------
    factor : as it is used, drawn towards 1 where it was seen seldom
    n : days on which it was seen
    """

    name: str
    factor: float
    n: int


@dataclass
class Seen:
    """How the days of an occasion differed from those foreseen without it, as logarithms."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    def add(self, came: float, plain: float, counts: bool) -> None:
        """Take in one day: what came, and what was foreseen without the occasion."""
        some = HALF_A_COUNT if counts else 0.0
        if min(came, plain) + some <= 0:
            return
        told = float(np.log((came + some) / (plain + some)))
        self.n, self.total, self.squares = self.n + 1, self.total + told, self.squares + told**2

    def factor(self, asked: bool) -> float:
        """Return what it does; of what nobody named, only where it is sure."""
        if not self.n or (not asked and not self._sure()):
            return 1.0
        return float(np.exp(self.total / (self.n + (FEW_NAMED if asked else FEW))))

    def _sure(self) -> bool:
        if self.n < FEWEST_TURNS:
            return False
        mean = self.total / self.n
        spread = max(self.squares / self.n - mean**2, 0.0) * self.n / (self.n - 1)
        return bool(abs(mean) > SURE * np.sqrt(spread / self.n))


@dataclass
class Season:
    """What is known after some rows; `foresee` and `learn` take them in their order.

    Attributes
    ----------
    cycle, slots : rows after which the season comes again, and slots of a row
    named : occasions that people named; others have to prove themselves
    counts : whether what comes is counted
    """

    cycle: int
    slots: int
    named: frozenset[str] = frozenset()
    counts: bool = True
    came: Numbers = field(init=False)  # by how fast it forgets
    due: Numbers = field(init=False)
    errors: Numbers = field(init=False)
    usual_error: float = field(default=np.nan, init=False)
    far: int = field(default=0, init=False)  # 1 or -1 where the row before was far off
    seen: dict[str, Seen] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.came, self.due = np.zeros(len(FORGETS)), np.zeros(len(FORGETS))
        self.errors = np.zeros(len(FORGETS))
        self.place_came, self.place_due = np.zeros(self.cycle), np.zeros(self.cycle)
        self.hours, self.hour_lengths = (np.zeros((self.cycle, self.slots)) for _ in range(2))

    @property
    def best(self) -> int:
        """Which way of forgetting did best so far."""
        return int(np.argmin(self.errors))

    @property
    def level(self) -> float:
        """What a usual row brings, NaN before the first."""
        return float(self._levels()[self.best])

    def _levels(self) -> Numbers:
        return np.divide(self.came, self.due, out=np.full(len(FORGETS), np.nan), where=self.due > 0)

    def weight(self, place: int) -> float:
        """Return what a weekday brings, in usual rows; NaN where it was never seen."""
        due = self.place_due[place]
        return float(self.place_came[place] / due) if due > 0 else np.nan

    def shape(self, place: int) -> Numbers:
        """Return how much of a row comes in each slot of it, of slots that last 1; adds up to 1."""
        kind = self._kind(place)
        came = (1 - BORROWED) * self.hours[place] + BORROWED * self.hours[kind].sum(axis=0)
        lasted = (1 - BORROWED) * self.hour_lengths[place]
        lasted = lasted + BORROWED * self.hour_lengths[kind].sum(axis=0)
        rate = np.divide(came, lasted, out=np.zeros(self.slots), where=lasted > 0)
        total = rate.sum()
        return rate / total if total > 0 else np.full(self.slots, 1 / self.slots)

    def _kind(self, place: int) -> slice:
        """Return the places of the same kind: working days, or the days of a weekend."""
        if self.cycle < len(WEEKDAYS):
            return slice(0, self.cycle)
        return slice(0, WORKING_DAYS) if place < WORKING_DAYS else slice(WORKING_DAYS, self.cycle)

    def effect(self, occasions: Sequence[str]) -> float:
        """Return what the occasions of a row do to it, together."""
        factors = [
            self.seen[name].factor(name in self.named) for name in occasions if name in self.seen
        ]
        return float(np.prod(factors))

    def told(self) -> tuple[Occasion, ...]:
        """Return the occasions that were seen, and what they do."""
        return tuple(
            Occasion(name, seen.factor(name in self.named), seen.n)
            for name, seen in sorted(self.seen.items())
        )

    def foresee(self, place: int, length: Numbers, occasions: Sequence[str] = ()) -> Numbers:
        """Return what each slot of the next row is expected to bring; NaN where nothing is known.

        Parameters
        ----------
        length : shape (slots,), how long each lasts
        """
        if self.level == 0:
            return np.zeros(self.slots)
        whole = self.level * self.weight(place) * self.effect(occasions)
        return whole * self.shape(place) * length

    def learn(
        self, place: int, values: Numbers, length: Numbers, occasions: Sequence[str] = ()
    ) -> None:
        """Take in a row: what came in each slot; a slot without a value (NaN) tells nothing."""
        there = ~np.isnan(values) & (length > 0)
        if not there.any():
            return
        shape = self.shape(place)
        part = float((shape * length)[there].sum())  # of a usual row, what was looked at
        came = float(values[there].sum())
        if np.isnan(self.weight(place)):  # the first of its weekday: only the level is known
            part = float(length[there].sum()) / self.slots
            self._learn_level(came, part, place)
        else:
            foreseen = self._levels() * self.weight(place) * part
            self._learn_usual(came, foreseen, part, place, occasions)
        self.hours[place] = OF_SHAPE * self.hours[place] + np.where(there, values, 0.0)
        # A row weighs as much in the hours of its weekday as came in it.
        weighs = np.where(there, length, 0.0) * (came / part if part > 0 else 0.0)
        self.hour_lengths[place] = OF_SHAPE * self.hour_lengths[place] + weighs

    def _learn_usual(
        self, came: float, foreseen: Numbers, part: float, place: int, occasions: Sequence[str]
    ) -> None:
        plain, effect = float(foreseen[self.best]), self.effect(occasions)
        for name in occasions:
            self.seen.setdefault(name, Seen()).add(came, plain, self.counts)
        if not occasions:
            self.errors = OF_ERRORS * self.errors + np.abs(came - foreseen)
        self._learn_level(self._tamed(came / effect, plain), part, place)

    def _tamed(self, came: float, plain: float) -> float:
        """Return what a row may pull the level by: one that is far off by itself pulls less."""
        off, usual = came - plain, self.usual_error
        reach = FAR * usual if not np.isnan(usual) else abs(off)
        far = int(np.sign(off)) if abs(off) > reach else 0
        again, self.far = far == self.far, far
        pulled = off if again else float(np.clip(off, -reach, reach))
        known = abs(off) if np.isnan(usual) else usual
        self.usual_error = OF_ERRORS * known + (1 - OF_ERRORS) * abs(pulled)
        return plain + pulled

    def _learn_level(self, came: float, part: float, place: int) -> None:
        before = self.level if self.due[0] > 0 else came / part
        self.place_came[place] = OF_WEEKDAY * self.place_came[place] + came
        self.place_due[place] = OF_WEEKDAY * self.place_due[place] + before * part
        self.came = FORGETS * self.came + came
        self.due = FORGETS * self.due + np.nan_to_num(self.weight(place), nan=1.0) * part


def of(layout: Layout, named: Sequence[str] = ()) -> Season:
    """Return a season that knows nothing yet, for a series laid out so."""
    return Season(layout.cycle, layout.values.shape[1], frozenset(named), layout.counts)
