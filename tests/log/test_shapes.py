"""The three shapes of source, on files where each interval can be checked by eye."""

import pytest

from opsgauge.operations.check import check
from tests.conftest import Intake

# --- a row per ticket ---------------------------------------------------------------------------

TICKETS = """
source: desk
shape: tickets
ticket_id: number
times: {zone: UTC}
fields:
  opened_at: opened
  assigned_at: assigned
  first_response_at: answered
  resolved_at: resolved
  closed_at: closed
  updated_at: updated
  original_status: state
  team: team
  priority: prio
phases: {New: new, Work: in_progress, Wait: pending_user, Done: resolved, Shut: closed}
"""
TICKETS_HEADER = "number,opened,assigned,answered,resolved,closed,updated,state,team,prio\n"
DAY = "2026-01-05 "


def snapshot(*moments: str, state: str, team: str = "A", prio: str = "3") -> str:
    """Return the row of INC1: six moments of the day in the order of the header; "-" is none."""
    written = ",".join("" if moment == "-" else DAY + moment for moment in moments)
    return f"INC1,{written},{state},{team},{prio}\n"


def test_a_tickets_moments_become_its_updates(intake: Intake) -> None:
    """Each begins the phase it stands for; the state comes last."""
    row = snapshot("08:00", "08:10", "08:30", "10:00", "11:00", "11:00", state="Shut")
    intake.takes(TICKETS_HEADER + row, mapping=TICKETS)

    assert intake.history("INC1", "phase", "original_status", "activity", "passage") == [
        (1, "05 08:00", "05 08:10", "new", None, "new", "created"),
        (2, "05 08:10", "05 08:30", "assigned", None, "assigned", None),
        (3, "05 08:30", "05 10:00", "in_progress", None, "in_progress", None),
        (4, "05 10:00", "05 11:00", "resolved", None, "resolved", "resolved"),
        (5, "05 11:00", "05 11:00", "closed", None, "closed", None),
        (6, "05 11:00", None, "closed", "Shut", "Shut", None),
    ]
    assert intake.ticket("INC1", "phase", "original_status", "open") == ("closed", "Shut", False)


def test_moments_that_are_missing_are_left_out(intake: Intake) -> None:
    """A ticket somebody works on: opened, then in the state it stands in, since its update."""
    row = snapshot("08:00", "-", "-", "-", "-", "09:30", state="Wait")
    intake.takes(TICKETS_HEADER + row, mapping=TICKETS)

    assert intake.history("INC1", "phase", "original_status") == [
        (1, "05 08:00", "05 09:30", "new", None),
        (2, "05 09:30", None, "pending_user", "Wait"),
    ]


def test_a_state_without_its_own_moment_holds_since_the_latest(intake: Intake) -> None:
    """The export names no update: the state is not older than the last thing that is known."""
    row = snapshot("08:00", "-", "08:30", "-", "-", "-", state="Wait")
    intake.takes(TICKETS_HEADER + row, mapping=TICKETS)

    assert intake.history("INC1", "phase", "original_status") == [
        (1, "05 08:00", "05 08:30", "new", None),
        (2, "05 08:30", "05 08:30", "in_progress", None),
        (3, "05 08:30", None, "pending_user", "Wait"),
    ]


def test_a_later_export_adds_what_is_new(intake: Intake) -> None:
    """Monday's export, then Tuesday's: what both tell counts once, the rest follows."""
    monday = snapshot("08:00", "08:10", "-", "-", "-", "09:00", state="Wait")
    tuesday = snapshot("08:00", "08:10", "-", "10:00", "-", "10:00", state="Done", team="B")
    intake.takes(TICKETS_HEADER + monday, mapping=TICKETS)
    before = intake.history("INC1", "phase", "original_status", "team")
    done = intake.takes(TICKETS_HEADER + tuesday, mapping=TICKETS)

    assert before == [
        (1, "05 08:00", "05 08:10", "new", None, "A"),
        (2, "05 08:10", "05 09:00", "assigned", None, "A"),
        (3, "05 09:00", None, "pending_user", "Wait", "A"),
    ]
    assert (done.accepted, done.tickets_touched) == (1, 1)
    assert intake.history("INC1", "phase", "original_status", "team") == [
        (1, "05 08:00", "05 08:10", "new", None, "A"),
        (2, "05 08:10", "05 09:00", "assigned", None, "A"),
        (3, "05 09:00", "05 10:00", "pending_user", "Wait", "A"),
        (4, "05 10:00", "05 10:00", "resolved", None, "B"),
        (5, "05 10:00", None, "resolved", "Done", "B"),
    ]
    assert intake.ticket("INC1", "team", "update_count") == ("B", 5)


