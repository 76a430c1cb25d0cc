"""Orders, their parts, approvals and tasks are the same whole numbers on DuckDB and on Spark."""

import random
from collections.abc import Iterator

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from opsgauge.analysis.requests.approvals import approval_rows
from opsgauge.analysis.requests.bundles import first_day_rows
from opsgauge.analysis.requests.health import tied_incident_rows
from opsgauge.analysis.requests.orders import order_rows, stretch_rows
from opsgauge.analysis.requests.right_first_time import fault_rows, incident_rows
from opsgauge.analysis.requests.tasks import task_rows
from opsgauge.log.door import unbound
from opsgauge.log.related import APPROVALS, CATALOGUE_ITEMS
from opsgauge.log.tables import HISTORY, LINKS, TICKETS
from opsgauge.warehouse.engine import DuckEngine, Engine
from tests.analysis.requests.conftest import TABLES, Shop
from tests.engines.conftest import FOR_A_SMALL_DESK, Both
from tests.engines.test_equal import same

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # pyspark warns of pandas 3, which is not used
]
PHASES = ("new", "assigned", "in_progress", "pending_user", "pending_approval", "resolved", "-")


def invented(orders: int = 80) -> Shop:
    """Make orders, approvals, tasks and incidents that lie anyhow, the same every time."""
    dice, shop = random.Random(4), Shop()  # noqa: S311 - no secret
    shop.sells("Laptop", service="Mail", target_hours=8.0)
    for number in range(orders):
        name, day = f"R{number}", f"{dice.randrange(1, 10):02}"
        hours = sorted(dice.randrange(1440) for _ in range(5))
        lines = [
            f"{day} {at // 60:02}:{at % 60:02} {dice.choice(PHASES)} {dice.choice(['A', 'B', '-'])}"
            for at in hours
        ]
        shop.has(
            name,
            *lines,
            f"{dice.randrange(10, 15)} 12:00 {dice.choice(['resolved', 'closed', 'rejected'])} A",
            catalogue_item=dice.choice(["Laptop", None]),
            requester=dice.choice(["Ann", "Bob"]),
            service=dice.choice(["Mail", None]),
            reopen_count=dice.choice([None, 0, 1]),
            attributes=dice.choice([None, [("first_day", "2026-01-12")]]),
        )
        for _ in range(dice.randrange(3)):
            asked = f"{day} {dice.randrange(24):02}:00"
            shop.asks(
                name, asked, dice.choice([None, "11 09:00"]), dice.choice([None, True, False])
            )
        shop.has(f"T{number}", f"{day} 09:00 new A", "12 08:00 resolved A", practice="task")
        shop.ties(f"T{number}", f"R{dice.randrange(orders)}")
        incident = f"{dice.randrange(10, 31)} 10:00 new A"
        shop.has(f"I{number}", incident, practice="incident", requester="Ann", service="Mail")
        shop.ties(f"I{number}", f"R{dice.randrange(orders)}")
    for row in shop.rows["history"]:
        row["category"] = dice.choice(["One", "Two", None])
    return shop


@pytest.fixture(scope="module")
def engines(both: Both) -> Iterator[tuple[Engine, Engine]]:
    """Open both engines with the same tables; Spark is running."""
    from opsgauge.warehouse.spark import SparkEngine  # noqa: PLC0415 - an extra

    assert both.spark.name == "spark"
    shop = invented()
    extra = {
        table.name: pa.Table.from_pylist(shop.rows[table.name], table.arrow_schema())
        for table in TABLES
    }
    duck = DuckEngine([], extra)
    yield duck, SparkEngine([], extra, FOR_A_SMALL_DESK)
    duck.close()


def questions() -> dict[str, ir.Table]:
    """Return every expression about orders."""
    tickets, history, links = unbound(TICKETS), unbound(HISTORY), unbound(LINKS)
    approvals, items = unbound(APPROVALS), unbound(CATALOGUE_ITEMS)
    orders = order_rows(tickets)
    return {
        "orders": orders,
        "stretches": stretch_rows(orders, history, approvals),
        "approvals": approval_rows(orders, history, approvals),
        "faults": fault_rows(orders, history),
        "incidents": incident_rows(orders, tickets, items),
        "tasks": task_rows(orders, tickets, links),
        "first days": first_day_rows(tickets),
        "tied": tied_incident_rows(orders, tickets, links),
    }


@pytest.mark.row("REQ-01", "REQ-02", "REQ-03", "REQ-04", "REQ-05", "REQ-06")
@pytest.mark.parametrize("name", list(questions()))
def test_orders_are_equal_on_both(engines: tuple[Engine, Engine], name: str) -> None:
    """Rows and all; none of the questions is without an answer."""
    duck, spark = engines
    expression = questions()[name]
    expression = expression.order_by(expression.columns)
    one = duck.run(expression)

    assert one.num_rows > 10
    same(one, spark.run(expression))
