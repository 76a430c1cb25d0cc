"""The records that could not be used: where each stands, what is wrong with it, what it holds.

Floor 5.
"""

from dataclasses import dataclass
from typing import Any

from opsgauge.log.door import unbound
from opsgauge.log.tables import REJECTED
from opsgauge.operations.context import Context

SHOWN = ("source", "file", "row", "column", "reason", "value")


@dataclass(frozen=True)
class Rejects:
    """Every rejected record, in the order of files and rows."""

    rows: tuple[dict[str, Any], ...]
    data_version: int

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {"data_version": self.data_version, "rejected": list(self.rows)}


def rejected(ctx: Context) -> Rejects:
    """Return what was rejected up to the data version; needs `rejected:read`."""
    ctx.require("rejected:read")
    opened = ctx.opened()
    table = unbound(REJECTED)
    rows = opened.engine.run(table.select(*SHOWN).order_by("source", "file", "row"))
    return Rejects(tuple(rows.to_pylist()), opened.version.version)
