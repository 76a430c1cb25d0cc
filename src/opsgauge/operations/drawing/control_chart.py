"""The control chart as a Vega-Lite specification, made once and filled with data per request.

Floor 5, drawing. Building the specification takes tens of milliseconds, filling it well under
one. Colours, weights and dashes are styles of `vega-theme.json`: the browser, or `as_svg`, brings
the light or the dark ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, groupby
from math import isfinite
from typing import Any

import altair as alt
import vl_convert

from opsgauge.analysis.control_charts.kinds import KINDS
from opsgauge.foundation.units import COUNTED, amount
from opsgauge.log.periods import next_label
from opsgauge.operations.chart_answers import Charted, ChartPhase, ChartPoint
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
from opsgauge.operations.drawing.words import capfirst, counted, period_words, rule_words

Specification = dict[str, Any]
Rows = list[dict[str, Any]]

HEIGHT = 320  # of the plot, in pixels; on a phone the page's script draws it lower
_LABEL_HEIGHT = 16  # labels at the right end stand at least this far apart
_POSSIBLE = {
    "share": (0.0, 1.0),
    "hours": (0.0, None),
    "count": (0.0, None),
    "money": (0.0, None),
    **dict.fromkeys(COUNTED, (0.0, None)),
}
_ON_SCREEN = ("layer_touch", "layer_still")  # paper has neither tooltips nor links
TARGET, SUMS = "target", "cusum"
WITHOUT_GOAL = (SUMS, "np")  # what they draw is not what a target is about
KINDS_DRAWN = ("day", "open", "better", "worse", "change")


@dataclass(frozen=True)
class Told:
    """What a chart tells beside its values: notes of tooltips by period, and marks of events."""

    notes: Mapping[str, str] = field(default_factory=dict)
    marks: Marks = NONE


@dataclass(frozen=True)
class Goal:
    """The value that people want to reach, and from which period on."""

    value: float
    since: str


def control_chart(
    charted: Charted,
    hrefs: Mapping[str, str] | None = None,
    told: Told | None = None,
    goal: Goal | None = None,
) -> Specification:
    """Fill the chart with a metric's periods, limits and signals.

    Parameters
    ----------
    charted : with at least one period that has a value
    hrefs : period to the address of the tickets behind it; a point without one is no link
    told : what happened, for tooltips and as numbered marks on the time axis
    goal : drawn from its period on; not at all where that lies after the chart

    Returns
    -------
    A Vega-Lite specification without colours, `width` "container".
    """
    lines, told = _limit_lines(charted), told or Told()
    if goal is not None and (
        goal.since > charted.points[-1].period or charted.chart in WITHOUT_GOAL or charted.between
    ):
        goal = None
    if goal is not None:
        lines = dict(sorted((lines | {TARGET: goal.value}).items(), key=lambda line: -line[1]))
    seen = [point.value for point in charted.points if point.value is not None]
    unit = axis_unit(charted.measured.unit, max([*seen, *lines.values()], default=0.0))
    stretches = _stretches(charted)
    drawn = [at for each in stretches for at in _drawn_limits(charted, each)]
    scaled = [value * unit.factor for value in [*seen, *lines.values(), *drawn]] or [0.0]
    axis = value_axis(
        scaled,
        unit,
        from_zero=_possible(charted)[0] is not None and charted.measured.unit in COUNTED,
    )
    times = time_axis([point.period for point in charted.points])
    rows = [_row(charted, point, unit, hrefs or {}) for point in charted.points]
    for point, row in zip(charted.points, rows, strict=True):
        row["tip"] |= _noted(point, told.notes.get(point.period, ""))
    return {
        **template(),
        "description": _description(charted, goal, told.marks),
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
                _band(each, unit, axis, times) for each in stretches if each.upper is not None
            ],
            "limits": [
                {**_reach(each, times), "y": limit * unit.factor}
                for each in stretches
                for limit in _drawn_limits(charted, each)
            ],
            "target": _target(goal, unit, times),
            "marks": mark_rows(told.marks),
            "centre": [
                {**_reach(each, times), "y": (each.centre or 0.0) * unit.factor}
                for each in stretches
            ],
            "ends": _ends(lines, unit, axis),
            "line": [{"at": row["at"], "y": None if row["open"] else row["y"]} for row in rows],
            "touch": [row for row in rows if row["y"] is not None and row["href"]],
            "still": [row for row in rows if row["y"] is not None and not row["href"]],
            **{kind: [row for row in rows if row["kind"] == kind] for kind in KINDS_DRAWN},
        },
    }


def as_svg(specification: Specification, config: Mapping[str, Any], width: int = 900) -> str:
    """Draw a specification as SVG for print, report and mail.

    Parameters
    ----------
    specification : as `control_chart` gives it
    config : the "light" or "dark" part of `vega-theme.json`
    width : of the plot in pixels, since paper has no container
    """
    layers = [layer for layer in specification["layer"] if layer["name"] not in _ON_SCREEN]
    drawn = {**specification, "layer": layers, "width": width, "config": dict(config)}
    return vl_convert.vegalite_to_svg(drawn)


def mark_rows(marks: Marks) -> Rows:
    """Return the marks of events as a chart draws them: where, and which number."""
    return [
        {"at": millis(each.first), "text": f"{each.number}", "kind": ", ".join(each.kinds)}
        for each in marks.marks
    ]


def _limit_lines(charted: Charted) -> dict[str, float]:
    """Return the newest lines, for their labels; a limit where no value can be is none."""
    low, high = _possible(charted)
    lines = {"upper": charted.upper, "centre": charted.centre, "lower": charted.lower}
    if not isfinite(charted.lower) or (low is not None and charted.lower <= low):
        del lines["lower"]
    if not isfinite(charted.upper) or (high is not None and charted.upper >= high):
        del lines["upper"]
    return lines


def _possible(charted: Charted) -> tuple[float | None, float | None]:
    """Return between what values can be drawn; sums of what values stray have no ends."""
    if charted.chart == SUMS:
        return None, None
    return _POSSIBLE.get(charted.measured.unit, (None, None))


def _drawn_limits(charted: Charted, stretch: ChartPhase) -> list[float]:
    """Return the upper and lower limit of a stretch, where values can be beyond them."""
    low, high = _possible(charted)
    found = []
    if stretch.upper is not None and (high is None or stretch.upper < high):
        found.append(stretch.upper)
    if stretch.lower is not None and (low is None or stretch.lower > low):
        found.append(stretch.lower)
    return found


def _stretches(charted: Charted) -> tuple[ChartPhase, ...]:
    """Return the stretches of neighbours with the same centre and limits, but those without."""
    found = []
    every = enumerate(charted.points)
    for _, group in groupby(
        every, lambda one: (charted.phase_at(one[1].period), vars(charted.lines_at(one[0])))
    ):
        there = list(group)
        lines, whole = charted.lines_at(there[0][0]), any(point.complete for _, point in there)
        # Limits of its own for a period that is not judged would only stretch the axis.
        if lines.centre is not None and (whole or not KINDS[charted.chart].sized):
            first, last = there[0][1].period, there[-1][1].period
            found.append(ChartPhase(first, last, len(there), **vars(lines)))
    return tuple(found)


def _reach(phase: ChartPhase, times: TimeAxis) -> dict[str, float]:
    """Return from where to where the limits of a phase are drawn: to the next one, or the end."""
    begin, later = millis(phase.first) - times.half, millis(next_label(phase.last))
    end = times.end if later > times.end else later - times.half
    return {"at": max(begin, times.start), "to": end}


def _band(phase: ChartPhase, unit: Unit, axis: Axis, times: TimeAxis) -> dict[str, float]:
    return {
        **_reach(phase, times),
        "lower": max((phase.lower or 0.0) * unit.factor, axis.low),
        "upper": min((phase.upper or 0.0) * unit.factor, axis.high),
    }


def _target(goal: Goal | None, unit: Unit, times: TimeAxis) -> Rows:
    if goal is None:
        return []
    begin = max(millis(goal.since), times.start)
    return [{"at": begin, "to": times.end, "y": goal.value * unit.factor}]


def _row(
    charted: Charted, point: ChartPoint, unit: Unit, hrefs: Mapping[str, str]
) -> dict[str, Any]:
    """Return one period as the chart needs it; `tip` is what the tooltip says."""
    written = amount(point.value, charted.measured.unit)
    tip = {"title": capfirst(period_words(point.period)), "Value": written, "n": f"{point.n:,}"}
    if KINDS[charted.chart].smoothed:
        tip["Value"] = f"{written}, {'a sum' if charted.chart == SUMS else 'smoothed'}"
    if point.signals:
        tip["Signal"] = "; ".join(rule_words(rule, charted.rules) for rule in point.signals)
    return {
        "at": millis(point.period),
        "y": None if point.value is None else point.value * unit.factor,
        "open": not point.complete,
        "kind": None if point.value is None else _kind(point),
        "tip": tip,
        "href": hrefs.get(point.period),
    }


def _noted(point: ChartPoint, note: str) -> dict[str, str]:
    told = [note] if note else []
    if not point.complete:
        told.append(f"{point.part}, so not judged")
    if point.excluded:
        told.append(f"excluded: {point.excluded}")
    if point.predictable:
        told.append(f"not flagged, as was known ahead: {point.predictable}")
    return {"Note": "; ".join(told)} if told else {}


def _kind(point: ChartPoint) -> str:
    if not point.complete or point.excluded:
        return "open"
    return point.verdict if point.verdict in KINDS_DRAWN else "day"


def _ends(lines: Mapping[str, float], unit: Unit, axis: Axis) -> Rows:
    """Return the labels at the right end, pushed apart where their lines are close."""
    apart = _LABEL_HEIGHT * (axis.high - axis.low) / HEIGHT
    values = [value * unit.factor for value in lines.values()]
    places = list(accumulate(values, lambda above, value: min(value, above - apart)))
    overhang = max(axis.low - places[-1], 0.0)
    return [
        {"y": place + overhang, "text": f"{name} {_end_words(name, value, axis)}"}
        for name, value, place in zip(lines, values, places, strict=True)
    ]


def _end_words(name: str, value: float, axis: Axis) -> str:
    if name != TARGET:
        return axis.write(value)
    # People chose it, so no rounding to the axis may make another one of it.
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _description(charted: Charted, goal: Goal | None, marks: Marks) -> str:
    """Say the chart in words, for those who do not see it."""
    unit = charted.measured.unit
    signals = sum(1 for point in charted.points if point.signals)
    centre, lower, upper = (
        amount(value, unit) for value in (charted.centre, charted.lower, charted.upper)
    )
    limits = f"limits {lower} and {upper}" if isfinite(charted.upper) else "no limits"
    first, last = (period_words(charted.points[at].period) for at in (0, -1))
    aim = f", target {amount(goal.value, unit)} from {period_words(goal.since)}" if goal else ""
    happened = f", {counted(len(marks.marks), 'mark')} of events" if marks.marks else ""
    return (
        f"{KINDS[charted.chart].title} of {charted.measured.title}, {len(charted.points)} periods "
        f"from {first} to {last}: centre {centre}, {limits}{aim}, "
        f"{signals} periods with a signal{happened}. The table holds the same numbers."
    )


@cache
def template() -> Specification:
    """Build the chart without its data, once for all."""
    layers = [
        _layer("band")
        .mark_rect(style="band", aria=False)
        .encode(x=_x(), x2="to", y=_y("lower"), y2="upper"),
        _layer("limits").mark_rule(style="limit", aria=False).encode(x=_x(), x2="to", y=_y("y")),
        _layer("centre").mark_rule(style="centre", aria=False).encode(x=_x(), x2="to", y=_y("y")),
        _layer("target").mark_rule(style="target", aria=False).encode(x=_x(), x2="to", y=_y("y")),
        _layer("marks")
        .mark_rule(style="note", aria=False)
        .encode(x=_x(), y=alt.value(0), y2=alt.value("height")),
        _layer("line").mark_line(aria=False).encode(x=_x(), y=_y("y")),
        *(
            _layer(kind).mark_point(style=kind, aria=False).encode(x=_x(), y=_y("y"))
            for kind in KINDS_DRAWN
        ),
        _touched("still"),
        _touched("touch").encode(href="href:N"),
        alt.Chart(alt.Data(name="marks"), name="layer_numbers")
        .mark_text(style="label-strong", align="center", baseline="bottom", dy=-3, aria=False)
        .encode(x=_x(), y=alt.value(0), text="text:N"),
        _layer("ends")
        .mark_text(style="label", align="left", dx=8, aria=False)
        .encode(x=alt.value("width"), y=_y("y"), text="text:N"),
    ]
    chart = alt.layer(*layers).properties(width="container", height=HEIGHT)
    specification: Specification = chart.to_dict()
    del specification["config"]  # Altair's own colours: the theme brings ours
    specification["padding"] = {"left": 0, "top": 20, "right": 4, "bottom": 4}
    specification["autosize"] = {"type": "fit-x", "contains": "padding"}
    return specification


def _layer(name: str) -> alt.Chart:
    return alt.Chart(alt.Data(name=name), name=f"layer_{name}")


def _touched(name: str) -> alt.Chart:
    """Return unseen points, large enough for a finger: tooltips, and links where there are any."""
    points = _layer(name).mark_point(
        size=300, opacity=0, filled=True, aria=False, tooltip=alt.ExprRef("datum.tip")
    )
    return points.encode(x=_x(), y=_y("y"))


def _x() -> alt.X:
    # Vega thins out given ticks down to the theme's count, hence a count they never reach.
    scale = alt.Scale(type="utc", domain=alt.ExprRef("xEnds"), nice=False)
    written = "xLabels[indexof(xTicks, time(datum.value))]"
    axis = alt.Axis(
        values=alt.ExprRef("xTicks"),
        labelExpr=written,
        labelSeparation=10,
        title=None,
        tickCount=99,
        aria=False,
    )
    return alt.X("at:T", scale=scale, axis=axis)


def _y(field: str) -> alt.Y:
    scale = alt.Scale(domain=alt.ExprRef("yEnds"), nice=False, zero=False)
    written = "yLabels[indexof(yTicks, datum.value)]"
    axis = alt.Axis(
        values=alt.ExprRef("yTicks"), labelExpr=written, title=None, tickCount=99, aria=False
    )
    return alt.Y(f"{field}:Q", scale=scale, axis=axis)
