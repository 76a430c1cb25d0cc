"""Categories that go first to a team that only passes them on."""

from typing import Any

import ibis
import pyarrow as pa
import pytest

from opsgauge.analysis.mining.first_queue import (
    Queue,
    queues,
    wrong_first_queues,
)
from opsgauge.analysis.mining.stays import early_stays, stays
from opsgauge.foundation.finding import Evidence, Lane

EVIDENCE = Evidence("a query", 7)
OTHERS = [Queue("incident", f"C{n}", "Odd", 100, n % 3, 50, 1.0) for n in range(8)]


@pytest.mark.row("MAP-05")
def test_only_early_and_passing_stays_are_counted(empty_desk: Any) -> None:
    """T1 comes to A, then B for an hour, then C; T2 comes back to B; T3 comes to B as the third."""
    empty_desk.has("T1", "08:00 new A", "09:00 new B", "10:00 new C")
    empty_desk.has("T2", "08:00 new A", "09:00 new B", "10:00 new C", "11:00 new B")
    empty_desk.has("T3", "08:00 new A", "09:00 new C", "10:00 new B", "11:00 new D")
    history, tickets = empty_desk.history, empty_desk.tickets.mutate(category=ibis.literal("Mail"))
    rows = empty_desk.rows(early_stays(stays(history, tickets)))
    found = {(row["team"], row["place"]): row for row in rows}

    passed = {key: (row["n"], row["passed"]) for key, row in found.items()}
    assert passed == {("A", 1): (3, 3), ("B", 2): (2, 1), ("C", 2): (1, 1)}
    assert found["B", 2]["held_us"] == 3_600_000_000
    assert found["B", 2]["example"]["ticket_id"] == "T1"


def test_every_category_is_put_to_every_team() -> None:
    """Those that never came there with nought."""
    rows = pa.Table.from_pylist(
        [
            {
                "practice": "incident",
                "category": "Mail",
                "team": "A",
                "passed": 2,
                "held_us": 7_200_000_000,
                "example": {"source": "desk", "ticket_id": "T2"},
            }
        ]
    )
    categories = pa.Table.from_pylist(
        [
            {"practice": "incident", "category": "Mail", "team": "B", "n": 5},
            {"practice": "incident", "category": "Mail", "team": "A", "n": 1},
            {"practice": "incident", "category": "Disk", "team": "B", "n": 3},
            {"practice": "request", "category": "Chair", "team": "B", "n": 3},
        ]
    )
    known = {queue.category: queue for queue in queues(rows, categories)}

    assert known["Mail"] == Queue("incident", "Mail", "A", 6, 2, 1, 2.0, (("desk", "T2"),))
    assert known["Disk"] == Queue("incident", "Disk", "A", 3, 0, 0, 0.0)
    assert set(known) == {"Mail", "Disk"}


def test_the_odd_category_is_found_with_its_hours() -> None:
    """Sixty of a hundred, where others have one."""
    odd = Queue("incident", "Mail", "Odd", 100, 60, 0, 120.0, (("desk", "T2"),))
    [found] = wrong_first_queues([*OTHERS, odd], EVIDENCE)

    assert found.lane is Lane.QUALITY
    assert found.about == ("practice=incident", "category=Mail", "team=Odd")
    assert found.worth_hours == pytest.approx(120, rel=0.03)
    assert found.examples == (("desk", "T2"),)
    assert "60 of 100 incidents of ‘Mail’ went first to Odd" in found.claim
    assert "Mail" in found.look_next


def test_a_team_that_also_does_the_work_is_no_wrong_queue() -> None:
    """It ends up with a fifth of what it gets."""
    worked = Queue("incident", "Mail", "Odd", 100, 60, 15, 120.0)

    assert wrong_first_queues([*OTHERS, worked], EVIDENCE) == []
