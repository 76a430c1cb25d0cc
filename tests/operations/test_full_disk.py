"""A full disk stops an import with a clear word, and takes nothing that was stored."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from opsgauge.foundation.errors import DiskFull
from opsgauge.foundation.full_disk import is_full_disk
from opsgauge.governance import audit
from tests.conftest import Intake

ROWS = "number,at,state,team,who\nINC1,2026-01-05 08:00,New,A,Ann\n"


def can_mount() -> bool:
    """Say whether a disk can be mounted that nobody else sees."""
    if not shutil.which("unshare"):
        return False
    tried = ["unshare", "-m", "mount", "-t", "tmpfs", "-o", "size=1m", "none", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


def attempt(folder: Path, kind: str) -> dict[str, Any]:
    """Have imports done where there is no room."""
    disk = folder / "disk"
    disk.mkdir()
    script = str(Path(__file__).with_name("small_disk.py"))
    alone = ["unshare", "-m"] if kind == "mounted" else []
    ran = subprocess.run(
        [*alone, sys.executable, script, str(disk), kind],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


@pytest.mark.row("SEC-04")
@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("mounted", marks=pytest.mark.skipif(not can_mount(), reason="needs mount")),
        "limited",
    ],
)
def test_a_full_disk_stops_an_import_and_takes_nothing(tmp_path: Path, kind: str) -> None:
    """On a real small disk, and with files that may not grow; wherever in the import it strikes."""
    told = attempt(tmp_path, kind)

    for tried in told["tries"]:
        assert tried["error"] == "DiskFull", tried
        assert "Nothing was imported; what was stored before reads as it did" in tried["message"]
        assert tried["same"]
        assert tried["version"] == 1
    assert told["exit_code"] == 2
    assert "There is no room to write in" in told["stderr"]
    assert "Make room and run it again" in told["stderr"]
    assert "Traceback" not in told["stderr"]
    assert told["listed"] == [1]
    assert told["in_the_end"] == [20_000, 0, 20_000]
    assert told["left"] == []


def test_full_after_the_records_are_in_says_so(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the line in the audit log was missing, and the next import writes it."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(audit, "append", full)
        with pytest.raises(
            DiskFull, match="The records are in, as data version 1; only their line"
        ):
            intake.takes(ROWS)
    assert intake.version().version == 1

    intake.takes(ROWS)
    [line] = audit.lines(intake.context.database, limit=9, subject="data version 1")
    assert "import of export.csv" in str(line.after)


@pytest.mark.parametrize(
    ("wrong", "full"),
    [
        (OSError(28, "No space left on device"), True),
        (OSError(27, "File too large"), True),
        (OSError(122, "Disk quota exceeded"), True),
        (RuntimeError("database or disk is full"), True),
        (RuntimeError("Generic error: No space left on device (os error 28)"), True),
        (OSError(2, "No such file or directory"), False),
        (ValueError("28"), False),
    ],
)
def test_a_full_disk_is_known_in_every_librarys_words(wrong: Exception, full: bool) -> None:
    """Also where one error led to another."""
    later = KeyError("later")
    later.__cause__ = wrong

    assert is_full_disk(wrong) is full
    assert is_full_disk(later) is full


def test_another_failure_comes_through_as_it_is(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not called a full disk."""

    def broken(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(audit, "append", broken)
    with pytest.raises(OSError, match="Input/output"):
        intake.takes(ROWS)
