"""Contacts find their tickets: by number, or by the same person within a quarter of an hour."""

import pytest

from opsgauge.log.contact_tying import contact_tickets_sql
from tests.conftest import MAPPING, Intake

pytestmark = pytest.mark.row("ING-13")

CONTACTS = """
source: desk
table: contacts
times: {zone: UTC}
fields: {contact_id: id, started_at: at, answered_at: answered, ticket_id: ticket,
         requester: caller, abandoned: lost}
"""
TICKETS = """number,at,state,team,who,caller
INC1,2026-07-01 09:05,New,North,,Ana
INC2,2026-07-01 09:12,New,North,,Ana
INC3,2026-07-01 09:00,New,North,,Rui
INC4,2026-07-01 10:00,New,North,,Eva
"""
HEAD = "id,at,answered,ticket,caller,lost\n"
TOLD = "SELECT contact_id, ticket_id, how, confidence, apart_us // 60000000 FROM contact_tickets"
WITH_CALLER = MAPPING.replace("  assignee: who\n", "  assignee: who\n  requester: caller\n")


def calls(*rows: str) -> str:
    """Return an export of contacts on the morning of 1 July."""
    return HEAD + "\n".join(rows) + "\n"


def test_a_noted_number_is_certain(intake: Intake) -> None:
    """However far apart in time; a number that leads nowhere ties nothing."""
    intake.takes(TICKETS, mapping=WITH_CALLER)
    intake.takes(
        calls(
            "C1,2026-07-01 06:00,2026-07-01 06:00,INC3,Zoe,no",
            "C2,2026-07-01 09:00,2026-07-01 09:00,INC9,Rui,no",
        ),
        mapping=CONTACTS,
        name="calls.csv",
    )
    assert intake.rows(TOLD) == [("C1", "INC3", "number", 1.0, 180)]


def test_without_a_number_person_and_time_decide(intake: Intake) -> None:
    """The nearest of two counts half; a lost call, a stranger and a late call count nothing."""
    intake.takes(
        calls(
            "C1,2026-07-01 09:00,2026-07-01 09:03,,Ana,no",
            "C2,2026-07-01 09:00,,,Rui,yes",
            "C3,2026-07-01 09:00,2026-07-01 09:01,,Zoe,no",
            "C4,2026-07-01 10:20,2026-07-01 10:20,,Eva,no",
        ),
        mapping=CONTACTS,
        name="calls.csv",
    )
    intake.takes(TICKETS, mapping=WITH_CALLER)
    assert intake.rows(TOLD) == [("C1", "INC1", "person", 0.5, 2)]


def test_a_ticket_that_a_number_ties_is_no_candidate(intake: Intake) -> None:
    """Ana's second call is about her other ticket, and that is certain enough to say 1."""
    intake.takes(TICKETS, mapping=WITH_CALLER)
    intake.takes(
        calls(
            "C1,2026-07-01 09:04,2026-07-01 09:04,INC1,Ana,no",
            "C2,2026-07-01 09:06,2026-07-01 09:06,,Ana,no",
        ),
        mapping=CONTACTS,
        name="calls.csv",
    )
    assert intake.rows(TOLD) == [
        ("C1", "INC1", "number", 1.0, 1),
        ("C2", "INC2", "person", 1.0, 6),
    ]
    assert "15 MINUTES" in contact_tickets_sql("c", "t")
