"""Small bars for table cells: how long against the longest, and a value with its interval.

Floor 5, drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from opsgauge.operations.drawing.svg import tag

_WIDTH = 150.0
_HEIGHT = 20.0
_EDGE = 4.0
_APART = 26.0  # least distance of two words of a scale


def bar(per_mille: int, kind: str = "plain") -> Markup:
    """Draw a bar across its cell, `per_mille` of its width; its number stands beside it."""
    width = f"{min(max(per_mille, 4), 1000) / 10:g}%"
    class_ = f"k-{kind}" if kind != "plain" else "plain"
    rect = tag("rect", class_=class_, width=width, height=8)
    outline = (
        tag("rect", class_="k-hold-o", width=width, height=8) if kind == "hold" else Markup("")
    )
    return tag("svg", rect, outline, class_="cell-bar", width="100%", height=8, aria_hidden="true")


@dataclass(frozen=True)
class Span:
    """The scale that all rows of a column share, and the value of the whole as a line."""

    low: float
    high: float
    overall: float | None = None

    def x(self, value: float) -> float:
        """Return where a value stands in the cell."""
        share = (value - self.low) / ((self.high - self.low) or 1)
        return _EDGE + (_WIDTH - 2 * _EDGE) * min(max(share, 0.0), 1.0)


def scale_bar(span: Span, marks: Sequence[tuple[float, str]]) -> Markup:
    """Write the scale of a column of `interval_bar`: values with their words, far enough apart."""
    parts: list[Markup] = []
    before = -_APART
    for value, words in marks:
        x = span.x(value)
        if not span.low <= value <= span.high or x - before < _APART:
            continue
        before = x
        edge = "start" if x < _APART / 2 else "end" if x > _WIDTH - _APART / 2 else "middle"
        parts.append(tag("text", words, class_="ax", x=x, y=_HEIGHT - 6, text_anchor=edge))
    box = f"0 0 {_WIDTH:g} {_HEIGHT:g}"
    return tag("svg", *parts, viewBox=box, width=_WIDTH, height=_HEIGHT, aria_hidden="true")


def interval_bar(value: float | None, low: float | None, high: float | None, span: Span) -> Markup:
    """Draw a value as a point on its interval; the numbers stand beside it in words."""
    parts = []
    if span.overall is not None:
        x = span.x(span.overall)
        parts.append(tag("line", class_="c-all", x1=x, x2=x, y1=-8, y2=_HEIGHT + 8))
    if low is not None and high is not None:
        y = _HEIGHT / 2
        parts.append(tag("line", class_="c-reach", x1=span.x(low), x2=span.x(high), y1=y, y2=y))
    if value is not None:
        parts.append(tag("circle", class_="c-dot", cx=span.x(value), cy=_HEIGHT / 2, r=3))
    box = f"0 0 {_WIDTH:g} {_HEIGHT:g}"
    return tag("svg", *parts, viewBox=box, width=_WIDTH, height=_HEIGHT, aria_hidden="true")
