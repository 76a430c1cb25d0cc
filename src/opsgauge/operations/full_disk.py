"""A full disk in words, with what became of the data.

Floor 5.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from opsgauge.foundation.errors import DiskFull, OpsgaugeError
from opsgauge.foundation.full_disk import is_full_disk
from opsgauge.operations.context import Context
from opsgauge.warehouse import versions


@contextmanager
def full_disk_told(ctx: Context) -> Iterator[None]:
    """Turn whatever a library says of a full disk into `DiskFull`."""
    before = versions.latest(ctx.warehouse)
    try:
        yield
    except OpsgaugeError:
        raise
    except Exception as wrong:
        if not is_full_disk(wrong):
            raise
        newest = versions.latest(ctx.warehouse)
        if newest == before:
            became = "Nothing was imported; what was stored before reads as it did."
        else:
            became = (
                f"The records are in, as data version {newest.version if newest else 0}; "
                "only their line in the audit log is missing, and the next import writes it."
            )
        free = shutil.disk_usage(ctx.workspace.path).free
        raise DiskFull(
            f"There is no room to write in {ctx.workspace.path}: its disk is full, or a quota. "
            f"{became}",
            hint=f"{free / 1e6:,.0f} MB of the disk are free; an import needs up to three times "
            "the size of its files. Make room and run it again.",
        ) from wrong
