"""The tickets that are gone at their source: since when, why, and what was last known of them.

Floor 5. They have no rows in what is counted; see `log/deletions.py`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opsgauge.log.gone import DELETED, MERGED, MISSING
from opsgauge.log.tables import DELETIONS
from opsgauge.operations.answers import published
from opsgauge.operations.context import Context
from opsgauge.warehouse.tables import read_rows

WHY = {
    MISSING: "missing from a full export",
    DELETED: "deleted, says the source",
    MERGED: "merged into another",
}


@dataclass(frozen=True)
class GoneTicket:
    """One ticket that is gone at its source."""

    source: str
    ticket_id: str
    kind: str  # a key of `WHY`
    deleted_at: datetime  # when the import that found it so was begun
    merged_into: str | None
    file: str  # the file that said so, or lacked it
    practice: str | None  # this and the rest: as last known, null where no record ever said
    opened_at: datetime | None
    last_update_at: datetime | None
    original_status: str | None
    priority: str | None
    team: str | None

    @property
    def why(self) -> str:
        """Why it is held to be gone, in words."""
        into = f": {self.merged_into}" if self.merged_into else ""
        return f"{WHY[self.kind]}{into}"

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {name: published(value) for name, value in vars(self).items()}


@dataclass(frozen=True)
class Gone:
    """Every ticket that is gone in a data version, the newest loss first."""

    rows: tuple[GoneTicket, ...]
    data_version: int

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        rows = [row.as_json() for row in self.rows]
        return {"data_version": self.data_version, "deleted": rows}


def deleted(ctx: Context) -> Gone:
    """Return the tickets that are gone at their source; needs `check:read`."""
    ctx.require("check:read")
    opened = ctx.opened()
    rows = opened.once(("deleted", ctx.scope), lambda: _gone(ctx))
    return Gone(rows, opened.version.version)


def _gone(ctx: Context) -> tuple[GoneTicket, ...]:
    version = ctx.opened().version
    if DELETIONS.name not in version.tables:
        return ()
    files = ctx.warehouse.files(DELETIONS.name, version.tables[DELETIONS.name])
    events = [row for file in files for row in read_rows(file)]
    last = {
        (row["source"], row["ticket_id"]): row
        for row in sorted(events, key=lambda row: int(row["place"]))
    }
    seen = [row for row in last.values() if row["kind"] in WHY and ctx.scope.shows(row)]
    seen.sort(key=lambda row: (row["source"], row["ticket_id"]))
    seen.sort(key=lambda row: row["at"], reverse=True)
    return tuple(_ticket(row) for row in seen)


def _ticket(row: dict[str, Any]) -> GoneTicket:
    left_out = ("at", "place", "import_id")
    told = {name: value for name, value in row.items() if name not in left_out}
    return GoneTicket(**told, deleted_at=row["at"])


def gone_words(ctx: Context, ticket_id: str, source: str | None) -> str:
    """Return why there is no ticket of that number, where it is gone at its source; else ""."""
    for row in deleted(ctx).rows:
        if row.ticket_id == ticket_id and source in (None, row.source):
            return f"It is gone at its source since {row.deleted_at:%Y-%m-%d}: {row.why}."
    return ""
