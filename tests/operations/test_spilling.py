"""What does not fit in memory is set aside in the workspace, in a folder of one's own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from opsgauge.foundation.errors import SettingsWrong
from opsgauge.foundation.settings import SETTINGS_FILE, make_workspace, open_workspace
from opsgauge.operations.spilling import SPILLED, reading_memory
from tests.conftest import Intake

pytestmark = pytest.mark.row("SCA-03")


def test_each_engine_has_a_folder_of_its_own(tmp_path: Path) -> None:
    """In the workspace, and none before it is needed; what a killed program left is removed."""
    workspace = make_workspace(tmp_path / "desk")
    first, second = reading_memory(workspace), reading_memory(workspace)
    folder = workspace.warehouse / SPILLED

    assert first.limit == "4GB"
    assert first.spill_to is not None
    assert second.spill_to is not None
    assert first.spill_to.parent == second.spill_to.parent == folder
    assert first.spill_to != second.spill_to
    assert not list(folder.iterdir())
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    own = str(os.getpid())
    left = folder / first.spill_to.name.replace(f"-{own}-", f"-{gone.pid}-")
    for each in (first.spill_to, left, folder / f"elsewhere-{gone.pid}-1", folder / "odd"):
        each.mkdir()
    reading_memory(workspace)
    assert {each.name for each in folder.iterdir()} == {
        *(first.spill_to.name, f"elsewhere-{gone.pid}-1", "odd"),
    }


def test_questions_take_no_more_than_the_setting_says(tmp_path: Path) -> None:
    """The engine of a data version has that limit and that folder."""
    held = Intake(tmp_path / "desk", 'reading_memory_limit = "300MB"\n')
    held.takes("number,at,state,team,who\nT1,2026-01-01T08:00:00Z,New,Desk,ann\n")
    asked = "SELECT current_setting('memory_limit') AS most, current_setting('temp_directory') AS t"
    [told] = held.context.opened().engine.run_sql(asked).to_pylist()
    folder = str(held.workspace.warehouse / SPILLED)
    held.close()

    assert told["most"] == "286.1 MiB"
    assert told["t"].startswith(folder)


def test_a_workspace_that_cannot_be_written_to_sets_nothing_aside(tmp_path: Path) -> None:
    """A file stands where the folder would be: reading goes on, within the limit."""
    workspace = make_workspace(tmp_path / "desk")
    (workspace.warehouse / SPILLED).touch()

    assert reading_memory(workspace).spill_to is None


def test_a_limit_is_a_size(tmp_path: Path) -> None:
    """Anything else is refused with the key."""
    workspace = make_workspace(tmp_path / "desk")
    (workspace.path / SETTINGS_FILE).write_text('reading_memory_limit = "much"\n')
    with pytest.raises(SettingsWrong, match=r"reading_memory_limit.*Write it as"):
        open_workspace(workspace.path)
