"""Building: only what is touched is replaced, and a change of mapping rebuilds everything."""

import pytest

from opsgauge.foundation.errors import WarehouseDamaged
from opsgauge.log.building import Builder
from tests.conftest import MAPPING, Intake

HEADER = "number,at,state,team,who\n"
OTHER = MAPPING.replace("source: desk", "source: other")


def row(number: int, at: str, state: str = "New", team: str = "A", who: str = "Ann") -> str:
    """Return one update."""
    return f"INC{number},2026-{at},{state},{team},{who}\n"


def test_untouched_tickets_of_a_touched_month_stay(intake: Intake) -> None:
    """Two tickets opened in January; one changes in February."""
    intake.takes(HEADER + row(1, "01-05 08:00") + row(2, "01-06 08:00"))
    before = intake.rows("SELECT * FROM history WHERE ticket_id = 'INC2'")
    done = intake.takes(HEADER + row(1, "02-05 08:00", "Done"))

    assert done.tickets_touched == 1
    assert intake.rows("SELECT * FROM history WHERE ticket_id = 'INC2'") == before
    assert intake.rows("SELECT ticket_id, phase FROM tickets ORDER BY 1") == [
        ("INC1", "resolved"),
        ("INC2", "new"),
    ]


def test_a_ticket_whose_opening_moves_to_another_month_is_there_once(intake: Intake) -> None:
    """An older update came late; its rows move to the month of the new opening."""
    intake.takes(HEADER + row(1, "02-05 08:00", "Work") + row(2, "02-06 08:00"))
    intake.takes(HEADER + row(1, "01-20 08:00"))

    assert intake.rows("SELECT ticket_id, opened_month FROM tickets ORDER BY 1") == [
        ("INC1", "2026-01"),
        ("INC2", "2026-02"),
    ]
    assert intake.rows("SELECT count(*), count(DISTINCT opened_month) FROM history") == [(3, 2)]
    assert [line[3:] for line in intake.history("INC1", "phase")] == [("new",), ("in_progress",)]


def test_two_sources_with_equal_numbers_keep_apart(intake: Intake) -> None:
    """INC1 of one tool is not INC1 of the other, also when one of them changes."""
    intake.takes(HEADER + row(1, "01-05 08:00"))
    intake.takes(HEADER + row(1, "01-05 09:00", "Work", "B"), mapping=OTHER)
    intake.takes(HEADER + row(1, "01-06 08:00", "Done"))

    assert intake.rows("SELECT source, phase, team, update_count FROM tickets ORDER BY 1") == [
        ("desk", "resolved", "A", 2),
        ("other", "in_progress", "B", 1),
    ]


@pytest.mark.row("ING-01")
def test_a_file_with_one_column_more_does_not_double_the_updates(intake: Intake) -> None:
    """The same records with a column that no mapping reads, and one record that is new."""
    first = [row(1, "01-05 08:00"), row(1, "01-05 09:00", "Work"), row(2, "01-05 10:00")]
    intake.takes(HEADER + "".join(first))
    before = intake.content()
    wider = "".join(f"{line.strip()},note {n}\n" for n, line in enumerate(first))
    done = intake.takes(HEADER.strip() + ",note\n" + wider)
    later = intake.takes(HEADER.strip() + ",note\n" + row(1, "01-05 11:00", "Done").strip() + ",\n")

    assert done.accepted == 3
    assert later.tickets_touched == 1
    after = intake.content()
    assert [row for row in after["tickets"] if "INC2" in row] == [
        row for row in before["tickets"] if "INC2" in row
    ]
    assert [line[3:] for line in intake.history("INC1", "phase")] == [
        ("new",),
        ("in_progress",),
        ("resolved",),
    ]


@pytest.mark.row("ING-01")
def test_a_column_that_is_added_and_mapped_comes_into_the_old_updates(intake: Intake) -> None:
    """The whole export again, now with its priority: no update twice, each with its priority."""
    rows = [row(1, "01-05 08:00"), row(1, "01-05 09:00", "Work"), row(1, "01-05 09:00", "Work")]
    rows[2] = rows[2].replace("Ann", "Bob")
    intake.takes(HEADER + "".join(rows))
    wider = MAPPING.replace("  team: team\n", "  team: team\n  priority: prio\n")
    wider += "attributes: {symptom: sym}\n"
    text = "".join(f"{line.strip()},{n + 1},s{n}\n" for n, line in enumerate(rows))
    intake.takes(HEADER.strip() + ",prio,sym\n" + text, mapping=wider)

    assert intake.history("INC1", "phase", "priority") == [
        (1, "05 08:00", "05 09:00", "new", "1"),
        (2, "05 09:00", "05 09:00", "in_progress", "2"),
        (3, "05 09:00", None, "in_progress", "3"),
    ]
    assert intake.ticket("INC1", "attributes", "update_count") == ({"symptom": "s2"}, 3)