def test_a_ticket_found_open_again_was_reopened(intake: Intake) -> None:
    """Resolved in one export, in work in the next, resolved again in the third."""
    for row in (
        snapshot("08:00", "-", "-", "09:00", "-", "09:00", state="Done"),
        snapshot("08:00", "-", "-", "-", "-", "10:00", state="Work"),
        snapshot("08:00", "-", "-", "11:00", "-", "11:00", state="Done"),
    ):
        intake.takes(TICKETS_HEADER + row, mapping=TICKETS)

    assert intake.history("INC1", "phase", "passage") == [
        (1, "05 08:00", "05 09:00", "new", "created"),
        (2, "05 09:00", "05 09:00", "resolved", "resolved"),
        (3, "05 09:00", "05 10:00", "resolved", None),
        (4, "05 10:00", "05 11:00", "in_progress", "reopened"),
        (5, "05 11:00", "05 11:00", "resolved", "resolved"),
        (6, "05 11:00", None, "resolved", None),
    ]
    assert intake.ticket("INC1", "history_reopen_count", "strftime(resolved_at, '%H:%M')") == (
        *(1, "11:00"),
    )


def test_an_export_of_two_columns_is_enough(intake: Intake) -> None:
    """A number and when it was opened; more is not asked for."""
    mapping = "source: desk\nshape: tickets\nticket_id: n\nfields: {opened_at: o}\n"
    intake.takes("n,o\nINC1,2026-01-05T08:00:00Z\nINC2,\n", mapping=mapping)

    assert intake.history("INC1", "phase", "activity", "open") == [
        (1, "05 08:00", None, "new", "new", True)
    ]
    assert intake.rejected() == [(2, "o", "the moment is missing", None)]


def test_the_phase_of_a_state_is_that_of_its_own_day(intake: Intake) -> None:
    """Where words changed their meaning, a ticket opened before and updated after is read anew."""
    mapping = TICKETS.replace(
        "phases: {", "phases: [{from: 2026-01-06, words: {Wait: pending_vendor}}, {words: {"
    ).replace("Shut: closed}", "Shut: closed}}]")
    row = snapshot("08:00", "-", "-", "-", "-", "-", state="Wait")
    later = row.replace("-05 08:00,,,,,,", "-05 08:00,,,,,2026-01-07 09:00,").replace(
        "INC1", "INC2"
    )
    intake.takes(TICKETS_HEADER + row + later, mapping=mapping)

    assert intake.ticket("INC1", "phase") == ("pending_user",)
    assert intake.ticket("INC2", "phase") == ("pending_vendor",)


def test_a_moment_after_the_update_takes_no_state_away(intake: Intake) -> None:
    """Each field has a clock of its own: assigned an hour after the last update, it still waits."""
    row = snapshot("08:00", "10:00", "-", "-", "-", "09:00", state="Wait")
    intake.takes(TICKETS_HEADER + row, mapping=TICKETS)

    assert intake.history("INC1", "phase", "original_status") == [
        (1, "05 08:00", "05 10:00", "new", None),
        (2, "05 10:00", "05 10:00", "assigned", None),
        (3, "05 10:00", None, "pending_user", "Wait"),
    ]
    assert intake.ticket("INC1", "phase", "original_status", "open") == (
        *("pending_user", "Wait", True),
    )


@pytest.mark.parametrize("closed", ["-", "10:00"])
def test_an_answer_after_the_end_reopens_nothing(intake: Intake, closed: str) -> None:
    """The row says that it is done; its own moment of resolution stands, and the check sees it."""
    state = "Done" if closed == "-" else "Shut"
    row = snapshot("08:00", "-", "12:00", "09:00", closed, "09:30", state=state)
    intake.takes(TICKETS_HEADER + row, mapping=TICKETS)

    resolved = ("strftime(resolved_at, '%H:%M')", "strftime(history_resolved_at, '%H:%M')")
    assert intake.ticket("INC1", "open", "original_status", *resolved) == (
        *(False, state, "09:00", "09:00"),
    )
    assert [passage for *_, passage in intake.history("INC1", "passage") if passage] == [
        *("created", "resolved"),
    ]
    assert intake.history("INC1", "phase")[-1][1:] == (
        *("05 12:00", None, "resolved" if closed == "-" else "closed"),
    )
    found = {each.id: each.count for each in check(intake.context).checks}
    assert found["response_after_end"] == 1


