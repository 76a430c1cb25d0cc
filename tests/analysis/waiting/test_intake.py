"""Faults of intake and what goes with them."""

import pytest

from opsgauge.analysis.waiting.intake import (
    Intake,
    field_rows,
    fields_in_use,
    intake,
    stratum_rows,
    ticket_rows,
)
from tests.analysis.waiting.logs import Log, history, tickets


def taken_in(log: Log) -> Intake:
    """Return how well a log's tickets were taken in."""
    [filled] = log.tables(field_rows(history))
    fields = fields_in_use(filled)
    [rows] = log.tables(stratum_rows(ticket_rows(history, tickets, fields)))
    return intake(rows, fields)


@pytest.mark.row("MAP-14")
def test_each_fault_is_counted_once() -> None:
    """INC1 is well; INC2 lacks a category, INC3 was asked back before work, INC4 after it, INC5 was
    put into another category. Nobody fills service and priority: they cannot be missing.
    """
    log = (
        Log()
        .has("INC1", "08:00 new Desk", "09:00 in_progress Desk", "10:00 resolved Desk")
        .has("INC2", "08:00 new Desk", "09:00 in_progress Desk", "10:00 resolved Desk")
        .has("INC3", "08:00 new Desk", "08:30 pending_user Desk", "09:00 in_progress Desk")
        .has("INC4", "08:00 in_progress Desk", "08:30 pending_user Desk")
        .has("INC5", "08:00 new Desk", "09:00 in_progress Desk")
    )
    for row in log.rows:
        row["category"] = "Mail"
        if row["ticket_id"] == "INC2":
            row["category"] = None if row["seq"] == 1 else "Mail"
        if row["ticket_id"] == "INC5" and row["seq"] == 2:
            row["category"] = "Printer"
    found = taken_in(log)

    assert (found.tickets, found.well, found.score) == (5, 2, 0.4)
    assert {each.name: each.tickets for each in found.faults} == {
        "missing": 1,
        "asked_back": 1,
        "reclassified": 1,
    }
    assert (found.fields, found.unused) == (("category",), ("service", "priority"))
    assert [each.hours for each in found.faults] == [None, None, None]  # too few to compare


@pytest.mark.row("MAP-14")
def test_what_goes_with_a_fault_is_told_within_strata() -> None:
    """Of priority 1, six are done in 1 h and five that were asked back in 3 h; of priority 2, six
    in 10 h and six in 14 h: 5 x 2 + 6 x 4 = 34 hours. Of priority 3 all were asked back.

    All of a stratum alike, so the interval is that one number.
    """
    log = Log()
    work = {"1": (1, 3, 6, 5), "2": (10, 14, 6, 6), "3": (1, 5, 0, 9)}
    for priority, (well, bad, so_many, others) in work.items():
        for number in range(so_many):
            end = f"{8 + well:02}:00 resolved -"
            log.has(f"W{priority}{number}", "08:00 new -", end, priority=priority)
        for number in range(others):
            end = f"{8 + bad:02}:00 resolved -"
            asked = ("08:00 new -", "08:30 pending_user -", end)
            log.has(f"B{priority}{number}", *asked, priority=priority)
    asked_back = next(each for each in taken_in(log).faults if each.name == "asked_back")

    assert (asked_back.tickets, asked_back.of, asked_back.compared) == (20, 32, 11)
    assert asked_back.hours == pytest.approx(34.0)
    assert asked_back.low == pytest.approx(34.0)
    assert asked_back.high == pytest.approx(34.0)
