"""Changes before incidents are the same on DuckDB and on Spark."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from opsgauge.analysis.changes.before import change_rows, incidents_about, services_of
from opsgauge.foundation.agreed import Scope
from opsgauge.log.checks.meeting import NAMED, met
from opsgauge.log.door import open_tables, unbound
from opsgauge.log.related import CHANGES, CONFIGURATION_ITEMS
from opsgauge.log.tables import TICKETS
from opsgauge.warehouse.engine import DuckEngine, Engine
from tests.analysis.changes.desk import MOMENTS, TABLES, Estate
from tests.engines.conftest import FOR_A_SMALL_DESK, Both
from tests.engines.test_equal import same

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # pyspark warns of pandas 3, which is not used
]
NAMES = [f"item-{number}" for number in range(12)]


def invented() -> Estate:
    """Make an estate in which everything lies anyhow, the same every time."""
    dice, estate = random.Random(5), Estate()  # noqa: S311 - no secret
    services = ["Mail", "Shop", None]

    def some_time() -> str:
        return f"{dice.randrange(1, 29):02} {dice.randrange(24):02}:{dice.randrange(60):02}"

    for name in NAMES[:8]:
        estate.has(name, dice.choice(["Mail", "Shop"]), dice.choice(["a", "b"]))
    for _ in range(20):
        estate.needs(dice.choice(NAMES), dice.choice(NAMES))
    for number in range(60):
        item, service = dice.choice([*NAMES, None]), dice.choice(services)
        about = {"configuration_item": item, "service": service}
        practice = dice.choice(["incident", "incident", "request"])
        estate.breaks(f"I{number}", some_time(), practice=practice, **about)
        told: dict[str, Any] = {name: some_time() for name in MOMENTS if dice.random() < 0.6}
        estate.changes(f"C{number}", **(told | about))
        phase = dice.choice(["cancelled", "closed"])
        estate.breaks(f"C{number}", some_time(), source="board", practice="change", phase=phase)
    return estate


@pytest.fixture(scope="module")
def engines(both: Both) -> Iterator[tuple[Engine, Engine]]:
    """Open both engines with the same estate; Spark is running."""
    from opsgauge.warehouse.spark import SparkEngine  # noqa: PLC0415 - an extra

    assert both.spark.name == "spark"
    tables = invented().tables()
    duck = DuckEngine([], tables)
    yield duck, SparkEngine([], tables, FOR_A_SMALL_DESK)
    duck.close()


@pytest.mark.row("ING-07")
def test_changes_before_incidents_are_the_same(engines: tuple[Engine, Engine]) -> None:
    """What is paired and how, what is near_and_past, and which fall into a window."""
    items = unbound(CONFIGURATION_ITEMS)
    for expression in (
        change_rows(unbound(CHANGES), unbound(TICKETS), items),
        incidents_about(unbound(TICKETS), items),
        services_of(items),
    ):
        duck, spark = (engine.run(expression) for engine in engines)
        assert duck.num_rows > 5
        same(duck, spark)


@pytest.mark.row("GOV-04")
def test_what_is_named_of_other_tables_is_found_the_same(engines: tuple[Engine, Engine]) -> None:
    """Of every kind of name whose two tables are there."""
    there = {table.name for table in TABLES}
    kinds = [kind for kind in NAMED if {kind[0], kind[2]} <= there]
    duck, spark = (engine.run(met(open_tables(Scope.everything()), kinds)) for engine in engines)

    assert len(kinds) == 5
    assert any(0 < row["met"] < row["named"] for row in duck.to_pylist())
    same(duck, spark)
