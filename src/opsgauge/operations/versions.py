"""The data versions of a workspace, for people.

Floor 5.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opsgauge.operations.answers import published
from opsgauge.operations.context import Context
from opsgauge.warehouse import versions


@dataclass(frozen=True)
class VersionLine:
    """One data version."""

    version: int
    made_at: datetime
    by: str
    what: str
    tickets: int
    updates: int
    watermark: datetime | None

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {name: published(value) for name, value in vars(self).items()}


def data_versions(ctx: Context) -> tuple[VersionLine, ...]:
    """Return every data version, newest first.

    Needs `version:read`.
    """
    ctx.require("version:read")
    return tuple(
        VersionLine(
            version=each.version,
            made_at=each.made_at,
            by=each.by,
            what=each.what,
            tickets=each.tickets,
            updates=each.updates,
            watermark=each.watermark,
        )
        for each in reversed(versions.all_versions(ctx.warehouse))
    )
