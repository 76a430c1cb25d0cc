"""At which stage delayed tickets broke."""

import pytest
from hypothesis import given, settings

from opsgauge.analysis.waiting.stages import (
    STAGES,
    Broken,
    broken,
    judged_rows,
    pareto,
    stage_rows,
    ticket_rows,
)
from tests.analysis.waiting.logs import HOUR_US, Log, history, tickets
from tests.analysis.waiting.strategies import logs

USUAL = (
    "08:00 new Desk", "09:00 assigned Desk ann", "10:00 in_progress Desk ann",
    "11:00 resolved Desk", "12:00 closed Desk",
)  # fmt: skip


def asked(log: Log) -> Broken:
    """Return where a log's delayed tickets broke."""
    [rows] = log.tables(stage_rows(judged_rows(ticket_rows(history, tickets))))
    return broken(rows)


@pytest.mark.row("MAP-13")
def test_every_hour_has_its_stage() -> None:
    """One hour each until it goes to Network, which begins after two and works for three."""
    log = Log().has(
        "INC1", *USUAL[:3], "11:00 new Network", "13:00 in_progress Network bob",
        "16:00 resolved Network", "20:00 closed Network",
    )  # fmt: skip
    [rows] = log.tables(ticket_rows(history, tickets))
    row = rows.to_pylist()[0]

    hours = {name: row[name] / HOUR_US for name in STAGES}
    assert hours == {"intake": 1, "routing": 1, "execution": 4, "handoff": 2, "closure": 4}


@pytest.mark.row("MAP-13")
def test_a_delayed_ticket_broke_where_it_lost_most() -> None:
    """Two are as usual, one hour in each stage. INC3 waits 3 h at intake, 2 h in routing: it lost
    two and one, and broke at intake. INC4 lost nothing but was late all the same.
    """
    log = Log().has("INC1", *USUAL, sla_met=True).has("INC2", *USUAL, sla_met=True)
    log.has(
        "INC3", "08:00 new Desk", "11:00 assigned Desk ann", "13:00 in_progress Desk ann",
        "14:00 resolved Desk", "15:00 closed Desk", sla_met=False,
    ).has("INC4", *USUAL, sla_met=False).has("INC5", "08:00 new Desk")  # fmt: skip
    found = asked(log)

    assert (found.finished, found.delayed, found.by_flag, found.nowhere) == (4, 2, 2, 1)
    intake, routing = found.stages[:2]
    assert (intake.name, intake.broke, intake.lost_hours, intake.hours) == ("intake", 1, 2.0, 4.0)
    assert (routing.name, routing.broke, routing.lost_hours) == ("routing", 0, 1.0)
    assert pareto(found.stages)[:2] == pytest.approx([2 / 3, 1.0])


@pytest.mark.row("MAP-13")
def test_without_a_flag_the_longest_are_late() -> None:
    """Of seven tickets of 1 to 7 hours, those above 6.1: one."""
    log = Log()
    for hours in range(1, 8):
        log.has(f"INC{hours}", "08:00 in_progress Desk ann", f"{8 + hours}:00 resolved Desk")
    found = asked(log)

    assert (found.delayed, found.by_flag, found.stages[0].name) == (1, 0, "execution")
    assert found.stages[0].lost_hours == pytest.approx(7 - 3.5)


@pytest.mark.row("MAP-13")
@settings(max_examples=5)
@given(logs)
def test_stages_add_up_to_the_open_time(log: Log) -> None:
    """Of finished tickets, with closure beside; and every delayed ticket broke once or nowhere."""
    [rows] = log.tables(ticket_rows(history, tickets))
    for row in rows.to_pylist():
        spent = sum(row[name] for name in STAGES if name != "closure")
        opened = [r for r in log.rows if r["ticket_id"] == row["ticket_id"] and r["open"]]
        assert spent == sum(r["elapsed_us"] or 0 for r in opened)
    found = asked(log)
    assert sum(each.broke for each in found.stages) + found.nowhere == found.delayed
