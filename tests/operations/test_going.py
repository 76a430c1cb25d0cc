"""Tickets that are gone at their source: told so, merged, missing from a full export, and back."""

import signal
import subprocess
import sys
from typing import Any

import pytest

from opsgauge.foundation.errors import FileUnreadable, MappingWrong, TooManyGone, UnknownTicket
from opsgauge.governance import audit
from opsgauge.operations.answers import Imported
from opsgauge.operations.deleted import deleted
from opsgauge.operations.going import USUAL, FullExport
from opsgauge.operations.sync import sync
from opsgauge.operations.ticket import ticket
from tests.conftest import Intake

MAPPING = """
source: desk
shape: tickets
ticket_id: number
times: {zone: UTC}
fields: {opened_at: opened, resolved_at: resolved, original_status: state, team: team}
phases: {New: new, Done: resolved}
deleted: {column: state, words: [Trashed]}
merged_into: parent
"""
SURVEYS = """
source: desk
table: surveys
times: {zone: UTC}
fields: {survey_id: id, ticket_id: number, sent_at: sent}
"""
CONTACTS = """
source: desk
table: contacts
times: {zone: UTC}
fields: {contact_id: id, ticket_id: number, started_at: sent}
"""
DYING = """
import os, signal, sys
from pathlib import Path
from opsgauge.foundation.settings import open_workspace
from opsgauge.operations.context import Context
from opsgauge.operations.ingest import ingest
from opsgauge.warehouse import versions
versions.commit = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
workspace, file, mapping = map(Path, sys.argv[1:])
ingest(Context(open_workspace(workspace)), [file], str(mapping))
"""
FULL, YES = FullExport(full=True), FullExport(full=True, yes_delete=True)


def export(*rows: str) -> str:
    """Return an export; a row is a number with what else it says, and the rest is usual."""
    lines = []
    for row in rows:
        number, *told = row.split()
        state, parent = [*told, "New", ""][0], (told[1:] or [""])[0]
        day = int(number[1:])
        opened = "" if state == "Trashed" else f"2026-01-{day:02} 08:00"
        resolved = f"2026-01-{day:02} 17:00" if state == "Done" else ""
        lines.append(f"{number},{opened},{resolved},{state},Desk,{parent}\n")
    return "number,opened,resolved,state,team,parent\n" + "".join(lines)


TEN = [f"T{n}" for n in range(1, 11)]


