"""Rules on single tickets: each finds its own fault and stays silent where there is none."""

from typing import Any

import pytest

from opsgauge.log.checks.rules import run
from opsgauge.log.checks.seen import Seen
from opsgauge.log.checks.ticket_rules import ticket_rules
from tests.log.checks.desks import desk

FINE: dict[str, Any] = {
    "opened_at": "2026-01-05 08:00",
    "assigned_at": "2026-01-05 08:10",
    "first_response_at": "2026-01-05 08:20",
    "resolved_at": "2026-01-05 10:00",
    "closed_at": "2026-01-06 10:00",
    "history_resolved_at": "2026-01-05 10:00",
    "history_closed_at": "2026-01-06 10:00",
    "history_reopen_count": 0,
    "history_handoff_count": 0,
    "phase": "closed",
    "team": "Desk",
}
OPEN: dict[str, Any] = {
    "opened_at": "2026-01-05 08:00",
    "resolved_at": None,
    "closed_at": None,
    "phase": "in_progress",
    "team": "Desk",
    "history_reopen_count": 0,
    "history_handoff_count": 0,
}


def look(*tickets: dict[str, Any]) -> dict[str, Seen]:
    """Return what each rule saw."""
    records = desk(tickets)
    found = run(records, records.tables.tickets, ticket_rules(records.tables.tickets))
    return {each.id: each for each in found}


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("order_of_moments", {"resolved_at": "2026-01-05 07:59", "first_response_at": None}),
        ("order_of_moments", {"closed_at": "2026-01-05 07:59"}),
        ("negative_durations", {"assigned_at": "2026-01-05 07:59"}),
        ("negative_durations", {"first_response_at": "2026-01-05 07:00"}),
        ("closed_before_resolved", {"closed_at": "2026-01-05 09:59"}),
        ("response_after_end", {"first_response_at": "2026-01-05 10:01"}),
        ("resolved_missing", {"resolved_at": None}),
        ("closed_missing", {"closed_at": None}),
        ("team_missing", {"team": None}),
        ("resolved_against_history", {"history_resolved_at": "2026-01-05 11:01"}),
        ("resolved_against_history", {"resolved_at": None}),
        ("closed_against_history", {"history_closed_at": "2026-01-06 08:59"}),
        ("reopen_against_history", {"reopen_count": 1}),
        ("handoff_against_history", {"history_handoff_count": 2}),
    ],
)
def test_a_fault_is_found_in_its_ticket_alone(check: str, said: dict[str, Any]) -> None:
    """T2 is as T1, but for one moment, count or word."""
    found = look(FINE, FINE | said)[check]

    assert (found.count, found.of, found.examples) == (1, 2, ("T2",))
    assert found.words.startswith("1 of 2 tickets")
    assert found.next_step


def test_what_to_do_about_a_missing_resolution_is_what_helps() -> None:
    """Where the history knows it, leaving the column out; where it was closed at once, the key."""
    blank, direct = FINE | {"resolved_at": None}, {"history_resolved_at": None}

    assert look(blank)["resolved_missing"].next_step == (
        "Leave resolved_at out, so that history says it."
    )
    assert look(blank | direct)["resolved_missing"].next_step.startswith("Where closing a ticket")
    assert "closing_resolves" in look(blank, blank | direct)["resolved_missing"].next_step
    assert "Leave resolved_at" in look(blank, blank | direct)["resolved_missing"].next_step


def test_fine_tickets_break_no_rule() -> None:
    """One that is done, and one that is open."""
    found = look(FINE, OPEN)

    assert len(found) == 11
    assert {each.state for each in found.values()} == {"pass"}


def test_a_reopened_ticket_that_is_open_does_not_differ_from_its_history() -> None:
    """Its field is empty again, its history knows the end that did not last.

    T1  opened Mon 08:00  resolved 10:00  reopened 12:00, and still is
    """
    reopened = OPEN | {"history_resolved_at": "2026-01-05 10:00", "reopen_count": 0}

    assert look(reopened)["resolved_against_history"].state == "pass"
    assert (
        look(reopened | {"history_closed_at": "2026-01-05 11:00"})["closed_against_history"].state
        == "pass"
    )


def test_moments_that_agree_within_the_hour_agree() -> None:
    """A tool writes its field a moment after its log."""
    assert (
        look(FINE | {"history_resolved_at": "2026-01-05 11:00"})["resolved_against_history"].state
        == "pass"
    )


def test_only_what_makes_a_number_wrong_is_critical() -> None:
    """Times that are negative stay in the numbers; what is missing is told and left out."""
    critical = {each.id for each in look(FINE).values() if each.critical}

    assert critical == {"order_of_moments", "negative_durations"}


def test_a_ticket_that_was_called_off_needs_no_resolution() -> None:
    """Cancelled is an end of its own."""
    cancelled = OPEN | {"phase": "cancelled"}

    found = look(cancelled)
    assert (found["resolved_missing"].state, found["closed_missing"].state) == ("pass", "pass")
