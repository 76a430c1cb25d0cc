"""How much may come out of a packed file before it is taken for a trap.

Floor 3.
"""

import zipfile
from pathlib import Path

from opsgauge.foundation.errors import FileUnreadable

LARGEST_UNPACKED = 20_000_000_000  # bytes
STEEPEST = 200  # times; honest exports shrink ten- to thirtyfold
NEVER_STEEP = 100_000_000  # bytes; up to here it does no harm


def weigh(size: int, packed_size: int, file: Path) -> None:
    """Refuse what unpacks to far too much.

    Raises
    ------
    FileUnreadable : it is beyond all measure, or beyond what so few bytes can honestly hold
    """
    steep = size > STEEPEST * max(packed_size, 1) and size > NEVER_STEEP
    if steep or size > LARGEST_UNPACKED:
        raise FileUnreadable(
            f"{file.name} unpacks to {size:,} bytes or more, which no honest export does.",
            hint="Unpack it yourself if you trust it.",
        )


def weigh_all(archive: zipfile.ZipFile, file: Path) -> None:
    """Refuse an archive of which all members together are too much."""
    members = archive.infolist()
    size = sum(member.file_size for member in members)
    weigh(size, sum(member.compress_size for member in members), file)
