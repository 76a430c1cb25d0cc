"""Related records from raw ones: the latest wins, sources stand side by side, no guesses."""

from datetime import date

import pytest

from opsgauge.foundation.errors import MappingWrong
from opsgauge.log.mapping import parse_mapping
from opsgauge.log.related_building import related_sql
from tests.conftest import MAPPING, Intake

pytestmark = pytest.mark.row("ING-01", "ING-13")

APPROVALS = """
source: desk
table: approvals
times: {zone: Europe/Lisbon, formats: ["%d/%m/%Y %H:%M"]}
fields:
  approval_id: id
  ticket_id: ticket
  asked_at: asked
  decided_at: decided
  decision: said
  approved: {column: said, yes: [Approved], no: [Rejected, Refused]}
  approver: boss
"""
COSTS = """
source: books
table: costs
decimal: ","
times: {formats: ["%d.%m.%Y"], zone: UTC}
fields:
  cost_id: no
  period_start: from
  period_end: to
  kind: {value: Labour}
  amount: amount
  currency: {value: EUR}
"""
SERVICES = """
source: cmdb
table: services
fields: {service: name, tier: tier, users: users}
"""
HEAD = "id,ticket,asked,decided,said,boss\n"


def test_an_approval_is_read_whole(intake: Intake) -> None:
    """Moments become UTC, words yes or no, the approver a pseudonym; a waiting one has no answer.

    Lisbon's clock is an hour ahead of UTC in summer.
    """
    done = intake.takes(
        HEAD
        + "1,INC1,01/07/2026 09:00,02/07/2026 10:30,Approved,Ana Lima\n"
        + "2,INC1,03/07/2026 09:00,,,Rui Melo\n",
        mapping=APPROVALS,
    )

    assert (done.accepted, done.rejected, done.unmapped) == (2, 0, {})
    rows = intake.rows(
        "SELECT source, approval_id, ticket_id, asked_at::VARCHAR, decided_at::VARCHAR, "
        "approved, approver "
        "FROM approvals ORDER BY approval_id"
    )
    first = ("2026-07-01 08:00:00", "2026-07-02 09:30:00", True)
    assert [row[:3] for row in rows] == [("desk", "1", "INC1"), ("desk", "2", "INC1")]
    assert rows[0][3:6] == first
    assert rows[1][3:6] == ("2026-07-03 08:00:00", None, None)
    assert {row[6] for row in rows} == {"Agent 1", "Agent 2"}
    assert b"Ana Lima" not in b"".join(
        file.read_bytes() for file in intake.workspace.warehouse.rglob("*.parquet")
    )


def test_the_latest_export_wins(intake: Intake) -> None:
    """A record told again is the same record, as it stands now; the old version stays readable."""
    asked = "1,INC1,01/07/2026 09:00,"
    intake.takes(HEAD + asked + ",,Ana Lima\n", mapping=APPROVALS)
    done = intake.takes(
        HEAD + asked + ",,Ana Lima\n" + asked + "02/07/2026 10:30,Refused,Ana Lima\n",
        mapping=APPROVALS,
        name="later.csv",
    )

    assert (done.accepted, done.duplicate) == (1, 1)
    told = "SELECT decision, approved FROM approvals"
    assert intake.rows(told) == [("Refused", False)]
    assert intake.rows(told, version=1) == [(None, None)]


def test_two_sources_keep_to_their_own(intake: Intake) -> None:
    """The same number in two tools is two records, and importing one leaves the other alone."""
    row = HEAD + "1,INC1,01/07/2026 09:00,,,Ana Lima\n"
    intake.takes(row, mapping=APPROVALS)
    intake.takes(row, mapping=APPROVALS.replace("source: desk", "source: other"))
    intake.takes(HEAD + "2,INC2,01/07/2026 09:00,,,Ana Lima\n", mapping=APPROVALS, name="b.csv")

    rows = intake.rows("SELECT source, approval_id, approver FROM approvals ORDER BY ALL")
    assert [row[:2] for row in rows] == [("desk", "1"), ("desk", "2"), ("other", "1")]
    assert len({row[2] for row in rows}) == 1


def test_tickets_and_their_related_records_share_a_source(intake: Intake) -> None:
    """One tool, two exports: neither rebuilds nor removes what the other brought."""
    tickets = "number,at,state,team,who\nINC1,2026-07-01 08:00,New,North,Ana Lima\n"
    intake.takes(tickets)
    intake.takes(HEAD + "1,INC1,01/07/2026 09:00,,,Ana Lima\n", mapping=APPROVALS)
    again = intake.takes(tickets)

    assert again.duplicate == 1
    assert intake.rows(
        "SELECT t.assignee = a.approver FROM approvals AS a JOIN tickets AS t "
        "ON t.source = a.source AND t.ticket_id = a.ticket_id"
    ) == [(True,)]


