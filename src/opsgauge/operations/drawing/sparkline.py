"""Sparklines: the last periods at a glance, with the range that is normal and what happened then.

Floor 5, drawing. Inline SVG; the shape of a signal says what its colour says. Marks of events have
no number here: what they stand for is in the picture's name, and shown under the pointer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.drawing.event_marks import Marks
from opsgauge.operations.drawing.svg import diamond, disc, joined, line_path, square, tag

_MARGIN = 5.0
_SIGNAL = 2.6
_DIAMOND = 3.2


@dataclass(frozen=True)
class Size:
    """Width and height in pixels."""

    width: float
    height: float


CARD = Size(236, 72)
PAIR = Size(88, 20)


@dataclass(frozen=True)
class Trend:
    """What a sparkline shows: values with gaps, their limits if any, a verdict for each value.

    `goal` is the value to reach, drawn as a line where there is one; `events` are the places of
    values in whose time something happened, each with what.
    """

    values: tuple[float | None, ...]
    limits: tuple[float, float] | None = None  # lower and upper
    verdicts: tuple[str, ...] = ()  # "better", "worse", "steady", "change"; () for no judgement
    goal: float | None = None
    events: tuple[tuple[int, str], ...] = ()

    @classmethod
    def of(cls, charted: Charted) -> "Trend":
        """Return the trend of a chart's newest phase; periods that are not whole are left out."""
        points = [point for point in charted.newest_phase if point.complete]
        return cls(
            values=tuple(point.value for point in points),
            limits=None if charted.waits else (charted.lower, charted.upper),
            verdicts=tuple(point.verdict for point in points),
        )

    def marked(self, labels: Sequence[str], marks: Marks) -> "Trend":
        """Return the trend with the marks of events.

        Parameters
        ----------
        labels : the period of each value
        """
        place = {label: at for at, label in enumerate(labels)}
        return replace(
            self,
            events=tuple(
                (place[each.first], f"{each.when}: {each.words}")
                for each in marks.marks
                if each.first in place
            ),
        )


def sparkline(trend: Trend, label: str, size: Size = CARD) -> Markup:
    """Draw a trend; `label` is what a screen reader says for it.

    What its marks stand for is said after it.

    Returns
    -------
    An `<svg>`; nothing at all where there are fewer than two values, since one is no trend.

    Examples
    --------
    >>> sparkline(Trend((1.0,)), "one value")
    Markup('')
    """
    if sum(value is not None for value in trend.values) < 2:
        return Markup("")
    frame = _Frame.around(trend, size)
    told = "; ".join(words for _, words in trend.events)
    label = f"{label}. Marked: {told}" if told else label
    parts = [
        tag("title", label) if told else Markup(""),
        frame.band(trend),
        *frame.events(trend),
        frame.goal(trend),
        *frame.lines(trend),
        *frame.signals(trend),
        frame.last(trend),
    ]
    return tag(
        "svg",
        joined(parts),
        viewBox=f"0 0 {size.width:g} {size.height:g}",
        width=size.width,
        height=size.height,
        role="img",
        aria_label=label,
        class_="spark",
    )


@dataclass(frozen=True)
class _Frame:
    """Where a value stands in the picture."""

    size: Size
    low: float
    high: float
    step: float

    @classmethod
    def around(cls, trend: Trend, size: Size) -> "_Frame":
        seen = [value for value in trend.values if value is not None]
        reach = [*seen, *(trend.limits or ()), *([] if trend.goal is None else [trend.goal])]
        low, high = min(reach), max(reach)
        step = (size.width - 2 * _MARGIN) / (len(trend.values) - 1)
        return cls(size, low, high if high > low else low + 1, step)

    def x(self, index: int) -> float:
        return _MARGIN + index * self.step

    def y(self, value: float) -> float:
        inner = self.size.height - 2 * _MARGIN
        return _MARGIN + inner * (1 - (value - self.low) / (self.high - self.low))

    def band(self, trend: Trend) -> Markup:
        if trend.limits is None:
            return Markup("")
        lower, upper = trend.limits
        top = self.y(upper)
        height = self.y(lower) - top
        return tag("rect", class_="c-band", x=0, y=top, width=self.size.width, height=height)

    def events(self, trend: Trend) -> list[Markup]:
        height = self.size.height
        return [
            tag("line", class_="c-note dotted", x1=self.x(at), x2=self.x(at), y1=0, y2=height)
            for at, _ in trend.events
        ]

    def goal(self, trend: Trend) -> Markup:
        if trend.goal is None:
            return Markup("")
        y = self.y(trend.goal)
        return tag("line", class_="c-target", x1=0, x2=self.size.width, y1=y, y2=y)

    def lines(self, trend: Trend) -> list[Markup]:
        """Return one line for each stretch without a gap."""
        stretches: list[list[tuple[float, float]]] = [[]]
        for index, value in enumerate(trend.values):
            if value is None:
                stretches.append([])
            else:
                stretches[-1].append((self.x(index), self.y(value)))
        return [tag("path", class_="c-line", d=line_path(s)) for s in stretches if len(s) > 1]

    def signals(self, trend: Trend) -> list[Markup]:
        pairs = zip(trend.values, trend.verdicts, strict=False)
        judged = [(i, value, said) for i, (value, said) in enumerate(pairs) if value is not None]
        drawn = [mark(said, self.x(i), self.y(value)) for i, value, said in judged]
        return [one for one in drawn if one]

    def last(self, trend: Trend) -> Markup:
        at = max(index for index, value in enumerate(trend.values) if value is not None)
        value = trend.values[at]
        judged = at < len(trend.verdicts) and trend.verdicts[at] != "steady"
        if value is None or judged:
            return Markup("")
        return disc(self.x(at), self.y(value), 3 if self.size.height > 30 else 2.25, "c-last")


def mark(verdict: str, x: float, y: float) -> Markup:
    """Draw the mark of a verdict; a steady value has none."""
    if verdict == "better":
        return disc(x, y, _SIGNAL, "c-imp small")
    if verdict == "worse":
        return diamond(x, y, _DIAMOND, "c-con small")
    if verdict == "change":
        return square(x, y, _SIGNAL, "c-chg small")
    return Markup("")
