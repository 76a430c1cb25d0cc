"""Whether a data version can still be read: its tables, with every file they name.

Floor 5. A vacuum may have removed the files of old versions; no number is made of what is left.
"""

from pathlib import Path

from opsgauge.foundation.errors import UnknownVersion, WarehouseDamaged
from opsgauge.log.building import stored_table
from opsgauge.log.related import READ_BESIDE
from opsgauge.log.tables import LOG_TABLES, REJECTED
from opsgauge.warehouse import versions
from opsgauge.warehouse.engine import StoredTable
from opsgauge.warehouse.tables import Warehouse
from opsgauge.warehouse.versions import DataVersion


def tables_of(warehouse: Warehouse, version: DataVersion) -> list[StoredTable]:
    """Return the tables of a data version that questions are asked of.

    Raises
    ------
    UnknownVersion : it is an older version, and is kept no longer
    WarehouseDamaged : it is the newest, and does not read as it was written
    """
    try:
        return _tables(warehouse, version)
    except WarehouseDamaged as damage:
        newest = versions.latest(warehouse)
        if newest is None or version.version >= newest.version:
            raise
        raise UnknownVersion(
            f"Data version {version.version}, made at {version.made_at:%Y-%m-%d %H:%M} UTC, is "
            f"kept no longer: {damage.message}",
            hint=_oldest_kept(warehouse, version),
        ) from damage


def _tables(warehouse: Warehouse, version: DataVersion) -> list[StoredTable]:
    stored = [
        stored_table(warehouse, table, version.tables.get(table.name))
        for table in (*LOG_TABLES, *READ_BESIDE, REJECTED)
    ]
    for table in stored:
        gone = [file for file in table.files if not Path(file).exists()]
        if gone:
            raise WarehouseDamaged(
                f"{len(gone)} of {len(table.files)} files of table {table.name!r} are gone.",
                hint="Restore the workspace from a backup.",
            )
    return stored


def _oldest_kept(warehouse: Warehouse, asked: DataVersion) -> str:
    """Return what to ask for instead: the next version that still opens."""
    for later in versions.all_versions(warehouse):
        if later.version <= asked.version:
            continue
        try:
            _tables(warehouse, later)
        except WarehouseDamaged:
            continue
        return (
            f"The next that is kept is {later.version}, made at "
            f"{later.made_at:%Y-%m-%d %H:%M} UTC; or restore a backup."
        )
    return "Restore the workspace from a backup."
