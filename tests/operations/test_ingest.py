"""Importing: whole or not at all, once each, and told to those who ask later."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from opsgauge.foundation.clock import fixed_clock
from opsgauge.foundation.errors import (
    DiskFull,
    FileUnreadable,
    ImportRunning,
    MappingWrong,
    NotAllowed,
    OpsgaugeError,
    UnknownVersion,
)
from opsgauge.governance import audit
from opsgauge.governance.access import everywhere
from opsgauge.governance.audit import AuditLine
from opsgauge.operations.context import Context
from opsgauge.operations.ingest import ingest
from opsgauge.warehouse import versions
from opsgauge.warehouse.versions import import_lock
from tests.conftest import MAPPING, Intake

HEADER = "number,at,state,team,who\n"
FIRST = HEADER + (
    "INC1,2026-01-05 08:00,New,A,Ann\n"
    "INC1,2026-01-05 09:00,Work,A,Bob\n"
    "INC2,2026-01-06 08:00,New,B,\n"
)
LATER = HEADER + (
    "INC1,2026-01-05 09:00,Work,A,Bob\n"
    "INC1,2026-01-07 10:00,Done,A,Bob\n"
    "INC3,2026-02-01 08:00,New,A,Cid\n"
)


def stored_files(intake: Intake) -> dict[str, str]:
    """Return every file of the warehouse with a hash of its bytes."""
    root = intake.workspace.warehouse
    return {
        str(file.relative_to(root)): sha256(file.read_bytes()).hexdigest()
        for file in sorted(root.rglob("*"))
        if file.is_file() and file.name != "_import.lock"
    }


@pytest.mark.row("ING-01")
def test_the_same_file_twice_changes_nothing(intake: Intake) -> None:
    """No new data version, and not one file of the warehouse is another."""
    first = intake.takes(FIRST)
    before = stored_files(intake)
    again = intake.takes(FIRST, name="the same under another name.csv")

    assert (first.data_version, first.accepted, first.tickets_touched) == (1, 3, 2)
    assert (again.data_version, again.accepted, again.duplicate, again.tickets_touched) == (
        1,
        0,
        3,
        0,
    )
    assert stored_files(intake) == before


@pytest.mark.row("ING-01")
def test_a_later_file_extends_the_tickets(intake: Intake) -> None:
    """What both files tell counts once; the untouched ticket stays as it was."""
    intake.takes(FIRST)
    done = intake.takes(LATER)

    assert (done.data_version, done.read, done.accepted, done.duplicate) == (2, 3, 2, 1)
    assert done.tickets_touched == 2
    assert intake.rows(
        "SELECT ticket_id, phase, update_count, strftime(opened_at, '%m-%d') "
        "FROM tickets ORDER BY ticket_id"
    ) == [
        ("INC1", "resolved", 3, "01-05"),
        ("INC2", "new", 1, "01-06"),
        ("INC3", "new", 1, "02-01"),
    ]


@pytest.mark.row("ING-01")
def test_files_together_give_what_they_give_one_by_one(
    intake: Intake, make_intake: Callable[..., Intake]
) -> None:
    """In the order they are named, also for updates of one minute."""
    same_minute = HEADER + "".join(
        f"INC4,2026-01-05 08:00,{state},A,Ann\n" for state in ("New", "Work")
    )
    more = HEADER + "".join(f"INC4,2026-01-05 08:00,{s},A,Ann\n" for s in ("Wait", "Done"))
    intake.takes(FIRST, LATER, same_minute, more)
    one_by_one = make_intake(secret_of=intake)
    for text in (FIRST, LATER, same_minute, more):
        one_by_one.takes(text)

    assert intake.version().version == 1
    assert intake.content() == one_by_one.content()
    states = [row[-1] for row in intake.history("INC4", "original_status")]
    assert states == ["New", "Work", "Wait", "Done"]


@pytest.mark.row("ING-01")
def test_one_bad_file_of_several_stops_them_all(intake: Intake) -> None:
    """The workspace is as it was before."""
    intake.takes(FIRST)
    before = stored_files(intake)

    with pytest.raises(FileUnreadable, match=r"3-export\.csv is empty"):
        intake.takes(LATER, LATER.replace("INC3", "INC9"), "")
    assert stored_files(intake) == before


def test_a_dry_run_says_what_would_be_and_keeps_nothing(intake: Intake) -> None:
    """In an empty workspace and in a full one."""
    first = intake.takes(FIRST, dry_run=True)
    nothing = stored_files(intake)
    intake.takes(FIRST)
    before = stored_files(intake)
    second = intake.takes(LATER + "INC9,soon,Odd,A,Ann\n", dry_run=True)

    assert (first.data_version, first.accepted, first.dry_run) == (0, 3, True)
    assert nothing == {}
    assert (second.accepted, second.duplicate, second.rejected) == (2, 1, 1)
    assert stored_files(intake) == before


@pytest.mark.row("ING-06")
def test_a_data_version_says_what_it_holds(intake: Intake) -> None:
    """When, by whom, of what; how much, and the span of its moments; the newest is the mark."""
    clock = fixed_clock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    intake.context = replace(intake.context, clock=clock, actor=everywhere("ana", "analyst"))
    intake.takes(FIRST, name="january.csv")

    made = intake.version()
    assert (made.version, made.by, made.what) == (1, "ana", "import of january.csv as desk")
    assert made.made_at == clock()
    assert (made.tickets, made.updates) == (2, 3)
    assert made.earliest == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert made.watermark == datetime(2026, 1, 6, 8, tzinfo=UTC)
    assert set(made.tables) == {
        *("raw_desk", "tickets", "history", "persons", "receipts", "definitions")
    }


@pytest.mark.row("ING-06")
def test_each_file_leaves_a_receipt(intake: Intake) -> None:
    """With its checksum, so that nobody has to wonder which file it was."""
    intake.takes(FIRST, LATER)

    told = intake.rows(
        'SELECT file, checksum, "read", accepted, duplicate FROM receipts ORDER BY 1'
    )
    assert told == [
        ("1-export.csv", sha256(FIRST.encode()).hexdigest(), 3, 3, 0),
        ("2-export.csv", sha256(LATER.encode()).hexdigest(), 3, 2, 1),
    ]
    assert intake.rows("SELECT DISTINCT mapping FROM receipts") == [(MAPPING,)]


@pytest.mark.row("ING-02")
def test_an_old_data_version_stays_as_it_was(intake: Intake) -> None:
    """However much comes later, and whatever it replaces."""
    intake.takes(FIRST)
    before, raw = intake.content(), intake.raw()
    for day in range(10, 14):
        intake.takes(HEADER + f"INC1,2026-01-{day} 08:00,Work,C,Bob\n")

    assert intake.content(version=1) == before
    assert intake.raw(version=1) == raw
    assert intake.content() != before
    with pytest.raises(UnknownVersion, match=r"no data version 9\. There are 1 to 5"):
        intake.rows("SELECT 1", version=9)


def said(line: AuditLine) -> object:
    """Return what an audit line says was done."""
    assert isinstance(line.after, dict)
    return line.after["what"]


def audited(intake: Intake) -> list[tuple[str, Any]]:
    """Return subject and content of every line about imports, oldest first."""
    lines = audit.lines(intake.context.database, limit=50)
    return [(line.subject, said(line)) for line in reversed(lines) if line.action == "import:run"]


def test_every_import_is_on_record(intake: Intake) -> None:
    """One that changed something, and one that brought nothing new; a dry run is none."""
    intake.takes(FIRST)
    intake.takes(LATER, dry_run=True)
    intake.takes(FIRST)

    assert audited(intake) == [
        ("data version 1", "import of export.csv as desk"),
        ("no new data version", "export.csv: nothing new"),
    ]


def test_an_import_needs_the_right(intake: Intake) -> None:
    """A reader is told who may; nothing is read."""
    intake.context = replace(intake.context, actor=everywhere("ana", "viewer"))

    with pytest.raises(NotAllowed, match=r"viewer may not import files"):
        intake.takes(FIRST)
    assert stored_files(intake) == {}


def test_a_mapping_is_found_by_path_and_by_name(intake: Intake) -> None:
    """In the workspace's own folder; a slip gets the nearest."""
    file = intake.file(FIRST)
    (intake.workspace.path / "mappings" / "desk.yaml").write_text(MAPPING)
    (intake.workspace.path / "mappings" / "phones.yml").write_text(MAPPING)

    assert ingest(intake.context, [file], "desk").accepted == 3
    assert ingest(intake.context, [file], "phones").duplicate == 3
    with pytest.raises(MappingWrong, match=r"no mapping 'dekc': .* Did you mean 'desk'\?"):
        ingest(intake.context, [file], "dekc")
    with pytest.raises(MappingWrong, match=r"There is no mapping 'gone\.yaml'"):
        ingest(intake.context, [file], "gone.yaml")


