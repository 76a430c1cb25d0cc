"""Tells files apart, and unpacks what is inside a zip or gzipped.

Floor 3. A zip may hold one file of records. What comes out is weighed, and checked against the
sum that was packed with it: DuckDB's own reading of gzip would take a damaged file as it comes.
"""

import gzip
import lzma
import zipfile
import zlib
from pathlib import Path
from typing import IO

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.connector import Reader
from opsgauge.sources.tools.files.columnar import ColumnarReader
from opsgauge.sources.tools.files.event_log import EventLogReader
from opsgauge.sources.tools.files.excel import ExcelReader
from opsgauge.sources.tools.files.json_text import JsonReader
from opsgauge.sources.tools.files.looks import look_at
from opsgauge.sources.tools.files.object_database import ObjectDatabaseReader
from opsgauge.sources.tools.files.object_json import ObjectJsonReader, declares_objects
from opsgauge.sources.tools.files.separated import SeparatedReader
from opsgauge.sources.tools.files.weighing import weigh

READERS: tuple[Reader, ...] = (
    ColumnarReader(),
    EventLogReader(),
    ExcelReader(),
    ObjectJsonReader(),
    ObjectDatabaseReader(),
    JsonReader(),
    SeparatedReader(),
)
BLOCK = 1 << 20
NAMED = 12  # members of a zip, in a message
LONGEST_NAME = 100  # characters; a zip may hold longer ones than a folder
# NotImplementedError: packed in a way that the library does not know. The others: bent headers.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    RuntimeError,
    EOFError,
    NotImplementedError,
    ValueError,
)


def reader_of(file: Path) -> Reader | None:
    """Return the reader of a file by its name and first bytes, or None."""
    with file.open("rb") as stream:
        start = stream.read(4)
    found = next((reader for reader in READERS if reader.reads(file.name, start)), None)
    if isinstance(found, JsonReader) and file.suffix.lower() == ".json" and declares_objects(file):
        return ObjectJsonReader()
    return found


def unpacked(file: Path, work: Path) -> Path:
    """Return the file itself, or what is gzipped or zipped in it, unpacked into `work`.

    Raises
    ------
    FileUnreadable : it is damaged, a zip holds none or several files, or far too much comes out
    """
    kind = file.suffix.lower()
    if kind not in (".zip", ".gz"):
        return file
    try:
        if kind == ".zip":
            with zipfile.ZipFile(file) as archive:
                return unpacked(_only_member(archive, file, work), work)
        with gzip.open(file) as packed:
            return _copied(packed, work / file.stem, file, file.stat().st_size)
    except (*DAMAGE, OSError) as wrong:
        if getattr(wrong, "errno", None):
            raise  # the disk said so, not the unpacking
        look = look_at(file)
        if look.kind == kind:
            said, hint = f"{wrong}", "Export or fetch it again."
        else:
            said, hint = f"it looks like {look.noun}", look.hint
        raise FileUnreadable(
            f"{file.name} is no readable {kind[1:]}: {said}.", hint=hint
        ) from wrong


def _only_member(archive: zipfile.ZipFile, file: Path, work: Path) -> Path:
    members = [
        member
        for member in archive.infolist()
        if not member.is_dir()
        and not member.filename.startswith("__MACOSX/")
        and any(reader.reads(member.filename, b"") for reader in READERS)
    ]
    if len(members) != 1:
        names = ", ".join(member.filename for member in members[:NAMED]) or "none"
        names += f" and {len(members) - NAMED} more" if len(members) > NAMED else ""
        raise FileUnreadable(
            f"{file.name} must hold one file of records; it holds {names}.",
            hint="Unpack it and import its files by name.",
        )
    member = members[0]
    weigh(member.file_size, member.compress_size, file)
    # The member's own path is never used: only its last part names the copy.
    with archive.open(member) as packed:
        name = Path(member.filename).name[-LONGEST_NAME:]
        return _copied(packed, work / name, file, member.compress_size)


def _copied(packed: IO[bytes] | gzip.GzipFile, target: Path, file: Path, packed_size: int) -> Path:
    with target.open("wb") as copy:
        while block := packed.read(BLOCK):
            copy.write(block)
            weigh(copy.tell(), packed_size, file)
    return target
