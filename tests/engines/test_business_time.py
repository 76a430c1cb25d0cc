"""Business time is the same whole microseconds on DuckDB and on Spark."""

import random
from collections.abc import Iterator
from datetime import timedelta

import ibis.expr.types as ir
import pytest

from opsgauge.log.calendars.business_time import business_micros
from opsgauge.log.calendars.compiled import compile_calendars
from opsgauge.log.calendars.definition import always
from opsgauge.log.calendars.expressions import business_us, open_us, reached_us
from opsgauge.warehouse.engine import DuckEngine, Engine
from opsgauge.warehouse.portable import EPOCH
from tests.engines.conftest import FOR_A_SMALL_DESK, Both
from tests.log.calendars.clocks import INTERVALS, answers, at, calendar, rows_of

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # pyspark warns of pandas 3, which is not used
]
CALENDARS = (
    always(),
    calendar("08:00-12:30, 13:15-17:00", "Europe/Berlin"),
    calendar("22:00-06:00", days="monday-sunday").in_zone("Australia/Lord_Howe"),
    calendar("09:00-09:05, 09:08-17:00").in_zone("Asia/Kolkata"),
)
COMPILED = compile_calendars(CALENDARS, at("2025-10-01"), at("2026-12-01"))
MONTH = 30 * 86_400_000_000


def intervals() -> list[tuple[int | None, int | None, int | None]]:
    """Return random intervals of each calendar, a few of them out of range or missing."""
    dice = random.Random(5)  # noqa: S311 - no secret
    rows: list[tuple[int | None, int | None, int | None]] = []
    for number in range(400):
        start = dice.randrange(COMPILED.first_us, COMPILED.last_us)
        rows.append((start, start + dice.randrange(-MONTH, MONTH), number % len(CALENDARS)))
    return [*rows, (None, 0, 0), (COMPILED.first_us, None, 1), (COMPILED.first_us, 1, None)]


@pytest.fixture(scope="module")
def engines(both: Both) -> Iterator[tuple[Engine, Engine]]:
    """Open both engines with the intervals and the compiled calendars; Spark is running."""
    from opsgauge.warehouse.spark import SparkEngine  # noqa: PLC0415 - an extra

    assert both.spark.name == "spark"
    extra = {"intervals": rows_of(intervals()), **COMPILED.tables()}
    duck = DuckEngine([], extra)
    yield duck, SparkEngine([], extra, FOR_A_SMALL_DESK)
    duck.close()


@pytest.mark.row("SLA-01")
def test_business_time_is_equal_on_both(engines: tuple[Engine, Engine]) -> None:
    """And equal to Python's."""
    asked = business_us(INTERVALS, "start_us", "end_us", INTERVALS.n, COMPILED, "x")
    duck, spark = (answers(engine, asked, "x") for engine in engines)

    assert duck == spark
    assert sum(each is not None for each in duck) > 300
    for (start, end, number), found in zip(intervals(), duck, strict=True):
        if found is not None and start is not None and end is not None and number is not None:
            moments = (EPOCH + timedelta(microseconds=start), EPOCH + timedelta(microseconds=end))
            assert found == business_micros(CALENDARS[number], *moments)


def expressions() -> list[ir.Table]:
    """Return the other ways to ask."""
    length = INTERVALS.mutate(length=INTERVALS.end_us - INTERVALS.start_us)
    return [
        business_us(INTERVALS, "start_us", "end_us", "desk", COMPILED, "x"),
        open_us(INTERVALS, "start_us", INTERVALS.n, COMPILED, "x"),
        reached_us(length, "start_us", "length", length.n, COMPILED, "x"),
        reached_us(length, "start_us", "length", "desk", COMPILED, "x"),
    ]


@pytest.mark.parametrize("place", range(4))
def test_other_ways_to_ask_are_equal_on_both(engines: tuple[Engine, Engine], place: int) -> None:
    """By name, by single instants, and the way back."""
    duck, spark = (answers(engine, expressions()[place], "x") for engine in engines)

    assert duck == spark
    assert any(each is not None for each in duck)
