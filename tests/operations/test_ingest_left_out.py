"""Files that cannot be imported stop no others, where that is asked for."""

import pytest

from opsgauge.foundation.errors import MappingWrong
from opsgauge.governance import audit
from opsgauge.operations.ingest import ingest
from tests.conftest import MAPPING, Intake


def test_a_bad_file_among_others_can_be_left_out(intake: Intake) -> None:
    """Where that is asked for; each file is told with its counts or its fault, in order."""
    good = "number,at,state,team,who\nT1,2026-01-05T08:00Z,New,Desk,ann\n"
    files = [
        intake.file(good, "1.csv"),
        intake.file("a,b\n1,2\n", "2.csv"),
        intake.file(good.replace("T1", "T2"), "3.csv"),
        intake.folder / "4.csv",
    ]
    mapping = str(intake.file(MAPPING, "mapping.yaml"))
    done = ingest(intake.context, files, mapping, leave_out=True)

    assert [each.get("accepted") for each in done.files] == [1, None, 1, None]
    assert "no column 'number'" in done.files[1]["message"]
    assert "There is no file" in done.files[3]["message"]
    assert intake.version().version == 1
    with pytest.raises(MappingWrong):
        ingest(intake.context, files, mapping)


def test_where_every_file_is_bad_nothing_changes(intake: Intake) -> None:
    """No data version, and no line in the audit."""
    mapping = str(intake.file(MAPPING, "mapping.yaml"))
    bad = intake.file("a\n1\n", "1.csv")
    ingest(intake.context, [bad], mapping, leave_out=True)
    before = len(audit.lines(intake.context.database, limit=99))
    done = ingest(intake.context, [bad], mapping, leave_out=True)

    assert (done.data_version, done.read) == (0, 0)
    assert len(audit.lines(intake.context.database, limit=99)) == before
