"""What lies in the inbox, and to which mapping it belongs."""

import os
from pathlib import Path

import pytest

from opsgauge.foundation.settings import Workspace
from opsgauge.log.mapping import Mapping, Take
from opsgauge.operations.inbox import Known, belongs_to, known_mappings, waiting


def put(workspace: Workspace, name: str, age: int = 60, text: str = "x") -> Path:
    """Put a file into the inbox, written some seconds ago."""
    file = workspace.path / "inbox" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    now = file.stat().st_mtime
    os.utime(file, (now - age, now - age))
    return file


def known(name: str, *files: str) -> Known:
    """Return a mapping of that name, with patterns."""
    mapping = Mapping(
        source="desk",
        shape="tickets",
        ticket_id="n",
        fields={"opened_at": Take(column="at")},
        files=files,
    )
    return Known(name, Path(f"{name}.yaml"), mapping)


MAPPINGS = [
    known("incident"),
    known("jira"),
    known("jira_cloud"),
    known("calls", "voice*.csv", "b/*"),
]


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("incident.csv", ["incident"]),
        ("incident-2026-01.csv.gz", ["incident"]),
        ("Incident 2026.csv", ["incident"]),
        ("incident2026.csv", ["incident"]),
        ("incidents.csv", []),
        ("my_incident.csv", []),
        ("jira_cloud.csv", ["jira", "jira_cloud"]),
        ("jira_cloud/anything.csv", ["jira_cloud"]),
        ("jira_cloud/deeper/incident.csv", ["jira_cloud"]),
        ("other/incident.csv", ["incident"]),
        ("Voice_1.CSV", ["calls"]),
        ("b/x.csv", ["calls"]),
        ("b/incident.csv", ["incident", "calls"]),
        ("zzz.csv", []),
    ],
)
def test_a_file_belongs_by_folder_name_or_pattern(file: str, names: list[str]) -> None:
    """A folder of a mapping's name decides; else every mapping that could be meant is told."""
    assert [each.name for each in belongs_to(file, MAPPINGS)] == names


def test_files_come_the_oldest_first_then_by_name(workspace: Workspace) -> None:
    """Those in folders, too."""
    put(workspace, "b.csv", age=30)
    put(workspace, "c/a.csv", age=90)
    old = put(workspace, "z.csv", age=60)
    twin = put(workspace, "y.csv", age=60)
    os.utime(twin, ns=(old.stat().st_mtime_ns, old.stat().st_mtime_ns))

    assert [each.name for each in waiting(workspace)] == ["c/a.csv", "y.csv", "z.csv", "b.csv"]


def test_what_is_hidden_is_not_looked_at(workspace: Workspace) -> None:
    """Files that a copy program still writes, and the uploads of the import page."""
    put(workspace, ".b.csv.Xy3k")
    put(workspace, ".uploads/ab/c.csv")
    put(workspace, "a.csv")

    assert [each.name for each in waiting(workspace)] == ["a.csv"]


@pytest.mark.parametrize("name", ["a.csv.part", "a.TMP", "a.csv.crdownload", "a.csv~"])
def test_some_names_say_that_a_file_is_still_written(workspace: Workspace, name: str) -> None:
    """Whatever its size."""
    put(workspace, name)
    [each] = waiting(workspace)

    assert each.half_written


def test_a_file_knows_when_it_changed_or_went(workspace: Workspace) -> None:
    """By its size, by its time, by not being there."""
    file = put(workspace, "a.csv")
    [each] = waiting(workspace)
    assert each.now() == each

    with file.open("a") as more:
        more.write("y")
    assert each.now() != each
    file.unlink()
    assert each.now() is None


def test_a_mapping_with_a_fault_is_known_with_it(workspace: Workspace) -> None:
    """So that its files are not called unknown."""
    file = workspace.path / "mappings" / "bad.yaml"
    file.write_text("sorce: x\n")
    [each] = known_mappings({"bad": file})

    assert each.mapping is None
    assert "Did you mean 'source'?" in each.fault
