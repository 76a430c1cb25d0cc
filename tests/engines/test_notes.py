"""Messages before work are the same on DuckDB and on Spark."""

import random

import pyarrow as pa
import pytest

from opsgauge.analysis.waiting.intake import ticket_rows
from opsgauge.analysis.waiting.notes import exchanging, source_rows, written
from opsgauge.log.door import unbound
from opsgauge.log.related import NOTES
from opsgauge.log.tables import HISTORY, TICKETS
from opsgauge.warehouse.engine import DuckEngine
from tests.analysis.waiting.logs import Log, at
from tests.engines.conftest import FOR_A_SMALL_DESK, Both
from tests.engines.test_equal import same

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # pyspark warns of pandas 3, which is not used
]


def invented(tickets: int = 60) -> dict[str, pa.Table]:
    """Make tickets and notes that lie anyhow, the same every time."""
    dice, log, notes = random.Random(7), Log(), list[dict[str, object]]()  # noqa: S311 - no secret
    for number in range(tickets):
        begun, ended = sorted(dice.sample(range(9, 24), 2))
        phase = dice.choice(["in_progress", "assigned"])
        log.has(
            f"INC{number}",
            f"{dice.randrange(9):02}:00 new Desk",
            f"{begun:02}:00 {phase} Desk",
            f"{ended:02}:00 resolved Desk",
            requester=dice.choice(["ann", "bob", None]),
        )
        notes += [
            {
                "source": "desk",
                "note_id": f"{number}-{place}",
                "ticket_id": f"INC{number}",
                "written_at": at(f"{dice.randrange(1, 24):02}:30"),
                "internal": dice.choice([True, False, False, None]),
                "from_requester": dice.choice([True, False, None]),
                "author": dice.choice(["ann", "bob", "cy", None]),
            }
            for place in range(dice.randrange(7))
        ]
    return {
        "history": pa.Table.from_pylist(log.rows, HISTORY.arrow_schema()),
        "tickets": pa.Table.from_pylist(log.heads, TICKETS.arrow_schema()),
        "notes": pa.Table.from_pylist(notes, NOTES.arrow_schema()),
    }


@pytest.mark.row("MAP-14")
def test_messages_before_work_are_equal_on_both(both: Both) -> None:
    """Some tickets have them, some have not, and of some it is not known."""
    from opsgauge.warehouse.spark import SparkEngine  # noqa: PLC0415 - an extra

    assert both.spark.name == "spark"
    tables = invented()
    duck, spark = DuckEngine([], tables), SparkEngine([], tables, FOR_A_SMALL_DESK)
    history, tickets = unbound(HISTORY), unbound(TICKETS)
    each = written(unbound(NOTES), tickets)
    sources = duck.run(source_rows(each))
    same(sources, spark.run(source_rows(each)))
    rows = ticket_rows(history, tickets, ["category"], each, exchanging(sources))
    found = duck.run(rows)

    assert set(found["messages"].to_pylist()) == {0, 1, None}
    same(found, spark.run(rows))
    duck.close()
