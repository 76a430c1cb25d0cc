"""What is open is what came in less what went out, on every day."""

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from opsgauge.log.checks.conservation import conservation, daily
from opsgauge.log.checks.records import Records
from opsgauge.log.tables import HISTORY, LINKS
from opsgauge.warehouse.engine import DuckEngine
from tests.log.checks.desks import desk

UPDATES = [
    {"ticket": 1, "since": "2026-01-05 09:00", "phase": "new"},
    {"ticket": 1, "since": "2026-01-05 10:00", "phase": "resolved"},
    {"ticket": 1, "since": "2026-01-07 10:00", "phase": "in_progress"},
    {"ticket": 1, "since": "2026-01-08 10:00", "phase": "closed"},
    {"ticket": 2, "since": "2026-01-06 10:00", "phase": "new"},
    {"ticket": 2, "since": "2026-01-06 10:00", "phase": "cancelled"},
    {"ticket": 3, "since": "2026-01-06 11:00", "phase": "in_progress"},
]
TICKETS = [{"opened_at": "2026-01-05 08:00"}, {"opened_at": "2026-01-06 10:00"}, {}]


def doctored(change: dict[str, Any], seq: int) -> Records:
    """Return the desk with one row of its first ticket's history changed."""
    records = desk(TICKETS, UPDATES)
    rows = records.rows(records.tables.history)
    [mine] = [row for row in rows if row["ticket_id"] == "T1" and row["seq"] == seq]
    mine |= change
    aware = pa.Table.from_pylist(rows, schema=HISTORY.arrow_schema())
    links = pa.Table.from_pylist([], schema=LINKS.arrow_schema())
    return replace(records, engine=DuckEngine([], extra={"history": aware, "links": links}))


def test_a_sound_history_adds_up() -> None:
    """Reopened, closed unresolved, cancelled at once, and one that stays open."""
    found = conservation(desk(TICKETS, UPDATES))

    assert (found.state, found.count, found.of) == ("pass", 0, 4)


def test_stock_and_flow_of_each_day() -> None:
    """T1 comes and goes on the 5th; of the two of the 6th one stays; T1 is back for a day."""
    records = desk(TICKETS, UPDATES)
    rows = records.table(daily(records.tables.history)).sort_by("day").to_pylist()

    assert [row["stock"] for row in rows] == [row["flow"] for row in rows] == [0, 1, 1, -1]


@pytest.mark.parametrize(
    ("change", "seq", "days"),
    [
        ({"passage": None}, 2, ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"]),
        ({"open": True}, 2, ["2026-01-05", "2026-01-06"]),
        ({"passage": "resolved"}, 3, ["2026-01-07", "2026-01-08"]),
    ],
)
def test_a_history_that_does_not_add_up_withholds_everything(
    change: dict[str, Any], seq: int, days: list[str]
) -> None:
    """A lost passage, an interval that stayed open, a reopening told as an end."""
    found = conservation(doctored(change, seq))

    assert (found.state, found.critical, found.columns) == ("fail", True, ("*",))
    assert list(found.examples) == days
    assert "differ by up to" in found.words


def test_a_desk_without_tickets_adds_up() -> None:
    """Nothing is nothing."""
    records = desk([{}])
    none = replace(
        records, tables=replace(records.tables, history=records.tables.history.filter(False))
    )
    assert conservation(none).state == "pass"