def test_a_record_that_cannot_be_used_is_rejected_with_its_reason(intake: Intake) -> None:
    """No number, an unreadable moment; an unknown word is reported and stays unanswered."""
    done = intake.takes(
        HEAD
        + ",INC1,01/07/2026 09:00,,,A\n"
        + "2,INC1,yesterday,,,A\n"
        + "3,INC1,01/07/2026 09:00,,Perhaps,A\n",
        mapping=APPROVALS,
    )

    assert intake.rejected() == [
        (1, "id", "the record has no number of its own", None),
        (2, "asked", "the moment cannot be read", "yesterday"),
    ]
    assert done.unmapped == {"approved": {"Perhaps": 1}}
    assert intake.rows("SELECT decision, approved FROM approvals") == [("Perhaps", None)]


def test_amounts_with_decimal_commas(intake: Intake) -> None:
    """1.234,50 is read as such; what is no number in that writing is rejected, not bent."""
    done = intake.takes(
        "no;from;to;amount\n1;01.07.2026;31.07.2026;1.234,50\n2;01.07.2026;31.07.2026;12\n"
        "3;01.07.2026;31.07.2026;1,234.50\n4;31.06.2026;31.07.2026;1\n",
        mapping=COSTS,
    )

    assert done.rejected == 2
    assert [row[:3] for row in intake.rejected()] == [
        (3, "amount", "the number cannot be read"),
        (4, "from", "the date cannot be read"),
    ]
    assert intake.rows("SELECT period_start, period_end, amount, currency FROM costs") == [
        (date(2026, 7, 1), date(2026, 7, 31), 1234.5, "EUR"),
        (date(2026, 7, 1), date(2026, 7, 31), 12.0, "EUR"),
    ]


def test_a_row_without_moments_needs_no_times(intake: Intake) -> None:
    """A list of services has nothing to date."""
    intake.takes("name,tier,users\nMail,1,900\nPrint,3,\n", mapping=SERVICES)

    assert intake.rows("SELECT service, tier, users FROM services ORDER BY 1") == [
        ("Mail", 1, 900),
        ("Print", 3, None),
    ]


def test_another_mapping_reads_everything_anew(intake: Intake) -> None:
    """What was kept raw is read again when the mapping says more."""
    lean = APPROVALS.replace("  decision: said\n", "")
    intake.takes(HEAD + "1,INC1,01/07/2026 09:00,,Approved,A\n", mapping=lean)
    assert intake.rows("SELECT decision FROM approvals") == [(None,)]

    done = intake.takes(
        HEAD + "2,INC1,01/07/2026 09:00,,Approved,A\n", mapping=APPROVALS, name="b.csv"
    )
    assert done.notes
    assert intake.rows("SELECT decision FROM approvals") == [("Approved",), ("Approved",)]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("table: approvals", "table: aprovals", "Did you mean 'approvals'?"),
        ("  decision: said", "  decison: said", "fields: 'decison' is no field. Did you mean"),
        ("  approval_id: id\n", "", "table 'approvals' needs 'approval_id'"),
        ("  asked_at: asked\n", "", "table 'approvals' needs 'asked_at'"),
        ("table: approvals", "table: approvals\nshape: updates", "'shape' is for tickets"),
    ],
)
def test_a_wrong_mapping_says_what_and_the_nearest_word(before: str, after: str, told: str) -> None:
    """Every fault names the key."""
    with pytest.raises(MappingWrong, match=told.replace("?", r"\?").replace("'", ".")):
        parse_mapping(APPROVALS.replace(before, after), "m.yaml")


def test_what_a_mapping_says_of_its_records() -> None:
    """Its stream, key, persons and fields by type."""
    approvals, tickets = parse_mapping(APPROVALS, "a"), parse_mapping(MAPPING, "t")

    assert (approvals.stream, tickets.stream) == ("desk/approvals", "desk")
    assert (approvals.key, tickets.key) == (("approval_id",), ("ticket_id",))
    assert approvals.person_columns == ("boss",)
    assert approvals.fields_of("instant") == ("asked_at", "decided_at")
    assert tickets.fields_of("instant", "yes_no") == ("updated_at",)
    assert "QUALIFY" in related_sql(approvals, "raw")
