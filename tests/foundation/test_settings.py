"""The workspace's folder and its settings."""

from pathlib import Path

import pytest

from opsgauge.foundation.errors import SettingsWrong
from opsgauge.foundation.settings import make_workspace, open_workspace
from opsgauge.governance.database import open_database


@pytest.mark.parametrize("name", ["plain", "with space", "what?", "50%", "über#uns"])
def test_a_workspace_may_lie_in_any_folder(tmp_path: Path, name: str) -> None:
    """Its records are in it, whatever signs its path has."""
    workspace = make_workspace(tmp_path / name, "")
    open_database(workspace.records_url).close()

    assert (tmp_path / name / "records.db").is_file()
    assert open_workspace(tmp_path / name).path == workspace.path


@pytest.mark.parametrize("name", ["a[b", "a]", "a\\b", "a^b", "a|b", "a\tb", "50%25", "a\udcffb"])
def test_a_folder_that_tables_cannot_be_kept_in_is_refused(tmp_path: Path, name: str) -> None:
    """Delta reads such a name as another, or ends the program; also one that was renamed later."""
    with pytest.raises(SettingsWrong, match=r"Tables cannot be kept in .* Rename that folder"):
        make_workspace(tmp_path / name / "desk")
    assert not (tmp_path / name).exists()
    made = make_workspace(tmp_path / "plain").path
    made.rename(tmp_path / name)
    with pytest.raises(SettingsWrong, match="Tables cannot be kept in"):
        open_workspace(tmp_path / name)


def test_a_wrong_setting_names_the_nearest(tmp_path: Path) -> None:
    """File, key and what may have been meant."""
    make_workspace(tmp_path / "desk", "")
    settings = tmp_path / "desk" / "opsgauge.toml"
    settings.write_text('zone = "Europe/Lisbonn"\n', "utf-8")

    with pytest.raises(SettingsWrong, match="Europe/Lisbon"):
        open_workspace(tmp_path / "desk")
