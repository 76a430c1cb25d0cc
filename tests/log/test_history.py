"""Updates become intervals: a ticket is in one state at any moment, and nothing counts twice."""

from collections.abc import Iterable

import pytest

from tests.conftest import MAPPING, Intake

WITH_OPENING = MAPPING.replace("  team: team\n", "  team: team\n  opened_at: opened\n")
HEADER = "number,at,state,team,who,opened\n"
HOUR = 3_600_000_000


def updates(*lines: str, opened: str = "", ticket: str = "INC1") -> str:
    """Return rows of a ticket from lines such as "08:00 New A" of 5 January; "-" is nothing."""
    rows = []
    for line in lines:
        at, state, team = (line.replace("-", "") + " A").split(" ")[:3]
        when = f"2026-01-05 {opened}" if opened else ""
        rows.append(f"{ticket},2026-01-05 {at},{state},{team},,{when}\n")
    return "".join(rows)


def after(intake: Intake, rows: str, *columns: str, mapping: str = WITH_OPENING) -> list[object]:
    """Import rows and return the intervals of INC1."""
    intake.takes(HEADER + rows, mapping=mapping)
    return list(intake.history("INC1", *columns))


@pytest.mark.row("ING-02")
def test_each_update_lasts_until_the_next(intake: Intake) -> None:
    """The last one lasts still."""
    rows = updates("08:00 New A", "09:00 Work B", "10:30 Done B")

    assert after(intake, rows, "phase", "team", "open", "elapsed_us / 3600000000") == [
        (1, "05 08:00", "05 09:00", "new", "A", True, 1.0),
        (2, "05 09:00", "05 10:30", "in_progress", "B", True, 1.5),
        (3, "05 10:30", None, "resolved", "B", False, None),
    ]


@pytest.mark.row("ING-02")
def test_an_opening_interval_stands_before_a_later_first_update(intake: Intake) -> None:
    """Seq 0, phase new, its team and state unknown."""
    rows = updates("08:00 Work A", "09:00 Done A", opened="07:15")

    assert after(intake, rows, "phase", "team", "original_status", "passage") == [
        (0, "05 07:15", "05 08:00", "new", None, None, "created"),
        (1, "05 08:00", "05 09:00", "in_progress", "A", "Work", None),
        (2, "05 09:00", None, "resolved", "A", "Done", "resolved"),
    ]
    assert intake.ticket("INC1", "update_count", "strftime(opened_at, '%H:%M')") == (2, "07:15")


@pytest.mark.parametrize("opened", ["08:00", "08:30"])
def test_no_opening_interval_where_the_first_update_opens_it(intake: Intake, opened: str) -> None:
    """Opened at its first update, or, by a slip, after it."""
    rows = updates("08:00 New A", "09:00 Work A", opened=opened)

    assert after(intake, rows, "passage") == [
        (1, "05 08:00", "05 09:00", "created"),
        (2, "05 09:00", None, None),
    ]


@pytest.mark.parametrize(
    ("opened", "since"), [("08:00", "05 08:00"), ("07:00", "05 07:00"), ("09:00", "05 08:00")]
)
def test_a_ticket_that_comes_in_done_is_created_before_it_is_resolved(
    intake: Intake, opened: str, since: str
) -> None:
    """By an opening interval that may have no length, so that the backlog adds up."""
    rows = updates("08:00 Done A", opened=opened)

    assert after(intake, rows, "passage", "open") == [
        (0, since, "05 08:00", "created", True),
        (1, "05 08:00", None, "resolved", False),
    ]


