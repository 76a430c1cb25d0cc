"""Calendars with stand-ins for their figures."""

from datetime import UTC, datetime

import ibis
import pyarrow as pa

from opsgauge.log.calendars.compiled import CompiledCalendars, compile_calendars
from opsgauge.log.calendars.definition import Calendar, Slot, always
from opsgauge.log.calendars.expressions import reached_us
from opsgauge.log.calendars.stand_ins import stand_ins
from opsgauge.warehouse.engine import DuckEngine
from opsgauge.warehouse.portable import micros_at
from opsgauge.warehouse.steps import step

TWICE = Calendar("twice", "Twice", "UTC", ((Slot(540, 545), Slot(550, 560)),) * 7)
LATE = Calendar("late", "Late", "UTC", ((Slot(720, 1080),),) * 7)
HOURS = 3_600_000_000


def calendars(year: int, *asked: Calendar) -> CompiledCalendars:
    """Compile calendars over two years."""
    first, last = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 2, 1, 1, tzinfo=UTC)
    return compile_calendars(asked, first, last)


def test_calendars_that_are_cut_alike_share_what_is_compiled() -> None:
    """Whatever their years and hours; a narrower bucket makes another shape."""
    one, other = calendars(2025, always(), LATE), calendars(2020, LATE, always())

    assert stand_ins(one).calendars is stand_ins(other).calendars
    assert stand_ins(one).literals != stand_ins(other).literals
    assert stand_ins(calendars(2025, always(), TWICE)).calendars is not stand_ins(one).calendars


def test_what_stands_in_gives_what_the_figures_give() -> None:
    """For each of three calendars, open hours of every kind."""
    of = calendars(2025, always(), TWICE, LATE)
    table = ibis.table({"at": "int64", "long": "int64", "number": "int64"}, name="asked")
    begin = micros_at(datetime(2026, 3, 2, 8, 57, tzinfo=UTC))
    asked = [
        {"at": begin + hours * HOURS, "long": length * HOURS // 60, "number": number}
        for hours in (0, 3, 40, 9000)
        for length in (0, 1, 5, 6, 16, 700)
        for number in range(3)
    ]
    standing = stand_ins(of)
    plain = reached_us(table, "at", "long", table.number, of)
    stood = reached_us(table, "at", "long", table.number, standing.calendars)
    filled = step("filled", stood, literals=standing.literals)
    engine = DuckEngine([], extra={"asked": pa.Table.from_pylist(asked), **of.tables()})
    told = [sorted(map(str, engine.run(each).to_pylist())) for each in (plain, filled)]
    engine.close()

    assert told[0] == told[1]
    assert len(set(told[0])) == len(asked)
