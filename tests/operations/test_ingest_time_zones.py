"""Where a machine stands does not change what an import gives."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import MAPPING as AT_HOME
from tests.conftest import Intake
from tests.operations.abroad import MAPPING, MOMENTS, content


@pytest.mark.row("ING-15")
def test_a_machine_in_another_time_zone_gives_the_same(tmp_path: Path) -> None:
    """The same file, imported in a process that believes to be elsewhere."""
    here = tmp_path / "here"
    there = tmp_path / "there"
    here.mkdir()
    there.mkdir()
    script = Path(__file__).with_name("abroad.py")
    told = subprocess.run(
        [sys.executable, "-W", "error", str(script), str(there)],
        env=os.environ | {"TZ": "America/New_York"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(told.stdout) == json.loads(content(here))


@pytest.mark.row("ING-15")
def test_each_way_of_writing_a_moment_gives_its_instant(intake: Intake) -> None:
    """Checked by hand: winter is one hour ahead of UTC in Amsterdam, summer two."""
    rows = "".join(f"INC{n:02},{at},,New\n" for n, at in enumerate(MOMENTS))
    done = intake.takes("number,at,opened,state\n" + rows, mapping=MAPPING)

    assert done.rejected == 0
    told = intake.rows(
        "SELECT strftime(since, '%Y-%m-%d %H:%M') FROM history WHERE seq = 1 ORDER BY ticket_id"
    )
    assert [at for (at,) in told] == [
        "2025-12-31 23:30",
        "2025-12-31 23:30",
        "2026-01-31 22:59",
        "2026-03-04 23:00",
        "2026-03-08 01:30",
        "2026-03-29 00:59",
        "2026-03-29 01:30",
        "2026-03-29 01:30",
        "2026-03-29 01:30",
        "2026-07-01 00:00",
        "2026-10-25 01:30",
        "2026-10-25 00:30",
        "2026-11-01 00:30",
    ]


@pytest.mark.row("ING-15")
def test_a_record_without_a_zone_is_rejected_where_none_is_named(intake: Intake) -> None:
    """In any of its moments; the others of the file come in."""
    mapping = "\n".join(
        line for line in MAPPING.splitlines() if "zone:" not in line and "formats:" not in line
    ).replace("times:\n", "")
    rows = (
        "INC1,2026-01-05T08:00:00Z,2026-01-05T08:00:00Z,New\n"
        "INC2,2026-01-05T08:00:00,2026-01-05T08:00:00Z,New\n"
        "INC3,2026-01-05T08:00:00Z,2026-01-05 08:00,New\n"
    )
    intake.takes("number,at,opened,state\n" + rows, mapping=mapping)

    naive = "the moment carries no zone, and the mapping names none"
    assert intake.rejected() == [
        (2, "at", naive, "2026-01-05T08:00:00"),
        (3, "opened", naive, "2026-01-05 08:00"),
    ]
    assert intake.rows("SELECT ticket_id FROM tickets") == [("INC1",)]


def test_a_workspace_left_at_utc_is_told_where_the_tool_is_elsewhere(intake: Intake) -> None:
    """Its days would begin at another hour than everybody's there."""
    log = "number,at,state,team,who\nINC1,2026-01-05 08:00,New,A,ann\n"
    done = intake.takes(log, mapping=AT_HOME.replace("UTC", "Europe/Lisbon"), dry_run=True)

    assert "Europe/Lisbon" in done.notes[0]
    assert "opsgauge.toml" in done.notes[0]
    assert intake.takes(log).notes == ()
