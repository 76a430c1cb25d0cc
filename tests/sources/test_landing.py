"""Records land as they came, once each, by a keyed hash of all that they say."""

import json

import pytest

from opsgauge.foundation.errors import FileUnreadable, MappingWrong
from tests.conftest import MAPPING, Intake
from tests.sources.odd_files import ROWS, bent_parquet, parquet

HEADER = "number,at,state,team,who\n"
ROW = "INC1,2026-01-05 08:00,New,A,Ann\n"


def hashes(intake: Intake) -> set[bytes]:
    """Return the hashes of the records that are kept."""
    return {row[0] for row in intake.raw()}


def test_a_record_is_kept_once_in_one_file(intake: Intake) -> None:
    """Twice the same line is one record and one duplicate; the first place counts."""
    done = intake.takes(HEADER + ROW + ROW.replace("New", "Work") + ROW)

    assert (done.read, done.accepted, done.duplicate) == (3, 2, 1)
    assert len(intake.raw()) == 2


def test_records_that_differ_in_one_field_are_two(intake: Intake) -> None:
    """Also in where one field ends and the next begins, in blanks, case and what is missing."""
    rows = [
        "INC1,2026-01-05 08:00,New,AB,C",
        "INC1,2026-01-05 08:00,New,A,BC",
        "INC1,2026-01-05 08:00,New,,ABC",
        "INC1,2026-01-05 08:00,New,ABC,",
        "INC1,2026-01-05 08:00,New,ABC,\x1e",
        "INC1,2026-01-05 08:00,New,ABC,\x1f",
        "INC1,2026-01-05 08:00,New,ABC\x1f,",
        "INC1,2026-01-05 08:00,New,ABC,n",
        "INC1,2026-01-05 08:00,New,abc,",
        "INC1,2026-01-05 08:00,New,ABC ,",
    ]
    done = intake.takes(HEADER + "\n".join(rows) + "\n")

    assert done.duplicate == 0
    assert len(hashes(intake)) == len(rows)


def test_the_order_of_columns_does_not_make_a_record_another(intake: Intake) -> None:
    """An export whose columns were moved brings nothing new."""
    intake.takes(HEADER + ROW)
    done = intake.takes("team,who,number,state,at\nA,Ann,INC1,New,2026-01-05 08:00\n")

    assert (done.accepted, done.duplicate, done.data_version) == (0, 1, 1)


def test_a_dropped_column_is_neither_kept_nor_counted(intake: Intake) -> None:
    """What `drop` names never reaches the disk, and a change in it is no new record."""
    mapping = MAPPING + "drop: [note]\n"
    intake.takes(HEADER.strip() + ",note\n" + ROW.strip() + ",call 555-123\n", mapping=mapping)
    done = intake.takes(HEADER.strip() + ",note\n" + ROW.strip() + ",other\n", mapping=mapping)

    assert done.duplicate == 1
    assert "555-123" not in repr(intake.raw())


def test_the_same_record_has_another_hash_in_another_workspace(make_intake: object) -> None:
    """The hash is keyed, so that nobody can try out what a record may have said."""
    assert callable(make_intake)
    one, other, twin = make_intake(), make_intake(), None
    one.takes(HEADER + ROW)
    other.takes(HEADER + ROW)
    twin = make_intake(secret_of=one)
    twin.takes(HEADER + ROW)

    assert hashes(one) == hashes(twin)
    assert not hashes(one) & hashes(other)


def test_unusual_column_names_are_kept(intake: Intake) -> None:
    """Blanks, quotes, signs that Delta forbids, our own marks, other scripts."""
    header = 'number,at,state,team,who,"a b, c;d",_hash,100%,x=y,größe,"it\'s ""so""",出来事\n'
    done = intake.takes(header + ROW.strip() + ",1,2,3,4,5,6,7\n")

    assert done.accepted == 1
    assert intake.raw()[0][-7:] == ("1", "2", "3", "4", "5", "6", "7")


def test_a_later_file_may_write_a_column_in_other_case(intake: Intake) -> None:
    """A column that no mapping reads came as `Note`, then as `note`."""
    intake.takes(HEADER.strip() + ",Note\n" + ROW.strip() + ",a\n")
    done = intake.takes(HEADER.strip() + ",note\n" + ROW.strip() + ",b\n")

    assert done.accepted == 1
    assert intake.rows("SELECT count(*) FROM tickets") == [(1,)]
    intake.takes(HEADER.strip() + ",note\n" + ROW.replace("INC1", "INC2").strip() + ",c\n")
    assert intake.rows("SELECT count(*) FROM tickets") == [(2,)]