def test_a_file_that_lacks_a_column_is_refused(intake: Intake) -> None:
    """With the nearest that it has."""
    with pytest.raises(MappingWrong, match=r"no column 'team'.*fields\.team\. Did you mean 'teem'"):
        intake.takes(FIRST.replace("team", "teem"))
    assert stored_files(intake) == {}


def test_a_second_import_is_told_that_one_is_running(intake: Intake) -> None:
    """It is told at once, loses nothing, and works when the first is through."""
    with import_lock(intake.context.warehouse), pytest.raises(ImportRunning) as told:
        intake.takes(FIRST)

    assert "Another import is running (process " in str(told.value)
    assert "run this one again" in told.value.hint
    assert intake.takes(FIRST).accepted == 3


@pytest.mark.row("ING-01")
def test_of_many_imports_at_once_none_is_lost(intake: Intake) -> None:
    """Three clerks press the button together, and again while they are told to wait."""
    start = threading.Barrier(3)
    told: list[int] = []
    wrong: list[Exception] = []
    files = [
        intake.file(HEADER + f"INC{n},2026-01-05 08:00,New,A,Ann\n", f"clerk {n}.csv")
        for n in range(3)
    ]
    mapping = intake.file(MAPPING, "mapping.yaml")

    def press(file: Path) -> None:
        context = Context(intake.workspace)
        start.wait()
        for waited in range(2_000):
            try:
                ingest(context, [file], str(mapping))
                told.append(waited)
                break
            except ImportRunning:
                threading.Event().wait(0.01)
            except OpsgaugeError as fault:
                wrong.append(fault)
                break
        context.database.close()

    clerks = [threading.Thread(target=press, args=(file,)) for file in files]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()

    assert wrong == []
    assert sum(waited > 0 for waited in told) >= 1
    assert intake.version().version == 3
    assert intake.rows("SELECT ticket_id FROM tickets ORDER BY 1") == [
        (f"INC{n}",) for n in range(3)
    ]


