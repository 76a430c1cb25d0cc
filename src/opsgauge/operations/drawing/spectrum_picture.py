"""The performance spectrum and the dotted chart as SVG.

Floor 5, drawing. Thousands of lines are one path for each looks: by quarter of how long they took,
and batches over them. Nothing is counted here.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

import numpy as np
from markupsafe import Markup

from opsgauge.foundation.units import MICROS_PER_MINUTE
from opsgauge.operations.drawing.map_choice import step_name
from opsgauge.operations.drawing.svg import Point, joined, number, tag
from opsgauge.operations.drawing.words import counted
from opsgauge.operations.spectrum import Dot, Spectrum, moment
from opsgauge.warehouse.portable import micros_at

_WIDTH, _LEFT, _RIGHT = 1100.0, 10.0, 10.0
_RAIL, _HEIGHT = 22.0, 190.0
_ROW, _MOST_HIGH, _LEAST_HIGH = 3.0, 520.0, 60.0
_TICKS = 7
_HALF = 40.0  # of the width of a label
_DAY = 1440
_STEPS = (
    *(1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720),  # minutes
    *(_DAY * days for days in (1, 2, 7, 14, 28, 56, 91, 182, 364, 728)),
)
_QUARTERS = 4


def spectrum_picture(found: Spectrum, zone: ZoneInfo) -> Markup:
    """Draw the passages as lines from the rail of one step to the rail of the next."""
    if not found.lines:
        return Markup("")
    place = _placing([us for line in found.lines for us in line])
    top, bottom = _RAIL, _RAIL + _HEIGHT
    took = np.array([end - start for start, end in found.lines])
    edges = np.quantile(took, [0.25, 0.5, 0.75])
    quarter = np.searchsorted(edges, took, side="right")
    lines = [
        tag(
            "path",
            d=_strokes(
                ((place(start), top), (place(end), bottom))
                for (start, end), which in zip(found.lines, quarter.tolist(), strict=True)
                if which == each
            ),
            class_=f"sp-{each + 1}",
        )
        for each in range(_QUARTERS)
    ]
    batches = tag(
        "path",
        d=_strokes(
            ((place(batch.left_us), bottom), (place(batch.left_us), bottom + 7))
            for batch in found.batches
            if found.lines[0][0] <= batch.left_us
        ),
        class_="sp-batch",
    )
    rails = [
        tag("path", d=_strokes([((_LEFT, y), (_WIDTH - _RIGHT, y))]), class_="sp-rail")
        for y in (top, bottom)
    ]
    names = [
        tag("text", step_name(step, found.steps), class_="strong halo", x=_LEFT, y=y)
        for step, y in zip(found.way, (top - 7, bottom + 22), strict=True)
    ]
    ticks = _ticks(found.lines[0][0], max(end for _, end in found.lines), place, zone, bottom + 40)
    label = f"{counted(len(found.lines), 'passage')} as lines over time"
    return _svg([*lines, *rails, batches, *names, *ticks], bottom + 48, label)


def dotted_picture(found: Spectrum, zone: ZoneInfo) -> Markup:
    """Draw the updates of tickets as dots, a line for each ticket, in the order of opening."""
    if not found.dots:
        return Markup("")
    instants = [dot.at_us for dot in found.dots]
    place = _placing(instants)
    height = min(max(found.dotted * _ROW, _LEAST_HIGH), _MOST_HIGH)
    row = height / max(found.dotted, 1)

    def of(dots: Iterable[Dot]) -> str:
        return "".join(f"M{number(place(d.at_us))} {number(8 + d.line * row)}h0" for d in dots)

    from_, to = found.way
    looks = [
        ("dt-other", [dot for dot in found.dots if dot.step not in found.way]),
        ("dt-from", [dot for dot in found.dots if dot.step == from_]),
        ("dt-to", [dot for dot in found.dots if dot.step == to]),
    ]
    dots = [tag("path", d=of(some), class_=class_) for class_, some in looks if some]
    ticks = _ticks(min(instants), max(instants), place, zone, height + 28)
    label = f"Updates of {counted(found.dotted, 'ticket')} as dots over time"
    return _svg([*dots, *ticks], height + 36, label)


def _svg(parts: Iterable[Markup], height: float, label: str) -> Markup:
    return tag(
        "svg",
        joined(parts),
        class_="map spectrum fits",
        viewBox=f"0 0 {_WIDTH:.0f} {height:.0f}",
        width=round(_WIDTH),
        height=round(height),
        role="img",
        aria_label=label,
    )


def _placing(instants: Sequence[int]) -> Callable[[int], float]:
    first, last = min(instants), max(instants)
    width = (_WIDTH - _LEFT - _RIGHT) / max(last - first, 1)
    return lambda us: _LEFT + min(max(us - first, 0), last - first) * width


def _strokes(lines: Iterable[tuple[Point, Point]]) -> str:
    return "".join(
        f"M{number(x)} {number(y)}L{number(to_x)} {number(to_y)}" for (x, y), (to_x, to_y) in lines
    )


def _ticks(
    first: int, last: int, place: Callable[[int], float], zone: ZoneInfo, y: float
) -> list[Markup]:
    """Write round hours where all is within a few days, else days, below the picture."""
    texts = []
    for local, short in round_moments(first, last, zone):
        x = place(micros_at(local))
        words = f"{local:%a %H:%M}" if short else f"{local.day} {local:%b %Y}"
        edge = "start" if x < _HALF else "end" if x > _WIDTH - _HALF else "middle"
        texts.append(tag("text", words, class_="ax", x=x, y=y, text_anchor=edge))
    return texts


def round_moments(first: int, last: int, zone: ZoneInfo) -> list[tuple[datetime, bool]]:
    """Return the round moments of a zone from first to last, and whether each needs its hour.

    They are as far apart as the shortest of `_STEPS` that gives no more than `_TICKS`. Where no
    round minute lies between, it is the two ends.
    """
    minutes = (last - first) / MICROS_PER_MINUTE
    step = next((each for each in _STEPS if minutes / each < _TICKS), minutes / _TICKS)
    day = moment(first).astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    passed = ceil((first - micros_at(day)) / MICROS_PER_MINUTE / step)
    found = [day + timedelta(minutes=step * at) for at in range(passed, passed + _TICKS + 1)]
    within = [each for each in found if first <= micros_at(each) <= last]
    ends = [moment(us).astimezone(zone) for us in dict.fromkeys((first, last))]
    return [(each, step < _DAY) for each in within or ends]
