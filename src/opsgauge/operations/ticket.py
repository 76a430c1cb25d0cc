"""One ticket: as it stands, what happened to it, and where its time went.

Floor 5.
"""

from datetime import datetime
from typing import Any

import ibis

from opsgauge.foundation.errors import UnknownTicket
from opsgauge.log.vocabulary import DONE_PHASES, PENDING_PHASES
from opsgauge.operations.beside import beside
from opsgauge.operations.context import Context
from opsgauge.operations.deleted import gone_words
from opsgauge.operations.persons import shown_story
from opsgauge.operations.ticket_story import Interval, TicketStory, TimePart, aware


def ticket(ctx: Context, ticket_id: str, source: str | None = None) -> TicketStory:
    """Return one ticket's story.

    Needs `ticket:read`. Without a source, the ticket must be the only one of that number.

    Raises
    ------
    UnknownTicket : there is none the actor may see, or several of that number
    """
    return shown_story(ctx, whole_ticket(ctx, ticket_id, source))


def whole_ticket(ctx: Context, ticket_id: str, source: str | None = None) -> TicketStory:
    """Return one ticket's story as `ticket` does, with its persons: not to be shown as it is."""
    ctx.require("ticket:read")
    key = ("ticket", ctx.scope, ticket_id, source)
    return ctx.opened().once(key, lambda: _story(ctx, ticket_id, source))


def _story(ctx: Context, ticket_id: str, source: str | None) -> TicketStory:
    engine = ctx.opened().engine
    tables = ctx.tables
    rows = tables.tickets.filter(tables.tickets.ticket_id == ticket_id)
    if source:
        rows = rows.filter(rows.source == source)
    found = engine.run(rows.order_by("source")).to_pylist()
    if not found:
        raise UnknownTicket(
            f"There is no ticket {ticket_id!r}{f' of {source}' if source else ''}.",
            hint=gone_words(ctx, ticket_id, source)
            or "Numbers are written as in the tool, capitals included.",
        )
    if len(found) > 1:
        names = ", ".join(row["source"] for row in found)
        raise UnknownTicket(
            f"Several sources have a ticket {ticket_id!r}: {names}.", hint="Name the source too."
        )
    whole = aware(found[0])
    key = (tables.history.source == whole["source"]) & (tables.history.ticket_id == ticket_id)
    history = engine.run(tables.history.filter(key).order_by("seq")).to_pylist()
    links = tables.links
    tied = links.filter((links.source == whole["source"]) & (links.ticket_id == ticket_id))
    ties = engine.run(tied.order_by("kind", ibis.asc("to_id"))).to_pylist()
    watermark = ctx.opened().watermark
    intervals = tuple(_interval(aware(row), watermark) for row in history)
    return TicketStory(
        ticket=whole,
        intervals=intervals,
        parts=parts_of(intervals),
        links=tuple(aware(row) for row in ties),
        provenance=ctx.provenance(),
        beside=beside(ctx, whole["source"], ticket_id),
    )


def _interval(row: dict[str, Any], watermark: datetime) -> Interval:
    lasts = row["until"] is None
    done = not row["open"]
    elapsed = row["elapsed_us"]
    if lasts:
        # What is done takes no more time; what is open lasts until the data ends.
        spent = max(watermark - row["since"], watermark - watermark)
        elapsed = 0 if done else int(spent.total_seconds() * 1_000_000)
    names = ("seq", "since", "until", "activity", "phase", "original_status", "team", "assignee")
    more = ("priority", "category", "actor")
    return Interval(
        **{name: row[name] for name in (*names, *more)},
        elapsed_us=elapsed,
        lasts=lasts,
        kind=_kind(row["phase"], row["assignee"], done),
    )


def _kind(phase: str | None, assignee: str | None, done: bool) -> str:
    if done or phase in DONE_PHASES:
        return "done"
    if phase in PENDING_PHASES:
        return "hold"
    return "work" if assignee else "wait"


def parts_of(intervals: tuple[Interval, ...]) -> tuple[TimePart, ...]:
    """Add up time by kind, team and phase, largest first; the parts sum to the whole."""
    sums: dict[tuple[str, str | None, str | None], int] = {}
    for each in intervals:
        key = (each.kind, each.team, each.phase)
        sums[key] = sums.get(key, 0) + each.elapsed_us
    parts = [TimePart(kind, team, phase, us) for (kind, team, phase), us in sums.items() if us]
    return tuple(sorted(parts, key=lambda part: -part.us))
