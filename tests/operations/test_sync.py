"""Sync imports what is new in the inbox, once, and says what it left."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from opsgauge.foundation.errors import ImportRunning, NotAllowed
from opsgauge.governance import audit
from opsgauge.governance.access import everywhere
from opsgauge.operations.context import Context
from opsgauge.operations.sync import Synced, SyncedFile, inbox, sync
from opsgauge.warehouse.versions import import_lock
from tests.conftest import MAPPING, Intake

HEAD = "number,at,state,team,who\n"


def rows(first: int, count: int = 2, state: str = "New") -> str:
    """Return some records."""
    lines = (f"T{n},2026-01-05T08:00Z,{state},Desk,ann\n" for n in range(first, first + count))
    return HEAD + "".join(lines)


class Inbox:
    """A workspace with mappings and an inbox."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.path = intake.workspace.path / "inbox"
        self.ctx = intake.context
        self.age = 600

    def mapping(self, name: str, text: str = MAPPING) -> None:
        """Write a mapping, its source called after it."""
        said = text.replace("source: desk", f"source: {name}")
        (self.intake.workspace.path / "mappings" / f"{name}.yaml").write_text(said)

    def put(self, name: str, text: str | bytes = "") -> Path:
        """Put a file into the inbox, each younger than the one before, all of them settled."""
        file = self.path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        self.age -= 1
        moment = file.stat().st_mtime - self.age
        os.utime(file, (moment, moment))
        return file

    def sync(self, wait: Callable[[float], None] = lambda _: None) -> dict[str, SyncedFile]:
        """Sync; return what became of each file."""
        return {each.file: each for each in sync(self.ctx, wait).files}

    def states(self) -> dict[str, str]:
        """Sync; return the state of each file."""
        return {name: each.state for name, each in self.sync().items()}

    def version(self) -> int:
        """Return the number of the newest data version."""
        return self.intake.version().version


@pytest.fixture
def box(intake: Intake) -> Inbox:
    """Return a workspace with the mapping `desk`."""
    made = Inbox(intake)
    made.mapping("desk")
    return made


@pytest.mark.row("ING-01")
def test_what_is_new_is_imported_once(box: Inbox) -> None:
    """With its counts; the second time it is known, without a new data version."""
    box.put("desk_1.csv", rows(1))

    first = box.sync()["desk_1.csv"]
    assert first == SyncedFile("desk_1.csv", "desk", "imported", 1, 2, 2, 0, 0)
    assert box.states() == {"desk_1.csv": "known"}
    assert box.version() == 1


def test_a_known_file_is_known_whatever_it_is_called(box: Inbox) -> None:
    """By its checksum, not by its name."""
    box.put("desk_1.csv", rows(1))
    box.sync()
    box.put("desk_copy.csv", rows(1))

    assert box.states() == {"desk_1.csv": "known", "desk_copy.csv": "known"}


def test_files_of_one_mapping_are_one_data_version(box: Inbox) -> None:
    """The oldest first, so that a later state wins."""
    box.put("desk_b.csv", rows(1, state="New"))
    box.put("desk_a.csv", rows(1, state="Work").replace("08:00", "09:00"))
    done = box.sync()

    assert {each.data_version for each in done.values()} == {1}
    assert list(done) == ["desk_b.csv", "desk_a.csv"]
    assert box.intake.ticket("T1", "original_status") == ("Work",)


def test_each_mapping_has_its_own_data_version(box: Inbox) -> None:
    """In the order of their oldest files."""
    box.mapping("other")
    box.put("desk_1.csv", rows(1))
    box.put("other/x.csv", rows(5))
    done = box.sync()

    assert {name: each.data_version for name, each in done.items()} == {
        "desk_1.csv": 1,
        "other/x.csv": 2,
    }


def test_a_pattern_of_the_mapping_takes_files_in(box: Inbox) -> None:
    """One or several."""
    box.mapping("calls", MAPPING + 'files: ["voice*.csv", "chat*.csv"]\n')
    box.put("chat_7.csv", rows(1))

    assert box.sync()["chat_7.csv"].mapping == "calls"


