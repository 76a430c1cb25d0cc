"""Calendars in a line, and business time by the expressions on DuckDB."""

from collections.abc import Sequence
from datetime import UTC, datetime

import ibis
import numpy as np
import pyarrow as pa

from opsgauge.log.calendars.compiled import CompiledCalendars, compile_calendars, range_of
from opsgauge.log.calendars.definition import Calendar
from opsgauge.log.calendars.expressions import business_us, reached_us
from opsgauge.log.calendars.reading import parse_calendar
from opsgauge.warehouse.engine import Engine
from opsgauge.warehouse.portable import micros_at
from tests.lent import engine_of

INTERVALS = ibis.table(
    {"place": "int64", "start_us": "int64", "end_us": "int64", "n": "int64"}, name="intervals"
)

WEEKDAYS = "monday-friday"
Interval = tuple[datetime, datetime]


def calendar(hours: str, zone: str = "UTC", days: str = WEEKDAYS, more: str = "") -> Calendar:
    """Return a calendar with the same hours on some days, such as `09:00-12:00, 13:00-17:00`."""
    slots = ", ".join(f'"{slot.strip()}"' for slot in hours.split(","))
    text = f"title: Desk\nzone: {zone}\nweek:\n  {days}: [{slots}]\n{more}"
    return parse_calendar(text, "desk", "desk.yaml")


def at(text: str) -> datetime:
    """Return an instant of UTC, such as `2026-01-05 08:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def compiled_for(calendars: Sequence[Calendar], moments: Sequence[datetime]) -> CompiledCalendars:
    """Compile calendars for the years around some moments."""
    return compile_calendars(calendars, *range_of(min(moments), max(moments)))


def rows_of(intervals: Sequence[tuple[int | None, int | None, int | None]]) -> pa.Table:
    """Return start, end (or a length) and calendar number, as the table `intervals`."""
    starts, ends, numbers = zip(*intervals, strict=True)
    return pa.table(
        {
            "place": pa.array(np.arange(len(intervals)), pa.int64()),
            "start_us": pa.array(starts, pa.int64()),
            "end_us": pa.array(ends, pa.int64()),
            "n": pa.array(numbers, pa.int64()),
        }
    )


def answers(engine: Engine, expression: ibis.Table, name: str) -> list[int | None]:
    """Return one column of the answer, in the order of the intervals."""
    rows = engine.run(expression).select(["place", name]).to_pylist()
    return [row[name] for row in sorted(rows, key=lambda row: row["place"])]


def on_duckdb(of: Calendar, intervals: Sequence[Interval]) -> list[int | None]:
    """Return the business microseconds of intervals by the expression on DuckDB."""
    compiled = compiled_for([of], [moment for interval in intervals for moment in interval])
    told = [(micros_at(start), micros_at(end), 0) for start, end in intervals]
    asked = business_us(INTERVALS, "start_us", "end_us", of.name, compiled, "x")
    with engine_of({"intervals": rows_of(told), **compiled.tables()}) as engine:
        return answers(engine, asked, "x")


def reached_on_duckdb(of: Calendar, start: datetime, micros: int) -> int | None:
    """Return when a start reaches a length, in microseconds, by the expression on DuckDB."""
    compiled = compiled_for([of], [start])
    rows = rows_of([(micros_at(start), micros, 0)])
    asked = reached_us(INTERVALS, "start_us", "end_us", of.name, compiled, "x")
    with engine_of({"intervals": rows, **compiled.tables()}) as engine:
        return answers(engine, asked, "x")[0]
