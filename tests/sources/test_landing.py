"""Records land as they came, once each, by a keyed hash of all that they say."""

import pytest

from opsgauge.foundation.errors import FileUnreadable
from tests.conftest import MAPPING, Intake

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


def test_records_that_cannot_be_cut_are_told_in_words(intake: Intake) -> None:
    """The engine's message, without its class; nothing is left of the file."""
    with pytest.raises(FileUnreadable, match=r"^The records cannot be read: (?!.*Error:)"):
        intake.takes("number,at,state,team,who\r\n" + ROW + ROW.replace("\n", "\r\n"))

    assert list(intake.workspace.warehouse.rglob("*.parquet")) == []
