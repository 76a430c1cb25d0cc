"""What other tools recorded of a ticket stands on its page, and only of that ticket."""

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.operations.beside import beside
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.beside_lines import WORDS, lines
from opsgauge.operations.ticket import ticket
from tests.conftest import Intake, seeing

pytestmark = pytest.mark.row("ING-13", "DSH-03")

LOG = """number,at,state,team,who
INC1,2026-07-01 08:00,New,North,Ana
INC2,2026-07-01 08:00,New,South,Ana
"""
APPROVALS = """
source: desk
table: approvals
times: {zone: UTC}
fields: {approval_id: id, ticket_id: ticket, step: step, asked_at: asked, decided_at: decided,
         decision: said, approver: boss}
"""
CONTACTS = """
source: desk
table: contacts
times: {zone: UTC}
fields: {contact_id: id, started_at: at, answered_at: at, ticket_id: ticket, channel: how,
         wait_seconds: waited, talk_seconds: talked, agent: agent, abandoned: {value: "no"}}
"""
SURVEYS = """
source: desk
table: surveys
times: {zone: UTC}
fields: {survey_id: id, ticket_id: ticket, sent_at: sent, score: stars, scale_max: {value: "5"}}
"""
CHANGES = """
source: desk
table: changes
times: {zone: UTC}
fields: {change_id: number, type: type, risk: risk, planned_start: start, planned_end: end,
         tested: tested, outcome: outcome, outage_minutes: lost}
"""


@pytest.fixture
def told(intake: Intake) -> Intake:
    """Two tickets, of which the first was asked about, called about and judged."""
    intake.takes(LOG)
    for mapping, rows in (
        (
            APPROVALS,
            "id,ticket,step,asked,decided,said,boss\n"
            "1,INC1,Manager,2026-07-01 09:00,2026-07-01 12:30,Approved,Eva\n"
            "2,INC1,Budget,2026-07-02 09:00,,,Eva\n3,INC2,Manager,2026-07-01 09:00,,,Eva\n",
        ),
        (
            CONTACTS,
            "id,at,ticket,how,waited,talked,agent\n"
            "1,2026-07-01 07:58,INC1,Phone,28,300,Ana\n2,2026-07-01 07:58,INC2,Chat,1,2,Ana\n",
        ),
        (SURVEYS, "id,ticket,sent,stars\n1,INC1,2026-07-03 10:00,4\n2,INC1,2026-07-04 10:00,\n"),
        (
            CHANGES,
            "number,type,risk,start,end,tested,outcome,lost\n"
            "INC2,Normal,High,2026-07-02 20:00,2026-07-02 22:00,no,Backed out,35\n",
        ),
    ):
        intake.takes(rows, mapping=mapping, name="beside.csv")
    return intake


def test_a_ticket_knows_what_others_recorded(told: Intake) -> None:
    """Oldest first, each in words, by whose name."""
    story = ticket(told.context, "INC1")
    said = [(line.kind, line.words) for line in lines(story.beside, "UTC")]
    assert said == [
        ("Phone", "answered after 28 s, 5 min long"),
        ("Approval, manager", "approved, after 3.5 h"),
        ("Approval, budget", "asked, not answered yet"),
        ("Survey", "answered 4 of 5"),
        ("Survey", "sent, not answered"),
    ]
    assert [each["table"] for each in story.as_json()["beside"]][:2] == ["contacts", "approvals"]


def test_a_change_shows_its_window_and_what_it_cost(told: Intake) -> None:
    """Its number is its ticket's."""
    [line] = [
        each for each in lines(beside(told.context, "desk", "INC2"), "UTC") if each.kind == "Normal"
    ]
    assert line.words == (
        "window Thu 2 Jul, 20:00 to Thu 2 Jul, 22:00, risk high, no test on record, backed out, "
        "35 minutes of service lost"
    )


def test_rules_hide_related_records_with_their_ticket(told: Intake) -> None:
    """Who may see the north only sees nothing of the south's approvals."""
    north = Context(told.workspace, actor=seeing(Condition("team", ("North",))))
    assert beside(north, "desk", "INC2") == ()
    assert len(beside(north, "desk", "INC1")) == 5
    assert set(WORDS) >= {"approvals", "contacts", "surveys", "changes", "deployments"}
