"""The tickets that are taken away, each with its updates and its ties, a month at a time.

Floor 5. Tickets lie by the month of their opening, and of a log of any length one month is held.
What an actor may not see is left away here, so that no form of the log has it: persons, where they
are hidden, and the names of teams of too few people.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.log.door import LogTables
from opsgauge.log.history import STATE
from opsgauge.log.mapping_fields import PERSONS
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection, chosen_tables
from opsgauge.operations.persons import looked_at, may_see
from opsgauge.operations.small_teams import Together, told_together
from opsgauge.operations.ticket_story import aware
from opsgauge.operations.valued import refuse_few

Row = Mapping[str, Any]
TEAMS = ("team", "first_team")
OF_INTERVALS = ("ticket_id", "seq", "since", "until", "moved_us", *STATE)
# Written to explain, not to be counted: hashes, texts, and what stands in the file anyway.
LEFT_AWAY = ("description", "variant", "variant_phase", "variant_original_status", "variant_team")


@dataclass(frozen=True)
class Ticket:
    """One ticket as it stands, its intervals in their order, and its ties.

    Moments are aware; interval 0 is before any update; a tie has kind, to_id and at.
    """

    row: Row
    intervals: tuple[Row, ...]
    ties: tuple[Row, ...] = ()

    @property
    def updates(self) -> tuple[Row, ...]:
        """The intervals that an update began."""
        return tuple(each for each in self.intervals if each["seq"] > 0)


@dataclass
class Taken:
    """The tickets taken away, and who was seen in them."""

    ctx: Context
    source: str
    tables: LogTables
    together: Together
    total: int
    persons: set[str] = field(default_factory=set)

    @property
    def shows_persons(self) -> bool:
        """Whether the actor is shown who did what."""
        return may_see(self.ctx)

    def __iter__(self) -> Iterator[Ticket]:
        """Yield each ticket, by month of opening and number."""
        for month in self._months():
            yield from self._of_month(month)

    def shown(self, row: Row, people: tuple[str, ...] = PERSONS) -> dict[str, Any]:
        """Return a row as the actor may see it, its moments aware."""
        told = aware(row)
        for name in TEAMS:
            if name in told:
                told[name] = self.together.named(told[name])
        for name in people:
            if told.get(name) is not None:
                told[name] = told[name] if self.shows_persons else None
                self.persons |= {told[name]} if told[name] else set()
        return told

    def note_persons(self, place: str) -> None:
        """Note whose pseudonyms were taken away."""
        looked_at(self.ctx, frozenset(self.persons), place)

    def _months(self) -> list[str]:
        tickets = self.tables.tickets
        rows = self.ctx.opened().engine.run(tickets.select("opened_month").distinct())
        return sorted(rows["opened_month"].to_pylist())

    def _of_month(self, month: str) -> Iterator[Ticket]:
        read = self.ctx.opened().engine.read
        tickets, history, links = (
            table.filter(table.opened_month == month)
            for table in (self.tables.tickets, self.tables.history, self.tables.links)
        )
        intervals = _Grouped(read(history.select(*OF_INTERVALS).order_by("ticket_id", "seq")))
        ties: dict[str, list[Row]] = {}
        for tie in read(links.order_by("ticket_id", "kind", "to_id")).to_pylist():
            ties.setdefault(tie["ticket_id"], []).append(aware(tie))
        for batch in read(tickets.order_by("ticket_id")).to_batches(max_chunksize=5_000):
            for row in batch.to_pylist():
                told = {n: v for n, v in self.shown(row).items() if n not in LEFT_AWAY}
                number = row["ticket_id"]
                yield Ticket(
                    told,
                    tuple(self.shown(each) for each in intervals.of(number)),
                    tuple(ties.get(number, ())),
                )


class _Grouped:
    """The intervals of tickets, asked for ticket by ticket in the order they lie in."""

    def __init__(self, history: pa.Table) -> None:
        rows = (
            row for batch in history.to_batches(max_chunksize=10_000) for row in batch.to_pylist()
        )
        self._groups = groupby(rows, key=itemgetter("ticket_id"))
        self._next: tuple[str, list[Row]] | None = None

    def of(self, number: str) -> list[Row]:
        """Return the intervals of a ticket."""
        if self._next is None:
            found = next(self._groups, None)
            self._next = (found[0], list(found[1])) if found else None
        if self._next is None or self._next[0] != number:
            return []
        rows, self._next = self._next[1], None
        return rows


def taken(ctx: Context, chosen: Selection, source: str | None) -> Taken:
    """Return the tickets of one source that are chosen.

    Raises
    ------
    QueryWrong : there are several sources and none is named, or too few tickets are chosen
    """
    source = _source(ctx, source)
    where = (*chosen.where, Condition("source", (source,)))
    tables = chosen_tables(ctx, replace(chosen, where=where))
    counted = ctx.opened().engine.run(tables.tickets.aggregate(n=tables.tickets.count()))
    total = int(counted["n"][0].as_py())
    if not total:
        raise QueryWrong("No ticket fits, so there is nothing to export.", hint="Choose others.")
    refuse_few(ctx, total)
    return Taken(ctx, source, tables, told_together(ctx, chosen.where), total)


def sources_of(ctx: Context, chosen: Selection) -> list[str]:
    """Return the sources that have tickets among those chosen.

    Needs `ticket:read`.
    """
    ctx.require("ticket:read")
    tickets = chosen_tables(ctx, chosen).tickets
    rows = ctx.opened().engine.run(tickets.select("source").distinct())
    return sorted(rows["source"].to_pylist())


def _source(ctx: Context, named: str | None) -> str:
    known = sources_of(ctx, Selection())
    if named is None and len(known) == 1:
        return str(known[0])
    if named in known:
        return str(named)
    if named is None:
        raise QueryWrong(
            "A log is of one source, and there are several.",
            hint=f"Name one: {', '.join(known)}.",
        )
    raise QueryWrong(f"There is no source {named!r}.", hint=did_you_mean(named, known))


def moment_of(update: Row) -> datetime:
    """Return when an update was recorded; one dated before the one it follows starts later."""
    since: datetime = update["since"]
    return since - timedelta(microseconds=update["moved_us"] or 0)


def number_of(ticket: Ticket) -> str:
    """Return a ticket's own number."""
    return str(ticket.row["ticket_id"])
