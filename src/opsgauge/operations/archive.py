"""A backup as a file: a zip of the records as rows, files that people wrote, and what it holds.

Floor 5. `manifest.json` is written last and names every other member with its length and hash; a
reader takes nothing that it does not name, nothing longer than it says, and no path but one of a
workspace's own folders.
"""

import hashlib
import json
import re
import stat
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from pydantic import BaseModel, ConfigDict, ValidationError

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.foundation.settings import FOLDERS, SETTINGS_FILE

FORMAT = 1
MANIFEST = "manifest.json"
RECORDS, FILES = "records", "files"  # the two folders of the archive
SECRET = ".secret"  # noqa: S105 - the name of a file
NOT_WRITTEN = ("warehouse", "inbox")  # folders that hold data, not what people wrote
LONGEST_MANIFEST = 50_000_000  # bytes
MOST_SHRUNK, ALLOWED = 120, 100_000_000  # times the archive's own length; bytes beside that
BLOCK = 1 << 20
# What reading a file that is no zip, or a damaged one, raises.
DAMAGE = (
    *(BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError),
    *(zlib.error, struct.error, KeyError),
)
ODD = re.compile(r"[\\:\x00-\x1f\x7f]")


class Member(BaseModel):
    """One member of the archive."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bytes: int
    sha256: str


class Manifest(BaseModel):
    """What an archive holds, and of what state of the records."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    code: str
    made_at: str
    step: str
    lines: int
    last_hash: str
    columns: dict[str, list[str]]
    with_data: bool
    members: dict[str, Member]


class Writing:
    """An archive that is being written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = ZipFile(file, "w", ZIP_DEFLATED)
        self.members: dict[str, Member] = {}

    def __enter__(self) -> "Writing":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def add(self, name: str, blocks: Iterable[bytes], squeeze: bool = True) -> None:
        """Write one member."""
        told, length, digest = ZipInfo(name), 0, hashlib.sha256()
        told.compress_type = ZIP_DEFLATED if squeeze else ZIP_STORED
        with self._zip.open(told, "w", force_zip64=True) as member:
            for block in blocks:
                member.write(block)
                digest.update(block)
                length += len(block)
        self.members[name] = Member(bytes=length, sha256=digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Write what the archive holds."""
        self._zip.writestr(MANIFEST, manifest.model_dump_json(indent=1))


class Archive:
    """An archive that was opened for reading; every block read is held against its manifest."""

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            with ExitStack() as opened:
                self._zip = opened.enter_context(ZipFile(file))
                self.manifest = self._manifest()
                self._check_members()
                opened.pop_all()
        except DAMAGE as wrong:
            raise FileUnreadable(
                f"{file} is no backup, or not a whole one: {wrong}.",
                hint="Name a file that 'opsgauge backup' has written.",
            ) from wrong

    def _manifest(self) -> Manifest:
        with self._zip.open(MANIFEST) if MANIFEST in self._zip.namelist() else _none() as member:
            told = member.read(LONGEST_MANIFEST + 1)
        if len(told) > LONGEST_MANIFEST:
            raise ValueError("its manifest is too long")
        known = json.loads(told)
        if isinstance(known, dict) and known.get("format", FORMAT) != FORMAT:
            raise FileUnreadable(
                f"{self.file} has the format {known['format']}, and {FORMAT} is known here.",
                hint="Install the version of Opsgauge that wrote it, or a later one.",
            )
        try:
            return Manifest.model_validate(known)
        except ValidationError as wrong:
            raise ValueError(f"its manifest does not fit: {wrong.errors()[0]['msg']}") from wrong

    def _check_members(self) -> None:
        """Refuse an archive that holds anything but what its manifest names, or too much."""
        there = [each for each in self._zip.infolist() if each.filename != MANIFEST]
        names = [each.filename for each in there]
        if len(set(names)) != len(names) or set(names) != set(self.manifest.members):
            self._refuse("what it holds is not what its manifest names")
        for each in there:
            kind = stat.S_IFMT(each.external_attr >> 16)
            if kind not in (0, stat.S_IFREG) or each.flag_bits & 1 or each.is_dir():
                self._refuse(f"{each.filename!r} is no plain file")
            if not _is_known(each.filename, self.manifest):
                self._refuse(f"{each.filename!r} has no place in a workspace")
        whole = sum(each.bytes for each in self.manifest.members.values())
        if whole > MOST_SHRUNK * self.file.stat().st_size + ALLOWED:
            self._refuse(f"it would grow to {whole:,} bytes")

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield a member's content.

        Raises
        ------
        FileUnreadable : it is not what the manifest says
        """
        told, length, digest = self.manifest.members[name], 0, hashlib.sha256()
        try:
            with self._zip.open(name) as member:
                while length <= told.bytes and (block := member.read(BLOCK)):
                    length += len(block)
                    digest.update(block)
                    if length <= told.bytes:
                        yield block
        except DAMAGE as wrong:
            self._refuse(f"{name!r} cannot be read: {wrong}")
        if length != told.bytes or digest.hexdigest() != told.sha256:
            self._refuse(f"{name!r} is not as it was written")

    def rows(self, table: str) -> Iterator[list[Any]]:
        """Yield the rows of one table of the records, once the whole of them was checked."""
        name, rest = f"{RECORDS}/{table}.jsonl", b""
        for _ in self.blocks(name):
            pass
        for block in self.blocks(name):
            *lines, rest = (rest + block).split(b"\n")
            yield from (json.loads(line) for line in lines)

    def files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield each file of the workspace: its place in it, and its content."""
        for name in sorted(self.manifest.members):
            folder, _, place = name.partition("/")
            if folder == FILES:
                yield place, self.blocks(name)

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()

    def _refuse(self, why: str) -> None:
        raise FileUnreadable(
            f"{self.file} is refused: {why}.", hint="Nothing was restored. Use another backup."
        )


def _none() -> IO[bytes]:
    raise ValueError("it has no manifest")


def _is_known(name: str, manifest: Manifest) -> bool:
    """Say whether a member's name is one that a backup writes."""
    folder, _, place = name.partition("/")
    if folder == RECORDS:
        return place.removesuffix(".jsonl") in manifest.columns and place.endswith(".jsonl")
    parts = PurePosixPath(place).parts
    plain = "/".join(parts) == place and not ODD.search(place) and ".." not in parts
    if folder != FILES or not plain or not parts or parts[0] == "/":
        return False
    return place in (SETTINGS_FILE, SECRET) or (parts[0] in FOLDERS and len(parts) > 1)