def test_a_pattern_is_no_change_of_the_mapping(box: Inbox) -> None:
    """Nothing is built anew for it."""
    box.put("desk_1.csv", rows(1))
    box.sync()
    box.mapping("desk", MAPPING + 'files: "desk*.csv"\n')

    assert box.states() == {"desk_1.csv": "known"}


def test_what_is_not_certain_is_told_and_left(box: Inbox) -> None:
    """No mapping, or several; never guessed."""
    box.mapping("desk_two")
    box.put("desk_two.csv", rows(1))
    box.put("hr.csv", rows(3))
    done = box.sync()

    assert done["desk_two.csv"].state == "ambiguous"
    assert "desk, desk_two" in done["desk_two.csv"].message
    assert done["hr.csv"].state == "unknown"
    assert "'files'" in done["hr.csv"].message


@pytest.mark.row("SEC-04")
def test_no_link_is_followed_out_of_the_inbox(box: Inbox, tmp_path: Path) -> None:
    """Whoever may put files there could read any other by one; a link inside leads to a file."""
    box.mapping("desk")
    secret = tmp_path / "elsewhere.csv"
    secret.write_text(rows(1))
    box.put("desk-2.csv", rows(5))
    (box.path / "desk-1.csv").symlink_to(secret)
    (box.path / "desk").symlink_to(tmp_path)
    (box.path / "desk-3.csv").symlink_to(box.path / "desk-2.csv")
    (box.path / "desk-4.csv").symlink_to(box.path / ".." / "opsgauge.toml")

    told = {each.file: each for each in sync(box.ctx, lambda _: None).files}
    assert {name: each.state for name, each in told.items()} == {
        "desk-1.csv": "failed",
        "desk-2.csv": "imported",
        "desk-3.csv": "imported",
        "desk-4.csv": "failed",
    }
    assert "link out of the inbox" in told["desk-1.csv"].message
    messages = {each.name: of.message for each, of in inbox(box.ctx).files}
    assert "link out of the inbox" in messages["desk-1.csv"]


def test_a_bad_file_stops_no_other(box: Inbox) -> None:
    """Of its own mapping or of another; it is tried again, and told again."""
    box.mapping("other")
    box.put("desk_1.csv", rows(1))
    box.put("desk_2.csv", "a,b\n1,2\n")
    box.put("desk_3.csv.gz", b"\x1f\x8b broken")
    box.put("desk_4.csv", rows(4))
    box.put("other_1.csv", rows(9))
    done = box.sync()

    assert {name: each.state for name, each in done.items()} == {
        "desk_1.csv": "imported",
        "desk_2.csv": "failed",
        "desk_3.csv.gz": "failed",
        "desk_4.csv": "imported",
        "other_1.csv": "imported",
    }
    assert "no column" in done["desk_2.csv"].message
    assert done["desk_4.csv"].accepted == 2
    assert box.states()["desk_2.csv"] == "failed"
    assert box.version() == 2


def test_a_mapping_with_a_fault_fails_its_files_alone(box: Inbox) -> None:
    """And is told, also where no file is its own."""
    box.mapping("bad", "sorce: x\n")
    box.put("desk_1.csv", rows(1))
    box.put("bad_1.csv", rows(2))
    done = sync(box.ctx, lambda _: None)

    assert {each.file: each.state for each in done.files} == {
        "desk_1.csv": "imported",
        "bad_1.csv": "failed",
    }
    assert done.failed
    assert len(done.faults) == 1


def test_a_file_that_is_still_written_is_left(box: Inbox) -> None:
    """Growing, empty, or half written by its name; the next sync takes it."""
    growing = box.put("desk_1.csv", rows(1))
    box.put("desk_2.csv.part", rows(2))
    box.put("desk_3.csv", "")
    os.utime(growing)

    def write_on(seconds: float) -> None:
        assert seconds > 0
        with growing.open("a") as more:
            more.write("T9,2026-01-05T08:00Z,New,Desk,ann\n")

    assert {name: each.state for name, each in box.sync(write_on).items()} == dict.fromkeys(
        ["desk_1.csv", "desk_2.csv.part", "desk_3.csv"], "left"
    )
    assert box.sync()["desk_1.csv"].accepted == 3


