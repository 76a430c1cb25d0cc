"""A workspace backed up and made again, on either kind of database."""

import json
import random
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from opsgauge.foundation.errors import (
    FileUnreadable,
    ImportRunning,
    NotAllowed,
    RecordsDamaged,
    SettingsWrong,
)
from opsgauge.foundation.settings import open_workspace
from opsgauge.governance import audit
from opsgauge.governance.access import everywhere
from opsgauge.metrics.question import Question
from opsgauge.operations.archive import MANIFEST, Archive
from opsgauge.operations.backing_up import back_up
from opsgauge.operations.context import Context
from opsgauge.operations.measure import measure
from opsgauge.operations.restoring import restore
from opsgauge.warehouse.versions import import_lock
from tests.conftest import Intake
from tests.postgres import Cluster

LOG = "number,at,state,team,who\n" + "".join(
    f"INC{n},2026-01-0{n} 08:00,{'Done' if n % 2 else 'New'},A,Ann\n" for n in range(1, 9)
)
CALENDAR = "office:\n  hours: {Mon-Fri: 09:00-17:00}\n"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a workspace with eight tickets, a file of somebody's, and a link out of it."""
    intake = Intake(tmp_path_factory.mktemp("held"), 'zone = "Europe/Amsterdam"\n')
    intake.takes(LOG)
    path = intake.workspace.path
    (path / "calendars" / "office.yaml").write_text(CALENDAR)
    (path / "mappings" / "deep").mkdir()
    (path / "mappings" / "deep" / "désk.yaml").write_text("source: desk\n")
    (path / "calendars" / "link.yaml").symlink_to("/etc/hostname")
    (path / "mappings" / "linked").symlink_to("/etc")
    (path / "inbox" / "export.csv").write_text(LOG)
    yield intake
    intake.close()


def reopened(path: Path) -> Context:
    """Open a workspace that was restored."""
    return Context(open_workspace(path))


@pytest.mark.row("GOV-07")
@pytest.mark.parametrize("with_data", [False, True])
def test_a_workspace_comes_back_as_it_was(held: Intake, tmp_path: Path, with_data: bool) -> None:
    """Records, files and key; the data too, where it was asked for; what is a link is left out."""
    made = back_up(held.context, tmp_path / "desk.zip", with_data)
    done = restore(made.file, tmp_path / "again")

    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    assert sorted(made.left_out) == ["calendars/link.yaml", "mappings/linked"]
    ctx, old = reopened(done.workspace), held.workspace.path
    assert ctx.workspace.settings == held.workspace.settings
    for name in ("opsgauge.toml", "calendars/office.yaml", "mappings/deep/désk.yaml", ".secret"):
        assert (done.workspace / name).read_bytes() == (old / name).read_bytes()
    assert stat.S_IMODE((done.workspace / ".secret").stat().st_mode) == 0o600
    assert not (done.workspace / "calendars" / "link.yaml").exists()
    assert not list((done.workspace / "inbox").iterdir())

    verdict = audit.verify(ctx.database, made.last_hash)
    assert verdict.holds
    assert (done.lines, verdict.lines) == (made.lines, made.lines + 1)
    [line] = audit.lines(ctx.database, limit=1)
    assert (line.action, line.why) == ("workspace:make", "restored")
    if with_data:
        question = Question("tickets_opened", period="day")
        assert measure(ctx, question).as_json() == measure(held.context, question).as_json()
    else:
        assert list((done.workspace / "warehouse").iterdir()) == []
    ctx.database.close()


@pytest.mark.row("GOV-07")
def test_a_workspace_goes_to_postgresql_and_back(
    held: Intake, tmp_path: Path, postgres: Cluster
) -> None:
    """The chain is the same to the last hash; each restore adds its own line behind it."""
    made = back_up(held.context, tmp_path / "first.zip")
    url = postgres.fresh("template0")
    restore(made.file, tmp_path / "second", url)
    second = reopened(tmp_path / "second")
    assert second.workspace.settings.records_url == url
    assert second.workspace.settings.zone == "Europe/Amsterdam"
    there = back_up(second, tmp_path / "second.zip")
    restore(there.file, tmp_path / "third", f"sqlite:///{tmp_path / 'third.db'}")
    third = reopened(tmp_path / "third")

    assert second.database.engine.dialect.name == "postgresql"
    assert (there.lines, there.last_hash) != (made.lines, made.last_hash)
    chain = {line.number: line for line in audit.lines(third.database, limit=1000)}
    assert chain[made.lines].hash == made.last_hash
    assert chain[there.lines].hash == there.last_hash
    assert chain[1] == audit.lines(held.context.database, limit=1, before_number=2)[0]
    assert audit.verify(third.database, made.last_hash).lines == made.lines + 2
    with pytest.raises(SettingsWrong, match=r"records at .* already"):
        restore(made.file, tmp_path / "fourth", url)
    assert not (tmp_path / "fourth").exists()
    second.database.close()
    third.database.close()


