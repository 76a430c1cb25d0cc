"""The reliability plot: of tickets that were given a probability, the share that it came true for.

Floor 5, drawing. Inline SVG; the table beside it says the same.
"""

from collections.abc import Sequence

from markupsafe import Markup

from opsgauge.analysis.forecast.calibration import Bin
from opsgauge.foundation.units import percent
from opsgauge.operations.drawing.svg import disc, joined, line_path, tag

_SIDE, _LEFT, _BOTTOM, _TOP, _RIGHT = 260.0, 44.0, 34.0, 10.0, 12.0
_MARKS = (0.0, 0.5, 1.0)
_LARGEST = 7.0  # pixels of the disc of the most tickets
_SMALLEST = 2.0


def reliability_plot(bins: Sequence[Bin], label: str) -> Markup:
    """Draw tenths of probability against what came true; nothing without any.

    Parameters
    ----------
    label : what a screen reader says for it
    """
    if not bins:
        return Markup("")
    most = max(each.n for each in bins)
    parts = [_axes(), *(_bin(each, most) for each in bins)]
    return tag(
        "svg",
        joined(parts),
        viewBox=f"0 0 {_LEFT + _SIDE + _RIGHT:g} {_TOP + _SIDE + _BOTTOM:g}",
        role="img",
        aria_label=label,
        class_="reliability",
    )


def _x(share: float) -> float:
    return _LEFT + _SIDE * share


def _y(share: float) -> float:
    return _TOP + _SIDE * (1 - share)


def _axes() -> Markup:
    even = tag("path", d=line_path([(_x(0), _y(0)), (_x(1), _y(1))]), class_="c-limit")
    across = [
        tag("text", percent(each, 0), x=_x(each), y=_y(0) + 18, text_anchor="middle")
        for each in _MARKS
    ]
    up = [
        tag("text", percent(each, 0), x=_LEFT - 6, y=_y(each) + 4, text_anchor="end")
        for each in _MARKS
    ]
    below = tag("text", "said", x=_x(0.5), y=_y(0) + 32, text_anchor="middle")
    return joined([even, *across, *up, below])


def _bin(each: Bin, most: int) -> Markup:
    ends = [(_x(each.said), _y(each.low)), (_x(each.said), _y(each.high))]
    radius = max(_SMALLEST, _LARGEST * (each.n / most) ** 0.5)
    bar = tag("path", d=line_path(ends), class_="c-centre")
    return joined([bar, disc(_x(each.said), _y(each.broke), radius, "c-dot")])
