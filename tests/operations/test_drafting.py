"""Drafts and trials as the command line, the pages and the API get them."""

from pathlib import Path

import pytest

from opsgauge.foundation.errors import FileUnreadable, NotAllowed
from opsgauge.governance.access import everywhere
from opsgauge.operations.context import Context
from opsgauge.operations.drafting import draft_file, drafted, told, tried, try_mapping
from tests.conftest import MAPPING, Intake
from tests.sources.draft import exports


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Write an export."""
    made = tmp_path / "calls.csv"
    made.write_text(exports.german_list())
    return made


def test_a_draft_comes_with_what_it_gives(file: Path) -> None:
    """And with a name for it, made from the file's or from the one that is said."""
    made = draft_file(file)
    assert made.preview is not None
    assert (made.name, made.preview.tickets, made.fault) == ("calls", exports.MANY, None)

    plain = draft_file(file, "Störungen.csv").as_json()
    assert (plain["file"], plain["name"]) == ("Störungen.csv", "stoerungen")
    assert plain["preview"]["earliest"].endswith("Z")
    assert set(plain["preview"]["unmapped"]) == {"original_status"}


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("offen: new", "offen: nw", "offen: nw", "Did you mean 'new'"),
        ("team: Bearbeitergruppe", "team: Bearbeitergrupe", "team:", "'Bearbeitergruppe'"),
        ("  team:", "  taem:", "taem:", "Did you mean 'team'"),
        ("zone: UTC", "zone: Mars", "zone: Mars", "no IANA time zone"),
        ("shape: tickets", "shape: [tickets", "", "no YAML"),
        ("ticket_id:", "tickets_id:", "tickets_id:", "Did you mean 'ticket_id'"),
    ],
)
def test_a_fault_is_told_with_its_line(
    file: Path, old: str, new: str, line: str, said: str
) -> None:
    """And the nearest right word."""
    text = draft_file(file).text
    assert old in text
    bad = text.replace(old, new, 1)
    made = try_mapping(file, bad, "the mapping")

    assert made.preview is None
    assert made.fault is not None
    assert said in f"{made.fault.message} {made.fault.hint}"
    assert not made.fault.message.startswith("the mapping, line")
    if line:
        assert line in bad.splitlines()[made.fault.line - 1]


def test_what_came_of_the_records_is_said_in_sentences(file: Path) -> None:
    """Tickets, phases, refused records, words."""
    made = try_mapping(file, draft_file(file).text.replace("%d.%m.%Y", "%m.%d.%Y"), "m.yaml")
    lines = told(made)

    assert lines[0].startswith(f"{exports.MANY} records give ")
    assert any(
        line.startswith("Refused: ") and "the moment cannot be read" in line for line in lines
    )
    assert any(line.startswith("Tickets that were in a phase: new ") for line in lines)
    assert any(line.startswith("Tickets that have a field: opened_at ") for line in lines)
    assert any(line.startswith("Of these open ") for line in lines)
    bad = try_mapping(file, "sorce: x", "m.yaml")
    assert told(bad)[0].startswith("sorce: no such key.")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """As an import would."""
    with pytest.raises(FileUnreadable, match="There is no file"):
        draft_file(tmp_path / "none.csv")


def test_in_a_workspace_it_asks_for_the_right_to_import(intake: Intake, file: Path) -> None:
    """Outside, whoever can read the file may ask."""
    reader = Context(intake.workspace, actor=everywhere("ana", "viewer"))
    with pytest.raises(NotAllowed):
        drafted(reader, file, "calls.csv")
    with pytest.raises(NotAllowed):
        tried(reader, file, MAPPING, "calls.csv")
    assert drafted(intake.context, file, "a.csv").file == "a.csv"
    assert tried(intake.context, file, MAPPING, "a.csv").fault is not None
