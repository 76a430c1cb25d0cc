"""What people decided gives the same numbers and clocks on DuckDB and on Spark."""

from collections.abc import Iterator
from dataclasses import replace
from textwrap import dedent

import pytest

from opsgauge.governance.tiers import Tier
from opsgauge.log.calendars.definition import Calendars, always
from opsgauge.log.related import CLOCKS
from opsgauge.log.service_levels.reading import parse_service_levels
from opsgauge.log.service_levels.table import clock_rows
from opsgauge.metrics.load import load_catalogue
from opsgauge.metrics.query import compile_question
from opsgauge.metrics.question import Question
from opsgauge.operations.clocked import followed_with
from opsgauge.operations.kept import tables_of
from opsgauge.operations.opened import OpenVersion
from opsgauge.operations.outages import outage_of, set_outage
from opsgauge.operations.tiers import set_tier
from opsgauge.warehouse.engine import Engine
from tests.conftest import MAPPING, Intake
from tests.engines.conftest import FOR_A_SMALL_DESK

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # pyspark warns of pandas 3, which is not used
]
DESK = MAPPING.replace("fields:\n", "fields:\n  service: svc\n  detected_at: seen\n")
DESK += "practice: incident\n"
ROWS = "number,at,state,team,who,svc,seen\n" + "".join(
    f"INC{n},2026-01-0{n} 08:00,New,A,a,{svc},2026-01-0{n} 07:45\n"
    f"INC{n},2026-01-0{n} {9 + n}:00,Done,A,a,{svc},2026-01-0{n} 07:45\n"
    for n, svc in ((5, "Mail"), (6, "Mail"), (7, "Print"), (8, ""))
)
LEVEL = parse_service_levels(
    dedent("""
    restored:
      title: Restored
      kind: resolution
      targets: [{tier: "1", within: 8 h}, {tier: "2", within: 90 h}]
      start: {moment: outage_started_at}
    """),
    "levels",
)["restored"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Intake, OpenVersion, Engine]]:
    """Return incidents with outages and tiers set by hand, opened by both engines."""
    from opsgauge.warehouse.spark import SparkEngine  # noqa: PLC0415 - an extra

    made = Intake(tmp_path_factory.mktemp("decided"))
    made.takes(ROWS, mapping=DESK)
    ctx = made.context
    for n, minute in ((5, 10), (6, 20), (7, 40)):
        began = f"2026-01-0{n}T07:{minute}Z"
        set_outage(replace(ctx), outage_of(ctx, "desk", f"INC{n}", began, "", "As it was."))
    set_tier(replace(ctx), Tier("Mail", 1, "All work by it."))
    set_tier(replace(ctx), Tier("Print", 2, "Some do."))
    opened = replace(ctx).opened()
    stored = tables_of(ctx.warehouse, opened.version)
    yield made, opened, SparkEngine(stored, opened.periods.tables(), FOR_A_SMALL_DESK)
    made.close()


@pytest.mark.parametrize("name", ["time_to_detect", "outages_corrected", "tickets_opened"])
def test_numbers_are_equal_on_both(desk: tuple[Intake, OpenVersion, Engine], name: str) -> None:
    """Split by the tier that was set."""
    made, opened, spark = desk
    metric, asked = load_catalogue().get(name), Question(name, by=("tier",))
    query = compile_question(metric, asked, made.context.tables, opened.periods, opened.watermark)
    told = [
        sorted(
            (str(row["tier"]), row["n"], round(row["value"], 9))
            for row in engine.run(query).to_pylist()
        )
        for engine in (opened.engine, spark)
    ]

    assert told[0] == told[1]
    assert {tier for tier, *_ in told[0]} >= {"1", "2"}


def test_clocks_are_equal_on_both(desk: tuple[Intake, OpenVersion, Engine]) -> None:
    """By the tier that was set, from before the ticket was opened."""
    _, opened, spark = desk
    of = followed_with(opened, [LEVEL], Calendars({"always": always()}))
    told = []
    for engine in (opened.engine, spark):
        engine.hold(of.compiled.tables())
        engine.keep("decided_clocks", clock_rows(LEVEL, of))
        columns = ", ".join(CLOCKS.names)
        rows = engine.run_sql(f"SELECT {columns} FROM decided_clocks").to_pylist()
        told.append(sorted(map(str, rows)))
        by_number = {row["ticket_id"]: (row["target_us"], row["used_us"]) for row in rows}
        hours = {number: [us / 3_600_000_000 for us in both] for number, both in by_number.items()}
        assert hours["INC5"] == [8.0, pytest.approx(6 + 50 / 60)]
        assert hours["INC7"] == [90.0, pytest.approx(8 + 20 / 60)]
        assert set(hours) == {"INC5", "INC6", "INC7"}

    assert told[0] == told[1]
