"""Little's law: the identity on any log and any window, and the conditions of the average."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsgauge.analysis.waiting.little import Little, item_rows, little, queue_rows, ticket_rows
from opsgauge.warehouse.portable import micros_at
from tests.analysis.waiting.logs import HOUR_US, MONDAY, Log, at, history, tickets
from tests.analysis.waiting.strategies import logs


def law(log: Log, start_us: int, end_us: int) -> Little:
    """Return Little's law of a log between two instants."""
    asked = (
        queue_rows(history, start_us, end_us),
        item_rows(history, start_us, end_us),
        ticket_rows(tickets, history, start_us, end_us),
    )
    queue, items, ended = log.tables(*asked)
    return little(queue, items, ended, end_us - start_us)


@pytest.mark.row("MAP-19")
@settings(max_examples=10)
@given(logs, st.integers(0, 9000), st.integers(1, 9000))
def test_the_identity_holds_on_every_window(log: Log, begin: int, length: int) -> None:
    """The integral of the number open is the sum of what each ticket was open, exactly."""
    start = micros_at(MONDAY + timedelta(minutes=begin))
    found = law(log, start, start + length * 60_000_000)

    assert found.identity
    assert found.end == found.start + found.came - found.went


@pytest.mark.row("MAP-19")
def test_records_that_contradict_themselves_break_it() -> None:
    """An end that is no passage leaves the ticket in the queue for ever."""
    log = Log().has("INC1", "08:00 new Desk", "09:00 resolved Desk")
    log.rows[1]["passage"] = None
    found = law(log, micros_at(at("08:00")), micros_at(at("12:00")))

    assert not found.identity
    assert (found.queue_us, found.item_us) == (4 * HOUR_US, 1 * HOUR_US)


@pytest.mark.row("MAP-19")
def test_steady_work_fulfils_the_average() -> None:
    """A ticket comes each hour and stays two, for a day: two are open, 24 a day x 2 hours = 2."""
    log = Log()
    for hour in range(-4, 30):
        since = MONDAY + timedelta(hours=hour)
        rows = [
            {"since": since, "phase": "in_progress", "team": "Desk"},
            {"since": since + timedelta(hours=2), "phase": "resolved", "team": "Desk"},
        ]
        log.add(f"INC{hour}", rows)
    found = law(log, micros_at(MONDAY), micros_at(MONDAY + timedelta(days=1)))

    assert (found.mean_open, found.throughput, found.mean_hours) == (2.0, 24.0, 2.0)
    assert found.by_average == 2.0
    assert found.may_be_averaged
    assert (found.lasting, found.unresolved, found.finished) == (0, 0, 24)


@pytest.mark.row("MAP-19")
def test_a_queue_that_grows_is_told() -> None:
    """Two come, none goes, and what was open stays: four conditions fail, one unit is left."""
    log = Log().has("INC1", "08:00 new Desk").has("INC2", "10:00 new -").has("INC3", "11:00 new -")
    found = law(log, micros_at(at("09:00")), micros_at(at("12:00")))

    assert [each.holds for each in found.conditions] == [False, False, False, False, True]
    assert found.by_average is None
    assert found.conditions[0].words == "2 came, 0 went"
    assert found.conditions[2].words == "1 open at the start, 3 at the end"
    nothing = replace(found, start=0, start_age_us=0, lasting=0)
    assert [each.holds for each in nothing.conditions[1:4:2]] == [None, None]
