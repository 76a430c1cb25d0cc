"""The size of an upload, as the settings write it."""

from pathlib import Path

import pytest

from opsgauge.foundation.errors import SettingsWrong
from opsgauge.foundation.settings import DEFAULT_SETTINGS, Settings, bytes_of, make_workspace


@pytest.mark.parametrize(
    ("said", "bytes_"),
    [("2GB", 2_000_000_000), ("500 MB", 500_000_000), ("1kb", 1_000), ("7B", 7), ("1TB", 10**12)],
)
def test_a_size_is_a_number_of_bytes(said: str, bytes_: int) -> None:
    """In thousands, as disks are sold."""
    assert bytes_of(said) == bytes_


@pytest.mark.parametrize("said", ["", "2", "GB", "-1GB", "2GiB", "2 G", "1e9B"])
def test_an_upload_limit_that_is_no_size_is_refused(said: str, tmp_path: Path) -> None:
    """With the file, the setting and the way to write it."""
    with pytest.raises(SettingsWrong, match=r"upload_limit: .* is no size") as wrong:
        make_workspace(tmp_path / "desk", f'upload_limit = "{said}"')
    assert "500MB" in wrong.value.message


def test_the_settings_that_are_written_are_the_defaults(tmp_path: Path) -> None:
    """Whoever reads them reads what holds."""
    assert make_workspace(tmp_path / "desk", DEFAULT_SETTINGS).settings == Settings()
