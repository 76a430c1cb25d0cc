"""Moments on the terminal: on the workspace's clock, and with its zone named.

Floor 7. What programs read (JSON, CSV) stays in UTC, and says so.
"""

from datetime import UTC, datetime

from opsgauge.operations.context import Context


def moment(value: datetime | str | None, ctx: Context) -> str:
    """Return an instant as `2026-01-05 08:00` on the workspace's clock; "" for none.

    Its zone has to be named beside it: `zoned` does so in the head of a column, `with_zone` in a
    sentence.

    Parameters
    ----------
    value : an instant, in UTC where it names no zone, or as records and answers write it
    """
    if not value:
        return ""
    told = datetime.fromisoformat(value) if isinstance(value, str) else value
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    return f"{told.astimezone(ctx.workspace.zone):%Y-%m-%d %H:%M}"


def zoned(head: str, ctx: Context) -> str:
    """Return the head of a column of moments, with the zone they are told in."""
    return f"{head} ({ctx.workspace.settings.zone})"


def with_zone(value: datetime | str, ctx: Context) -> str:
    """Return an instant with the zone it is told in: `2026-01-05 08:00 (Europe/Berlin)`."""
    return f"{moment(value, ctx)} ({ctx.workspace.settings.zone})"
