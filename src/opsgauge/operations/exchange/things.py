"""The records as objects and events: tickets, items, articles and known errors, with their ties.

Floor 5. An object's type is its practice, `configuration_item`, `article`, or `known_error` for an
article of that kind, `dependency` for one of two items; what a tie points at and no record tells
of is a `record`. A ticket keeps its number as its id; another object keeps its name unless a ticket
has it. Each update of a ticket is an event of it and of the item it is about; each use of an
article is one of both.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from opsgauge.analysis.mining.objects import is_known_error
from opsgauge.log.related import (
    ARTICLE_USES,
    ARTICLES,
    CHANGES,
    CONFIGURATION_ITEMS,
    DEPENDENCIES,
)
from opsgauge.log.tables import Table
from opsgauge.operations.exchange.cases import ACTIVITY, AT, CASE, IN_CSV, Cases
from opsgauge.operations.exchange.told import Row, Taken, Ticket, number_of
from opsgauge.sources.exchange.objects import Happening, Thing, Tie

ITEM, ARTICLE, KNOWN_ERROR, RECORD = "configuration_item", "article", "known_error", "record"
DEPENDENCY = "dependency"
UPDATED, ABOUT, USED, USED_BY, NEEDS = "update", "about", "used", "by", "needs"
OF, ON = "of", "on"  # the ends of a dependency
UNNAMED = "update"  # the type of an event where nothing says what the update is called
USE = "article used"
OF_CHANGE = "change."  # before the names of what the change record says, beside its ticket
USED_ARTICLE = "used_article"
TOLD, YES = "told", "yes"  # of an object of which a record beside the tickets tells


@dataclass
class Things:
    """The objects and events of a log in the making."""

    taken: Taken
    cases: Cases
    numbers: set[str] = field(default_factory=set)  # of tickets
    items: set[str] = field(default_factory=set)
    articles: set[str] = field(default_factory=set)
    pointed_at: dict[str, str] = field(default_factory=dict)  # what ties name: its type
    named: dict[str, set[str]] = field(default_factory=dict)  # columns used, by table

    def things(self) -> Iterator[Thing]:
        """Yield every object: tickets first, what they point at last."""
        tickets = self.taken.tables.tickets
        rows = self.taken.ctx.opened().engine.read(tickets.select("ticket_id"))
        self.numbers = set(rows["ticket_id"].to_pylist())
        changes = {row["change_id"]: row for row in self.rows(CHANGES)}
        for ticket in self.taken:
            yield self.ticket(ticket, changes.get(number_of(ticket)))
        yield from self._items()
        yield from self._dependencies()
        yield from self._articles()
        for use in self._uses():
            self.pointed_at.setdefault(self.id_of(ARTICLE, use["article_id"]), ARTICLE)
        known = self.numbers | self.articles | {self.id_of(ITEM, name) for name in self.items}
        for number, type_ in self.pointed_at.items():
            if number not in known:
                yield Thing(number, type_, {})

    def ticket(self, ticket: Ticket, change: Row | None) -> Thing:
        """Return a ticket as an object."""
        said = {name: v for name, v in self.cases.case(ticket).items() if name != CASE}
        self.cases.used |= dict.fromkeys(f"case:{name}" for name in said)
        told = self._said(CHANGES, change, OF_CHANGE) if change else {}
        ties = [Tie(tie["to_id"], tie["kind"]) for tie in ticket.ties]
        for tie in ties:
            self.pointed_at[tie.to] = ARTICLE if tie.qualifier == USED_ARTICLE else RECORD
        item = ticket.row["configuration_item"]
        self.items |= {item} if item else set()
        about = [Tie(self.id_of(ITEM, item), ABOUT)] if item else []
        return Thing(number_of(ticket), ticket.row["practice"], {**said, **told}, [*ties, *about])

    def happenings(self) -> Iterator[Happening]:
        """Yield every event: updates of tickets, then uses of articles."""
        for ticket in self.taken:
            yield from self.updates(ticket)
        for use in self._uses():
            article, at = use["article_id"], use["used_at"]
            if at is None:  # an event has a moment
                continue
            ties = [Tie(self.id_of(ARTICLE, article), USED)]
            if use["ticket_id"] in self.numbers:
                ties.append(Tie(use["ticket_id"], USED_BY))
            said = {n: v for n, v in self._said(ARTICLE_USES, use).items() if n != "used_at"}
            yield Happening(f"use:{use['use_id']}", USE, at, said, ties)

    def updates(self, ticket: Ticket) -> Iterator[Happening]:
        """Yield a ticket's updates as events of it, and of the item that it is about."""
        number, item = number_of(ticket), ticket.row["configuration_item"]
        about = [Tie(self.id_of(ITEM, item), ABOUT)] if item else []
        for event in self.cases.events(ticket):
            self.cases.used |= dict.fromkeys(event)
            told = {IN_CSV.get(name, name): value for name, value in event.items() if name != AT}
            # An event has a type, also where its update is not called anything.
            type_ = str(event.get(ACTIVITY) or UNNAMED)
            at: datetime = event[AT]
            ties = [Tie(number, UPDATED), *about]
            yield Happening(f"{number}#{event['seq']}", type_, at, told, ties)

    def _uses(self) -> Iterator[dict[str, Any]]:
        """Yield each use of an article; of one that no record tells of to who sees all of them."""
        all_seen = not self.taken.ctx.sight.hides
        for use in self.rows(ARTICLE_USES):
            if all_seen or self.id_of(ARTICLE, use["article_id"]) in self.articles:
                yield use

    def id_of(self, type_: str, name: str) -> str:
        """Return the id of an object that is no ticket.

        A tie to a number that a ticket has is a tie to the ticket, so the other is called after
        its type as well.
        """
        taken = name in self.numbers or (type_ != ITEM and name in self.items)
        return f"{type_}:{name}" if taken else name

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """Return the related records of the source, as the actor may see them."""
        if table.name not in self.taken.ctx.opened().version.tables:
            return []
        related = self.taken.ctx.tables.related[table.name]
        asked = related.filter(related.source == self.taken.source).order_by(*table.key[1:])
        people = tuple(column.name for column in table.columns if column.person)
        rows = self.taken.ctx.opened().engine.read(asked).to_pylist()
        return [self.taken.shown(row, people) for row in rows]

    def _said(self, table: Table, row: Mapping[str, Any], before: str = "") -> dict[str, Any]:
        """Return what a record of a table says, and that it is one (`told`)."""
        told = {n: v for n, v in row.items() if v is not None and n != "source"}
        self.named.setdefault(table.name, set()).update(told)
        return {f"{before}{name}": _plain(value) for name, value in told.items()} | {
            f"{before}{TOLD}": YES
        }

    def _items(self) -> Iterator[Thing]:
        told = {row[ITEM]: row for row in self.rows(CONFIGURATION_ITEMS)}
        needs: dict[str, dict[str, None]] = {}
        for row in self.rows(DEPENDENCIES):
            if row[ITEM] and row["needs"]:
                needs.setdefault(row[ITEM], {})[row["needs"]] = None
        self.items |= {*told, *needs, *(name for each in needs.values() for name in each)}
        for name in sorted(self.items):
            said = self._said(CONFIGURATION_ITEMS, told[name]) if name in told else {ITEM: name}
            ties = [Tie(self.id_of(ITEM, each), NEEDS) for each in needs.get(name, ())]
            yield Thing(self.id_of(ITEM, name), ITEM, said, ties)

    def _dependencies(self) -> Iterator[Thing]:
        """Yield each dependency as an object: its kind and number are no part of a tie."""
        for row in self.rows(DEPENDENCIES):
            ends = [(row[ITEM], OF), (row["needs"], ON)]
            ties = [Tie(self.id_of(ITEM, name), way) for name, way in ends if name]
            said = self._said(DEPENDENCIES, row)
            yield Thing(f"{DEPENDENCY}:{row['dependency_id']}", DEPENDENCY, said, ties)

    def _articles(self) -> Iterator[Thing]:
        for row in self.rows(ARTICLES):
            id_ = self.id_of(ARTICLE, row["article_id"])
            self.articles.add(id_)
            type_ = KNOWN_ERROR if is_known_error(row["kind"]) else ARTICLE
            same = [Tie(row["article_id"], "is")] if row["article_id"] in self.numbers else []
            yield Thing(id_, type_, self._said(ARTICLES, row), same)


def _plain(value: Any) -> Any:
    """Return a value that a log can hold: a day, which has no moment, is text."""
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    return value.isoformat() if is_day else value
