"""Tells files apart, and unpacks what is inside a zip.

Floor 3. A zip may hold one file of records; what it would unpack to is weighed first.
"""

import shutil
import zipfile
from pathlib import Path

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.connector import Reader
from opsgauge.sources.tools.files.columnar import ColumnarReader
from opsgauge.sources.tools.files.event_log import EventLogReader
from opsgauge.sources.tools.files.separated import SeparatedReader

READERS: tuple[Reader, ...] = (ColumnarReader(), EventLogReader(), SeparatedReader())
LARGEST_UNPACKED = 20_000_000_000  # bytes
STEEPEST = 200  # times; honest exports shrink ten- to thirtyfold


def reader_of(file: Path) -> Reader | None:
    """Return the reader of a file by its name and first bytes, or None."""
    with file.open("rb") as stream:
        start = stream.read(4)
    return next((reader for reader in READERS if reader.reads(file.name, start)), None)


def unpacked(file: Path, work: Path) -> Path:
    """Return the file itself, or the one file of records inside the zip, unpacked into `work`.

    Raises
    ------
    FileUnreadable : the zip is damaged, holds none or several, or would unpack to far too much
    """
    if not file.name.lower().endswith(".zip"):
        return file
    try:
        with zipfile.ZipFile(file) as archive:
            return _only_member(archive, file, work)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as wrong:
        raise FileUnreadable(f"{file.name} is no readable zip: {wrong}") from wrong


def _only_member(archive: zipfile.ZipFile, file: Path, work: Path) -> Path:
    members = [
        member
        for member in archive.infolist()
        if not member.is_dir()
        and not member.filename.startswith("__MACOSX/")
        and any(reader.reads(member.filename, b"") for reader in READERS)
    ]
    if len(members) != 1:
        names = ", ".join(member.filename for member in members) or "none"
        raise FileUnreadable(
            f"{file.name} must hold one file of records; it holds {names}.",
            hint="Unpack it and import its files by name.",
        )
    member = members[0]
    steep = member.file_size > STEEPEST * max(member.compress_size, 1)
    if member.file_size > LARGEST_UNPACKED or (steep and member.file_size > 100_000_000):
        raise FileUnreadable(
            f"{file.name} would unpack to {member.file_size:,} bytes, which no honest export does.",
            hint="Unpack it yourself if you trust it.",
        )
    # The member's own path is never used: only its last part names the copy.
    target = work / Path(member.filename).name
    with archive.open(member) as packed, target.open("wb") as copy:
        shutil.copyfileobj(packed, copy, 1 << 20)
    return target