@pytest.mark.row("ING-02")
def test_a_reader_sees_the_old_version_whole_until_the_new_one_counts(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked at every step of an import, and in the instant before it counts."""
    intake.takes(FIRST)
    old = intake.content()
    seen: list[tuple[int, bool]] = []

    def look(*_: object) -> None:
        newest = versions.latest(intake.context.warehouse)
        assert newest is not None
        seen.append((newest.version, intake.content() == old))

    commit = versions.commit

    def committing(*what: Any) -> None:
        look()
        commit(*what)

    monkeypatch.setattr(versions, "commit", committing)
    intake.context = replace(intake.context, progress=look)
    intake.takes(LATER)

    assert len(seen) >= 3
    assert set(seen) == {(1, True)}
    assert intake.version().version == 2
    assert intake.content() != old


def test_an_opened_version_stays_open_while_imports_go_on(intake: Intake) -> None:
    """A page that was asked before goes on reading what it began with."""
    intake.takes(FIRST)
    opened = intake.context.opened()
    for text in (LATER, LATER.replace("INC3", "INC4")):
        intake.takes(text)

    tables = intake.context.tables
    count = opened.engine.run(tables.tickets.aggregate(n=tables.tickets.count()))
    newest = intake.context.opened()
    assert count["n"].to_pylist() == [2]
    assert newest.version.version == 3
    assert newest.version.tickets == 4


def test_what_a_failed_import_left_is_gone_before_the_next(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk in the middle: it is told in words, and nothing of the file counts."""
    intake.takes(FIRST)
    before = intake.content()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(versions, "commit", full)
        with pytest.raises(DiskFull, match=r"There is no room to write in .* Nothing was imported"):
            intake.takes(LATER)
    assert intake.content() == before
    assert not (intake.workspace.warehouse / "_work").exists()

    done = intake.takes(LATER)
    assert (done.data_version, done.accepted, done.duplicate) == (2, 2, 1)
    assert intake.rows("SELECT count(*) FROM receipts") == [(2,)]


def test_what_a_killed_import_wrote_beside_the_log_is_undone(intake: Intake) -> None:
    """The head of a table is never taken for its current state: readers go by the data version."""
    intake.takes(FIRST)
    before = intake.content()
    warehouse = intake.context.warehouse
    for name in ("tickets", "history", "raw_desk"):
        warehouse.delta(name).delete()
    (warehouse.root / "raw_other").mkdir()

    assert intake.content() == before
    assert intake.rows("SELECT count(*) FROM tickets") == [(2,)]
    again = intake.takes(FIRST)
    assert (again.data_version, again.duplicate) == (1, 3)
    assert warehouse.delta("tickets").to_pyarrow_table().num_rows == 2
    assert not (warehouse.root / "raw_other").exists()
