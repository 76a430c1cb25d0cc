"""Making a workspace from a backup: whole, under its name only when everything in it was checked.

Floor 5. Everything is put together in a hidden folder beside the new workspace; its settings, which
make a folder a workspace, are written last, and then the folder gets its name.
"""

import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from pydantic import ValidationError

from opsgauge.foundation.errors import DiskFull, RecordsDamaged, SettingsWrong
from opsgauge.foundation.full_disk import is_full_disk
from opsgauge.foundation.settings import FOLDERS, SETTINGS_FILE, Settings, Workspace
from opsgauge.governance import audit
from opsgauge.governance.copying import put_in
from opsgauge.operations.archive import SECRET, Archive
from opsgauge.operations.context import Context

ACTION = "workspace:make"
RECORDS_URL = re.compile(r"^\s*records_url\s*=.*$", re.MULTILINE)


@dataclass(frozen=True)
class Restored:
    """A workspace that was made from a backup."""

    workspace: Path
    made_at: str  # of the backup
    lines: int  # of the audit in it
    last_hash: str
    files: int
    with_data: bool

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "workspace": str(self.workspace)}


def restore(file: Path, folder: Path, records_url: str = "") -> Restored:
    """Make a workspace from a backup, with its records, and a line of that in its audit.

    Needs `workspace:make`, which whoever may write the folder holds.

    Parameters
    ----------
    folder : a new or empty one
    records_url : where the records go; "" where the settings in the backup say

    Raises
    ------
    FileUnreadable : it is no backup, not whole, or holds what has no place in a workspace
    SettingsWrong : the folder is not empty, or there are records already where they are to go
    RecordsDamaged : the audit in it does not hold
    """
    archive = Archive(file)
    try:
        with _room_for(folder.resolve()) as aside:
            return _restored(archive, aside, folder.resolve(), records_url)
    except OSError as wrong:
        if is_full_disk(wrong):
            raise DiskFull(
                f"There is no room for {folder}.", hint="Nothing was restored. Make room first."
            ) from wrong
        raise
    finally:
        archive.close()


def _restored(archive: Archive, aside: Path, folder: Path, records_url: str) -> Restored:
    text = _with_url(_put_files(archive, aside), records_url)
    workspace = Workspace(aside, _settings(archive, text))
    manifest = archive.manifest
    tables = {name: (columns, archive.rows(name)) for name, columns in manifest.columns.items()}
    Context(workspace).require(ACTION)
    put_in(workspace.records_url, tables, manifest.step)
    _verify(Context(workspace), archive, folder.name)
    (aside / SETTINGS_FILE).write_text(text)
    os.sync()
    aside.rename(folder)
    return Restored(
        workspace=folder,
        made_at=manifest.made_at,
        lines=manifest.lines,
        last_hash=manifest.last_hash,
        files=sum(1 for _ in archive.files()),
        with_data=manifest.with_data,
    )


def _verify(ctx: Context, archive: Archive, name: str) -> None:
    """Walk the audit that was restored, and add a line of that to it."""
    manifest = archive.manifest
    try:
        verdict = audit.verify(ctx.database, manifest.last_hash)
        if not verdict.holds or verdict.lines != manifest.lines:
            raise RecordsDamaged(
                f"The audit that was restored does not hold: {verdict.words}",
                hint="Use another backup.",
            )
        told: dict[str, audit.Json] = {
            "backup": archive.file.name,
            "made_at": manifest.made_at,
            "lines": manifest.lines,
            "last_hash": manifest.last_hash,
        }
        audit.append(ctx.database, ctx.clock, ctx.actor, ACTION, name, after=told, why="restored")
    finally:
        ctx.database.close()


def _put_files(archive: Archive, aside: Path) -> str:
    """Write every file of the backup but the settings; return the text of those."""
    for name in FOLDERS:
        (aside / name).mkdir()
    settings = b""
    for place, blocks in archive.files():
        if place == SETTINGS_FILE:
            settings = b"".join(blocks)
            continue
        file = aside / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600 if place == SECRET else 0o644)
        with file.open("wb") as written:
            written.writelines(blocks)
    return settings.decode()


def _with_url(text: str, records_url: str) -> str:
    """Return the text of settings with another place of the records, where one is named."""
    if not records_url:
        return text
    quoted = records_url.replace("\\", "\\\\").replace('"', '\\"')
    line = f'records_url = "{quoted}"'
    if RECORDS_URL.search(text):
        return RECORDS_URL.sub(lambda _: line, text, count=1)
    return f"{line}\n{text}"


def _settings(archive: Archive, text: str) -> Settings:
    try:
        return Settings.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as wrong:
        raise SettingsWrong(
            f"The settings in {archive.file} do not fit this version: {wrong}",
            hint="Install the version of Opsgauge that wrote the backup, or a later one.",
        ) from wrong


@contextmanager
def _room_for(folder: Path) -> Iterator[Path]:
    """Make a hidden folder beside the one wanted, gone at the end unless it took that name.

    Raises
    ------
    SettingsWrong : the folder wanted holds something
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SettingsWrong(
            f"{folder} is not empty, and nothing is overwritten.", hint="Name a new folder."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = folder.with_name(f".{folder.name}.{token_hex(4)}")
    aside.mkdir(mode=0o755)
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)
