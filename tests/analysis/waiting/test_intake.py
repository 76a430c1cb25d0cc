"""Faults of intake and what goes with them."""

from collections.abc import Mapping
from typing import Any

import pytest

from opsgauge.analysis.waiting.intake import (
    Fault,
    Intake,
    field_rows,
    fields_in_use,
    intake,
    stratum_rows,
    ticket_rows,
)
from opsgauge.analysis.waiting.notes import exchanging, source_rows, written
from opsgauge.log.door import unbound
from opsgauge.log.related import NOTES
from tests.analysis.waiting.logs import Log, at, history, tickets

notes = unbound(NOTES)
TO_THEM = {"internal": False, "from_requester": False}
BY_THEM = {"internal": False, "from_requester": True}


def taken_in(log: Log) -> Intake:
    """Return how well a log's tickets were taken in, by its notes if it has any."""
    [filled] = log.tables(field_rows(history))
    fields = fields_in_use(filled)
    asked: tuple[Any, ...] = ()
    if NOTES.name in log.beside:
        each = written(notes, tickets)
        asked = (each, exchanging(*log.tables(source_rows(each))))
    [rows] = log.tables(stratum_rows(ticket_rows(history, tickets, fields, *asked)))
    return intake(rows, fields)


def noted(log: Log, *lines: tuple[str, str, Mapping[str, Any]]) -> Log:
    """Add notes: of which ticket, when, and what is known of it."""
    rows, _ = log.beside.setdefault(NOTES.name, ([], NOTES))
    for number, when, known in lines:
        rows.append(
            {
                "source": "desk",
                "note_id": str(len(rows)),
                "ticket_id": number,
                "written_at": at(when),
                **known,
            }
        )
    return log


def messages_of(found: Intake) -> Fault | None:
    """Return the fault of messages before work."""
    return next((each for each in found.faults if each.name == "messages"), None)


ANY = [
    ("OLD", "07:00", TO_THEM),
    ("OLD", "07:30", BY_THEM),
    ("OLD", "1 08:00", TO_THEM),
]  # of a ticket with work from 06:00 on: the span of the notes


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


@pytest.mark.row("MAP-14")
@pytest.mark.parametrize(
    ("lines", "is_so"),
    [
        pytest.param([], 0, id="nothing"),
        pytest.param([("08:10", TO_THEM), ("08:20", BY_THEM)], 1, id="to and fro"),
        pytest.param([("08:10", BY_THEM), ("08:20", TO_THEM)], 0, id="nothing answered"),
        pytest.param([("08:10", BY_THEM), ("08:20", BY_THEM)], 0, id="nothing asked"),
        pytest.param([("08:10", TO_THEM), ("08:10", BY_THEM)], 0, id="at one moment"),
        pytest.param([("08:10", TO_THEM), ("09:00", BY_THEM)], 0, id="as work began"),
        pytest.param([("08:10", TO_THEM | {"internal": True}), ("08:20", BY_THEM)], 0, id="inside"),
        pytest.param([("08:10", TO_THEM | {"internal": None}), ("08:20", BY_THEM)], None, id="may"),
        pytest.param([("08:10", {"internal": False}), ("08:20", BY_THEM)], None, id="by whom"),
        pytest.param([("08:10", {"internal": False})], 0, id="one alone is no exchange"),
        pytest.param(
            [("08:10", {"internal": False, "author": "bob"}), ("08:20", {"author": "ann"})],
            1,
            id="by their names",
        ),
        pytest.param(
            [("08:10", TO_THEM), ("08:20", {"internal": True, "author": "ann"})],
            0,
            id="a work note by the one who asked",
        ),
        pytest.param(
            [("08:10", TO_THEM), ("08:20", {"author": "ann", "from_requester": False})],
            0,
            id="the export says it was not they",
        ),
    ],
)
def test_messages_before_work(
    lines: list[tuple[str, Mapping[str, Any]]], is_so: int | None
) -> None:
    """INC1 of ann is opened at 08:00 and work on it begins at 09:00; OLD's notes date the export.

    OLD was opened before the first note, so nothing is said of it.
    """
    log = (
        Log()
        .has("OLD", "06:00 in_progress Desk")
        .has("INC1", "08:00 new Desk", "09:00 in_progress Desk", requester="ann")
    )
    found = taken_in(noted(log, *ANY, *(("INC1", when, known) for when, known in lines)))
    fault = messages_of(found)

    if is_so is None:
        assert fault is None
        assert (found.tickets, found.judged) == (2, 2)  # by the three faults that are left
    else:
        assert fault is not None
        assert (fault.tickets, fault.of) == (is_so, 1)
        assert (found.tickets, found.judged, found.well) == (2, 1, 1 - is_so)


@pytest.mark.row("MAP-14")
def test_without_work_messages_count_until_the_end() -> None:
    """INC1 was ended at 09:00 without work, INC2 is open still; both were answered at 10:00."""
    log = Log().has("INC1", "08:00 new Desk", "09:00 resolved Desk").has("INC2", "08:00 new Desk")
    exchange = [
        (number, when, known)
        for number in ("INC1", "INC2")
        for when, known in (("08:30", TO_THEM), ("10:00", BY_THEM))
    ]
    log.has("OLD", "06:00 in_progress Desk")
    fault = messages_of(taken_in(noted(log, *ANY, *exchange)))

    assert fault is not None
    assert (fault.tickets, fault.of) == (1, 2)


@pytest.mark.row("MAP-14")
@pytest.mark.parametrize("told", [[], [TO_THEM], [BY_THEM], [{"internal": False}]])
def test_notes_that_tell_no_exchange_count_nothing_as_zero(told: list[Mapping[str, Any]]) -> None:
    """Without messages, without answers, or without a word of either."""
    log = Log().has("INC1", "08:00 new Desk", "10:00 in_progress Desk")
    lines = [("INC1", when, known) for known in told for when in ("08:00", "09:00")]

    assert messages_of(taken_in(noted(log, *lines))) is None


@pytest.mark.row("MAP-14")
def test_what_goes_with_messages_is_told_of_tickets_that_are_known() -> None:
    """Six without and five with, done in 1 h and 3 h: 5 x 2 hours longer. Nine of which nobody
    knows, done in 11 h, stand on neither side.
    """
    log = Log().has("OLD", "06:00 in_progress Desk")
    noted(log, *ANY)
    unknown = {"internal": False}
    for kind, many, end, exchange in (
        ("W", 6, "09:00", ()),
        ("B", 5, "11:00", (TO_THEM, BY_THEM)),
        ("U", 9, "19:00", (unknown, unknown)),
    ):
        for n in range(many):
            number = f"{kind}{n}"
            log.has(number, "08:00 new -", f"{end} resolved -", priority="1")
            for when, known in zip(("08:10", "08:20"), exchange, strict=False):
                noted(log, (number, when, known))
    found = taken_in(log)
    fault = messages_of(found)

    assert fault is not None
    assert (fault.tickets, fault.of, fault.compared) == (5, 11, 5)
    assert (fault.hours, fault.low, fault.high) == (10.0, 10.0, 10.0)
    assert (found.tickets, found.judged, found.well) == (21, 11, 6)
