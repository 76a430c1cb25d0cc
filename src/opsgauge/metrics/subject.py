"""What a metric is of: tickets, or the records of one of the tables beside them.

Floor 3. A subject says which columns of its table are moments, numbers and dimensions, what one
record is called, and how a record is brought to the ticket that it names. The tables themselves are
in `log.tables` and `log.related`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import ibis.expr.types as ir

from opsgauge.foundation.units import MICROS_PER_SECOND
from opsgauge.log.door import LogTables
from opsgauge.log.related import (
    CLOCKS,
    CONTACT_TICKETS,
    CONTACTS,
    RECORD_FACTS,
    RELATED,
    TO_TICKETS,
)
from opsgauge.log.tables import HISTORY, LINKS, TICKETS, Column, Table, dimensions

OF_TICKET = "of_ticket"  # the column under which a record's ticket is met
MICROS_OF = {
    "_us": 1,
    "_seconds": MICROS_PER_SECOND,
    "_minutes": 60 * MICROS_PER_SECOND,
    "_hours": 3600 * MICROS_PER_SECOND,
}
MILLIONTHS = 1_000_000  # numbers with a fraction are added up as whole millionths
MONEY = ("amount", "yearly_amount", "price")
CURRENCY = "currency"
# What one record is called, and the unit in which many are counted.
NOUNS: Mapping[str, tuple[str, str]] = {
    "tickets": ("ticket", "tickets"),
    "changes": ("change", "changes"),
    "approvals": ("approval", "approvals"),
    "deployments": ("deployment", "deployments"),
    "contacts": ("contact", "contacts"),
    "surveys": ("survey", "surveys"),
    "notes": ("note", "notes"),
    "articles": ("article", "articles"),
    "article_uses": ("use", "uses"),
    "configuration_items": ("configuration item", "items"),
    "costs": ("booking", "bookings"),
    "contracts": ("contract", "contracts"),
    "links": ("link", "links"),
    "clocks": ("clock", "clocks"),
    "record_facts": ("decision", "decisions"),
}


@dataclass(frozen=True)
class Subject:
    """A table whose records metrics count."""

    table: Table

    @property
    def name(self) -> str:
        """The name of the table, as `of` says it."""
        return self.table.name

    @property
    def noun(self) -> str:
        """What one record is called."""
        return NOUNS[self.name][0]

    @property
    def unit(self) -> str:
        """The unit in which records are counted."""
        return NOUNS[self.name][1]

    @property
    def is_tickets(self) -> bool:
        """Whether it is of tickets themselves, which have a history."""
        return self.name == TICKETS.name

    @property
    def key(self) -> list[str]:
        """What tells records apart."""
        return list(self.table.key)

    @property
    def ticket(self) -> str:
        """The column that names a record's ticket, "" where none does."""
        return next((name for name in TO_TICKETS if self.table.column(name)), "")

    @cached_property
    def moments(self) -> tuple[str, ...]:
        """The columns that can date a record."""
        kinds = ("instant", "day")
        return tuple(
            c.name for c in self.table.columns if c.type in kinds and c.name != "deleted_at"
        )

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The columns that hold a number."""
        return tuple(c.name for c in self.table.columns if c.type in {"whole", "number"})

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that a criterion may test: those that name no person."""
        return tuple(c.name for c in self.table.columns if not c.person)

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """What its numbers may be split by: its own columns, then those of its tickets."""
        own = tuple(c.name for c in self.table.columns if c.dimension)
        if self.is_tickets or not self.ticket:
            return own
        return (*own, *(name for name in dimensions() if name not in own))

    def column(self, name: str) -> Column | None:
        """Return a column of its table, or None."""
        return self.table.column(name)

    def has(self, name: str) -> bool:
        """Say whether a record has the column itself, rather than its ticket."""
        return self.table.column(name) is not None

    def micros(self, name: str) -> int:
        """Return microseconds in one of a column that holds a length of time, else 0."""
        if name not in self.numbers:
            return 0
        return next((us for end, us in MICROS_OF.items() if name.endswith(end)), 0)

    def is_money(self, name: str) -> bool:
        """Say whether a column holds an amount of money."""
        return name in MONEY and self.column(CURRENCY) is not None

    def rows(self, tables: LogTables) -> ir.Table:
        """Return its records."""
        if self.is_tickets:
            return tables.tickets
        return tables.links if self.name == LINKS.name else tables.related[self.name]

    def with_ticket(self, rows: ir.Table, tables: LogTables) -> ir.Table:
        """Return records of it with the number of their ticket as `OF_TICKET`, null for none.

        Contacts are brought to their ticket also where nobody noted its number, see
        `log.contact_tying`.
        """
        if self.name != CONTACTS.name:
            return rows.mutate(**{OF_TICKET: rows[self.ticket]})
        tied = tables.related[CONTACT_TICKETS.name]
        tied = tied.select(*CONTACTS.key, **{OF_TICKET: tied.ticket_id})
        met = rows.left_join(tied, list(CONTACTS.key))
        return met.select(*rows.columns, OF_TICKET)


def _counted() -> dict[str, Subject]:
    tables = {table.name: table for table in (TICKETS, *RELATED, LINKS, CLOCKS, RECORD_FACTS)}
    return {name: Subject(tables[name]) for name in NOUNS}


SUBJECTS: Mapping[str, Subject] = _counted()
TICKETS_SUBJECT = SUBJECTS[TICKETS.name]
PERSONS = frozenset(
    c.name
    for table in (HISTORY, *(subject.table for subject in SUBJECTS.values()))
    for c in table.columns
    if c.person
)


def every_dimension() -> tuple[str, ...]:
    """Return the dimensions of all subjects, those of tickets first."""
    return tuple(dict.fromkeys(d for subject in SUBJECTS.values() for d in subject.dimensions))
