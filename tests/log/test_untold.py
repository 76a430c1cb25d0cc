"""What a list of tickets does not tell is no number: not nought, and not known."""

from collections.abc import Iterator

import pytest

from opsgauge.foundation.errors import ColumnsMissing
from opsgauge.metrics.question import Question
from opsgauge.operations.check import check
from opsgauge.operations.measure import measure
from tests.conftest import Intake

LIST = """
source: listed
shape: tickets
ticket_id: number
times: {zone: UTC}
fields: {opened_at: opened, resolved_at: resolved, closed_at: closed, original_status: state, team: team, assignee: who}
phases: {Work: in_progress, Wait: pending_user, Shut: closed}
"""  # noqa: E501 - as a mapping is written
OWN = LIST.replace("listed", "counted").replace(
    "who}", "who, reopen_count: again, handoff_count: moves, assigned_at: given}"
)
HEADER = "number,opened,resolved,closed,state,team,who"
ROWS = [
    "L1,2026-01-05 08:00,2026-01-05 12:00,2026-01-06 08:00,Shut,A,ann",
    "L2,2026-01-05 09:00,,,Wait,B,bob",
]
# Two tickets of a log: one was handed over and reopened, one was not.
LOG = """number,at,state,team,who
U1,2026-01-05 08:00,New,A,
U1,2026-01-05 09:00,Work,A,ann
U1,2026-01-05 10:00,Wait,B,ann
U1,2026-01-05 11:00,Done,B,ann
U1,2026-01-05 12:00,Work,B,ann
U1,2026-01-05 13:00,Done,B,ann
U2,2026-01-05 08:00,New,A,
U2,2026-01-05 09:00,Work,A,bob
U2,2026-01-05 10:00,Done,A,bob
"""
UNTOLD = (
    *("reopen_count", "handoff_count", "assigned_at", "first_response_at", "first_team"),
    *("history_reopen_count", "history_handoff_count", "history_assigned_at", "life_us"),
    *("history_first_response_at", "pending_us", "pending_user_us"),
    *("first_human_response_at", "first_automatic_response_at", "first_response_automatic"),
)
WITHHELD = (
    *("reopened_share", "reassigned_share", "first_assignment_resolution_share"),
    *("handoffs_per_ticket", "updates_per_ticket", "pending_share", "pending_user_time"),
    *("time_to_assign", "time_to_first_response", "response_after_assignment", "time_to_repair"),
    *("cycle_time", "queue_time", "touch_time", "flow_efficiency"),
    "first_level_resolution_share",
)


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a workspace of a list alone."""
    intake = Intake(tmp_path_factory.mktemp("listed"))
    intake.takes("\n".join([HEADER, *ROWS]), mapping=LIST)
    yield intake
    intake.close()


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a workspace of a list and of a log of updates."""
    intake = Intake(tmp_path_factory.mktemp("mixed"))
    intake.takes("\n".join([HEADER, *ROWS]), mapping=LIST)
    intake.takes(LOG)
    yield intake
    intake.close()


def test_a_list_leaves_empty_what_only_updates_tell(listed: Intake) -> None:
    """Neither nought, nor the moment of the opening."""
    assert listed.ticket("L1", *UNTOLD) == (None,) * len(UNTOLD)
    asked = "SELECT DISTINCT reopen_count, handoff_count FROM history"
    assert listed.rows(asked) == [(None, None)]


@pytest.mark.parametrize("metric", WITHHELD)
def test_a_number_that_a_list_cannot_give_is_withheld(listed: Intake, metric: str) -> None:
    """With what is missing, and what would tell it."""
    with pytest.raises(ColumnsMissing) as wrong:
        measure(listed.context, Question(metric))

    assert "the records hold no" in wrong.value.message
    assert "docs/guides/mapping.md" in wrong.value.hint


def test_a_column_that_no_mapping_fills_is_not_asked_for(listed: Intake) -> None:
    """No column of a list could be mapped to the time that a ticket waited."""
    with pytest.raises(ColumnsMissing) as wrong:
        measure(listed.context, Question("pending_user_time"))

    assert "import a log of updates or of changes" in wrong.value.hint


@pytest.mark.parametrize(
    ("metric", "value", "n"),
    [("tickets_opened", 2, 2), ("time_to_resolve", 4, 1), ("time_to_close", 24, 1)],
)
def test_what_a_list_does_tell_is_measured(
    listed: Intake, metric: str, value: float, n: int
) -> None:
    """Its moments are known."""
    [found] = measure(listed.context, Question(metric)).rows

    assert (found.value, found.n) == (value, n)


@pytest.mark.parametrize(
    ("metric", "value", "n"),
    [
        ("reopened_share", 0.5, 2),
        ("reassigned_share", 0.5, 2),
        ("first_assignment_resolution_share", 0.5, 2),
        ("first_level_resolution_share", 0.5, 2),
        ("handoffs_per_ticket", 0.5, 2),
        ("updates_per_ticket", 4.5, 2),
        ("pending_user_time", 1, 1),
        ("time_to_assign", 1, 2),
        ("time_to_first_response", 1, 2),
        ("queue_time", 1, 2),
        ("touch_time", 1.5, 2),
        ("tickets_opened", 4, 4),
    ],
)
def test_beside_a_log_the_tickets_of_a_list_are_left_out(
    mixed: Intake, metric: str, value: float, n: int
) -> None:
    """The number is that of the log alone."""
    [found] = measure(mixed.context, Question(metric)).rows

    assert (found.value, found.n) == (value, n)


def test_columns_of_its_own_are_what_a_list_tells(intake: Intake) -> None:
    """Also where they say nothing of one ticket."""
    own = [f"{ROWS[0].replace('L1', 'O1')},2,1,2026-01-05 08:30", f"{ROWS[1]},,,"]
    intake.takes("\n".join([f"{HEADER},again,moves,given", *own]), mapping=OWN)
    asked = "reopen_count, handoff_count, strftime(assigned_at, '%H:%M'), first_team"

    assert intake.rows(f"SELECT {asked} FROM tickets ORDER BY 1") == [
        (2, 1, "08:30", None),
        (None, None, None, None),
    ]
    found = {each.id: each for each in check(intake.context).checks}["reopen_against_history"]
    assert (found.state, found.count) == ("pass", 0)
    assert "Not compared" in found.words