def test_an_answer_after_the_end_counts_where_the_ticket_is_open_again(intake: Intake) -> None:
    """Its old moment of resolution still stands there; the row says that somebody works on it."""
    row = snapshot("08:00", "-", "12:00", "09:00", "-", "12:30", state="Work")
    intake.takes(TICKETS_HEADER + row, mapping=TICKETS)

    assert intake.history("INC1", "phase", "passage") == [
        (1, "05 08:00", "05 09:00", "new", "created"),
        (2, "05 09:00", "05 12:00", "resolved", "resolved"),
        (3, "05 12:00", "05 12:30", "in_progress", "reopened"),
        (4, "05 12:30", None, "in_progress", None),
    ]
    assert intake.ticket("INC1", "open", "resolved_at") == (True, None)


def test_one_moment_of_two_exports_reopens_nothing_once_its_ticket_is_done(intake: Intake) -> None:
    """Monday's row calls it open, Tuesday's done since before that answer."""
    monday = snapshot("08:00", "-", "12:00", "-", "-", "09:00", state="Work")
    tuesday = snapshot("08:00", "-", "12:00", "11:00", "-", "11:00", state="Done", team="B")
    for row in (monday, tuesday):
        intake.takes(TICKETS_HEADER + row, mapping=TICKETS)

    assert intake.ticket("INC1", "open", "team", "history_reopen_count") == (False, "B", None)
    assert [row[1:] for row in intake.history("INC1", "passage") if row[-1]] == [
        ("05 08:00", "05 09:00", "created"),
        ("05 11:00", "05 12:00", "resolved"),
    ]


def test_a_blank_resolution_may_be_told_by_the_closing(intake: Intake) -> None:
    """Each is closed at 11:00: one resolved before, one not, one void; one was opened again."""
    mapping = TICKETS.replace("Shut: closed", "Shut: closed, Void: cancelled")
    rows = "".join(
        snapshot("08:00", "-", "-", resolved, closed, "11:30", state=state).replace("INC1", number)
        for number, resolved, closed, state in [
            ("INC1", "10:00", "11:00", "Shut"),
            ("INC2", "-", "11:00", "Shut"),
            ("INC3", "-", "11:00", "Void"),
            ("INC4", "-", "11:00", "Work"),
        ]
    )
    resolved = "SELECT strftime(resolved_at, '%H:%M') FROM tickets ORDER BY ticket_id"
    intake.takes(TICKETS_HEADER + rows, mapping=mapping)
    before = intake.rows(resolved)
    intake.takes(TICKETS_HEADER + rows, mapping=mapping + "closing_resolves: yes\n")
    with_own = intake.rows(resolved)
    left_out = mapping.replace("  resolved_at: resolved\n", "") + "closing_resolves: yes\n"
    intake.takes(TICKETS_HEADER + rows, mapping=left_out)

    assert before == [("10:00",), (None,), (None,), (None,)]
    assert with_own == [("10:00",), ("11:00",), (None,), (None,)]
    assert intake.rows(resolved) == [("11:00",), ("11:00",), (None,), (None,)]


def test_the_newer_of_two_rows_counts_where_a_moment_is_later_than_both(intake: Intake) -> None:
    """Both are dated by the same moment, so only their own updates tell them apart."""
    monday = snapshot("08:00", "12:00", "-", "-", "-", "09:00", state="Wait")
    tuesday = snapshot("08:00", "12:00", "-", "-", "-", "10:00", state="Wait", team="B", prio="1")
    for row in (monday, tuesday):
        intake.takes(TICKETS_HEADER + row, mapping=TICKETS)

    assert intake.ticket("INC1", "team", "priority") == ("B", "1")


# --- a row per field change ---------------------------------------------------------------------

