"""A changed field is in clear only where the mapping names it, and names nobody by it."""

from pathlib import Path

import pytest

from tests.conftest import Intake

MAPPING = """
source: desk
shape: changes
ticket_id: number
times: {zone: UTC}
fields: {updated_at: at}
changes:
  field: field
  old: old
  new: new
  names: {State: original_status}
phases: {New: new, Work: in_progress}
"""
NAMED = MAPPING.replace("{State:", "{Kind: category, State:")
AS_A_PERSON = MAPPING.replace("{State:", "{Kind: assignee, State:")
HEADER = "number,at,field,old,new\n"
ROWS = (
    "INC1,2026-01-05 08:00,State,,New\n"
    "INC1,2026-01-05 09:00,Kind,Mail,Print\n"
    "INC1,2026-01-05 10:00,State,New,Work\n"
    "INC1,2026-01-05 11:00,kind,Print,\n"
    "INC1,2026-01-05 12:00,Kind,,Disk\n"
)
KINDS = ["Mail", "Print", "Print", None, "Disk"]  # after each update


def kinds(intake: Intake) -> list[object]:
    """Return the category after each update."""
    return [row[-1] for row in intake.history("INC1", "category")]


@pytest.mark.row("ING-16")
def test_fields_without_a_name_are_told(intake: Intake) -> None:
    """With how often each changed, in the spelling of the file."""
    [note] = intake.takes(HEADER + ROWS, mapping=MAPPING).notes

    assert "'Kind' 2 times, 'kind' 1 times" in note
    assert "import the file again" in note


@pytest.mark.row("ING-16")
def test_a_field_named_later_is_not_known_until_the_file_comes_again(intake: Intake) -> None:
    """Its values were hidden; then they are there, and only those records are new."""
    intake.takes(HEADER + ROWS, mapping=MAPPING)
    again = "INC2,2026-01-05 08:00,State,,New\n"
    intake.takes(HEADER + again, mapping=NAMED)
    assert kinds(intake) == [None] * 5

    done = intake.takes(HEADER + ROWS, mapping=NAMED)

    assert (done.accepted, done.duplicate) == (3, 2)
    assert kinds(intake) == KINDS
    assert intake.rows("SELECT update_count FROM tickets WHERE ticket_id = 'INC1'") == [(5,)]
    assert intake.takes(HEADER + ROWS, mapping=NAMED).accepted == 0
    assert intake.takes(HEADER + ROWS, mapping=MAPPING).accepted == 0
    assert intake.takes(HEADER + ROWS, mapping=NAMED).accepted == 0
    assert kinds(intake) == KINDS


@pytest.mark.row("ING-16")
def test_what_came_hidden_is_no_value_of_the_time_before(intake: Intake) -> None:
    """A change in clear says what held before it, but not what held before a hidden one."""
    intake.takes(HEADER + ROWS, mapping=MAPPING)
    intake.takes(HEADER + "INC1,2026-01-05 13:00,Kind,Disk,Net\n", mapping=NAMED)

    assert kinds(intake) == [None, None, None, None, None, "Net"]


@pytest.mark.row("ING-16")
def test_a_field_named_later_as_a_person_is_known_at_once(intake: Intake) -> None:
    """Its digests are a person's."""
    intake.takes(HEADER + ROWS, mapping=MAPPING)
    intake.takes(HEADER + "INC1,2026-01-05 13:00,State,Work,New\n", mapping=AS_A_PERSON)

    shown = [row[-1] for row in intake.history("INC1", "assignee")]
    assert [bool(name and name.startswith("Agent ")) for name in shown] == [
        *(True, True, True, False, True, True),
    ]


@pytest.mark.row("ING-16")
def test_a_name_of_a_person_in_one_spelling_is_one_in_all(intake: Intake) -> None:
    """`Kind` may stand for the category and `KIND` for a person: then both are hidden."""
    both = NAMED.replace("{Kind:", "{KIND: assignee, Kind:")
    intake.takes(HEADER + ROWS, mapping=both)

    assert kinds(intake) == [None] * 5


def test_where_pseudonyms_are_off_everything_is_kept_as_it_came(tmp_path: Path) -> None:
    """Then a field can be named later without the file."""
    intake = Intake(tmp_path, "pseudonyms = false\n")
    intake.takes(HEADER + ROWS, mapping=MAPPING)
    intake.takes(HEADER + "INC2,2026-01-05 08:00,State,,New\n", mapping=NAMED)

    assert kinds(intake) == KINDS
    intake.close()
