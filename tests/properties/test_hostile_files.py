"""Whatever file is imported: what it holds, or a word that helps; and what was stored stays.

100 files each time; for many more, OPSGAUGE_HOSTILE_FILES=2000 says how many.
"""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings

from opsgauge.foundation.errors import Misuse
from tests.conftest import Intake
from tests.properties.hostile import Case, cases

FILES = int(os.environ.get("OPSGAUGE_HOSTILE_FILES", "100"))
LONGEST = timedelta(seconds=60)  # for one file on a busy machine; most take a fifth of a second


class Kept:
    """A workspace that holds something, and how it was."""

    def __init__(self, folder: Path) -> None:
        self.intake = Intake(folder)
        self.intake.takes("number,at,state,team,who\nINC7,2026-01-05 08:00,New,A,Ann\n")
        self.content = self.intake.content()
        self.intake.close()
        self._copy = folder / "copy"
        shutil.copytree(self.intake.workspace.path, self._copy)
        self.intake.reopen()
        self.files = self.stored()

    def stored(self) -> dict[str, str]:
        """Return every file of the warehouse with a hash of its bytes."""
        root = self.intake.workspace.warehouse
        return {
            str(file.relative_to(root)): sha256(file.read_bytes()).hexdigest()
            for file in root.rglob("*")
            if file.is_file() and file.name != "_import.lock"
        }

    def as_it_was(self) -> None:
        """Put everything back."""
        self.intake.close()
        shutil.rmtree(self.intake.workspace.path)
        shutil.copytree(self._copy, self.intake.workspace.path)
        self.intake.reopen()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Return one workspace for all files."""
    made = Kept(tmp_path_factory.mktemp("kept"))
    yield made
    made.intake.close()


@pytest.mark.row("SEC-04")
@pytest.mark.timeout(300 + FILES * 5)
@settings(
    max_examples=FILES,
    deadline=LONGEST,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(case=cases())
def test_no_file_brings_an_import_to_its_knees(kept: Kept, case: Case) -> None:
    """The counts add up, or a word says what is wrong and what to do next."""
    told = None
    try:
        done = kept.intake.takes(
            case.content, name=case.name, mapping=case.mapping, dry_run=case.dry_run
        )
    except Misuse as wrong:
        told = wrong
    if told:
        event(f"refused: {type(told).__name__}")
        assert told.message.endswith((".", "!", "?")), told.message
        assert told.hint, told.message
        assert kept.stored() == kept.files
        return
    event(f"imported: {'some' if done.accepted else 'none'} accepted")
    assert done.read == done.accepted + done.duplicate + done.rejected > 0
    if done.data_version == 1:
        assert kept.stored() == kept.files
    else:
        assert kept.intake.content(version=1) == kept.content
        assert kept.intake.content()
        kept.as_it_was()
