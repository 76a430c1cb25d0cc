"""What one import has gathered so far, file by file.

Floor 5. `ingest.py` fills it in.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from opsgauge.foundation.errors import FileUnreadable, MappingWrong
from opsgauge.warehouse.versions import DataVersion

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
    anew: bool = False  # the mapping is another than before, so everything is built again
    told: list[dict[str, object]] = field(default_factory=list)  # what became of each file

    @property
    def stored(self) -> dict[str, int]:
        """Delta version of each table before this import."""
        return dict(self.before.tables) if self.before else {}

    @property
    def changes(self) -> bool:
        """Whether there is anything that was not known before."""
        return bool(self.receipts) and bool(self.fresh or self.rejected or self.anew)

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
