"""One ticket under two numbers, one update written twice."""

from collections.abc import Sequence

import pytest

from opsgauge.log.checks.repeats import repeated_tickets, repeated_updates
from opsgauge.log.checks.seen import Seen
from tests.log.checks.desks import Row, desk

TICKET: Row = {
    "opened_at": "2026-01-05 08:13:07",
    "resolved_at": "2026-01-05 10:41:52",
    "category": "Mail",
    "requester": "Person 7",
    "team": "Desk",
    "variant_team": "a1",
}


def look(*tickets: Row) -> Seen:
    """Look for tickets that are there more than once."""
    return repeated_tickets(desk(tickets))


def test_the_same_ticket_under_another_number_is_found() -> None:
    """Three numbers, one ticket: two are too many."""
    found = look(TICKET, TICKET, TICKET)

    assert (found.count, found.of, found.state, found.examples) == (2, 3, "warn", ("T1",))


def test_the_same_number_in_two_sources_is_found() -> None:
    """A file that was imported under two names; its words may have been mapped otherwise."""
    again = {**TICKET, "source": "other", "ticket_id": "T1", "category": "mail"}
    found = look(TICKET, again)

    assert (found.count, found.of, found.tickets) == (1, 2, (("example", "T1"),))


@pytest.mark.parametrize(
    "said",
    [
        {"opened_at": "2026-01-05 08:13:08"},
        {"resolved_at": "2026-01-05 10:41:53"},
        {"category": "Printer"},
        {"category": None},
        {"requester": "Person 8"},
        {"variant_team": "b2"},
    ],
)
def test_tickets_that_differ_in_anything_are_two(said: Row) -> None:
    """One second or one word is enough."""
    assert look(TICKET, {**TICKET, **said}).state == "pass"


def test_moments_cut_to_the_hour_make_no_twins() -> None:
    """Where only the day is known, many tickets of a day look alike."""
    day = {**TICKET, "opened_at": "2026-01-05", "resolved_at": "2026-01-06"}

    assert look(day, day).state == "pass"


def test_tickets_with_one_update_say_too_little() -> None:
    """Opened at the same second, and nothing happened since."""
    new = {"opened_at": "2026-01-05 08:13:07"}

    assert look(new, new).state == "pass"


UPDATE: Row = {
    "ticket": 1,
    "since": "2026-01-05 09:00:10",
    "phase": "in_progress",
    "original_status": "Work",
    "team": "Desk",
    "assignee": "Agent 1",
    "activity": "Work",
}


def look_at_updates(*history: Row) -> Seen:
    """Look for updates that are there more than once."""
    return repeated_updates(desk([{"opened_at": "2026-01-05 08:00"}], history))


def test_an_update_written_twice_is_found() -> None:
    """Two lines for one moment, the same in all that is kept."""
    found = look_at_updates(UPDATE, UPDATE, {**UPDATE, "since": "2026-01-05 09:30"})

    assert (found.count, found.of, found.examples) == (1, 3, ("T1",))


@pytest.mark.parametrize(
    "then",
    [
        {"since": "2026-01-05 09:00:11"},
        {"phase": "resolved", "original_status": "Done"},
        {"team": "Network"},
        {"assignee": "Agent 2"},
        {"assignee": None},
        {"priority": "1"},
        {"actor": "Agent 3"},
        {"moved_us": 5_000_000},
    ],
)
def test_an_update_that_says_something_else_is_another(then: Row) -> None:
    """At the same moment many fields may change, one after the other."""
    assert look_at_updates(UPDATE, {**UPDATE, **then}).state == "pass"


def test_two_tickets_may_be_updated_alike() -> None:
    """At the same moment, by a program."""
    tickets: Sequence[Row] = [{"opened_at": "2026-01-05 08:00"}] * 2

    assert repeated_updates(desk(tickets, [UPDATE, {**UPDATE, "ticket": 2}])).state == "pass"
