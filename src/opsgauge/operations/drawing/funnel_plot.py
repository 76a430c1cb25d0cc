"""The funnel plot: groups by how much they do and by their adjusted share, with what chance allows.

Floor 5, drawing. Inline SVG; the table beside it says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from markupsafe import Markup

from opsgauge.analysis.comparison.funnel import INNER, OUTER, Funnel
from opsgauge.foundation.units import percent, whole
from opsgauge.operations.drawing.svg import diamond, disc, joined, line_path, tag
from opsgauge.operations.fairly import FairRow

_WIDTH, _HEIGHT = 620.0, 300.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 150.0, 14.0, 30.0
_STEPS = 60  # of the curves
_HEADROOM = 0.06  # of the reach, above and below
_LEAST_APART = 15.0  # pixels between names
_NAME = 140.0  # pixels that a name takes


@dataclass(frozen=True)
class _Plane:
    """Where a number of records and a share stand; records by their root, as chance goes."""

    most: float
    low: float
    high: float

    def x(self, n: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * sqrt(n / self.most)

    def y(self, share: float) -> float:
        inside = min(max(share, self.low), self.high)
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (self.high - inside) / (self.high - self.low)


def funnel_plot(rows: Sequence[FairRow], funnel: Funnel, label: str) -> Markup:
    """Draw the groups that are compared; nothing where fewer than two are.

    Parameters
    ----------
    label : what a screen reader says for it
    """
    shown = [row for row in rows if row.adjusted is not None and not row.why_not]
    if len(shown) < 2:
        return Markup("")
    shares = [row.adjusted or 0.0 for row in shown]
    least = min(row.n for row in shown)
    reach = [*shares, *funnel.limits(least, OUTER)]
    low, high = min(reach), max(reach)
    room = _HEADROOM * (high - low or 1.0)
    plane = _Plane(max(row.n for row in shown), max(0.0, low - room), min(1.0, high + room))
    return tag(
        "svg",
        joined([*_axes(plane, funnel), *_curves(plane, funnel, least), *_points(plane, shown)]),
        viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}",
        role="img",
        aria_label=label,
        class_="funnel",
    )


def _axes(plane: _Plane, funnel: Funnel) -> list[Markup]:
    base = _HEIGHT - _BOTTOM
    target = plane.y(funnel.target)
    marks = [plane.low, funnel.target, plane.high]
    texts = [
        tag("text", percent(each, 0), x=_LEFT - 8, y=plane.y(each) + 4, text_anchor="end")
        for each in marks
    ]
    numbers = [
        tag("text", whole(each), x=plane.x(each), y=base + 18, text_anchor="middle")
        for each in (round(plane.most / 16), round(plane.most / 4), plane.most)
        if each
    ]
    line = tag("path", d=line_path([(_LEFT, target), (_WIDTH - _RIGHT, target)]), class_="c-centre")
    return [line, *texts, *numbers]


def _curves(plane: _Plane, funnel: Funnel, least: float) -> list[Markup]:
    roots = [
        sqrt(least) + (sqrt(plane.most) - sqrt(least)) * step / _STEPS for step in range(_STEPS + 1)
    ]
    drawn = []
    for z in (INNER, OUTER):
        for side in (0, 1):
            ends = [(plane.x(r * r), plane.y(funnel.limits(r * r, z)[side])) for r in roots]
            drawn.append(tag("path", d=line_path(ends), class_="c-limit"))
    return drawn


def _points(plane: _Plane, shown: Sequence[FairRow]) -> list[Markup]:
    drawn, names = [], []
    for row in shown:
        x, y = plane.x(row.n), plane.y(row.adjusted or 0.0)
        if row.verdict == "worse":
            drawn.append(diamond(x, y, 5.0, "c-con"))
        else:
            shape = {"better": "c-imp", "change": "c-chg"}.get(row.verdict, "c-dot")
            drawn.append(disc(x, y, 4.5 if row.verdict != "steady" else 3.0, shape))
        if row.verdict != "steady":
            names.append((y, x, row.group or "missing"))
    return [*drawn, *_names(names)]


def _names(named: Sequence[tuple[float, float, str]]) -> list[Markup]:
    """Write the names of what stands out beside it, none over another."""
    drawn: list[Markup] = []
    taken: list[tuple[float, float]] = []
    for y, x, name in sorted(named):
        place = y + 4
        while any(abs(place - at) < _LEAST_APART and abs(x - left) < _NAME for at, left in taken):
            place += _LEAST_APART / 3
        taken.append((place, x))
        drawn.append(tag("text", name[:24], x=x + 9, y=place, class_="lbl"))
    return drawn
