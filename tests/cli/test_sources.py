"""What comes in, from the command line: drafts, trials, sync."""

import os
from pathlib import Path

import pytest
import yaml

from opsgauge.log.mapping import parse_mapping
from tests.cli.conftest import Run
from tests.conftest import MAPPING
from tests.sources.draft import exports

ROWS = "number,at,state,team,who\nT1,2026-01-05T08:00Z,New,Desk,ann\n"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Write an export."""
    file = tmp_path / "calls.csv"
    file.write_text(exports.german_list())
    return file


@pytest.fixture
def workspace(opsgauge: Run, tmp_path: Path) -> Path:
    """Make a workspace with a mapping `desk`."""
    path = tmp_path / "desk"
    assert opsgauge("init", path).code == 0
    (path / "mappings" / "desk.yaml").write_text(MAPPING)
    return path


def put(workspace: Path, name: str, text: str) -> None:
    """Put a settled file into the inbox."""
    file = workspace / "inbox" / name
    file.write_text(text)
    moment = file.stat().st_mtime - 60
    os.utime(file, (moment, moment))


@pytest.mark.row("ING-01")
def test_a_draft_is_the_yaml_alone(
    opsgauge: Run, export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it gives goes to standard error; no workspace is needed, and none is made."""
    monkeypatch.chdir(tmp_path)
    done = opsgauge("mapping", "draft", export)

    assert done.code == 0
    assert parse_mapping(done.out, "draft").ticket_id == "Vorgangsnr."
    assert f"{exports.MANY} records give {exports.MANY} tickets" in done.err
    assert "To check: zone" in done.err
    assert "No mapping for original_status: 'beim Kollegen' 6 times." in done.err
    assert [file.name for file in tmp_path.iterdir()] == ["calls.csv"]


@pytest.mark.row("ING-01")
def test_a_mapping_is_tried_until_nothing_is_left(
    opsgauge: Run, export: Path, tmp_path: Path
) -> None:
    """Exit 2 for a fault, 1 for words without a mapping, 0 in the end."""
    file = tmp_path / "calls.yaml"
    draft = opsgauge("mapping", "draft", export).out
    file.write_text(draft.replace("offen: new", "offen: nw"))
    faulty = opsgauge("mapping", "try", export, "--mapping", file)
    assert faulty.code == 2
    assert "calls.yaml, line " in faulty.err
    assert "Did you mean 'new'?" in faulty.err

    file.write_text(draft)
    assert opsgauge("mapping", "try", export, "--mapping", file).code == 1
    file.write_text(draft.replace("# beim Kollegen:", "beim Kollegen:"))
    done = opsgauge("mapping", "try", export, "--mapping", file)
    assert (done.code, done.out) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["draft", "none.csv"], "There is no file"),
        (["try", "none.csv", "--mapping", "none.yaml"], "cannot be read"),
    ],
)
def test_what_is_not_there_is_misuse(
    opsgauge: Run, arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told in a sentence."""
    monkeypatch.chdir(tmp_path)
    done = opsgauge("mapping", *arguments)

    assert done.code == 2
    assert said in done.err


@pytest.mark.row("ING-01")
def test_sync_speaks_to_cron(opsgauge: Run, workspace: Path) -> None:
    """0 where all is well, 1 where a person should look, 2 where a file cannot be imported."""
    put(workspace, "desk_1.csv", ROWS)
    first = opsgauge("sync", "--workspace", workspace, "--format", "json")
    assert first.code == 0
    [told] = first.json["files"]
    assert (told["file"], told["state"], told["data_version"]) == ("desk_1.csv", "imported", 1)
    assert opsgauge("sync", "--workspace", workspace).code == 0

    put(workspace, "hr.csv", "a\n1\n")
    unknown = opsgauge("sync", "--workspace", workspace)
    assert unknown.code == 1
    assert "No mapping says" in unknown.out

    put(workspace, "desk_2.csv", "a\n1\n")
    failed = opsgauge("sync", "--workspace", workspace, "--format", "csv")
    assert failed.code == 2
    assert failed.out.splitlines()[0].startswith("file,mapping,state,data_version,read")


def test_a_mapping_with_a_fault_is_told_by_sync(opsgauge: Run, workspace: Path) -> None:
    """On standard error, whatever lies in the inbox."""
    (workspace / "mappings" / "bad.yaml").write_text("sorce: x\n")
    done = opsgauge("sync", "--workspace", workspace)

    assert (done.code, done.out) == (2, "Nothing lies in the inbox.\n")
    assert "Did you mean 'source'?" in done.err


def test_an_import_says_why_records_were_refused(opsgauge: Run, workspace: Path) -> None:
    """Beside how many."""
    file = workspace / "list.csv"
    file.write_text(ROWS + ",2026-01-05T08:00Z,New,Desk,ann\n")
    done = opsgauge("import", file, "--mapping", "desk", "--workspace", workspace)

    assert done.code == 1
    assert "Refused: number: the ticket has no number, 1 times." in done.out


def test_what_an_import_notes_is_said_once(opsgauge: Run, workspace: Path, tmp_path: Path) -> None:
    """A tool of another zone than the workspace's, in one line."""
    file = tmp_path / "export.csv"
    file.write_text(ROWS)
    mapping = workspace / "mappings" / "desk.yaml"
    told = yaml.safe_load(mapping.read_text())
    told["times"] = {**told.get("times", {}), "zone": "Europe/Oslo"}
    mapping.write_text(yaml.safe_dump(told, sort_keys=False))
    done = opsgauge("import", file, "--mapping", "desk", "--workspace", workspace)
    said = " ".join((done.out + done.err).split())

    assert said.count("The tool's clock is that of Europe/Oslo") == 1


def test_where_every_record_could_be_used_that_is_said(opsgauge: Run, workspace: Path) -> None:
    """And not a head without a table below."""
    put(workspace, "desk_1.csv", ROWS)
    assert opsgauge("sync", "--workspace", workspace).code == 0
    done = opsgauge("rejected", "--workspace", workspace)

    assert done.code == 0
    assert done.out.strip() == "None: every record could be used."
