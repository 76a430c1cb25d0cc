"""Axes that people can read: round ticks, one unit, labels with the year said once.

Floor 5, drawing. Pure arithmetic.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from math import ceil, floor, log10

from opsgauge.foundation.units import COUNTED, NARROW_NO_BREAK, whole
from opsgauge.operations.drawing.words import period_brief, period_span

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_FEW = 5  # ticks aimed at on an upright axis
_MANY = 8  # labels at most along the time axis
_MILLIS = 1000
_READABLE = 0.75  # a range that fills less of a zero-based axis than this would be a flat line


@dataclass(frozen=True)
class Unit:
    """How a metric's value becomes a figure: multiplied, its unit `sign` said once beside it."""

    factor: float
    sign: str
    digits: int = 1  # behind the point, in a table

    def write(self, value: float) -> str:
        """Write a value without its sign.

        Examples
        --------
        >>> axis_unit("hours", 100).write(36), axis_unit("share", 1).write(0.616)
        ('1.5', '61.6')
        """
        return _figure(value * self.factor, self.digits)


@dataclass(frozen=True)
class Axis:
    """An upright axis: its ends and its ticks, in axis units, and how the ticks are written."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    digits: int

    def write(self, value: float) -> str:
        """Write a value with the precision of the ticks; two figures of meaning at least."""
        return _figure(value, max(self.digits, 1 - floor(log10(self.high or 1))))


@dataclass(frozen=True)
class TimeAxis:
    """A time axis in milliseconds since 1970: its ends, its ticks, and half a period."""

    start: float
    end: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    half: float = 0.0


def axis_unit(unit: str, largest: float) -> Unit:
    """Return the unit in which values up to `largest` are best read.

    Examples
    --------
    >>> axis_unit("hours", 0.5).sign, axis_unit("hours", 30).sign, axis_unit("share", 1).sign
    ('min', 'h', '%')
    """
    if unit == "share":
        return Unit(100, "%")
    if unit != "hours":
        return Unit(1, "", 0 if unit in COUNTED else 2)
    for below, factor, sign in ((1 / 60, 3600, "s"), (1, 60, "min"), (72, 1, "h")):
        if largest < below:
            return Unit(factor, sign)
    return Unit(1 / 24, "days")


def value_axis(values: Sequence[float], unit: Unit, from_zero: bool) -> Axis:
    """Lay an axis around values given in axis units.

    Parameters
    ----------
    values : all that must be seen, limits included; not empty
    unit : its sign is written once, at the top tick
    from_zero : whether zero must be on it; where not, it is left out if the rest were a flat line

    Examples
    --------
    >>> value_axis([31, 68], Unit(1, "%"), from_zero=False).labels[-1].replace(NARROW_NO_BREAK, " ")
    '70 %'
    """
    low, high = min(*values, values[0]), max(*values, values[0])
    flat = high > 0 and (high - low) / high < _READABLE
    bottom = low if low < 0 or (flat and not from_zero) else 0.0
    step = _round_step((high - bottom) / _FEW or 1.0)
    first, last = floor(bottom / step), max(ceil(high / step), floor(bottom / step) + 1)
    ticks = tuple(index * step for index in range(first, last + 1))
    digits = max(0, -floor(log10(step) + 1e-9)) if step != 2.5 else 1
    labels = [_figure(tick, digits) for tick in ticks]
    gap = NARROW_NO_BREAK if unit.sign else ""
    labels[-1] += gap + unit.sign
    return Axis(ticks[0], ticks[-1], ticks, tuple(labels), digits)


def _round_step(rough: float) -> float:
    power = 10.0 ** floor(log10(rough))
    return next(step for step in _STEPS if step * power >= rough * 0.999) * power


def _figure(value: float, digits: int) -> str:
    return whole(value) if digits == 0 else f"{value:,.{digits}f}".replace("-", "−")


def time_axis(periods: Sequence[str]) -> TimeAxis:
    """Lay a time axis through the starts of periods, which are oldest first and not empty.

    Examples
    --------
    >>> time_axis(["2016-01", "2016-02", "2016-03"]).labels
    ('Jan 2016', 'Feb', 'Mar')
    """
    starts = [millis(period) for period in periods]
    half = (starts[-1] - starts[0]) / max(len(starts) - 1, 1) / 2 or 43_200_000.0
    chosen = _ticked(periods)
    return TimeAxis(
        starts[0] - half,
        starts[-1] + half,
        tuple(millis(period) for period in chosen),
        tuple(_time_labels(chosen)),
        half,
    )


def millis(period: str) -> float:
    """Return the start of a period in milliseconds since 1970, as Vega counts."""
    return datetime.combine(_start(period), time(), UTC).timestamp() * _MILLIS


def _start(period: str) -> date:
    span = period_span(period)
    return date(1970, 1, 1) if span is None else span[0]


def _ticked(periods: Sequence[str]) -> list[str]:
    """Choose the periods that get a label: Mondays where the periods are days."""
    days = all(period.count("-") == 2 for period in periods)
    mondays = [period for period in periods if days and _start(period).weekday() == 0]
    chosen = mondays if len(mondays) > 2 else list(periods)
    return chosen[:: ceil(len(chosen) / _MANY)]


def _time_labels(periods: Sequence[str]) -> list[str]:
    """Write the labels; the year stands where it is new."""
    labels, year = [], 0
    for period in periods:
        start = _start(period)
        brief = period_brief(period)
        if len(period) > 4 and start.year == year:
            brief = brief.removesuffix(f" {year}")
        elif not brief.endswith(str(start.year)):
            brief = f"{brief} {start.year}"
        labels.append(brief)
        year = start.year
    return labels
