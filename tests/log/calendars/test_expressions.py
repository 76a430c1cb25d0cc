"""Business time by expressions, on the engine that runs in each test."""

from collections.abc import Iterator
from datetime import timedelta

import ibis
import ibis.expr.types as ir
import pytest

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.calendars.business_time import add_business_micros, business_micros
from opsgauge.log.calendars.compiled import compile_calendars
from opsgauge.log.calendars.definition import always
from opsgauge.log.calendars.expressions import (
    business_us,
    number_of,
    open_us,
    outside,
    reached_us,
)
from opsgauge.warehouse.engine import DuckEngine
from opsgauge.warehouse.portable import micros_at
from tests.log.calendars.clocks import INTERVALS, answers, at, calendar, rows_of

DESK = calendar("09:00-12:00, 13:00-17:00")
SHIFT = calendar("22:00-06:00, 06:05-06:10", "Asia/Kolkata").in_zone("Asia/Kolkata")
NEVER = calendar("closed").in_zone("UTC")
CALENDARS = (always(), DESK, SHIFT, NEVER)
COMPILED = compile_calendars(CALENDARS, at("2025-01-01"), at("2028-01-01"))
START, END = micros_at(at("2026-01-09 16:00")), micros_at(at("2026-01-12 10:00"))
LENGTH = 8 * MICROS_PER_HOUR
EARLY, LATE = COMPILED.first_us, COMPILED.last_us
ROWS = (
    (START, END, 0),
    (START, END, 1),
    (END, START, 1),
    (START, END, 2),
    (START, END, 3),
    (None, END, 1),
    (START, None, 1),
    (START, END, None),
    (START, END, 4),
    (START, END, -1),
    (EARLY - 1, END, 1),
    (START, LATE, 1),
    (EARLY, LATE - 1, 0),
    (START, 10**18, 0),
    (-(10**18), END, 3),
)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckEngine]:
    """Open an engine with the intervals above and the compiled calendars."""
    opened = DuckEngine([], {"intervals": rows_of(ROWS), **COMPILED.tables()})
    yield opened
    opened.close()


def expected(start: int | None, end: int | None, number: int | None) -> int | None:
    """Return the business time of a row, None where it cannot be known."""
    known = [u for u in (start, end) if u is not None and EARLY <= u < LATE]
    if number is None or not 0 <= number < len(CALENDARS) or len(known) < 2:
        return None
    epoch = at("1970-01-01")
    moments = [epoch + timedelta(microseconds=u) for u in known]
    return business_micros(CALENDARS[number], *moments)


@pytest.mark.row("SLA-01")
def test_every_row_keeps_its_place_and_what_cannot_be_known_is_missing(engine: DuckEngine) -> None:
    """Never zero and never lost: no instant, no calendar, or one outside the range."""
    found = answers(
        engine, business_us(INTERVALS, "start_us", "end_us", INTERVALS.n, COMPILED), "business_us"
    )

    assert found == [expected(*row) for row in ROWS]
    assert found[1] == 2 * MICROS_PER_HOUR == -(found[2] or 0)
    assert found[5:12] == [None] * 7


def test_a_calendar_by_name_is_that_of_all_rows(engine: DuckEngine) -> None:
    """With the same answer as by number."""
    by_name = answers(
        engine, business_us(INTERVALS, "start_us", "end_us", "desk", COMPILED, "x"), "x"
    )

    assert by_name == [expected(start, end, 1) for start, end, _ in ROWS]


def test_the_columns_of_the_table_stay(engine: DuckEngine) -> None:
    """And one that has the name of the new one is replaced."""
    asked = business_us(INTERVALS, INTERVALS.start_us, INTERVALS.end_us, "desk", COMPILED, "n")

    assert engine.run(asked).column_names == ["place", "start_us", "end_us", "n"]


def test_differences_of_open_time_are_business_time(engine: DuckEngine) -> None:
    """Looked up once, used for many intervals."""
    opened = open_us(INTERVALS, "start_us", INTERVALS.n, COMPILED, "a")
    opened = open_us(opened, "end_us", opened.n, COMPILED, "z")

    assert answers(engine, opened.mutate(x=opened.z - opened.a), "x") == [
        expected(*row) for row in ROWS
    ]


def test_instants_outside_the_range_can_be_counted(engine: DuckEngine) -> None:
    """Four starts or ends above."""
    lost = (outside(INTERVALS.start_us, COMPILED), outside(INTERVALS.end_us, COMPILED))
    counted = INTERVALS.aggregate(n=sum(each.cast("int64").sum() for each in lost))

    assert engine.run(counted)["n"].to_pylist() == [4]


@pytest.mark.parametrize("length", [1, LENGTH, 7 * MICROS_PER_HOUR, 1000 * MICROS_PER_HOUR])
def test_a_target_is_reached_at_the_first_instant(engine: DuckEngine, length: int) -> None:
    """As in Python; a start outside the range, or no calendar, gives none."""
    table = INTERVALS.mutate(length=ibis.literal(length, "int64"))
    found = answers(
        engine, reached_us(table, "start_us", "length", table.n, COMPILED), "reached_us"
    )

    def wanted(start: int | None, number: int | None) -> int | None:
        if number not in (0, 1, 2) or start is None or not EARLY <= start < LATE:
            return None
        moment = at("1970-01-01") + timedelta(microseconds=start)
        return micros_at(add_business_micros(CALENDARS[number], moment, length))

    assert found == [wanted(start, number) for start, _, number in ROWS]
    by_name = answers(engine, reached_us(table, "start_us", "length", "desk", COMPILED, "x"), "x")
    assert by_name == [wanted(start, 1) for start, _, _ in ROWS]


@pytest.mark.parametrize(
    ("length", "reached"), [(0, START), (-1, None), (10**17, None), (None, None)]
)
def test_lengths_that_need_no_clock(
    engine: DuckEngine, length: int | None, reached: int | None
) -> None:
    """Nothing is reached at once; what is negative, missing, or comes too late is missing."""
    table = INTERVALS.filter(INTERVALS.place == 1)
    table = table.mutate(length=ibis.literal(length, "int64"))

    assert answers(
        engine, reached_us(table, "start_us", "length", "desk", COMPILED), "reached_us"
    ) == [reached]


def test_names_become_numbers(engine: DuckEngine) -> None:
    """An unknown one, and none, become nothing."""
    names = {0: "desk", 1: "always", 2: "nowhere"}
    word: ir.StringValue = ibis.cases(
        *[(INTERVALS.place == place, name) for place, name in names.items()],
        else_=ibis.null("string"),
    )
    found = answers(engine, INTERVALS.mutate(x=number_of(word, COMPILED)), "x")

    assert found[:4] == [COMPILED.number("desk"), COMPILED.number("always"), None, None]
