"""What the page templates may call, by the name they call it.

Floor 5, drawing. Take them over with `environment.filters.update(FILTERS)`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from opsgauge.foundation.units import amount, percent, whole
from opsgauge.operations.answers import Measured, Value
from opsgauge.operations.drawing import words
from opsgauge.operations.drawing.chart_words import caption
from opsgauge.operations.drawing.scale import Unit, axis_unit
from opsgauge.operations.phrases import when

LEAST = 0.5  # of a unit, in a column of groups
IN_DAYS, IN_MINUTES = 1000.0, 0.5  # hours that are best read as such
EXACT = ("n", "value", "low", "high", "numerator", "denominator")


def interval(row: Value, unit: str) -> str:
    """Return the interval of a value in words, each end in its own unit."""
    return words.interval_words(row.low, row.high, unit)


def column_unit(measured: Measured) -> Unit:
    """Return the one unit in which a column with all values of an answer is best read."""
    values = [row.value for row in measured.rows if row.value is not None]
    return axis_unit(measured.unit, max(values, default=0.0))


def split_unit(measured: Measured) -> Unit:
    """Return the one unit in which the smallest group of a split is still well read.

    Days would make hours of the urgent tickets a fraction: half a unit is the least.
    """
    widest = column_unit(measured)
    values = [row.value for row in measured.rows if row.value]
    if measured.unit != "hours" or not values:
        return widest
    least = min(abs(each) for each in values)
    finer = (axis_unit("hours", hours) for hours in (IN_DAYS, 1.0, IN_MINUTES))
    wide = [each for each in finer if each.factor >= widest.factor]
    fitting = (each for each in wide if least * each.factor >= LEAST)
    return next(fitting, wide[-1] if wide else widest)


def in_unit(value: float | None, unit: Unit) -> str:
    """Write a cell of a column whose head names the unit."""
    return "none" if value is None else unit.write(value)


def interval_in(row: Value, unit: Unit) -> str:
    """Write the interval of a cell of a column whose head names the unit."""
    if row.low is None or row.high is None:
        return ""
    return f"{unit.write(row.low)} to {unit.write(row.high)}"


def columns(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the columns of a worked example: a row may leave some out.

    Examples
    --------
    >>> columns([{"opened_at": 1}, {"opened_at": 2, "major": True}])
    ['opened_at', 'major']
    """
    return list(dict.fromkeys(name for row in rows for name in row))


def headed(name: str, unit: Unit) -> str:
    """Return the head of a column with its unit.

    Examples
    --------
    >>> headed("median", axis_unit("hours", 30)), headed("count", axis_unit("tickets", 30))
    ('Median, h', 'Count')
    """
    head = words.capfirst(words.plain(name))
    return f"{head}, {unit.sign}" if unit.sign else head


def exact(row: Value) -> Markup:
    """Return a value to its last digit as attributes, for whoever reads the page by program.

    What is not known is left out; dimensions are one JSON object.

    Examples
    --------
    >>> print(exact(Value("2026-01", {}, 3, 0.1 + 0.2)))
     data-period="2026-01" data-n="3" data-value="0.30000000000000004"
    """
    said = {"period": row.period, "by": json.dumps(row.by, ensure_ascii=False) if row.by else None}
    said |= {name: getattr(row, name) for name in EXACT}
    # Escaped one by one: a page has hundreds of rows, and to format markup takes ten times as long.
    told = (
        f' data-{name}="{escape(value) if isinstance(value, str) else value}"'
        for name, value in said.items()
        if value is not None
    )
    return Markup("".join(told))  # noqa: S704 - what could be markup is escaped


FILTERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "amount": amount,
        "at": words.at,
        "at_brief": words.at_brief,
        "capfirst": words.capfirst,
        "caption": caption,
        "check_tone": words.check_tone,
        "column_unit": column_unit,
        "split_unit": split_unit,
        "columns": columns,
        "counted": words.counted,
        "exact": exact,
        "plural": words.plural,
        "elapsed": words.elapsed,
        "headed": headed,
        "in_unit": in_unit,
        "interval": interval,
        "interval_in": interval_in,
        # Jinja's own `tojson` sorts keys, and a tooltip says things in their order.
        "json": partial(htmlsafe_json_dumps, dumps=json.dumps, separators=(",", ":")),
        "named": words.named,
        "percent": percent,
        "period": words.period_words,
        "when": when,
        "plain": words.plain,
        "rule": words.rule_words,
        "seconds": words.seconds,
        "sql": words.sql_marked,
        "tone": words.tone,
        "whole": whole,
        "written": words.written,
    }
)
