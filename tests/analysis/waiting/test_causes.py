"""Waiting put down to causes, by hand, and adding up on any log."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsgauge.analysis.requests.orders import Numbers, elapsed
from opsgauge.analysis.waiting.causes import (
    BATCHING,
    CAUSES,
    CLOSED,
    CONTENTION,
    PENDING,
    PRIORITISATION,
    TRANSITION,
    UNEXPLAINED,
    Waited,
    causes,
    interval_rows,
    rows_of,
)
from opsgauge.warehouse.portable import micros_at
from tests.analysis.waiting.logs import HOUR_US, Log, at, history, tickets
from tests.analysis.waiting.strategies import logs


def asked(log: Log, clock: object = elapsed) -> list[Waited]:
    """Return what waiting in a log is put down to."""
    [rows] = log.tables(interval_rows(history, tickets))
    return causes(rows_of(rows, micros_at(log.end)), clock)  # type: ignore[arg-type]


def hours(found: Waited) -> dict[int, float]:
    """Return the hours of causes that have any."""
    return {place: us / HOUR_US for place, us in enumerate(found.us) if us}


@pytest.mark.row("MAP-07")
def test_who_was_busy_with_what_came_before_and_after() -> None:
    """INC9 came at 09:00 and was begun by ann at 14:00.

    She was at INC1, which had come before, from 08:00 to 11:00, and at INC2, which came after, from
    11:00 to 13:00; from 13:00 to 14:00 at nothing.
    """
    log = (
        Log()
        .has("INC1", "08:00 in_progress Desk ann", "11:00 resolved Desk ann")
        .has("INC2", "10:00 new Desk", "11:00 in_progress Desk ann", "13:00 resolved Desk ann")
        .has("INC9", "09:00 new Mail", "14:00 in_progress Mail ann", "15:00 resolved Mail ann")
    )
    everybody, mail, desk = asked(log)

    assert (mail.name, mail.waits, mail.estimated) == ("Mail", 1, 0)
    assert hours(mail) == {CONTENTION: 2.0, PRIORITISATION: 2.0, UNEXPLAINED: 1.0}
    assert hours(desk) == {CONTENTION: 1.0}  # INC2 waited from 10:00 to 11:00, ann was at INC1
    assert everybody.everybody
    assert everybody.hours == 6.0


@pytest.mark.row("MAP-07")
def test_of_several_in_progress_the_last_taken_up_is_worked_on() -> None:
    """Ann has INC1 from 08:00 to 12:00 and takes INC2 up from 09:00 to 10:00 in between.

    INC3 came at 08:30, when INC1 was there and INC2 was not: 2.5 hours of INC1, one of INC2.
    """
    log = (
        Log()
        .has("INC1", "08:00 in_progress Desk ann", "12:00 resolved Desk ann")
        .has("INC2", "09:00 in_progress Desk ann", "10:00 resolved Desk ann")
        .has("INC3", "08:30 new Mail", "12:00 in_progress Mail ann", "13:00 resolved Mail ann")
    )
    mail = asked(log)[1]

    assert hours(mail) == {CONTENTION: 2.5, PRIORITISATION: 1.0}


@pytest.mark.row("MAP-07")
def test_pending_is_nobodys_waiting_and_closed_hours_come_first() -> None:
    """New from 08:00, pending from 10:00 to 14:00, open hours from 09:00 to 12:00."""
    log = Log().has(
        "INC1", "08:00 new Desk", "10:00 pending_user Desk", "14:00 in_progress Desk ann",
        "15:00 resolved Desk ann",
    )  # fmt: skip
    nine, noon = micros_at(at("09:00")), micros_at(at("12:00"))

    def clock(moments: Numbers) -> Numbers:
        return np.clip(moments, nine, noon) - nine

    whole = asked(log, clock)[0]
    assert hours(whole) == {CLOSED: 1.0 + 2.0, PENDING: 2.0, UNEXPLAINED: 1.0}
    assert hours(asked(log)[0]) == {PENDING: 4.0, UNEXPLAINED: 2.0}


@pytest.mark.row("MAP-07")
def test_a_batch_waits_for_its_last() -> None:
    """Three tickets are begun within minutes at noon; the last of them came at 11:00.

    Came at 08:00, 10:00 and 11:00: they lay 3, 1 and no hours for one another, then an hour more.
    """
    log = Log()
    for number, came in enumerate(("08:00", "10:00", "11:00")):
        log.has(
            f"INC{number}", f"{came} new Desk", f"12:0{number} in_progress Desk ann",
            f"12:0{number} resolved Desk ann",
        )  # fmt: skip
    whole = asked(log)[0]

    assert hours(whole)[BATCHING] == 4.0
    assert whole.hours == pytest.approx(4 + 2 + 1 + 3 / 60)
    two = Log()
    for number, came in enumerate(("08:00", "10:00")):
        two.has(
            f"INC{number}", f"{came} new Desk", "12:00 in_progress Desk ann", "13:00 resolved -"
        )
    assert BATCHING not in hours(asked(two)[0])  # two are no batch


@pytest.mark.row("MAP-07")
def test_a_beginning_that_nobody_recorded_is_estimated() -> None:
    """Bob ended INC1 at 10:00 and, without a beginning, INC2 at 12:00: he began it at 10:00.

    INC2 had come at 09:00, so it waited an hour, while INC1 was begun, which came before.
    """
    log = (
        Log()
        .has("INC1", "08:00 in_progress Desk bob", "10:00 resolved Desk bob")
        .has("INC2", "09:00 new Mail bob", "12:00 resolved Mail bob")
    )
    mail = asked(log)[1]

    assert (mail.waits, mail.estimated, hours(mail)) == (1, 1, {CONTENTION: 1.0})


@pytest.mark.row("MAP-07")
def test_causes_by_transition() -> None:
    """New, then pending, then work; and another that ends without any."""
    log = Log().has(
        "INC1", "08:00 new Desk", "10:00 pending_user Desk", "14:00 in_progress Desk ann",
        "15:00 resolved Desk ann",
    ).has("INC2", "08:00 new Mail", "10:00 cancelled Mail")  # fmt: skip
    [rows] = log.tables(interval_rows(history, tickets))
    found = causes(rows_of(rows, micros_at(log.end)), elapsed, TRANSITION)

    assert {each.name: hours(each) for each in found[1:]} == {
        "pending_user → in_progress": {PENDING: 4.0},
        "new → pending_user": {UNEXPLAINED: 2.0},
        "new → end": {UNEXPLAINED: 2.0},
    }


def test_what_still_waits_and_what_nobody_took_up() -> None:
    """A wait that lasts is not told; one that ended without anybody's name has no cause."""
    log = Log().has("INC1", "08:00 new Desk").has("INC2", "08:00 new Mail", "10:00 cancelled Mail")
    everybody, mail = asked(log)

    assert (everybody.waits, hours(mail)) == (1, {UNEXPLAINED: 2.0})
    done = Log().has("INC1", "08:00 resolved Desk")
    assert asked(done) == []
    [none] = done.tables(interval_rows(history, tickets))
    assert causes(rows_of(none, micros_at(done.end)), elapsed, TRANSITION) == []