def test_a_backup_is_noted_and_overwrites_nothing(held: Intake, tmp_path: Path) -> None:
    """The line names the file, and the last hash in it."""
    made = back_up(held.context, tmp_path / "desk.zip")
    [line] = audit.lines(held.context.database, limit=1)
    assert (line.action, line.subject) == ("backup:make", "desk.zip")
    assert isinstance(line.after, dict)
    assert line.after["last_hash"] == made.last_hash
    before = made.file.read_bytes()
    with pytest.raises(FileUnreadable, match="cannot be written"):
        back_up(held.context, made.file)
    with pytest.raises(FileUnreadable, match="cannot be written"):
        back_up(held.context, tmp_path / "nowhere" / "desk.zip")
    assert made.file.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["desk.zip"]


def test_only_an_administrator_backs_up(held: Intake, tmp_path: Path) -> None:
    """A backup holds everything, the key included."""
    ctx = Context(held.workspace, everywhere("eve", "auditor"))
    with pytest.raises(NotAllowed, match="backup:make"):
        back_up(ctx, tmp_path / "desk.zip")


def test_data_is_not_copied_while_an_import_runs(held: Intake, tmp_path: Path) -> None:
    """It would be of two states; without the data a backup may be made at any time."""
    with import_lock(held.context.warehouse):
        with pytest.raises(ImportRunning):
            back_up(held.context, tmp_path / "desk.zip", with_data=True)
        assert list(tmp_path.iterdir()) == []
        assert back_up(held.context, tmp_path / "desk.zip").file.exists()


def test_an_audit_that_does_not_hold_is_not_backed_up(intake: Intake, tmp_path: Path) -> None:
    """A backup from which nothing could be restored would be found out too late."""
    ctx = intake.context
    audit.append(ctx.database, ctx.clock, ctx.actor, "import:run", "a.csv")
    with ctx.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_lines_no_update")
        connection.exec_driver_sql("UPDATE audit_lines SET actor = 'eve'")
    with pytest.raises(RecordsDamaged, match="Line 1 is not as it was written"):
        back_up(ctx, tmp_path / "desk.zip")


def test_a_folder_that_holds_something_is_not_restored_into(held: Intake, tmp_path: Path) -> None:
    """Nothing is overwritten, not even by a workspace; an empty folder will do."""
    made = back_up(held.context, tmp_path / "desk.zip")
    full, empty = tmp_path / "full", tmp_path / "empty"
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    empty.mkdir()
    for wrong in (full, made.file):
        with pytest.raises(SettingsWrong, match="is not empty"):
            restore(made.file, wrong)
    assert [each.name for each in full.iterdir()] == ["mine.txt"]
    restore(made.file, empty)
    assert (empty / "opsgauge.toml").exists()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["desk.zip", "empty", "full"]


