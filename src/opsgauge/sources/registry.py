"""Finds the reader of a file.

Floor 3.
"""

import stat
from pathlib import Path

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.foundation.full_disk import is_full_disk
from opsgauge.sources.connector import Reader
from opsgauge.sources.tools.files.connector import reader_of, unpacked
from opsgauge.sources.tools.files.encoding import as_utf8

KINDS = (
    ".csv, .tsv, .txt, .xlsx, .json, .jsonl, .parquet, .xes, .jsonocel or .sqlite, also .gz or "
    "inside a .zip"
)


def find_reader(file: Path, work: Path, encoding: str = "") -> tuple[Reader, Path]:
    """Return the reader of a file and the file it should read.

    Parameters
    ----------
    work : folder for what has to be unpacked, or written anew as UTF-8
    encoding : of a text without a byte order mark; empty for UTF-8

    Raises
    ------
    FileUnreadable : the file is missing, no file, or of no known kind
    """
    _check_is_file(file)
    try:
        ready = unpacked(file, work)
        reader = reader_of(ready)
        if reader is not None:
            return reader, as_utf8(ready, work, encoding) if reader.text else ready
    except PermissionError as wrong:
        raise _not_allowed(file) from wrong
    except OSError as wrong:
        if is_full_disk(wrong):
            raise
        raise FileUnreadable(
            f"{file.name} cannot be read: {wrong.strerror or wrong}.",
            hint="Copy it to another disk, or fetch it again.",
        ) from wrong
    raise FileUnreadable(
        f"{file.name} is of no kind that can be read.", hint=f"Files may be {KINDS}."
    )


def _check_is_file(file: Path) -> None:
    """Refuse what cannot be read from end to end; a pipe would keep an import waiting for ever."""
    try:
        str(file).encode()
    except UnicodeEncodeError as wrong:
        raise FileUnreadable(
            f"The name of {str(file)!a} is not written in UTF-8.", hint="Rename it."
        ) from wrong
    try:
        mode = file.stat().st_mode
    except PermissionError as wrong:
        raise _not_allowed(file) from wrong
    except (OSError, ValueError) as wrong:  # also a name too long, or with a zero byte in it
        raise FileUnreadable(f"There is no file {file}.", hint="Is its name right?") from wrong
    if stat.S_ISDIR(mode):
        raise FileUnreadable(
            f"There is no file {file}: it is a folder.", hint="Name the files in it, as in DIR/*."
        )
    if not stat.S_ISREG(mode):
        raise FileUnreadable(
            f"There is no file {file}: it is a pipe or a device.",
            hint="Save its content as a file first.",
        )


def _not_allowed(file: Path) -> FileUnreadable:
    return FileUnreadable(
        f"{file} may not be read by the account that runs this.",
        hint=f"Give it the right to, as in: chmod u+r '{file.name}', or copy the file.",
    )
