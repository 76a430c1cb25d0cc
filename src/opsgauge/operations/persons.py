"""Who did what in single tickets: shown to whom it may be, hidden else, and each look noted.

Floor 5. The setting `person_level` and the right `person:read` are both needed. Where persons are
hidden, "somebody" stands in the place of a pseudonym, so that it can still be seen whether anybody
is named. A look costs a page nothing: it is written by a thread of its own, some seconds later.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog

from opsgauge.governance import looks
from opsgauge.governance.access import PERSONS, decide
from opsgauge.metrics.subject import PERSONS as COLUMNS
from opsgauge.operations.aside import Aside, why_not_written
from opsgauge.operations.context import Context
from opsgauge.operations.ticket_story import TicketStory

HIDDEN = "somebody"
WAIT_SECONDS = 5.0  # between two writes
Row = Mapping[str, Any]
Batch = dict[tuple[str, str, str], looks.Look]  # by who looked, at whom, and where


def may_see(ctx: Context) -> bool:
    """Say whether the actor is shown who did what."""
    return ctx.workspace.settings.person_level and decide(ctx.actor, PERSONS).allowed


def shown_story(ctx: Context, story: TicketStory) -> TicketStory:
    """Return a ticket's story as the actor may see it; what is seen of persons is noted."""
    ticket = story.ticket
    if may_see(ctx):
        rows = [ticket, *map(vars, story.intervals), *(each.record for each in story.beside)]
        _note(ctx, rows, f"ticket {ticket['ticket_id']} of {ticket['source']}")
        return story
    return replace(
        story,
        ticket=_without(ticket),
        intervals=tuple(replace(each, **_hidden(vars(each))) for each in story.intervals),
        beside=tuple(replace(each, record=_without(each.record)) for each in story.beside),
        persons="hidden",
    )


def shown_rows(ctx: Context, rows: Sequence[Row], place: str) -> tuple[Row, ...]:
    """Return rows of a list as the actor may see them; what is seen of persons is noted."""
    if may_see(ctx):
        _note(ctx, rows, f"list: {place}")
        return tuple(rows)
    return tuple(_without(row) for row in rows)


def _without(row: Row) -> dict[str, Any]:
    return {**row, **_hidden(row)}


def _hidden(row: Row) -> dict[str, Any]:
    return {name: HIDDEN for name in COLUMNS if row.get(name) is not None}


def _note(ctx: Context, rows: Iterable[Row], place: str) -> None:
    seen = frozenset(
        str(row[name]) for row in rows for name in COLUMNS if row.get(name) is not None
    )
    looked_at(ctx, seen, place)


def looked_at(ctx: Context, seen: frozenset[str], place: str) -> None:
    """Note at whom the actor looked, by pseudonym, and where."""
    if not seen:
        return
    if ctx.looked is not None:
        ctx.looked(ctx.actor.name, seen, place)
        return
    now = ctx.clock()
    _write(ctx, [looks.Look(now, ctx.actor.name, alias, _cut(place)) for alias in sorted(seen)])


def _cut(place: str) -> str:
    return place[: looks.LONGEST_PLACE]


def _write(ctx: Context, seen: Sequence[looks.Look]) -> None:
    """Write looks down; where that cannot be, say so in the log and go on."""
    reason = why_not_written(ctx, lambda database: looks.add(database, seen))
    if reason:
        structlog.get_logger().warning("looks_not_noted", looks=len(seen), reason=reason)


class Looks(Aside[Batch]):
    """Looks at persons on their way to the records; one of the same place is noted once a batch."""

    def __init__(self, ctx: Context, wait_seconds: float = WAIT_SECONDS) -> None:
        super().__init__(wait_seconds, dict, lambda seen: _write(ctx, list(seen.values())))
        self._ctx = ctx

    def note(self, actor: str, aliases: frozenset[str], place: str) -> None:
        """Note that somebody looked at what persons did."""
        now, where = self._ctx.clock(), _cut(place)

        def add(seen: Batch) -> None:
            for alias in sorted(aliases):
                seen.setdefault((actor, alias, where), looks.Look(now, actor, alias, where))

        self._add(add)
