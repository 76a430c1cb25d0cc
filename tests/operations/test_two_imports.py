"""Two imports at the same time: one runs, the other is told to wait, and nothing is mixed."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Intake

HEADER = "number,at,state,team,who\n"
FIRST = HEADER + "INC1,2026-01-05 08:00,New,A,Ann\n"
SECOND = HEADER + "INC2,2026-01-05 09:00,New,B,Bob\n"
LARGE = HEADER + "".join(
    f"INC{n + 2},2026-{1 + n % 12:02}-05 10:00,Work,T{n % 90},P{n % 50}\n" for n in range(20_000)
)


def start(intake: Intake, file: Path) -> subprocess.Popen[str]:
    """Start the program on a file."""
    mapping = intake.folder / "mapping.yaml"
    asked = ["import", str(file), "--mapping", str(mapping)]
    return subprocess.Popen(
        [sys.executable, "-m", "opsgauge", *asked, "--workspace", str(intake.workspace.path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.row("ING-01")
def test_a_second_import_is_told_to_wait_and_changes_nothing(intake: Intake) -> None:
    """Real programs: the first goes on undisturbed, readers see the old version until it ends."""
    intake.takes(FIRST)
    before = intake.content()
    large, small = intake.file(LARGE, "large.csv"), intake.file(SECOND, "small.csv")
    lock = intake.workspace.warehouse / "_import.lock"
    held = lock.read_text()

    first = start(intake, large)
    while lock.read_text() in ("", held) and first.poll() is None:
        time.sleep(0.001)
    first.send_signal(signal.SIGSTOP)  # so that it holds the lock for as long as we look
    second = start(intake, small)
    _, said = second.communicate()
    seen = intake.content()
    first.send_signal(signal.SIGCONT)
    told, wrong = first.communicate()

    assert second.returncode == 2
    assert f"Another import is running (process {first.pid})" in said
    assert "Wait for it to end and run this one again; nothing was changed." in said
    assert seen == before
    assert first.returncode == 0, wrong
    assert "data version 2" in told
    assert intake.rows("SELECT count(*) FROM tickets") == [(20_001,)]
    assert intake.content(version=1) == before

    again = start(intake, small)
    again.communicate()
    assert again.returncode == 0
    assert intake.version().version == 3
    assert intake.ticket("INC2", "update_count") == (2,)
