"""The data versions of a workspace, for people.

Floor 5.
"""

from opsgauge.operations.answers import VersionLine
from opsgauge.operations.context import Context
from opsgauge.warehouse import versions


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