CHANGES = """
source: desk
shape: changes
ticket_id: number
times: {zone: UTC}
fields: {updated_at: at, opened_at: opened, actor: by}
changes:
  field: field
  old: old
  new: new
  names: {State: original_status, Group: team, Owner: assignee, Prio: priority}
phases: {New: new, Work: in_progress, Wait: pending_user, Done: resolved}
"""
CHANGES_HEADER = "number,opened,at,by,field,old,new\n"


def changes(*lines: str, opened: str = "08:00") -> str:
    """Return rows of INC1 from lines such as "09:00 Ann State New Work"; "-" is nothing."""
    rows = []
    for line in lines:
        at, by, field, old, new = ("" if word == "-" else word for word in line.split(" "))
        rows.append(f"INC1,{DAY}{opened},{DAY}{at},{by},{field},{old},{new}\n")
    return "".join(rows)


def test_what_did_not_change_is_carried_forward(intake: Intake) -> None:
    """And before its first change a field held that change's old value."""
    rows = changes(
        "09:00 Ann State New Work",
        "10:00 Ann Group A B",
        "11:00 Bob Prio 3 1",
        "12:00 Bob State Work Done",
    )
    intake.takes(CHANGES_HEADER + rows, mapping=CHANGES)

    assert intake.history("INC1", "original_status", "phase", "team", "priority") == [
        (0, "05 08:00", "05 09:00", None, "new", None, "3"),
        (1, "05 09:00", "05 10:00", "Work", "in_progress", "A", "3"),
        (2, "05 10:00", "05 11:00", "Work", "in_progress", "B", "3"),
        (3, "05 11:00", "05 12:00", "Work", "in_progress", "B", "1"),
        (4, "05 12:00", None, "Done", "resolved", "B", "1"),
    ]


def test_before_the_first_change_the_old_value_held(intake: Intake) -> None:
    """The very first update raised the priority: until then it was the old one."""
    rows = changes("09:00 Ann Prio 3 1", "10:00 Ann Prio 1 2")
    intake.takes(CHANGES_HEADER + rows, mapping=CHANGES)

    assert intake.history("INC1", "priority") == [
        (0, "05 08:00", "05 09:00", "3"),
        (1, "05 09:00", "05 10:00", "1"),
        (2, "05 10:00", None, "2"),
    ]


def test_fields_changed_at_one_moment_by_one_person_are_one_update(intake: Intake) -> None:
    """Ann saved a form with three changes; Bob's change of the same minute is his own."""
    rows = changes(
        "09:00 Ann State New Work",
        "09:00 Ann Group A B",
        "09:00 Ann Prio 3 1",
        "09:00 Bob Group B C",
    )
    intake.takes(CHANGES_HEADER + rows, mapping=CHANGES)

    assert intake.history("INC1", "original_status", "team", "priority")[1:] == [
        (1, "05 09:00", "05 09:00", "Work", "B", "1"),
        (2, "05 09:00", None, "Work", "C", "1"),
    ]


def test_one_update_holds_all_its_changes_whatever_the_order_of_the_file(intake: Intake) -> None:
    """The tool writes the newest first, and numbers its changes."""
    mapping = CHANGES.replace("fields:", "order: [n]\nfields:")
    lines = ["09:00 Ann State New Work", "09:00 Ann Group A B", "09:00 Ann Prio 3 1"]
    rows = [f"{row},{n}" for n, row in enumerate(changes(*lines).splitlines())]
    text = CHANGES_HEADER.strip() + ",n\n" + "\n".join(reversed(rows)) + "\n"
    intake.takes(text, mapping=mapping)

    assert intake.history("INC1", "original_status", "team", "priority")[1:] == [
        (1, "05 09:00", None, "Work", "B", "1")
    ]


def test_a_value_may_be_cleared(intake: Intake) -> None:
    """Taken from a team and given to nobody; then to another."""
    rows = changes("09:00 Ann Group A -", "10:00 Ann State New Work", "11:00 Ann Group - B")
    intake.takes(CHANGES_HEADER + rows, mapping=CHANGES)

    assert intake.history("INC1", "team")[1:] == [
        (1, "05 09:00", "05 10:00", None),
        (2, "05 10:00", "05 11:00", None),
        (3, "05 11:00", None, "B"),
    ]