def test_nobody_waits_for_files_that_are_long_written(box: Inbox) -> None:
    """A cron job every minute costs nothing."""
    box.put("desk_1.csv", rows(1))
    box.sync(lambda _: pytest.fail("it waited"))


def test_a_file_that_grew_after_its_import_is_read_again(box: Inbox) -> None:
    """What it held before is known."""
    file = box.put("desk_1.csv", rows(1))
    box.sync()
    box.put(file.name, rows(1, count=3))
    again = box.sync()["desk_1.csv"]

    assert (again.state, again.read, again.accepted, again.duplicate) == ("imported", 3, 1, 2)


def test_a_changed_mapping_builds_its_source_anew(box: Inbox) -> None:
    """Though no file is new: one known file is read again for it."""
    box.put("desk_1.csv", rows(1, state="Odd"))
    box.put("desk_2.csv", rows(5, state="Odd"))
    box.sync()
    box.mapping("desk", MAPPING.replace("New: new", "New: new\n  Odd: in_progress"))
    done = box.sync()

    assert [each.state for each in done.values()] == ["known", "imported"]
    assert "built anew" in done["desk_2.csv"].message
    assert box.intake.ticket("T1", "phase") == ("in_progress",)
    assert box.intake.ticket("T5", "phase") == ("in_progress",)
    assert set(box.states().values()) == {"known"}


def test_refused_records_and_unknown_words_are_worth_a_look(box: Inbox) -> None:
    """They are no failure."""
    box.put("desk_1.csv", rows(1, state="Odd") + ",2026-01-05T08:00Z,New,Desk,ann\n")
    done = sync(box.ctx, lambda _: None)

    assert (done.failed, done.noteworthy) == (False, True)
    assert (done.files[0].rejected, done.files[0].unmapped) == (1, 2)


def test_files_are_never_touched(box: Inbox) -> None:
    """Neither moved nor changed nor deleted."""
    file = box.put("desk_1.csv", rows(1))
    before = (file.read_bytes(), file.stat().st_mtime_ns)
    box.sync()
    box.sync()

    assert (file.read_bytes(), file.stat().st_mtime_ns) == before


def test_another_import_that_runs_is_told(box: Inbox) -> None:
    """Nothing is changed."""
    box.put("desk_1.csv", rows(1))
    with import_lock(box.ctx.warehouse), pytest.raises(ImportRunning, match="Another import"):
        box.sync()


def test_a_reader_may_not_sync(box: Inbox) -> None:
    """It asks for the right to import."""
    reader = Context(box.intake.workspace, actor=everywhere("ana", "viewer"))
    for ask in (sync, inbox):
        with pytest.raises(NotAllowed):
            ask(reader)


def test_a_failure_every_minute_does_not_fill_the_audit(box: Inbox) -> None:
    """Only what was imported is told there."""
    box.put("desk_1.csv", "a,b\n1,2\n")
    box.sync()
    before = len(audit.lines(box.ctx.database, limit=100))
    box.sync()

    assert len(audit.lines(box.ctx.database, limit=100)) == before


def test_an_inbox_that_is_gone_is_empty(box: Inbox) -> None:
    """It may have been removed."""
    shutil.rmtree(box.path)
    assert sync(box.ctx).files == ()
    assert Synced(()).as_json() == {"files": [], "faults": []}


def test_the_inbox_is_told_before_it_is_synced(box: Inbox) -> None:
    """Each file with the mapping it belongs to, without reading it."""
    box.put("desk_1.csv", b"\x00\xff")
    box.put("hr.csv", "x")
    box.put("a.csv.part", "x")
    found = inbox(box.ctx)

    assert [(of.file, of.mapping, of.state) for _, of in found.files] == [
        ("desk_1.csv", "desk", ""),
        ("hr.csv", "", "unknown"),
        ("a.csv.part", "", "left"),
    ]
    assert found.as_json()["mappings"] == ["desk"]
