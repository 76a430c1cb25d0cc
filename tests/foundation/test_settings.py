"""The workspace's folder and its settings."""

from pathlib import Path

import pytest

from opsgauge.foundation.errors import SettingsWrong
from opsgauge.foundation.settings import make_workspace, open_workspace
from opsgauge.governance.database import open_database


@pytest.mark.parametrize("name", ["plain", "with space", "what?", "50%25", "über#uns"])
def test_a_workspace_may_lie_in_any_folder(tmp_path: Path, name: str) -> None:
    """Its records are in it, whatever signs its path has."""
    workspace = make_workspace(tmp_path / name, "")
    open_database(workspace.records_url).close()

    assert (tmp_path / name / "records.db").is_file()
    assert open_workspace(tmp_path / name).path == workspace.path


def test_a_wrong_setting_names_the_nearest(tmp_path: Path) -> None:
    """File, key and what may have been meant."""
    make_workspace(tmp_path / "desk", "")
    settings = tmp_path / "desk" / "opsgauge.toml"
    settings.write_text('zone = "Europe/Lisbonn"\n', "utf-8")

    with pytest.raises(SettingsWrong, match="Europe/Lisbon"):
        open_workspace(tmp_path / "desk")
