"""Asks the engine and hands back values: typed, with intervals, in order, zeros filled in.

Floor 3. The only place of this floor where data leaves the engine.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

import pyarrow as pa

from opsgauge.foundation.errors import QueryWrong
from opsgauge.log.door import LogTables
from opsgauge.log.periods import ALL, Periods, dates_of, labels_between
from opsgauge.metrics.frames import framed, is_framed
from opsgauge.metrics.intervals import (
    UNKNOWN,
    Interval,
    Sums,
    factor_interval,
    mean_interval,
    poisson,
    ratio_interval,
    wilson,
)
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.query import compile_question
from opsgauge.metrics.question import Question, check_question
from opsgauge.warehouse.engine import Engine

# Kinds for which no record means zero, not "no value".
COUNTED = ("count", "distinct", "sum", "points", "total", "flow")
POISSON = (
    "count",
    "distinct",
    "share",
)  # what lies above the line of a ratio, as a count of events
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Point:
    """One value of a metric: of one period and one combination of dimensions."""

    period: str  # a label; "all" for everything as one
    by: Mapping[str, str | None]
    n: int  # records behind it
    value: float | None
    low: float | None = None  # 95 % interval; None for counts and sums, and where n is too small
    high: float | None = None
    numerator: float | None = None  # of a share or a ratio; of a share of time, hours
    denominator: float | None = None


def measure(
    engine: Engine,
    metric: Metric,
    question: Question,
    tables: LogTables,
    periods: Periods,
    watermark: datetime,
) -> tuple[Point, ...]:
    """Answer a question, in order of period and then of the dimensions' values, missing ones last.

    Counts, sums and stocks have a value for every period and every combination seen, zeros
    included: from the first period asked for (else the first of the calendar) to the last that has
    begun.
    The others have none where there is no record: no value is not zero.

    Before the first question to a metric ask `missing.missing_parts`: a metric whose columns hold
    nothing gives no number.

    Parameters
    ----------
    engine : holds the log's tables and `periods.tables()`
    watermark : the latest moment in the records

    Raises
    ------
    QueryWrong : the question does not fit, records lie outside the periods, or money is in
        several currencies
    PersonSplit, UnknownColumn : see `question.check_question`
    """
    question = check_question(metric, question)
    expression = compile_question(metric, question, tables, periods, watermark)
    return points(engine.run(expression), metric, question, periods, watermark)


def points(
    answer: pa.Table, metric: Metric, question: Question, periods: Periods, watermark: datetime
) -> tuple[Point, ...]:
    """Make points of what the engine answered to a compiled question; as `measure` does.

    Raises
    ------
    QueryWrong : records lie outside the periods, or money is in several currencies
    """
    rows = answer.to_pylist()
    _refuse_outsiders(rows, metric, periods)
    _refuse_currencies(rows, metric)
    interval = INTERVALS.get(metric.kind, _of_statistic)
    if metric.kind == "ratio" and metric.parts[0].kind in POISSON:
        interval = _of_events
    made = [_point(row, question.by, interval) for row in rows]
    if metric.kind in COUNTED:
        known = min(watermark, question.as_of) if question.as_of else watermark
        made = _filled(made, question, _labels(made, question, periods, known))
    else:
        made = [point for point in made if point.n > 0]
    orders = {grouping.name: grouping.order for grouping in question.groupings}
    return tuple(sorted(made, key=lambda point: _place(point, orders)))


def _refuse_outsiders(rows: Iterable[Row], metric: Metric, periods: Periods) -> None:
    outside = sum(int(row["n"]) for row in rows if row["period"] is None)
    if outside:
        raise QueryWrong(
            f"{outside:,} {metric.subject.unit} are dated outside the calendar, which goes from "
            f"{periods.date_of(periods.first)} to {periods.date_of(periods.last)}.",
            hint="Make the calendar cover the records, or ask with --from and --to.",
        )


def _refuse_currencies(rows: Iterable[Row], metric: Metric) -> None:
    most = max((int(row["currencies"]) for row in rows if row.get("currencies")), default=1)
    if most > 1:
        raise QueryWrong(
            f"{metric.definition.title} is in {most} currencies, which are not added up.",
            hint="Choose one with --where currency=EUR, or split with --by currency.",
        )


def _point(row: Row, by: Sequence[str], interval: Callable[[Row], Interval]) -> Point:
    low, high = interval(row)
    return Point(
        str(row["period"]),
        {name: row[name] for name in by},
        int(row["n"]),
        _number(row["value"]),
        low,
        high,
        _number(row.get("numerator")),
        _number(row.get("denominator")),
    )


def _none(row: Row) -> Interval:
    return UNKNOWN


def _of_share(row: Row) -> Interval:
    return wilson(float(row["numerator"]), int(row["n"]))


def _of_time_share(row: Row) -> Interval:
    if row["value"] is None:
        return UNKNOWN
    sums = [float(row[name]) for name in ("numerator", "denominator", "yy", "yx", "xx")]
    return _rounded(ratio_interval(Sums(int(row["n"]), *sums)))


def _of_score(row: Row) -> Interval:
    if "deviation" not in row:
        return _of_share(row)
    low, high = mean_interval(row["value"], _number(row["deviation"]), int(row["n"]))
    bounds = [end if end is None else min(100.0, max(-100.0, end)) for end in (low, high)]
    return _rounded((bounds[0], bounds[1]))


def _of_events(row: Row) -> Interval:
    if not row["denominator"] or row["numerator"] is None:
        return UNKNOWN
    low, high = poisson(float(row["numerator"]))
    return _rounded((low / row["denominator"], high / row["denominator"]))


def _of_statistic(row: Row) -> Interval:
    if "log_deviation" in row:
        spread = _number(row["log_deviation"])
        return _rounded(factor_interval(row["value"], spread, int(row["n"])))
    if "deviation" not in row:
        return _number(row["low"]), _number(row["high"])
    if row["value"] is None:
        return UNKNOWN
    return _rounded(mean_interval(row["value"], _number(row["deviation"]), int(row["n"])))


INTERVALS: dict[str, Callable[[Row], Interval]] = {
    **dict.fromkeys((*COUNTED, "ratio"), _none),
    "score": _of_score,
    "share": _of_share,
    "repeat": _of_share,
    "time_share": _of_time_share,
}


def _rounded(interval: Interval) -> Interval:
    # Sums of squares differ in the last digits with the number of threads; nobody needs those.
    low, high = (None if end is None else float(f"{end:.9g}") for end in interval)
    return low, high


def _number(value: Any) -> float | None:
    if value is None or not isfinite(value):
        return None
    return float(value)


def _filled(points: list[Point], question: Question, labels: Sequence[str]) -> list[Point]:
    """Give every combination seen a value in every period; what is not there is zero."""
    seen = {tuple(point.by.values()): point.by for point in points}
    if not question.by:
        seen = {(): {}}
    there = {(point.period, *point.by.values()): point for point in points}
    return [
        there.get((label, *values), Point(label, by, 0, 0.0))
        for label in labels
        for values, by in seen.items()
    ]


def _labels(
    points: list[Point], question: Question, periods: Periods, known: datetime
) -> list[str]:
    if is_framed(question):
        return [frame.key for frame in framed(question, periods, known).all]
    if question.period == ALL:
        return [ALL]
    first, last = periods.date_of(periods.first), periods.date_of(known)
    if question.from_ is not None:
        first = max(first, question.from_)
    if question.to is not None:
        last = min(last, question.to)
    # A ticket may carry a moment later than all that is known; it is counted where it lies.
    there = {point.period for point in points if point.n > 0}
    later = sorted(label for label in there if dates_of(label)[0] > last)
    return labels_between(first, last, question.period) + later


def _place(point: Point, orders: Mapping[str, Sequence[str]]) -> tuple[Any, ...]:
    """Return where a point stands: by period, then by each dimension, bands in their order."""
    placed = []
    for name, value in point.by.items():
        order = orders.get(name, ())
        place = order.index(value) if value in order else len(order)
        placed.append((value is None, place, value or ""))
    return (point.period, *placed)
