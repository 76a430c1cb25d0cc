"""The past year of a rule as a picture: each period's value, the limit, where it would have fired.

Floor 5, drawing. Inline SVG; the table under it says when. On the time axis stand the events that
the replay was set against, and the numbered marks of what else happened.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from markupsafe import Markup

from opsgauge.foundation.units import COUNTED, amount
from opsgauge.operations.drawing.event_marks import NONE, Marks
from opsgauge.operations.drawing.scale import (
    Axis,
    TimeAxis,
    Unit,
    axis_unit,
    millis,
    time_axis,
    value_axis,
)
from opsgauge.operations.drawing.svg import diamond, joined, line_path, tag
from opsgauge.operations.drawing.words import capfirst, period_words

_WIDTH, _HEIGHT = 720.0, 260.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, 96.0, 20.0, 48.0
_BASE = _HEIGHT - _BOTTOM
_TICK = 7.0  # of an event on the time axis
_DIAMOND = 5.0
_WIDEST_LABEL = 64.0

Drawn = tuple[str, float | None, bool]  # a period, its value, whether it fired then


@dataclass(frozen=True)
class Shown:
    """What is drawn.

    Attributes
    ----------
    series : at least two periods with a value, oldest first
    unit : of the values, as the catalogue names it
    limit, side : it fires above or below it
    events : instants of what the replay was set against
    marks : what happened meanwhile, numbered
    """

    series: Sequence[Drawn]
    unit: str
    limit: float
    side: str
    events: Sequence[datetime] = ()
    marks: Marks = field(default=NONE)


def replay_chart(shown: Shown, label: str) -> Markup:
    """Draw a replay; nothing where fewer than two periods have a value.

    Parameters
    ----------
    label : what a screen reader says for it
    """
    there = [value for _, value, _ in shown.series if value is not None]
    if len(there) < 2:
        return Markup("")
    unit = axis_unit(shown.unit, max(map(abs, (*there, shown.limit))))
    near = [value * unit.factor for value in (*there, shown.limit)]
    frame = _Frame(
        value_axis(near, unit, from_zero=shown.unit in COUNTED),
        time_axis([period for period, _, _ in shown.series]),
        unit,
    )
    parts = [
        *frame.values(),
        *frame.times(),
        *frame.limit(shown),
        *frame.marks(shown.marks),
        *frame.events(shown.events),
        *frame.line(shown.series),
        *frame.fired(shown),
    ]
    return tag(
        "svg",
        joined(parts),
        viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}",
        role="img",
        aria_label=label,
        class_="funnel",
    )


@dataclass(frozen=True)
class _Frame:
    """Where a value and a time stand in the picture."""

    axis: Axis
    time: TimeAxis
    unit: Unit

    def x(self, at: float) -> float:
        share = (at - self.time.start) / (self.time.end - self.time.start)
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * share

    def y(self, value: float) -> float:
        share = (value - self.axis.low) / (self.axis.high - self.axis.low)
        return _TOP + (_BASE - _TOP) * (1 - share)

    def values(self) -> Iterator[Markup]:
        for tick, text in zip(self.axis.ticks, self.axis.labels, strict=True):
            y = self.y(tick)
            yield tag("line", class_="c-grid", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y)
            yield tag("text", text, x=_LEFT - 8, y=y + 4, text_anchor="end")

    def times(self) -> Iterator[Markup]:
        last = -_WIDEST_LABEL
        for tick, text in zip(self.time.ticks, self.time.labels, strict=True):
            x = self.x(tick)
            yield tag("line", class_="c-base", x1=x, x2=x, y1=_BASE, y2=_BASE + 4)
            if x - last >= _WIDEST_LABEL:  # else it would stand over the one before
                yield tag("text", text, x=x, y=_BASE + 34, text_anchor="middle")
                last = x
        yield tag("line", class_="c-base", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=_BASE, y2=_BASE)

    def limit(self, shown: Shown) -> Iterator[Markup]:
        y, right = self.y(shown.limit * self.unit.factor), _WIDTH - _RIGHT
        yield tag("line", class_="c-target", x1=_LEFT, x2=right, y1=y, y2=y)
        words = f"{shown.side} {amount(shown.limit, shown.unit)}"
        yield tag("text", words, x=right + 6, y=y + 4, class_="lbl")

    def marks(self, marks: Marks) -> Iterator[Markup]:
        for each in marks.marks:
            x = self.x(millis(each.first))
            yield tag("line", class_="c-note dotted", x1=x, x2=x, y1=_TOP, y2=_BASE)
            yield tag("text", f"{each.number}", x=x, y=_TOP - 6, text_anchor="middle")

    def events(self, events: Sequence[datetime]) -> Iterator[Markup]:
        for each in events:
            # A period stands at its first day; so does what happened in it, on the same scale.
            at = each.astimezone(UTC).timestamp() * 1_000
            if self.time.start <= at <= self.time.end:
                x = self.x(at)
                yield tag("line", class_="c-now", x1=x, x2=x, y1=_BASE + 6, y2=_BASE + 6 + _TICK)

    def line(self, series: Sequence[Drawn]) -> Iterator[Markup]:
        """Yield one line for each stretch without a gap."""
        stretches: list[list[tuple[float, float]]] = [[]]
        for period, value, _ in series:
            if value is None:
                stretches.append([])
            else:
                stretches[-1].append((self.x(millis(period)), self.y(value * self.unit.factor)))
        for each in stretches:
            if len(each) > 1:
                yield tag("path", class_="c-line", d=line_path(each))

    def fired(self, shown: Shown) -> Iterator[Markup]:
        for period, value, fires in shown.series:
            if value is None or not fires:
                continue
            words = f"{capfirst(period_words(period))}: {amount(value, shown.unit)}"
            drawn = diamond(
                *(self.x(millis(period)), self.y(value * self.unit.factor)), _DIAMOND, "c-con small"
            )
            yield tag("g", tag("title", words), drawn)
