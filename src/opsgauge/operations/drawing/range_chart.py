"""The expected range of each day as a picture: a band, what was expected, and what came.

Floor 5, drawing. The specification is that of the control chart, so that both are read alike: the
band of each day is its own, and the line in it is what was expected of it.
"""

from collections.abc import Mapping
from typing import Any

from opsgauge.foundation.units import COUNTED, amount
from opsgauge.log.periods import next_label
from opsgauge.operations.drawing.control_chart import (
    KINDS_DRAWN,
    Specification,
    mark_rows,
    template,
)
from opsgauge.operations.drawing.event_marks import NONE, Marks
from opsgauge.operations.drawing.scale import Unit, axis_unit, millis, time_axis, value_axis
from opsgauge.operations.drawing.words import capfirst, period_words
from opsgauge.operations.expected import AHEAD, Expected, Point


def range_chart(
    expected: Expected, hrefs: Mapping[str, str] | None = None, marks: Marks = NONE
) -> Specification | None:
    """Fill the chart with days or weeks, their ranges and what came.

    Parameters
    ----------
    expected : by the day or the week
    hrefs : period to the address of the tickets behind it
    marks : what happened meanwhile, numbered on the time axis

    Returns
    -------
    None where nothing was expected of any of them.
    """
    points = [each for each in expected.points if each.high is not None]
    if not points:
        return None
    unit_name = expected.measured.unit
    numbers = [n for p in points for n in (p.value, p.low, p.high, p.expected) if n is not None]
    unit = axis_unit(unit_name, max(numbers))
    axis = value_axis([n * unit.factor for n in numbers], unit, from_zero=unit_name in COUNTED)
    times = time_axis([point.period for point in points])
    rows = [_row(point, unit, unit_name, hrefs or {}) for point in points]
    spans = [
        {"at": millis(p.period) - times.half, "to": millis(next_label(p.period)) - times.half}
        for p in points
    ]
    drawn = [row for row in rows if row["y"] is not None]
    return {
        **template(),
        "description": _description(expected, points),
        "params": [
            {"name": "xEnds", "value": [times.start, times.end]},
            {"name": "xTicks", "value": list(times.ticks)},
            {"name": "xLabels", "value": list(times.labels)},
            {"name": "yEnds", "value": [axis.low, axis.high]},
            {"name": "yTicks", "value": list(axis.ticks)},
            {"name": "yLabels", "value": list(axis.labels)},
        ],
        "datasets": {
            "band": [
                {
                    **span,
                    "lower": max((point.low or 0.0) * unit.factor, axis.low),
                    "upper": min((point.high or 0.0) * unit.factor, axis.high),
                }
                for point, span in zip(points, spans, strict=True)
            ],
            "centre": [
                {**span, "y": (point.expected or 0.0) * unit.factor}
                for point, span in zip(points, spans, strict=True)
            ],
            **{name: [] for name in ("limits", "target", "ends")},
            "marks": mark_rows(marks),
            "line": [{"at": row["at"], "y": row["y"]} for row in rows],
            "touch": [row for row in drawn if row["href"]],
            "still": [row for row in drawn if not row["href"]],
            **{kind: [row for row in drawn if row["kind"] == kind] for kind in KINDS_DRAWN},
        },
    }


def _row(point: Point, unit: Unit, name: str, hrefs: Mapping[str, str]) -> dict[str, Any]:
    tip = {
        "title": capfirst(period_words(point.period)),
        "Value": amount(point.value, name),
        "Expected": f"{amount(point.low, name)} to {amount(point.high, name)}",
    }
    if point.occasions:
        tip["With"] = ", ".join(point.occasions)
    if point.state != AHEAD:
        tip["State"] = point.state + (", and known ahead" if point.predictable else "")
    return {
        "at": millis(point.period),
        "y": None if point.value is None else point.value * unit.factor,
        "kind": "change" if point.is_signal else "day",
        "tip": tip,
        "href": hrefs.get(point.period),
    }


def _description(expected: Expected, points: list[Point]) -> str:
    first, last = (period_words(points[at].period) for at in (0, -1))
    far = len(expected.signals)
    return (
        f"Expected range of {expected.measured.title} by {expected.grain}, {first} to {last}, with "
        f"what came: {far} far outside the range. {expected.backtest}"
    )
