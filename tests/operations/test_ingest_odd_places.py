"""A workspace works wherever it lies."""

from pathlib import Path

import pytest

from tests.conftest import Intake

HEADER = "number,at,state,team,who\n"


@pytest.mark.parametrize(
    "name", ["My Desk", "Büro ☎", "50% #1", "a*?{b,c}", 'it\'s "so" <&;>', "x=1+2", "~!@$(,.:)`"]
)
def test_a_workspace_may_lie_in_a_folder_of_any_usual_name(tmp_path: Path, name: str) -> None:
    """Imported into twice, and read; a sibling that its name fits as a pattern is another."""
    (tmp_path / "a12b").mkdir()
    (tmp_path / name).mkdir()
    intake = Intake(tmp_path / name)
    try:
        intake.takes(HEADER + "INC1,2026-01-05 08:00,New,A,Ann\n")
        intake.takes(HEADER + "INC1,2026-01-06 08:00,Done,A,Ann\nINC2,2026-02-05 08:00,New,B,\n")

        assert intake.ticket("INC1", "update_count", "phase") == (2, "resolved")
        assert intake.rows("SELECT count(*) FROM tickets") == [(2,)]
        assert intake.rows("SELECT count(*) FROM tickets", version=1) == [(1,)]
    finally:
        intake.close()