def test_time_never_runs_backwards(intake: Intake) -> None:
    """An update dated before the one it follows starts where that one did, and says how far.

    In the order of the tool's own count:  1 08:00   2 10:00   3 09:15   4 11:00
    """
    mapping = WITH_OPENING.replace("fields:", "order: [opened]\nfields:").replace(
        "  opened_at: opened\n", ""
    )
    rows = "".join(
        f"INC1,2026-01-05 {at},{state},A,,{count}\n"
        for at, state, count in [
            ("11:00", "Done", 4),
            ("08:00", "New", 1),
            ("09:15", "Wait", 3),
            ("10:00", "Work", 2),
        ]
    )

    assert after(intake, rows, "phase", "moved_us", mapping=mapping) == [
        (1, "05 08:00", "05 10:00", "new", None),
        (2, "05 10:00", "05 10:00", "in_progress", None),
        (3, "05 10:00", "05 11:00", "pending_user", 45 * HOUR // 60),
        (4, "05 11:00", None, "resolved", None),
    ]


def test_the_order_is_by_number_not_by_letter(intake: Intake) -> None:
    """10 comes after 9; a row without a number comes last."""
    mapping = MAPPING.replace("fields:", "order: [opened]\nfields:")
    rows = "".join(
        f"INC1,2026-01-05 08:00,{state},A,,{count}\n"
        for state, count in [("Void", ""), ("Done", 10), ("Work", 9), ("New", 8)]
    )

    assert after(intake, rows, "original_status", mapping=mapping) == [
        (1, "05 08:00", "05 08:00", "New"),
        (2, "05 08:00", "05 08:00", "Work"),
        (3, "05 08:00", "05 08:00", "Done"),
        (4, "05 08:00", None, "Void"),
    ]
    assert intake.ticket("INC1", "original_status") == ("Void",)


def test_updates_of_one_moment_keep_the_order_of_the_file(intake: Intake) -> None:
    """Rows of no length are kept: each was a step."""
    rows = updates("08:00 New A", "08:00 Work B", "08:00 Wait A", "09:00 Done A")

    assert after(intake, rows, "original_status") == [
        (1, "05 08:00", "05 08:00", "New"),
        (2, "05 08:00", "05 08:00", "Work"),
        (3, "05 08:00", "05 09:00", "Wait"),
        (4, "05 09:00", None, "Done"),
    ]


def test_each_interval_names_what_came_next(intake: Intake) -> None:
    """The opening interval does not: it is no step."""
    rows = updates("08:00 New A", "09:00 Work B", "10:00 Done B", opened="07:00")

    assert after(intake, rows, "next_activity", "next_phase", "next_status", "next_team") == [
        (0, "05 07:00", "05 08:00", None, None, None, None),
        (1, "05 08:00", "05 09:00", "Work", "in_progress", "Work", "B"),
        (2, "05 09:00", "05 10:00", "Done", "resolved", "Done", "B"),
        (3, "05 10:00", None, None, None, None, None),
    ]


@pytest.mark.row("ING-04")
def test_a_word_without_a_phase_changes_nothing_in_the_backlog(intake: Intake) -> None:
    """Whether a ticket is open is said by its last known phase, and the word is counted."""
    done = intake.takes(HEADER + updates("08:00 New", "09:00 Odd", "10:00 Done", "11:00 Odd"))

    assert done.unmapped == {"original_status": {"Odd": 2}}
    assert intake.history("INC1", "phase", "open", "passage") == [
        (1, "05 08:00", "05 09:00", "new", True, "created"),
        (2, "05 09:00", "05 10:00", None, True, None),
        (3, "05 10:00", "05 11:00", "resolved", False, "resolved"),
        (4, "05 11:00", None, None, False, None),
    ]
    assert intake.ticket("INC1", "phase", "open", "original_status") == (None, False, "Odd")


PASSAGES = {
    "New Work Done": "created - resolved",
    "New Done Shut": "created resolved -",
    "New Done Work Done Shut": "created resolved reopened resolved -",
    "New Shut": "created closed_unresolved",
    "New Void": "created cancelled",
    "New Shut Done": "created closed_unresolved -",
    "New Void New Done": "created cancelled reopened resolved",
    "New Done Shut New": "created resolved - reopened",
    "New Done Odd Work": "created resolved - reopened",
    "Odd Done": "created resolved",
    "New New New": "created - -",
}


def test_passages_into_and_out_of_the_backlog(intake: Intake) -> None:
    """From open to done and back; a step between two ways of being done is none."""
    rows = ""
    for ticket, states in enumerate(PASSAGES):
        lines = [f"{8 + hour:02}:00 {state}" for hour, state in enumerate(states.split())]
        rows += updates(*lines, ticket=f"INC{ticket}")
    intake.takes(HEADER + rows)

    told = dict(
        intake.rows(
            "SELECT string_agg(original_status, ' ' ORDER BY seq), "
            "string_agg(coalesce(passage, '-'), ' ' ORDER BY seq) FROM history GROUP BY ticket_id"
        )
    )
    assert told == PASSAGES


def test_a_closing_may_be_the_resolution(intake: Intake) -> None:
    """Said in the mapping, a ticket closed at once is resolved by that; a cancelled one never is.

    A ticket that was resolved before keeps that moment, unless it was reopened in between.
    """
    cases = {
        "New Shut": "09:00",
        "New Done Shut": "09:00",
        "New Shut Done": "09:00",
        "New Done Work Shut": "11:00",
        "New Void Shut": None,
        "New Void": None,
        "New Work": None,
    }
    rows = ""
    for ticket, states in enumerate(cases):
        lines = [f"{8 + hour:02}:00 {state}" for hour, state in enumerate(states.split())]
        rows += updates(*lines, ticket=f"INC{ticket}")
    intake.takes(HEADER + rows, mapping=MAPPING + "closing_resolves: yes\n")

    told = intake.rows(
        "SELECT ticket_id, strftime(resolved_at, '%H:%M'), strftime(history_resolved_at, '%H:%M') "
        "FROM tickets ORDER BY ticket_id"
    )
    assert told == [(f"INC{n}", at, at) for n, at in enumerate(cases.values())]
    [(closed,)] = intake.rows("SELECT count(*) FROM history WHERE passage = 'closed_unresolved'")
    assert closed == 0


def test_handoffs_are_changes_of_team(intake: Intake) -> None:
    """An unnamed team between two is no change; from A over nobody to B is one."""
    teams = ["A", "-", "A", "B", "B", "-", "C", "A"]
    lines = [f"{8 + hour:02}:00 Work {team}" for hour, team in enumerate(teams)]
    found = after(intake, updates(*lines, opened="07:00"), "handoff_count")

    assert [row[-1] for row in found if isinstance(row, tuple)] == [0, 0, 0, 0, 1, 1, 1, 2, 3]
    assert intake.ticket("INC1", "handoff_count", "history_handoff_count", "first_team") == (
        *(3, 3),
        "A",
    )


def test_the_sources_own_counts_win_and_the_historys_stand_beside(intake: Intake) -> None:
    """The tool says 5 reopenings and 7 handoffs; its history shows one of each."""
    mapping = MAPPING.replace(
        "  team: team\n", "  team: team\n  reopen_count: reopened\n  handoff_count: moved\n"
    )
    rows = "".join(
        f"INC1,2026-01-05 {at},{state},{team},,{reopened},{moved}\n"
        for at, state, team, reopened, moved in [
            ("08:00", "New", "A", 0, 0),
            ("09:00", "Done", "B", 0, 7),
            ("10:00", "Work", "B", 5, 7),
        ]
    )
    intake.takes("number,at,state,team,who,reopened,moved\n" + rows, mapping=mapping)

    assert intake.ticket(
        *("INC1", "reopen_count", "history_reopen_count", "handoff_count"), "history_handoff_count"
    ) == (5, 1, 7, 1)


def moments(intake: Intake, *names: str) -> dict[str, str | None]:
    """Return moments of INC1 as hours of the day."""
    asked = [f"strftime({name}, '%H:%M')" for name in names]
    return dict(zip(names, intake.ticket("INC1", *asked), strict=True))


def test_history_tells_the_moments_a_source_does_not(intake: Intake) -> None:
    """First person named, first response, last resolution, last closing."""
    rows = updates(
        "08:00 New", "08:30 Work", "09:00 Done", "10:00 Work", "11:00 Done", "12:00 Shut"
    )
    rows = rows.replace("09:00,Done,A,", "09:00,Done,A,Ann")
    after(intake, rows)

    assert moments(
        *(intake, "assigned_at", "first_response_at", "resolved_at", "closed_at"), "last_update_at"
    ) == {
        "assigned_at": "09:00",
        "first_response_at": "08:30",
        "resolved_at": "11:00",
        "closed_at": "12:00",
        "last_update_at": "12:00",
    }
    assert intake.ticket("INC1", "open", "reopen_count") == (False, 1)


def test_a_reopened_ticket_is_not_resolved(intake: Intake) -> None:
    """Until it is done again; the history's own moment stays on record."""
    after(intake, updates("08:00 New", "09:00 Done", "10:00 Work"))

    assert moments(intake, "resolved_at", "closed_at", "history_resolved_at") == {
        "resolved_at": None,
        "closed_at": None,
        "history_resolved_at": "09:00",
    }


def test_closing_is_the_moment_it_was_last_entered(intake: Intake) -> None:
    """Updates while it is closed do not move it; a ticket that comes in closed closed then."""
    after(intake, updates("08:00 Shut", "09:00 Work", "10:00 Shut", "11:00 Shut", "12:00 Shut"))

    assert moments(intake, "closed_at", "resolved_at") == {
        "closed_at": "10:00",
        "resolved_at": None,
    }


def test_a_field_of_the_source_wins_even_where_it_is_empty(intake: Intake) -> None:
    """What its history says stands beside it, for the check that compares both."""
    mapping = WITH_OPENING.replace("opened_at: opened", "resolved_at: opened")
    after(intake, updates("08:00 New", "09:00 Done"), mapping=mapping)

    assert moments(intake, "resolved_at", "history_resolved_at") == {
        "resolved_at": None,
        "history_resolved_at": "09:00",
    }


def test_lives_and_waits_add_up(intake: Intake) -> None:
    """Open time, and of it the time in pending phases; time after the end is neither.

    opened 07:00  New 08:00  Wait 09:00  Work 11:00  Done 12:00  Wait 13:00  Done 13:30
    """
    lines = ["08:00 New", "09:00 Wait", "11:00 Work", "12:00 Done", "13:00 Wait", "13:30 Done"]
    after(intake, updates(*lines, opened="07:00"))

    hours = [f"{name} / {HOUR}.0" for name in ("life_us", "pending_us", "pending_user_us")]
    assert intake.ticket("INC1", *hours) == (5.5, 2.5, 2.5)


def variants(intake: Intake, tickets: Iterable[tuple[str, ...]], **options: str) -> list[str]:
    """Import tickets of these lines; return the hash of each path of states."""
    rows = "".join(updates(*lines, ticket=f"INC{n}", **options) for n, lines in enumerate(tickets))
    intake.takes(HEADER + rows, mapping=WITH_OPENING)
    return [
        str(variant)
        for (variant,) in intake.rows(
            "SELECT variant_original_status FROM tickets ORDER BY ticket_id"
        )
    ]


def test_equal_paths_have_one_variant_and_others_another(intake: Intake) -> None:
    """When they were walked does not matter; order, repeats and missing words do."""
    found = variants(
        intake,
        [
            ("08:00 New", "09:00 Work", "10:00 Done"),
            ("18:00 New", "18:00 Work", "23:00 Done"),
            ("08:00 New", "09:00 Done", "10:00 Work"),
            ("08:00 New", "09:00 Work", "10:00 Work", "11:00 Done"),
            ("08:00 New", "09:00 -", "10:00 Work", "11:00 Done"),
            ("08:00 NewWork", "09:00 Done"),
            ("08:00 New", "09:00 WorkDone"),
        ],
    )

    assert found[0] == found[1]
    assert len(set(found)) == 6


def test_the_opening_interval_is_no_part_of_a_path(intake: Intake, make_intake: object) -> None:
    """The same updates, with and without a wait before the first."""
    assert callable(make_intake)
    path = [("08:00 New", "09:00 Work")]

    assert variants(intake, path) == variants(make_intake(), path, opened="06:00")


def test_a_person_and_a_team_stay_until_they_change(intake: Intake) -> None:
    """As the source's rows say: an empty field is nobody."""
    rows = "".join(
        f"INC1,2026-01-05 {at},Work,A,{who},\n"
        for at, who in [("08:00", "Ann"), ("09:00", ""), ("10:00", "Bob"), ("11:00", "Ann")]
    )
    found = after(intake, rows, "assignee")

    people = [row[-1] for row in found if isinstance(row, tuple)]
    assert people[0] == people[3]
    assert people[1] is None
    assert people[2] not in (None, people[0])


@pytest.mark.row("ING-02")
def test_a_ticket_open_again_is_not_resolved(intake: Intake) -> None:
    """Some tools leave the old moment of resolution standing when a ticket is reopened.

    INC1 was solved on the 6th and is in work again; INC2 is solved for good.
    """
    mapping = """
source: desk
shape: tickets
ticket_id: number
times: {zone: UTC}
fields: {opened_at: opened, resolved_at: solved, updated_at: updated, original_status: state}
phases: {Open: in_progress, Solved: resolved}
"""
    intake.takes(
        "number,opened,solved,updated,state\n"
        "INC1,2026-01-05 08:00,2026-01-06 08:00,2026-01-07 08:00,Open\n"
        "INC2,2026-01-05 08:00,2026-01-06 08:00,2026-01-06 08:00,Solved\n",
        mapping=mapping,
    )
    assert intake.ticket("INC1", "open", "resolved_at", "history_resolved_at IS NULL") == (
        True,
        None,
        False,
    )
    assert intake.ticket("INC2", "open", "resolved_at IS NULL") == (False, False)