class Desk:
    """A desk of ten tickets, and what it is told afterwards."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.intake.takes(export(*TEN), mapping=MAPPING)

    def told(self, *rows: str, how: FullExport = USUAL, **more: Any) -> Imported:
        """Import an export."""
        return self.intake.takes(export(*rows), mapping=MAPPING, export=how, **more)

    def tickets(self, version: int | None = None) -> set[str]:
        """Return the numbers of the tickets that count."""
        return {row[0] for row in self.intake.rows("SELECT ticket_id FROM tickets", version)}

    def gone(self) -> dict[str, str]:
        """Return the tickets listed as gone, with why."""
        return {row.ticket_id: row.why for row in deleted(self.intake.context).rows}


@pytest.fixture
def desk(intake: Intake) -> Desk:
    """Return a desk of ten tickets."""
    return Desk(intake)


@pytest.mark.row("ING-05")
def test_a_ticket_the_source_calls_deleted_leaves_and_comes_back(desk: Desk) -> None:
    """It leaves every table that is counted, stays in raw, is listed, and returns when sent again.

    That the record which brings it back is known already does not matter.
    """
    done = desk.told("T3 Trashed", "T4 Done")

    assert (done.gone, done.back, done.rejected) == (1, 0, 0)
    assert desk.tickets() == {*TEN} - {"T3"}
    assert desk.intake.rows("SELECT * FROM history WHERE ticket_id = 'T3'") == []
    assert len(desk.intake.raw()) == 12
    assert desk.gone() == {"T3": "deleted, says the source"}
    assert desk.tickets(version=1) == {*TEN}
    with pytest.raises(UnknownTicket, match="gone at its source since"):
        ticket(desk.intake.context, "T3")
    [line] = audit.lines(desk.intake.context.database, limit=10, subject="data version 2")
    assert '"gone": 1' in str(line.after).replace("'", '"')

    done = desk.told("T3")
    assert (done.gone, done.back, done.accepted) == (0, 1, 0)
    assert desk.tickets() == {*TEN}
    assert desk.gone() == {}


@pytest.mark.row("ING-05")
def test_what_a_full_export_lacks_is_gone(desk: Desk) -> None:
    """Twice the same says nothing new; an old file once more says nothing; then it is back."""
    nine = [each for each in TEN if each != "T2"]
    assert desk.told(*nine, how=FULL).gone == 1
    assert desk.tickets() == {*nine}
    assert desk.gone() == {"T2": "missing from a full export"}

    again = desk.told(*nine, how=FULL)
    assert (again.gone, again.back, again.data_version) == (0, 0, 2)
    old = desk.told(*TEN, how=FULL)
    assert (old.back, old.data_version) == (0, 2)
    assert "it was received before" in old.notes[0]

    whole = desk.told(*TEN[:-1], "T10 Done", how=FULL)
    assert (whole.gone, whole.back) == (0, 1)
    assert desk.tickets() == {*TEN}


@pytest.mark.row("ING-05")
def test_a_full_export_that_lacks_much_is_refused_until_it_is_confirmed(desk: Desk) -> None:
    """Three of ten are more than a fifth; nothing is imported, not even what is new."""
    seven = [*TEN[:6], "T7 Done"]

    with pytest.raises(TooManyGone, match="lacks 3 of the 10 tickets of desk") as refused:
        desk.told(*seven, how=FULL)
    assert "--yes-delete" in refused.value.hint
    assert desk.intake.version().version == 1

    tried = desk.told(*seven, how=FULL, dry_run=True)
    assert tried.gone == 3
    assert "It would be refused" in tried.notes[0]
    assert desk.intake.version().version == 1

    assert desk.told(*seven, how=YES).gone == 3
    assert desk.tickets() == {*TEN[:7]}


@pytest.mark.row("ING-05")
def test_no_empty_broken_or_old_export_takes_anything_away(desk: Desk) -> None:
    """Not even where it was said that it may."""
    with pytest.raises(FileUnreadable, match="no records"):
        desk.told(how=YES)
    with pytest.raises(TooManyGone, match="holds 0"):
        desk.intake.takes(
            "number,opened,resolved,state,team,parent\n,,,,,\n", mapping=MAPPING, export=YES
        )
    broken = export(*TEN[1:], "T11") + 'T12,"2026-01-12 08:00,,New\n'
    done = desk.intake.takes(broken, mapping=MAPPING, export=FULL)
    assert (done.gone, "could not be read" in done.notes[0]) == (0, True)

    desk.told("T9 Done")
    older = desk.told(*reversed(TEN[:9]), how=FULL)
    assert older.gone == 0
    assert "known to have changed until 2026-01-09 17:00 UTC" in older.notes[0]


@pytest.mark.row("ING-05")
def test_a_full_export_of_a_window_speaks_of_that(desk: Desk) -> None:
    """Of tickets opened before its first, it says nothing."""
    done = desk.told("T7", "T8", "T10", "T11", how=FullExport(window=True, yes_delete=True))

    assert done.gone == 1
    assert desk.gone().keys() == {"T9"}


@pytest.mark.row("ING-05")
def test_a_merged_ticket_counts_once_and_stays_tied(desk: Desk) -> None:
    """It leaves for the one it was merged into; taken apart again, it is back."""
    done = desk.told("T2 Done T5", "T5 Done T9", "T3 Done T3")

    assert done.gone == 2
    assert desk.tickets() == {*TEN} - {"T2", "T5"}
    assert desk.gone() == {"T2": "merged into another: T5", "T5": "merged into another: T9"}
    ties = "SELECT ticket_id, kind, to_id FROM links ORDER BY ALL"
    assert desk.intake.rows(ties) == [("T2", "duplicate_of", "T5"), ("T5", "duplicate_of", "T9")]

    assert desk.told("T2 Done").back == 1
    assert "T2" in desk.tickets()
    assert desk.intake.rows(ties) == [("T5", "duplicate_of", "T9")]


@pytest.mark.row("ING-05")
def test_records_beside_a_ticket_go_and_come_with_it(desk: Desk) -> None:
    """A survey is nothing without its ticket; a call took place; a merge passes both on."""
    beside = "id,number,sent\n" + "".join(f"S{n},T{n},2026-01-1{n} 09:00\n" for n in range(1, 4))
    desk.intake.takes(beside, mapping=SURVEYS, name="surveys.csv")
    desk.intake.takes(beside, mapping=CONTACTS, name="contacts.csv")
    surveys = "SELECT survey_id, ticket_id FROM surveys ORDER BY 1"
    contacts = "SELECT contact_id, ticket_id FROM contacts ORDER BY 1"

    desk.told("T1 Trashed", "T2 Done T3")
    assert desk.intake.rows(surveys) == [("S2", "T3"), ("S3", "T3")]
    assert desk.intake.rows(contacts) == [("S1", None), ("S2", "T3"), ("S3", "T3")]

    more = beside + "S4,T1,2026-01-15 09:00\n"
    desk.intake.takes(more, mapping=SURVEYS, name="surveys.csv")
    assert desk.intake.rows(surveys) == [("S2", "T3"), ("S3", "T3")]
    desk.told("T1 Done")
    assert desk.intake.rows(surveys) == [("S1", "T1"), ("S2", "T3"), ("S3", "T3"), ("S4", "T1")]
    assert desk.intake.rows(contacts)[0] == ("S1", "T1")


@pytest.mark.row("ING-05")
def test_a_mapping_that_learns_of_deletions_hears_old_records_again(desk: Desk) -> None:
    """And one that forgets them takes nobody away for them any more; full exports still hold."""
    deaf = MAPPING.replace("deleted: {column: state, words: [Trashed]}\n", "")
    deaf = deaf.replace("New: new", "Trashed: cancelled, New: new")
    desk.told(*TEN[:8], "T9 Done", how=FULL)
    desk.told("T4 Trashed", "T5")
    assert desk.gone().keys() == {"T4", "T10"}

    desk.intake.takes(export("T6 Done"), mapping=deaf)
    assert desk.gone().keys() == {"T10"}
    assert desk.told("T7 Done").gone == 1
    assert desk.gone().keys() == {"T4", "T10"}


@pytest.mark.row("ING-05")
def test_killed_before_it_counts_nobody_is_gone(desk: Desk) -> None:
    """All tables are written, none of it counts; run again, it gives the whole."""
    file = desk.intake.file(export(*TEN[1:], "T11"), "later.csv")
    mapping = desk.intake.file(MAPPING + "full: true\n", "full.yaml")
    told = [str(desk.intake.workspace.path), str(file), str(mapping)]
    killed = subprocess.run([sys.executable, "-c", DYING, *told], check=False)

    assert killed.returncode == -signal.SIGKILL
    assert desk.intake.version().version == 1
    assert desk.tickets() == {*TEN}
    assert desk.gone() == {}

    done = desk.intake.takes(file, mapping=MAPPING + "full: true\n")
    assert (done.gone, done.accepted, done.data_version) == (1, 1, 2)
    assert desk.tickets() == {*TEN[1:], "T11"}
    assert desk.gone().keys() == {"T1"}


def test_a_sync_takes_full_exports_one_after_the_other(desk: Desk) -> None:
    """The newer of two in the inbox has the last word, and one that lacks much fails alone."""
    intake = desk.intake
    (intake.workspace.path / "mappings" / "desk.yaml").write_text(MAPPING + "full: true\n")
    inbox = intake.workspace.path / "inbox" / "desk"
    inbox.mkdir()
    (inbox / "a.csv").write_text(export(*TEN, "T11"))
    (inbox / "b.csv").write_text(export(*TEN[1:], "T11 Done"))
    (inbox / "c.csv").write_text(export("T11 Done", "T12"))

    done = sync(intake.context, wait=lambda _: None)

    assert [each.state for each in done.files] == ["imported", "imported", "failed"]
    assert "--yes-delete" in done.files[2].message
    assert desk.tickets() == {*TEN[1:], "T11"}


def test_only_tickets_can_be_exported_in_full(intake: Intake) -> None:
    """Of other records the newest of each number stands, whatever else is missing."""
    with pytest.raises(MappingWrong, match="full export is one of tickets"):
        intake.takes("id,number,sent\nS1,T1,2026-01-11 09:00\n", mapping=SURVEYS, export=FULL)
    with pytest.raises(MappingWrong, match="'full' is for tickets"):
        intake.takes("id,number,sent\nS1,T1,2026-01-11 09:00\n", mapping=SURVEYS + "full: true\n")


@pytest.mark.parametrize("shape", ["tickets", "updates"])
def test_what_a_ticket_says_that_was_gone_when_it_came_is_listed(
    intake: Intake, shape: str
) -> None:
    """No row of it was ever counted, so it is known by its own records; T3 tells two teams."""
    mapping = MAPPING
    if shape == "updates":
        mapping = MAPPING.replace("shape: tickets", "shape: updates").replace(
            "{opened_at: opened, resolved_at: resolved,", "{updated_at: opened,"
        )
    intake.takes(
        "number,opened,resolved,state,team,parent\n"
        "T1,2026-01-05 08:00,,New,Desk,\nT2,,,Trashed,,\n"
        "T3,2026-01-05 09:00,,New,Desk,\nT3,2026-01-05 10:00,,Trashed,Field,\n"
        "T4,2026-01-05 11:00,,New,Net,T1\n",
        mapping=mapping,
    )
    told = {
        row.ticket_id: (row.practice, row.original_status, row.team, row.opened_at)
        for row in deleted(intake.context).rows
    }

    assert {number: row[:3] for number, row in told.items()} == {
        "T2": ("incident", "Trashed", None),
        "T3": ("incident", "Trashed", "Field"),
        "T4": ("incident", "New", "Net"),
    }
    opened = {number: row[3] and f"{row[3]:%H:%M}" for number, row in told.items()}
    assert opened == {"T2": None, "T3": "10:00" if shape == "tickets" else "09:00", "T4": "11:00"}
