"""Files from the import page: tame names, a folder of their own, thrown away in the end."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.foundation.errors import ImportRunning, MappingWrong, NotAllowed, UnknownName
from opsgauge.governance.access import everywhere
from opsgauge.operations.context import Context
from opsgauge.operations.inbox import waiting
from opsgauge.operations.uploads import (
    LONGEST_NAME,
    Upload,
    discard,
    find_upload,
    import_upload,
    keep_and_import,
    limit,
    new_upload,
    tame,
    too_large,
)
from opsgauge.warehouse.versions import import_lock
from tests.conftest import MAPPING, Intake

ROWS = "number,at,state,team,who\nT1,2026-01-05T08:00Z,New,Desk,ann\n"


def give(ctx: Context, name: str = "desk.csv", text: str = ROWS) -> Upload:
    """Upload a file."""
    upload, file = new_upload(ctx, name)
    with file:
        file.write(text.encode())
    return upload


@given(st.text(max_size=300))
def test_any_name_becomes_one_part_of_a_path(name: str) -> None:
    """Never a folder, never hidden, never too long, never empty."""
    told = tame(name)

    assert 0 < len(told) <= LONGEST_NAME
    assert not set(told) & set('/\\:*?"<>|\0\n')
    assert not told.startswith(".")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("../../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("<script>alert(1)</script>.csv", "script_.csv"),
        ("x" * 200 + ".csv.gz", "x" * 73 + ".csv.gz"),
        ("..", "upload"),
    ],
)
def test_hostile_names_are_tamed(name: str, told: str) -> None:
    """What the reader goes by, the suffix, stays."""
    assert tame(name) == told


def test_an_upload_lies_where_sync_does_not_look(intake: Intake) -> None:
    """Below the inbox, hidden, in a folder of its own."""
    upload = give(intake.context, "../desk.csv")

    assert upload.file.relative_to(intake.workspace.path).parts[:2] == ("inbox", ".uploads")
    assert upload.name == "desk.csv"
    assert waiting(intake.workspace) == []
    assert find_upload(intake.context, upload.token) == upload


@pytest.mark.parametrize("token", ["", "..", "0" * 31, "0" * 32, "../" * 8, "A" * 32])
def test_a_token_that_is_none_finds_nothing(intake: Intake, token: str) -> None:
    """And leads nowhere."""
    give(intake.context)
    with pytest.raises(UnknownName, match="here no longer"):
        find_upload(intake.context, token)


def test_a_forgotten_upload_is_thrown_away_after_a_day(intake: Intake) -> None:
    """When the next one comes."""
    old, young = give(intake.context), give(intake.context)
    yesterday = (datetime.now(UTC) - timedelta(hours=25)).timestamp()
    os.utime(old.file.parent, (yesterday, yesterday))
    give(intake.context)

    assert not old.file.exists()
    assert young.file.exists()


def test_an_imported_upload_is_thrown_away_and_its_mapping_kept(intake: Intake) -> None:
    """Its records are in the warehouse."""
    upload = give(intake.context)
    done = keep_and_import(intake.context, upload, "desk", MAPPING)

    assert (done.accepted, done.data_version) == (1, 1)
    assert not upload.file.parent.exists()
    again = give(intake.context)
    assert import_upload(intake.context, again, "desk").duplicate == 1


def test_what_cannot_be_imported_is_kept(intake: Intake) -> None:
    """So that one can mend the mapping, or wait for the other import."""
    upload = give(intake.context)
    with pytest.raises(MappingWrong):
        keep_and_import(intake.context, upload, "desk", MAPPING.replace("team: team", "team: tem"))
    assert upload.file.exists()
    with import_lock(intake.context.warehouse), pytest.raises(ImportRunning):
        keep_and_import(intake.context, upload, "desk", MAPPING, replace=True)
    assert upload.file.exists()


def test_the_limit_is_a_setting(make_intake: object) -> None:
    """Named in the refusal."""
    assert callable(make_intake)
    intake = make_intake('upload_limit = "3 kB"')
    assert limit(intake.context) == 3_000
    assert "upload_limit" in too_large(intake.context, "a.csv").message


def test_a_reader_may_give_nothing(intake: Intake) -> None:
    """It asks for the right to import."""
    reader = Context(intake.workspace, actor=everywhere("ana", "viewer"))
    with pytest.raises(NotAllowed):
        new_upload(reader, "desk.csv")
    upload = give(intake.context)
    with pytest.raises(NotAllowed):
        find_upload(reader, upload.token)
    discard(upload)
    assert not upload.file.parent.exists()
