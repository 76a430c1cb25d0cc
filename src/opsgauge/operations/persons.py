"""Who did what in single tickets: shown to whom it may be, hidden else, and each look noted.

Floor 5. The setting `person_level` and the right `person:read` are both needed. Where persons are
hidden, "somebody" stands in the place of a pseudonym, so that it can still be seen whether anybody
is named. A look costs a page nothing: it is written by a thread of its own, some seconds later.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog

from opsgauge.foundation.errors import OpsgaugeError
from opsgauge.governance import looks
from opsgauge.governance.access import PERSONS, decide
from opsgauge.governance.database import open_database
from opsgauge.metrics.subject import PERSONS as COLUMNS
from opsgauge.operations.context import Context
from opsgauge.operations.ticket_story import TicketStory

HIDDEN = "somebody"
WAIT_SECONDS = 5.0  # between two writes
BUSY_SECONDS = 2.0  # how long looks wait for another writer before they are dropped
Row = Mapping[str, Any]


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
    try:
        database = open_database(ctx.workspace.records_url, BUSY_SECONDS)
        try:
            looks.add(database, seen)
        finally:
            database.close()
    except (OpsgaugeError, OSError) as wrong:
        structlog.get_logger().warning("looks_not_noted", looks=len(seen), reason=str(wrong))


class Looks:
    """Looks at persons on their way to the records; one of the same place is noted once a batch."""

    def __init__(self, ctx: Context, wait_seconds: float = WAIT_SECONDS) -> None:
        self._ctx, self._wait = ctx, wait_seconds
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._seen: dict[tuple[str, str, str], looks.Look] = {}
        self._timer: threading.Timer | None = None

    def note(self, actor: str, aliases: frozenset[str], place: str) -> None:
        """Note that somebody looked at what persons did."""
        now, where = self._ctx.clock(), _cut(place)
        with self._lock:
            for alias in sorted(aliases):
                self._seen.setdefault((actor, alias, where), looks.Look(now, actor, alias, where))
            if self._timer is None:
                self._timer = threading.Timer(self._wait, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Write what was noted."""
        with self._writing:
            with self._lock:
                seen, self._seen = list(self._seen.values()), {}
                if self._timer is not None:
                    self._timer.cancel()
                    self._timer = None
            if seen:
                _write(self._ctx, seen)
