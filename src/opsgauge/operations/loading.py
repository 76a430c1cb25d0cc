"""What one import has gathered so far, file by file.

Floor 5. `ingest.py` fills it in.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from opsgauge.foundation.errors import FileUnreadable, MappingWrong
from opsgauge.foundation.settings import Workspace
from opsgauge.log.building import stored_table
from opsgauge.log.tables import HISTORY, TICKETS
from opsgauge.warehouse import versions
from opsgauge.warehouse.engine import connect, select_stored
from opsgauge.warehouse.tables import Warehouse
from opsgauge.warehouse.versions import DataVersion

WORK = "_work"
FILES_AT_ONCE = 1_000_000  # so that files are in order over imports and within one
TOLD = ("file", "read", "accepted", "duplicate", "rejected")


@dataclass
class Load:
    """What one import has gathered so far."""

    import_id: str
    number: int
    received_at: datetime
    before: DataVersion | None
    fresh: list[str] = field(default_factory=list)
    receipts: list[dict[str, object]] = field(default_factory=list)
    rejected: list[pa.Table] = field(default_factory=list)
    unmapped: dict[str, dict[str, int]] = field(default_factory=dict)
    unnamed: Counter[str] = field(default_factory=Counter)  # changes of fields without a name
    unmet: tuple[str, ...] = ()  # words for programs that no update is signed with
    anew: bool = False  # the mapping is another than before, so everything is built again
    regrouped: bool = False  # other tickets are gone at the source than before
    told: list[dict[str, object]] = field(default_factory=list)  # what became of each file

    @property
    def stored(self) -> dict[str, int]:
        """Delta version of each table before this import."""
        return dict(self.before.tables) if self.before else {}

    @property
    def changes(self) -> bool:
        """Whether there is anything that was not known before."""
        return bool(self.receipts) and bool(
            self.fresh or self.rejected or self.anew or self.regrouped
        )

    @property
    def place(self) -> int:
        """Place of the newest file among all that were ever received."""
        return self.number * FILES_AT_ONCE + max(len(self.receipts) - 1, 0)

    @property
    def next_place(self) -> int:
        """Place of the file that is to be read now."""
        return self.number * FILES_AT_ONCE + len(self.receipts)

    def total(self, what: str) -> int:
        """Add up a count over the files."""
        return sum(int(str(receipt[what])) for receipt in self.receipts)

    def reasons(self) -> dict[str, int]:
        """Count the records that were refused, by the column at fault and the reason."""
        counts: Counter[str] = Counter()
        for rows in self.rejected:
            for row in rows.select(["column", "reason"]).to_pylist():
                counts[": ".join(part for part in (row["column"], row["reason"]) if part)] += 1
        return dict(counts.most_common())


def zones_told(tool: str, workspace: str) -> tuple[str, ...]:
    """Say that a workspace still has the zone it was made with, where the tool's is another.

    Examples
    --------
    >>> zones_told("UTC", "UTC"), zones_told("Europe/Oslo", "Europe/Berlin")
    ((), ())
    """
    if workspace != "UTC" or tool in ("", "UTC"):
        return ()
    return (
        f"The tool's clock is that of {tool}, while days, weeks and months are cut in UTC: set "
        "'zone' in opsgauge.toml to your own.",
    )


@contextmanager
def told_apart(load: Load, file: Path, leave_out: bool) -> Iterator[None]:
    """Note what becomes of a file; go on without a bad one, where that was asked for."""
    landed = len(load.fresh)
    try:
        yield
        load.told.append({name: load.receipts[-1][name] for name in TOLD})
    except (FileUnreadable, MappingWrong) as wrong:
        if not leave_out:
            raise
        for fresh in load.fresh[landed:]:
            Path(fresh).unlink(missing_ok=True)
        del load.fresh[landed:]
        message = f"{wrong.message} {wrong.hint}".strip()
        load.told.append({"file": file.name, "message": message})


@contextmanager
def workbench(workspace: Workspace) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """Return an engine and a folder to work in; call only while holding the import lock."""
    folder = workspace.warehouse / WORK
    shutil.rmtree(folder, ignore_errors=True)  # what a killed import left, the lock is ours
    folder.mkdir()
    database = connect(workspace.settings.memory_limit, spill_to=folder / "spill")
    try:
        yield database, folder
    finally:
        database.close()
        shutil.rmtree(folder, ignore_errors=True)


def heads(warehouse: Warehouse) -> dict[str, int]:
    """Return the Delta version of each table as it was just written."""
    names = [folder.name for folder in warehouse.root.iterdir() if warehouse.exists(folder.name)]
    return {name: warehouse.head(name) for name in names if name != versions.TABLE}


def span(
    database: duckdb.DuckDBPyConnection, warehouse: Warehouse, tables: dict[str, int]
) -> dict[str, Any]:
    """Count tickets and updates, and bound every moment in them."""
    if TICKETS.name not in tables or HISTORY.name not in tables:
        return {"tickets": 0, "updates": 0, "earliest": None, "latest": None, "watermark": None}
    moments = [c.name for c in TICKETS.columns if c.type == "instant"]
    ends = ", ".join(moments)
    [row] = database.execute(
        f"SELECT count(*), coalesce(sum(update_count), 0), min(least({ends})), "
        f"max(greatest({ends})), max(last_update_at) "
        f"FROM ({select_stored(stored_table(warehouse, TICKETS, tables[TICKETS.name]))})"
    ).fetchall()
    first, last, newest = (m.replace(tzinfo=UTC) if m else None for m in row[2:])
    return {
        "tickets": int(row[0]),
        "updates": int(row[1]),
        "earliest": first,
        "latest": last,
        "watermark": newest,
    }