def test_a_field_that_was_empty_at_first_is_empty_before(intake: Intake) -> None:
    """Its first change has no old value."""
    rows = changes("09:00 Ann State New Work", "10:00 Ann Group - B")
    intake.takes(CHANGES_HEADER + rows, mapping=CHANGES)

    assert intake.history("INC1", "team")[1:] == [
        (1, "05 09:00", "05 10:00", None),
        (2, "05 10:00", None, "B"),
    ]


def test_a_column_tells_what_no_change_does(intake: Intake) -> None:
    """The priority stands in every row and never changes; the team does, so its changes count."""
    mapping = CHANGES.replace("actor: by}", "actor: by, priority: prio, team: team}")
    rows = changes("09:00 Ann State New Work", "10:00 Ann Group A B")
    text = CHANGES_HEADER.strip() + ",prio,team\n"
    text += "".join(f"{row},2,B\n" for row in rows.splitlines())
    intake.takes(text, mapping=mapping)

    assert intake.history("INC1", "priority", "team") == [
        (0, "05 08:00", "05 09:00", "2", None),
        (1, "05 09:00", "05 10:00", "2", "A"),
        (2, "05 10:00", None, "2", "B"),
    ]


def test_changes_of_fields_the_mapping_does_not_name_are_updates_all_the_same(
    intake: Intake,
) -> None:
    """Somebody wrote a comment: nothing that is kept changed, but the ticket was touched."""
    rows = changes("09:00 Ann State New Work", "10:00 Bob Comment - hello")
    intake.takes(CHANGES_HEADER + rows, mapping=CHANGES)

    assert intake.history("INC1", "original_status")[1:] == [
        (1, "05 09:00", "05 10:00", "Work"),
        (2, "05 10:00", None, "Work"),
    ]


def test_names_of_fields_are_known_in_any_case(intake: Intake) -> None:
    """Tools write `State` and `state`."""
    rows = changes("09:00 Ann STATE New Work", "10:00 Ann state Work Done")
    intake.takes(CHANGES_HEADER + rows, mapping=CHANGES)

    assert [row[-1] for row in intake.history("INC1", "phase")] == [
        "new",
        "in_progress",
        "resolved",
    ]


def test_a_change_without_a_field_is_rejected(intake: Intake) -> None:
    """It does not say what changed."""
    rows = changes("09:00 Ann - New Work", "10:00 Ann State New Work")
    intake.takes(CHANGES_HEADER + rows, mapping=CHANGES)

    assert intake.rejected() == [(1, "field", "the changed field has no name", None)]
    assert len(intake.history("INC1")) == 2


def test_later_changes_carry_on_from_earlier_files(intake: Intake) -> None:
    """A week's export holds only that week's changes."""
    for line in ("09:00 Ann Group A B", "10:00 Ann State New Work", "11:00 Bob Prio 3 1"):
        intake.takes(CHANGES_HEADER + changes(line), mapping=CHANGES)

    assert intake.history("INC1", "team", "original_status", "priority") == [
        (0, "05 08:00", "05 09:00", None, None, "3"),
        (1, "05 09:00", "05 10:00", "B", "New", "3"),
        (2, "05 10:00", "05 11:00", "B", "Work", "3"),
        (3, "05 11:00", None, "B", "Work", "1"),
    ]


# --- a row per update ---------------------------------------------------------------------------

LOG = """
source: desk
shape: updates
ticket_id: number
times: {zone: UTC}
fields: {updated_at: at, original_status: state, team: team, priority: prio}
phases: {New: new, Work: in_progress, Done: resolved}
"""


def test_a_blank_keeps_the_last_word_where_the_mapping_says_so(intake: Intake) -> None:
    """The priority is carried, also over a later file; the team is not, so it is gone."""
    head = "number,at,state,team,prio\n"
    first = f"INC1,{DAY}08:00,New,A,\nINC1,{DAY}09:00,Work,A,2\nINC2,{DAY}08:30,New,B,4\n"
    later = f"INC1,{DAY}10:00,Done,,\nINC1,{DAY}11:00,Done,B,1\n"
    for text in (head + first, head + later):
        intake.takes(text, mapping=LOG + "carry: [priority]\n")

    assert intake.history("INC1", "team", "priority") == [
        (1, "05 08:00", "05 09:00", "A", None),
        (2, "05 09:00", "05 10:00", "A", "2"),
        (3, "05 10:00", "05 11:00", None, "2"),
        (4, "05 11:00", None, "B", "1"),
    ]
