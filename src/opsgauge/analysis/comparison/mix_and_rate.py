"""Why a number changed between two periods: other work (mix), or other results (rate).

Floor 4, analysis. Source: Kitagawa, Components of a difference between two rates, J. Am. Stat.
Assoc. 50, 1955, in its symmetric form, so that neither period is the measure of the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

from opsgauge.foundation.errors import QueryWrong

Segment = tuple[str | None, ...]


@dataclass(frozen=True)
class Cell:
    """A segment in one period: `n` records, and their value (a share or a mean) where there are."""

    n: int
    value: float | None


NOTHING = Cell(0, None)


@dataclass(frozen=True)
class Effect:
    """What one segment adds to the change, in the unit of the values.

    Attributes
    ----------
    mix : since more or less of all records were of this segment
    rate : since the segment's own value changed
    """

    segment: Segment
    before: Cell
    after: Cell
    share_before: float
    share_after: float
    mix: float
    rate: float

    @property
    def total(self) -> float:
        """What the segment adds in all."""
        return self.mix + self.rate


@dataclass(frozen=True)
class Decomposed:
    """A change, and what it is made of: `mix` and `rate` add up to it."""

    before: float
    after: float
    effects: tuple[Effect, ...]  # the largest first

    @property
    def change(self) -> float:
        """How much the value changed."""
        return self.after - self.before

    @property
    def mix(self) -> float:
        """What the change owes to other work."""
        return fsum(each.mix for each in self.effects)

    @property
    def rate(self) -> float:
        """What it owes to the same work done otherwise."""
        return fsum(each.rate for each in self.effects)


def decompose(before: Mapping[Segment, Cell], after: Mapping[Segment, Cell]) -> Decomposed:
    """Split the change of a value into a mix and a rate effect of each segment.

    The effects add up to the change exactly (to the arithmetic's last digits). A segment that is
    in one period alone has no rate of its own to change: all it adds is mix.

    Parameters
    ----------
    before, after : every segment of each period; those without records may be left out

    Raises
    ------
    QueryWrong : a period holds no records, or a segment with records has no value

    Examples
    --------
    >>> easy, hard = ("easy",), ("hard",)
    >>> found = decompose(
    ...     {easy: Cell(90, 0.9), hard: Cell(10, 0.5)},
    ...     {easy: Cell(50, 0.9), hard: Cell(50, 0.5)},
    ... )
    >>> round(found.change, 3), round(found.mix, 3), round(found.rate, 3)
    (-0.16, -0.16, 0.0)
    """
    totals = [_total(each) for each in (before, after)]
    begin, end = _overall(before, totals[0]), _overall(after, totals[1])
    middle = (begin + end) / 2
    effects = []
    for segment in dict.fromkeys((*before, *after)):
        was, now = before.get(segment, NOTHING), after.get(segment, NOTHING)
        if not was.n and not now.n:
            continue
        shares = (was.n / totals[0], now.n / totals[1])
        first = was.value if was.n else now.value
        last = now.value if now.n else was.value
        if first is None or last is None:
            raise QueryWrong(f"{_named(segment)} has records and no value.")
        mix = (shares[1] - shares[0]) * ((first + last) / 2 - middle)
        rate = (shares[0] + shares[1]) / 2 * (last - first)
        effects.append(Effect(segment, was, now, *shares, mix, rate))
    effects.sort(key=lambda each: -abs(each.total))
    return Decomposed(begin, end, tuple(effects))


def _total(cells: Mapping[Segment, Cell]) -> int:
    total = sum(each.n for each in cells.values())
    if not total:
        raise QueryWrong(
            "One of the two periods holds no records.", hint="Choose periods within the records."
        )
    return total


def _overall(cells: Mapping[Segment, Cell], total: int) -> float:
    return fsum(each.n * (each.value or 0.0) for each in cells.values()) / total


def _named(segment: Segment) -> str:
    return " and ".join(each or "missing" for each in segment)
