"""Finds the reader of a file.

Floor 3.
"""

from pathlib import Path

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.connector import Reader
from opsgauge.sources.tools.files.connector import reader_of, unpacked


def find_reader(file: Path, work: Path) -> tuple[Reader, Path]:
    """Return the reader of a file and the file it should read, unpacked where it was a zip.

    Raises
    ------
    FileUnreadable : the file is missing, no file, or of no known kind
    """
    if not file.is_file():
        raise FileUnreadable(f"There is no file {file}.")
    try:
        ready = unpacked(file, work)
        reader = reader_of(ready)
    except OSError as wrong:
        raise FileUnreadable(f"{file.name} cannot be read: {wrong}") from wrong
    if reader is None:
        raise FileUnreadable(
            f"{file.name} is of no kind that can be read.",
            hint="Files may be .csv, .tsv, .parquet or .xes, also .gz or inside a .zip.",
        )
    return reader, ready