def remade(file: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Write a backup anew with other members, the manifest as it was unless it is changed."""
    with zipfile.ZipFile(file) as old:
        members = {each: old.read(each) for each in old.namelist()}
    change(members)
    other = file.with_name("other.zip")
    with zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members.items():
            new.writestr(name, content)
    return other


def claiming(members: dict[str, bytes], name: str, content: bytes = b"x") -> None:
    """Put a member in, and into the manifest too."""
    told = json.loads(members[MANIFEST])
    template = dict(next(iter(told["members"].values())))
    told["members"][name] = template | {"bytes": len(content)}
    members[name], members[MANIFEST] = content, json.dumps(told).encode()


def changed_sign(members: dict[str, bytes]) -> None:
    name = "records/audit_lines.jsonl"
    members[name] = members[name].replace(b"import", b"export", 1)


def grown(members: dict[str, bytes]) -> None:
    told = json.loads(members[MANIFEST])
    told["members"]["files/.secret"]["bytes"] = 10**12
    members[MANIFEST] = json.dumps(told).encode()


def of_the_future(members: dict[str, bytes]) -> None:
    told = json.loads(members[MANIFEST]) | {"format": 2, "more": 1}
    members[MANIFEST] = json.dumps(told).encode()


HOSTILE: dict[str, tuple[Callable[[dict[str, bytes]], object], str]] = {
    "a sign changed": (changed_sign, "not as it was written"),
    "a member gone": (lambda m: m.pop("files/.secret"), "not what its manifest names"),
    "a member more": (lambda m: m.update({"files/reports/x": b"x"}), "not what its manifest names"),
    "up": (lambda m: claiming(m, "files/reports/../../x"), "no place in a workspace"),
    "absolute": (lambda m: claiming(m, "files//etc/x"), "no place in a workspace"),
    "backslash": (lambda m: claiming(m, "files/reports\\..\\x"), "no place in a workspace"),
    "elsewhere": (lambda m: claiming(m, "files/.bashrc"), "no place in a workspace"),
    "records by hand": (lambda m: claiming(m, "files/records.db"), "no place in a workspace"),
    "a folder": (lambda m: claiming(m, "files/reports/", b""), "no plain file"),
    "a bomb": (grown, "would grow to"),
    "no manifest": (lambda m: m.pop(MANIFEST), "no manifest"),
    "a manifest of words": (lambda m: m.update({MANIFEST: b"[1]"}), "does not fit"),
    "a manifest of rubbish": (lambda m: m.update({MANIFEST: b"\xff\x00"}), "is no backup"),
    "the future": (of_the_future, "format 2"),
}


@pytest.fixture(scope="module")
def archive(held: Intake, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a good backup, with a file so long that most of its bytes are content."""
    notes = held.workspace.path / "reports" / "notes.txt"
    notes.write_text(random.Random(1).randbytes(4_000).hex())  # noqa: S311 - what cannot be shrunk
    try:
        return back_up(held.context, tmp_path_factory.mktemp("good") / "desk.zip").file
    finally:
        notes.unlink()


@pytest.mark.row("SEC-04")
@pytest.mark.parametrize(("change", "words"), HOSTILE.values(), ids=HOSTILE)
def test_a_backup_that_was_tampered_with_is_refused(
    archive: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], object], words: str
) -> None:
    """Nothing is made of it, and nothing is left behind."""
    with pytest.raises(FileUnreadable, match=words):
        restore(remade(archive, change), tmp_path / "again")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.row("SEC-04")
def test_a_link_in_a_backup_is_refused(archive: Path, tmp_path: Path) -> None:
    """A link out of the workspace could be written through."""

    def as_link(members: dict[str, bytes]) -> None:
        claiming(members, "files/reports/link", b"/etc")

    other = remade(archive, as_link)
    with zipfile.ZipFile(other) as old:
        members = {each: old.read(each) for each in old.namelist()}
    with zipfile.ZipFile(other, "w") as new:
        for name, content in members.items():
            told = zipfile.ZipInfo(name)
            told.external_attr = (stat.S_IFLNK | 0o777 if "link" in name else 0o100644) << 16
            new.writestr(told, content)
    with pytest.raises(FileUnreadable, match="no plain file"):
        restore(other, tmp_path / "again")


@pytest.mark.parametrize("share", [0, 1, 2])
def test_half_a_backup_is_no_backup(archive: Path, tmp_path: Path, share: int) -> None:
    """Cut off anywhere, or empty, or another file."""
    whole = archive.read_bytes()
    half = tmp_path / "half.zip"
    half.write_bytes((b"", whole[: len(whole) // 2], whole[:-1])[share])
    with pytest.raises(FileUnreadable, match="no backup"):
        restore(half, tmp_path / "again")
    with pytest.raises(FileUnreadable, match="no backup"):
        restore(tmp_path / "not-there.zip", tmp_path / "again")
    assert [each.name for each in tmp_path.iterdir()] == ["half.zip"]


@pytest.mark.row("SEC-04")
def test_a_byte_changed_anywhere_is_refused_or_changes_nothing(
    archive: Path, tmp_path: Path
) -> None:
    """At two hundred places; what is not noticed (a date in the zip) changes no content."""
    whole, chance = archive.read_bytes(), random.Random(7)  # noqa: S311 - places, no secrets
    good = contents(archive)
    changed, refused = tmp_path / "changed.zip", 0
    for _ in range(200):
        place = chance.randrange(len(whole))
        changed.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            assert contents(changed) == good
        except FileUnreadable:
            refused += 1
    assert refused > 150


def contents(file: Path) -> dict[str, bytes]:
    """Return all that a backup holds."""
    opened = Archive(file)
    try:
        return {name: b"".join(opened.blocks(name)) for name in opened.manifest.members}
    finally:
        opened.close()
