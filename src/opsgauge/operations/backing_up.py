"""Backing up a workspace: its records, the files that people wrote, its key, its data if wanted.

Floor 5. The archive gets its name when it is whole; a process that is killed leaves at most a
hidden file beside it, which nothing takes for a backup.
"""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import IO, Any

from opsgauge.foundation.code import code_version
from opsgauge.foundation.errors import DiskFull, FileUnreadable, RecordsDamaged
from opsgauge.foundation.full_disk import is_full_disk
from opsgauge.foundation.settings import FOLDERS, SETTINGS_FILE
from opsgauge.governance import audit
from opsgauge.governance.copying import Copy, Row, copied
from opsgauge.operations.answers import iso
from opsgauge.operations.archive import (
    BLOCK,
    FILES,
    FORMAT,
    NOT_WRITTEN,
    RECORDS,
    SECRET,
    Manifest,
    Writing,
)
from opsgauge.operations.context import Context
from opsgauge.warehouse import versions

ACTION = "backup:make"
NOT_SQUEEZED = ".parquet"  # is squeezed already


@dataclass(frozen=True)
class BackedUp:
    """A backup that was made."""

    file: Path
    bytes: int
    lines: int
    last_hash: str
    files: int
    with_data: bool
    left_out: tuple[str, ...]  # links and the like, which a backup does not follow

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "file": str(self.file), "left_out": list(self.left_out)}


def back_up(ctx: Context, file: Path, with_data: bool = False) -> BackedUp:
    """Write one archive from which the workspace can be made again.

    Needs `backup:make`. With data, no import may run meanwhile.

    Raises
    ------
    FileUnreadable : there is such a file already, or it cannot be written
    RecordsDamaged : the audit does not hold, so that nothing could be restored from it
    ImportRunning : an import holds the tables
    """
    ctx.require(ACTION)
    verdict = audit.verify(ctx.database)
    if not verdict.holds:
        raise RecordsDamaged(
            f"The audit does not hold, so a backup could not be restored: {verdict.words}",
            hint="Restore an earlier backup; keep this workspace's folder as it is, as evidence.",
        )
    with _whole_or_not_at_all(file) as written:
        made = _written(ctx, written, with_data)
    size = file.stat().st_size
    told: dict[str, audit.Json] = {
        "bytes": size,
        "lines": made.lines,
        "last_hash": made.last_hash,
        "with_data": with_data,
    }
    audit.append(ctx.database, ctx.clock, ctx.actor, ACTION, file.name, after=told)
    left_out = tuple(str(each) for each in _found(ctx.workspace.path, with_data)[1])
    files = sum(name.startswith(f"{FILES}/") for name in made.members)
    return BackedUp(file, size, made.lines, made.last_hash, files, with_data, left_out)


def _written(ctx: Context, file: IO[bytes], with_data: bool) -> Manifest:
    lock = versions.import_lock(ctx.warehouse) if with_data else nullcontext()
    with Writing(file) as writing:
        ctx.progress("Copying the records", None)
        with copied(ctx.database) as copy:
            for table in copy.columns:
                writing.add(f"{RECORDS}/{table}.jsonl", _lines(copy.rows(table)))
            state = _state(copy)
        ctx.progress("Copying the files", None)
        with lock:
            _add_files(writing, ctx.workspace.path, with_data)
        manifest = Manifest(
            format=FORMAT,
            code=code_version(),
            made_at=str(iso(ctx.clock())),
            with_data=with_data,
            members=writing.members,
            **state,
        )
        writing.finish(manifest)
    return manifest


def _state(copy: Copy) -> dict[str, Any]:
    return {
        "step": copy.step,
        "lines": copy.lines,
        "last_hash": copy.last_hash,
        "columns": {name: list(columns) for name, columns in copy.columns.items()},
    }


def _add_files(writing: Writing, folder: Path, with_data: bool) -> None:
    for file in _found(folder, with_data)[0]:
        place = file.relative_to(folder).as_posix()
        writing.add(f"{FILES}/{place}", _blocks(file), file.suffix != NOT_SQUEEZED)


def _found(folder: Path, with_data: bool) -> tuple[list[Path], list[Path]]:
    """Return the files to be kept, and what is left out since it is a link or no plain file."""
    wanted = [each for each in FOLDERS if each not in NOT_WRITTEN]
    wanted += ["warehouse"] if with_data else []
    there = [folder / SETTINGS_FILE, folder / SECRET]
    there += [each for name in wanted for each in sorted((folder / name).rglob("*"))]
    linked = [each for each in there if each.is_symlink()]
    plain = [each for each in there if each.is_file() and not _through(each, folder, linked)]
    kept = [each for each in plain if each.suffix != ".lock"]
    return kept, [each.relative_to(folder) for each in linked]


def _through(file: Path, folder: Path, linked: list[Path]) -> bool:
    """Say whether a file is a link, or lies behind one."""
    inside = (file, *file.parents[: len(file.relative_to(folder).parts)])
    return any(each in linked for each in inside)


def _lines(rows: Iterable[Row]) -> Iterator[bytes]:
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _blocks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while block := opened.read(BLOCK):
            yield block


@contextmanager
def _whole_or_not_at_all(file: Path) -> Iterator[IO[bytes]]:
    """Open a hidden file beside `file` for writing, which takes its name at the end."""
    aside = file.with_name(f".{file.name}.{token_hex(4)}")
    try:
        if file.exists():
            raise FileExistsError(f"{file} is there already")
        made = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # it holds the key
        with os.fdopen(made, "wb") as written:
            yield written
            written.flush()
            os.fsync(written.fileno())
        os.link(aside, file)  # refuses one that came meanwhile
    except OSError as wrong:
        if is_full_disk(wrong):
            raise DiskFull(
                f"There is no room for {file}.",
                hint="Nothing was kept. Make room, or name another.",
            ) from wrong
        raise FileUnreadable(
            f"{file} cannot be written: {wrong.strerror or wrong}.", hint="Name another file."
        ) from wrong
    finally:
        aside.unlink(missing_ok=True)
