"""The reader of a file is found by its name and its first bytes."""

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.registry import find_reader
from opsgauge.sources.tools.files.columnar import ColumnarReader
from opsgauge.sources.tools.files.event_log import EventLogReader
from opsgauge.sources.tools.files.excel import ExcelReader
from opsgauge.sources.tools.files.json_text import JsonReader
from opsgauge.sources.tools.files.separated import SeparatedReader

NOBODY = 65534


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", SeparatedReader),
        ("a.TSV", SeparatedReader),
        ("a.txt", SeparatedReader),
        ("a.xes", EventLogReader),
        ("a.parquet", ColumnarReader),
        ("a.xlsx", ExcelReader),
        ("a.json", JsonReader),
        ("a.jsonl", JsonReader),
        ("a.ndjson", JsonReader),
    ],
)
def test_a_reader_is_found_by_the_name(tmp_path: Path, name: str, kind: type) -> None:
    """In small letters or capitals."""
    file = tmp_path / name
    file.write_text("x")

    reader, ready = find_reader(file, tmp_path)

    assert isinstance(reader, kind)
    assert ready == file


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gone.csv", r"There is no file .*gone\.csv\. Is its name right"),
        ("", r"There is no file .*: it is a folder\. Name the files in it"),
        ("x" * 300 + ".csv", "There is no file .*xxx"),
        ("a\0b.csv", "There is no file .*a\0b"),
        ("gone/deeper.csv", "There is no file .*deeper"),
    ],
)
def test_a_file_that_is_not_there_is_named(tmp_path: Path, name: str, said: str) -> None:
    """So is a folder, and a name that no file can have."""
    with pytest.raises(FileUnreadable, match=said):
        find_reader(tmp_path / name, tmp_path)


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Old systems wrote names in other encodings; no table could keep it."""
    file = tmp_path / "B\udcfcro.csv"
    file.write_text("number\n")

    with pytest.raises(FileUnreadable, match=r"B\\udcfcro\.csv' is not written in UTF-8\. Rename"):
        find_reader(file, tmp_path)


@pytest.mark.row("SEC-04")
@pytest.mark.timeout(20)
def test_a_pipe_or_a_device_is_refused_at_once(tmp_path: Path) -> None:
    """It may have no end, or never begin."""
    pipe = tmp_path / "export.csv"
    os.mkfifo(pipe)
    link = tmp_path / "link.csv"
    link.symlink_to("/dev/zero")

    for path in (pipe, link, Path("/dev/null")):
        with pytest.raises(FileUnreadable, match="it is a pipe or a device"):
            find_reader(path, tmp_path)


def test_a_link_that_leads_to_itself_is_no_file(tmp_path: Path) -> None:
    """It is told as what is not there."""
    link = tmp_path / "export.csv"
    link.symlink_to(link)

    with pytest.raises(FileUnreadable, match="There is no file"):
        find_reader(link, tmp_path)


@pytest.fixture
def nobody() -> Iterator[Path]:
    """Return a folder open to all, and be nobody while it is used, where we are root."""
    folder = Path(mkdtemp())
    folder.chmod(0o755)
    yield folder
    os.seteuid(os.getuid())
    rmtree(folder)


@pytest.mark.parametrize("name", ["export.csv", "export.csv.gz", "export.zip", "hidden/export.csv"])
def test_a_file_without_the_right_to_read_it_is_named(
    nobody: Path, tmp_path: Path, name: str
) -> None:
    """With the command that gives it; also where it is the folder that may not be entered."""
    file = nobody / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("number\nINC1\n")
    file.chmod(0)
    if file.parent != nobody:
        file.parent.chmod(0)
    if os.getuid() == 0:
        os.seteuid(NOBODY)

    with pytest.raises(
        FileUnreadable, match=r"may not be read by the account that runs this.*chmod"
    ):
        find_reader(file, tmp_path)
    if file.parent != nobody:
        os.seteuid(os.getuid())
        file.parent.chmod(0o755)
