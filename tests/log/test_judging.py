"""What records are worth: each fault once, with its place; words without a mapping counted."""

import pytest

from opsgauge.foundation.errors import MappingWrong
from tests.conftest import MAPPING, Intake

HEADER = "number,at,state,team,who\n"
GOOD = "INC{},2026-01-05 08:00,New,A,Ann\n"


@pytest.mark.row("ING-01")
def test_each_fault_is_told_with_its_place_and_stops_no_other(intake: Intake) -> None:
    """Rows are counted as in the file, those that could not even be cut included."""
    done = intake.takes(
        HEADER
        + GOOD.format(1)
        + "INC2,2026-01-05 08:00,New\n"
        + ",2026-01-05 08:00,New,A,Ann\n"
        + "INC4,soon,New,A,Ann\n"
        + "INC5,2026-01-05 08:00,New,A,Ann,more,and more\n"
        + "INC6,?,New,A,Ann\n"
        + GOOD.format(7)
    )

    assert (done.read, done.accepted, done.rejected) == (7, 2, 5)
    assert intake.rejected() == [
        (2, None, "Expected Number of Columns: 5 Found: 3", None),
        (3, "number", "the ticket has no number", None),
        (4, "at", "the moment cannot be read", "soon"),
        (5, None, "Expected Number of Columns: 5 Found: 6", None),
        (6, "at", "the moment is missing", None),
    ]
    assert intake.rows("SELECT ticket_id FROM tickets ORDER BY 1") == [("INC1",), ("INC7",)]


def test_a_record_with_several_faults_is_told_once(intake: Intake) -> None:
    """The gravest: a record without a number is nobody's."""
    done = intake.takes(HEADER + ",soon,New,A,Ann\n" + GOOD.format(1))

    assert done.rejected == 1
    assert intake.rejected() == [(1, "number", "the ticket has no number", None)]


def test_a_long_value_at_fault_is_shortened(intake: Intake) -> None:
    """Enough to find it by."""
    intake.takes(HEADER + f"INC1,{'x' * 500},New,A,Ann\n" + GOOD.format(2))

    assert intake.rejected()[0][3] == "x" * 80


@pytest.mark.row("ING-16")
def test_a_value_at_fault_never_shows_a_person(intake: Intake) -> None:
    """A name in the column of a moment that also is a column of persons is not shown."""
    mapping = MAPPING + "persons: [at]\n"
    intake.takes(HEADER + "INC1,Ann Baker,New,A,Ann\n", mapping=mapping)

    assert intake.rejected() == [(1, "at", "the moment cannot be read", None)]


def test_a_file_of_nothing_but_faults_is_on_record(intake: Intake) -> None:
    """A data version without tickets, so that the faults can be looked at."""
    done = intake.takes(HEADER + "INC1,soon,New,A,Ann\nINC2,New\n")

    assert (done.accepted, done.rejected, done.data_version) == (0, 2, 1)
    assert len(intake.rejected()) == 2
    assert intake.version().tickets == 0


def test_the_same_faults_are_not_told_twice(intake: Intake) -> None:
    """The same file again brings no new version and no new line."""
    text = HEADER + GOOD.format(1) + "INC2,New\nINC3,soon,New,A,Ann\n"
    intake.takes(text)
    again = intake.takes(text)

    assert (again.data_version, again.duplicate, again.accepted) == (1, 3, 0)
    assert len(intake.rejected()) == 2


@pytest.mark.row("ING-04")
def test_words_without_a_mapping_are_counted_per_field(intake: Intake) -> None:
    """States without a phase, flags that are neither yes nor no; the most frequent first."""
    mapping = MAPPING.replace("  team: team\n", "  team: team\n  major: who\n").replace(
        "  assignee: who\n", ""
    )
    rows = "".join(
        f"INC{n},2026-01-05 08:00,{state},A,{major}\n"
        for n, (state, major) in enumerate(
            [("Odd", "yes"), ("New", "perhaps"), ("Strange", "no"), ("Odd", ""), ("?", "perhaps")]
        )
    )
    done = intake.takes(HEADER + rows, mapping=mapping)

    assert done.unmapped == {"original_status": {"Odd": 2, "Strange": 1}, "major": {"perhaps": 2}}
    assert intake.rows("SELECT unmapped FROM receipts") == [
        ('{"major": {"perhaps": 2}, "original_status": {"Odd": 2, "Strange": 1}}',)
    ]


@pytest.mark.row("ING-06")
def test_a_receipt_bounds_the_moments_of_its_file(intake: Intake) -> None:
    """From the first to the last update in it."""
    intake.takes(HEADER + GOOD.format(1) + GOOD.format(2).replace("05 08", "07 21"))

    assert intake.rows(
        "SELECT strftime(earliest, '%d %H:%M'), strftime(latest, '%d %H:%M') FROM receipts"
    ) == [("05 08:00", "07 21:00")]


NO_ZONE = MAPPING.replace("times: {zone: UTC}\n", "")


@pytest.mark.row("ING-15")
def test_a_file_of_nothing_but_moments_without_a_zone_is_refused(intake: Intake) -> None:
    """With its name, the column, an example, and the line that mends it."""
    with pytest.raises(MappingWrong) as told:
        intake.takes(HEADER + GOOD.format(1) + GOOD.format(2), mapping=NO_ZONE)

    assert told.value.message == (
        "export.csv: column 'at' holds moments without a zone, such as '2026-01-05 08:00', "
        "and the mapping names none."
    )
    assert "times: {zone: Europe/Amsterdam}" in told.value.hint
    assert not intake.workspace.warehouse.joinpath("tickets").exists()


@pytest.mark.row("ING-15")
def test_a_file_with_some_moments_without_a_zone_comes_in_without_them(intake: Intake) -> None:
    """They are told one by one."""
    done = intake.takes(
        HEADER + GOOD.format(1).replace(":00,", ":00Z,") + GOOD.format(2), mapping=NO_ZONE
    )

    assert (done.accepted, done.rejected) == (1, 1)