def test_records_that_cannot_be_read_are_told_in_words(intake: Intake) -> None:
    """The file's name and the engine's message, without its class; nothing is left of the file."""
    said = r"^The records of export.parquet cannot be read: (?!.*Error:)"
    with pytest.raises(FileUnreadable, match=said):
        intake.takes(bent_parquet(), name="export.parquet")

    assert list(intake.workspace.warehouse.rglob("*.parquet")) == []


NESTED = json.dumps(
    {
        "number": "INC1",
        "at": "2026-01-05 08:00",
        "state": "New",
        "team": {"name": "A", "lead": {"name": "Lea Lead", "mail": "lea@example.org"}},
        "who": {"name": "Ann Anders", "mail": "ann@example.org"},
        "note": {"author": "Nora Note", "text": {"type": "doc", "lines": ["call me"]}},
    }
)
PARTS = MAPPING.replace("team: team", "team: team.name").replace("who", "who.name")


def kept(intake: Intake) -> str:
    """Return every file of the warehouse's raw tables as one text of all columns and values."""
    [record] = intake.raw()
    return repr(record)


def test_what_holds_a_hidden_column_is_not_kept_beside_it(intake: Intake) -> None:
    """A person's name would stand in the object that holds it, as JSON."""
    done = intake.takes(NESTED, name="export.jsonl", mapping=PARTS + "persons: [team.lead.name]\n")

    assert (done.accepted, done.rejected) == (1, 0)
    assert intake.ticket("INC1", "team", "assignee") == ("A", "Agent 1")
    for name in ("Ann Anders", "Lea Lead"):
        assert name not in kept(intake)
    assert "lea@example.org" in kept(intake)  # of which the mapping said nothing
    assert "call me" in kept(intake)


def test_what_a_hidden_column_holds_is_not_kept_either(intake: Intake) -> None:
    """An object that is dropped, stands for a person or is free text, with all that is in it."""
    mapping = MAPPING.replace("team: team", "team: team.name\n  description: note.text")
    intake.takes(NESTED, name="export.jsonl", mapping=mapping + "drop: [team.lead]\n")

    for told in ("Ann Anders", "ann@example.org", "Lea Lead", "lea@example.org", "call me"):
        assert told not in kept(intake)
    assert "Nora Note" in kept(intake)
    assert intake.ticket("INC1", "assignee") == ("Agent 1",)


def test_an_object_cannot_be_read_while_what_is_in_it_is_hidden(intake: Intake) -> None:
    """It would tell what was to be hidden, so the mapping has to read its parts."""
    with pytest.raises(MappingWrong, match=r"'who', which the mapping reads for attributes.all"):
        intake.takes(NESTED, name="export.jsonl", mapping=PARTS + "attributes: {all: who}\n")


def test_columns_with_points_in_a_plain_table_do_not_hold_each_other(intake: Intake) -> None:
    """`who` beside `who.name` are two columns like any other in separated text."""
    header = "number,at,state,team.name,who,who.name\n"
    intake.takes(header + "INC1,2026-01-05 08:00,New,A,x-17,Ann\n", mapping=PARTS)

    assert "x-17" in kept(intake)
    assert "Ann" not in kept(intake)


@pytest.mark.row("SEC-04")
@pytest.mark.parametrize("name", ["a*.csv", "a?c.csv", "a[bc]c.csv", "**.csv", "{a,b}c.csv"])
def test_a_file_with_a_pattern_for_a_name_is_that_file_alone(intake: Intake, name: str) -> None:
    """The engine would read all that the pattern fits."""
    for other in ("abc.csv", "acc.csv", "ac.csv"):
        intake.file(HEADER + ROW.replace("INC1", "OTHER"), other)
    done = intake.takes(HEADER + ROW, name=name)

    assert done.read == 1
    assert intake.rows("SELECT ticket_id FROM tickets") == [("INC1",)]
    as_parquet = intake.takes(parquet(), name=name.replace("csv", "parquet"))
    assert as_parquet.read == len(ROWS)