@pytest.mark.row("MAP-07")
@settings(max_examples=10)
@given(logs, st.integers(1, 23), st.booleans())
def test_causes_add_up_to_the_waiting(log: Log, until: int, closes: bool) -> None:
    """To the microsecond, in every team; none is negative; teams add up to all."""
    for number, row in enumerate(log.rows):
        row["assignee"] = ("ann", "bob", None)[number % 3]
    day = 24 * HOUR_US

    def office(moments: Numbers) -> Numbers:
        return moments // day * until * HOUR_US + np.minimum(moments % day, until * HOUR_US)

    found = asked(log, office if closes else elapsed)
    if not found:
        return
    everybody, *teams = found
    assert len(everybody.us) == len(CAUSES)
    assert all(us >= 0 for each in found for us in each.us)
    assert [sum(each) for each in zip(*(team.us for team in teams), strict=True)] == list(
        everybody.us
    )
    assert sum(everybody.us) <= waited(log)
    if not everybody.estimated:
        assert sum(everybody.us) == waited(log)


def waited(log: Log) -> int:
    """Return by hand what tickets waited in waits that are over, in microseconds."""
    total, run = 0, 0
    for place, row in enumerate(log.rows):
        after = log.rows[place + 1] if place + 1 < len(log.rows) else None
        follows = after is not None and after["ticket_id"] == row["ticket_id"] and after["open"]
        if not row["open"] or row["phase"] == "in_progress":
            run = 0
            continue
        run += row["elapsed_us"] or 0
        if not follows or (after is not None and after["phase"] == "in_progress"):
            total += run if row["until"] is not None else 0
            run = 0
    return total
