"""What a Delta table was before, removed for good: its old files, and what its log told of them.

Floor 1. Called under the import lock, when every table stands as the newest data version names it,
and only for tables of which no question reads an older version. A Delta vacuum would leave the
log's lines, which tell the least and the greatest value of each file.
"""

import re
from pathlib import Path

from opsgauge.warehouse.tables import Warehouse, local_files

LOG_FILE = re.compile(r"(\d{20})\..+")


def forget_past(warehouse: Warehouse, table: str) -> int:
    """Remove all that a table was before its head; return how many of its data files went.

    A checkpoint stands for the log up to the head, so that the table opens without what was
    before. A file that no version names, left by a killed import, goes too. Done again, it goes
    on where it was killed.
    """
    folder, head = warehouse.path(table), warehouse.head(table)
    log, delta = folder / "_delta_log", warehouse.delta(table)
    delta.create_checkpoint()
    kept = {Path(file) for file in local_files(delta, folder)}
    stray = [file for file in _files(folder) if log not in file.parents and file not in kept]
    for file in stray:
        remove(file)
    for file in sorted(_files(log)):
        told = LOG_FILE.fullmatch(file.name)
        if told and int(told[1]) < head:
            remove(file)
    return len(stray)


def remove(file: Path) -> None:
    """Remove one file."""
    file.unlink()


def _files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]
