"""Business time of ten million intervals, beside DuckDB by hand and beside loops in Python.

By hand means: the same look-ups in the same tables, with the same clamp, written as SQL by somebody
who knows that no instant is missing or out of range. PM4Py and Business_Duration count one interval
at a time, here on a calendar that both can express; where they are not installed they are left out.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from bench.measuring import Bound, Result, in_turns, ratio
from opsgauge.foundation.units import MICROS_PER_HOUR, MICROS_PER_SECOND
from opsgauge.log.calendars.business_time import business_seconds
from opsgauge.log.calendars.compiled import CompiledCalendars, compile_calendars, range_of
from opsgauge.log.calendars.definition import Calendar, always
from opsgauge.log.calendars.expressions import business_us
from opsgauge.log.calendars.reading import parse_calendar
from opsgauge.warehouse.engine import DuckEngine
from opsgauge.warehouse.portable import micros_at

FIRST, LAST = datetime(2023, 3, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
LONGEST = 30 * 24 * MICROS_PER_HOUR
FILES = {
    "office": 'zone: UTC\nweek:\n  monday-friday: ["09:00-17:00"]',
    "berlin": 'zone: Europe/Berlin\nweek:\n  monday-friday: ["08:00-12:30", "13:15-17:00"]\n'
    "holidays: {country: DE, subdivision: BE}",
    "night": 'zone: Asia/Kolkata\nweek:\n  monday-saturday: ["22:00-06:00"]',
    "shop": 'zone: America/New_York\nweek:\n  monday-sunday: ["10:00-20:00"]',
}
INTERVALS = ibis.table({"start_us": "int64", "end_us": "int64", "n": "int64"}, name="intervals")
BY_HAND = """
SELECT sum(z.before + greatest(0, least(i.end_us, z.hi) - z.lo)
           - a.before - greatest(0, least(i.start_us, a.hi) - a.lo)) AS total
FROM intervals i
JOIN open_time a ON a.k = {first} + (i.start_us - {begin}) // {hour}
JOIN open_time z ON z.k = {first} + (i.end_us - {begin}) // {hour}
"""
WEEKDAY_HOURS = [(day * 86_400 + 9 * 3_600, day * 86_400 + 17 * 3_600) for day in range(5)]
Interval = tuple[datetime, datetime]


def business_time(quick: bool) -> Result:
    """At most 1.6 times the look-ups by hand, and 40 and 300 times as fast as the loops."""
    rows = intervals(1_000_000 if quick else 10_000_000)
    office = calendars()[1]
    one, five = compiled([office]), compiled(calendars())
    seconds: dict[str, list[float]] = {}
    for name, which, made in (("1 calendar", 0, one), ("5 calendars", None, five)):
        seconds |= _engines(name, rows, made, which, rounds=3 if quick else 9)
    bounds = [
        Bound(
            f"business time, {name}, times the look-ups by hand",
            ratio(seconds, f"opsgauge, {name}", f"by hand, {name}"),
            1.6,
        )
        for name in ("1 calendar", "5 calendars")
    ]
    ours = float(np.median(seconds["opsgauge, 1 calendar"])) / rows.num_rows
    each = {"opsgauge": ours * 1e6}
    for peer, (count, ask) in PEERS.items():
        if find_spec(peer) is None:
            continue
        taken = _loop(office, _pairs(rows, count), ask)
        seconds[peer] = [taken * count]
        each[peer] = taken * 1e6
        bounds.append(Bound(f"times faster than {peer}", taken / ours, FASTER[peer], at_least=True))
    notes = {"intervals": rows.num_rows, "microseconds each": each}
    return Result("business_time", seconds, bounds, notes)


def calendars() -> list[Calendar]:
    """Return five calendars of different zones and shapes."""
    read = [parse_calendar(f"title: {name}\n{said}\n", name, name) for name, said in FILES.items()]
    return [always(), *read]


def compiled(of: list[Calendar]) -> CompiledCalendars:
    """Compile calendars for the years of the intervals."""
    return compile_calendars(of, *range_of(FIRST, LAST))


def intervals(count: int) -> pa.Table:
    """Return random intervals, of up to thirty days, with the number of one of five calendars."""
    dice = np.random.default_rng(1)
    starts = dice.integers(micros_at(FIRST), micros_at(LAST) - LONGEST, count)
    ends = starts + dice.integers(0, LONGEST, count)
    numbers = dice.integers(0, 5, count)
    return pa.table({"start_us": starts, "end_us": ends, "n": numbers})


def _engines(
    name: str, rows: pa.Table, made: CompiledCalendars, which: int | None, rounds: int
) -> dict[str, list[float]]:
    """Return the seconds of the expression and of the query by hand, which must agree."""
    engine = DuckEngine([], {"intervals": rows, **made.tables()})
    number = INTERVALS.n if which is None else next(iter(made.numbers))
    asked = business_us(INTERVALS, "start_us", "end_us", number, made)
    ours = engine.sql(asked.aggregate(total=asked.business_us.sum()))
    key = f"i.n * {made.spacing}" if which is None else str(which * made.spacing)
    by_hand = BY_HAND.format(first=key, begin=made.first_us, hour=MICROS_PER_HOUR)
    try:
        if engine.run_sql(ours).to_pylist() != engine.run_sql(by_hand).to_pylist():
            raise RuntimeError("the two sums differ")
        return in_turns(
            {
                f"by hand, {name}": lambda: engine.run_sql(by_hand),
                f"opsgauge, {name}": lambda: engine.run_sql(ours),
            },
            rounds,
        )
    finally:
        engine.close()


def _pairs(rows: pa.Table, count: int) -> list[Interval]:
    """Return the first intervals as instants, cut to whole seconds, which all peers count."""
    starts, ends = (
        (rows[name].to_numpy()[:count] // MICROS_PER_SECOND).tolist()
        for name in ("start_us", "end_us")
    )
    return [
        (datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))
        for start, end in zip(starts, ends, strict=True)
    ]


def _loop(office: Calendar, pairs: list[Interval], ask: Callable[..., Any]) -> float:
    """Return the seconds that a peer takes for one interval; it must count what we count."""
    counted: list[float] = []
    taken = in_turns({"peer": lambda: counted.extend(ask(pairs))}, rounds=1)["peer"][0]
    ours = [business_seconds(office, *pair) for pair in pairs]
    if any(abs(theirs - each) > 1 for theirs, each in zip(counted, ours, strict=True)):
        raise RuntimeError("a peer counts another time")
    return taken / len(pairs)


def _pm4py(pairs: list[Interval]) -> list[float]:
    difference = import_module("pm4py.util.business_hours").soj_time_business_hours_diff
    return [difference(start, end, WEEKDAY_HOURS) for start, end in pairs]


def _business_duration(pairs: list[Interval]) -> list[float]:
    duration = import_module("business_duration").businessDuration
    nine, five = time(9), time(17)
    return [
        duration(start.replace(tzinfo=None), end.replace(tzinfo=None), nine, five, unit="sec")
        for start, end in pairs
    ]


PEERS: dict[str, tuple[int, Callable[..., Any]]] = {
    "pm4py": (100_000, _pm4py),
    "business_duration": (5_000, _business_duration),
}
FASTER = {"pm4py": 40, "business_duration": 300}