@pytest.mark.row("ING-04")
def test_a_changed_mapping_rebuilds_every_ticket_of_its_source(intake: Intake) -> None:
    """Nothing in the file is new, but a word has a phase now, so INC1 and INC2 were resolved."""
    poor = MAPPING.replace("  Done: resolved\n", "")
    rows = row(1, "01-05 08:00") + row(1, "01-05 09:00", "Done") + row(2, "02-05 08:00", "Done")
    first = intake.takes(HEADER + rows, mapping=poor)
    intake.takes(HEADER + row(1, "01-05 09:00", "Done"), mapping=OTHER.replace("Done: r", "Dun: r"))
    second = intake.takes(HEADER + row(1, "01-05 08:00"), mapping=MAPPING)

    assert first.unmapped == {"original_status": {"Done": 2}}
    assert (second.accepted, second.duplicate, second.tickets_touched) == (0, 1, 2)
    assert second.unmapped == {}
    assert any("mapping is another" in note for note in second.notes)
    assert intake.rows("SELECT source, ticket_id, phase FROM tickets ORDER BY 1, 2") == [
        ("desk", "INC1", "resolved"),
        ("desk", "INC2", "resolved"),
        ("other", "INC1", None),
    ]
    assert intake.rows("SELECT phase FROM tickets ORDER BY source, ticket_id", version=1) == [
        (None,),
        (None,),
    ]


def test_a_mapping_that_means_the_same_rebuilds_nothing(intake: Intake) -> None:
    """Other comments and other order of keys are no change."""
    intake.takes(HEADER + row(1, "01-05 08:00"))
    again = intake.takes(
        HEADER + row(1, "01-05 08:00"),
        mapping="# tidy\n" + MAPPING.replace("New: new", '"New": new'),
    )

    assert (again.data_version, again.tickets_touched, again.notes) == (1, 0, ())


@pytest.mark.row("ING-04")
def test_records_rejected_under_the_old_mapping_are_judged_again(intake: Intake) -> None:
    """A practice without a word was rejected; with the word it is a ticket, and another is not."""
    worded = MAPPING + "practice: {column: team, words: {A: incident, C: change}}\n"
    text = HEADER + row(1, "01-05 08:00") + row(2, "01-05 08:00", team="B") + "INC3,New\n"
    intake.takes(text, mapping=worded)
    before = intake.rejected()
    intake.takes(text, mapping=worded.replace("A: incident", "B: request"))

    wordless = "the practice has no word in the mapping"
    ragged = (3, None, "Expected Number of Columns: 5 Found: 2", None)
    assert before == [(2, "team", wordless, "B"), ragged]
    assert intake.rejected() == [(1, "team", wordless, "A"), ragged]
    assert intake.rows("SELECT ticket_id, practice FROM tickets") == [("INC2", "request")]
    assert intake.rows("SELECT DISTINCT ticket_id FROM history") == [("INC2",)]


def test_links_go_with_the_mapping_that_made_them(intake: Intake) -> None:
    """Added by a mapping that reads them, and taken away by one that does not."""
    linked = MAPPING + "links: [{kind: problem_of, column: team}]\n"
    text = HEADER + row(1, "01-05 08:00", team="PRB1") + row(1, "01-06 08:00", team="PRB1")
    intake.takes(text)
    intake.takes(text, mapping=linked)
    asked = "SELECT kind, to_id, strftime(\"at\", '%d') FROM links"

    assert intake.rows(asked) == [("problem_of", "PRB1", "05")]
    intake.takes(text)
    assert intake.rows(asked) == []


def test_a_load_that_does_not_add_up_is_refused(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were a passage lost, the backlog and its flows would differ; nothing would be kept."""
    intake.takes(HEADER + row(1, "01-05 08:00"))
    before = intake.content()
    written = Builder._written_history
    lossy = (
        "(SELECT * REPLACE (CASE WHEN passage <> 'resolved' THEN passage END AS passage) FROM {})"
    )
    monkeypatch.setattr(
        Builder, "_written_history", lambda self, months: lossy.format(written(self, months))
    )

    with pytest.raises(
        WarehouseDamaged, match=r"The backlog does not add up.*Nothing was imported"
    ):
        intake.takes(HEADER + row(1, "01-06 08:00", "Done"))
    assert intake.content() == before
    assert intake.version().version == 1
