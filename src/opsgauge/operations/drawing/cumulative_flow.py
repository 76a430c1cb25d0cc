"""The cumulative flow diagram: all that came and all that went, whose gap is what is open.

Floor 5, drawing. Inline SVG; the table beside it says the same. Lines, not stacked areas: what
counts is how far apart they are and whether that grows.
"""

from collections.abc import Sequence
from itertools import accumulate

from markupsafe import Markup

from opsgauge.analysis.waiting.queues import Point
from opsgauge.foundation.units import whole
from opsgauge.operations.drawing.event_marks import NONE, Marks
from opsgauge.operations.drawing.svg import joined, line_path, tag
from opsgauge.operations.drawing.words import period_brief

_WIDTH, _HEIGHT = 620.0, 240.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 130.0, 14.0, 30.0
_APART = 14.0  # pixels between the words at the end of the lines


def cumulative_flow(points: Sequence[Point], label: str, marks: Marks = NONE) -> Markup:
    """Draw what came and what went up to the end of each period; nothing for one period alone.

    Parameters
    ----------
    points : of all steps as one, oldest first; what was open before the first has come before it
    label : what a screen reader says for it
    marks : what happened meanwhile, numbered on the time axis
    """
    if len(points) < 2:
        return Markup("")
    before = points[0].length - points[0].came + points[0].went
    came = [before + each for each in accumulate(point.came for point in points)]
    went = list(accumulate(point.went for point in points))
    most = max(came[-1], 1)
    parts = [
        *_axes(points, most),
        *_marks(points, marks),
        _line(came, most, "c-line"),
        _line(went, most, "c-line"),
        *_ends(came[-1], went[-1], most),
    ]
    return tag(
        "svg",
        joined(parts),
        viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}",
        role="img",
        aria_label=label,
        class_="funnel",
    )


def _x(place: int, of: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * place / (of - 1)


def _y(tickets: float, most: int) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - tickets / most)


def _line(sums: Sequence[int], most: int, class_: str) -> Markup:
    ends = [(_x(place, len(sums)), _y(each, most)) for place, each in enumerate(sums)]
    return tag("path", d=line_path(ends), class_=class_)


def _axes(points: Sequence[Point], most: int) -> list[Markup]:
    base = _HEIGHT - _BOTTOM
    up = [
        tag("text", whole(each), x=_LEFT - 8, y=_y(each, most) + 4, text_anchor="end")
        for each in (0, most)
    ]
    across = [
        tag(
            "text",
            period_brief(points[place].period),
            x=_x(place, len(points)),
            y=base + 18,
            text_anchor="middle",
        )
        for place in sorted({0, len(points) // 2, len(points) - 1})
    ]
    return [*up, *across]


def _marks(points: Sequence[Point], marks: Marks) -> list[Markup]:
    place = {point.period: _x(at, len(points)) for at, point in enumerate(points)}
    drawn = []
    for each in marks.marks:
        x = place[each.first]
        line = tag("line", class_="c-note dotted", x1=x, x2=x, y1=_TOP, y2=_HEIGHT - _BOTTOM)
        number = tag("text", f"{each.number}", x=x, y=_TOP - 3, text_anchor="middle")
        drawn += [line, number]
    return drawn


def _ends(came: int, went: int, most: int) -> list[Markup]:
    """Write beside the ends what the lines are, the upper first and none over another."""
    top = _y(came, most) + 4
    below = max(_y(went, most) + 4, top + _APART)
    x = _WIDTH - _RIGHT + 8
    return [
        tag("text", f"came, {whole(came)}", x=x, y=top, class_="lbl"),
        tag("text", f"went, {whole(went)}", x=x, y=below, class_="lbl"),
        tag("text", f"open, {whole(came - went)}", x=x, y=below + _APART, class_="lbl"),
    ]
