"""One run of the desk as the other tools see it: who was where when, and by which number.

Floor 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from opsgauge.sources.tools.demo.calendars import Span
from opsgauge.sources.tools.demo.draws import Draws, Flags, Floats, Ints, firsts
from opsgauge.sources.tools.demo.export import Export, coded, moments
from opsgauge.sources.tools.demo.organisation import Organisation
from opsgauge.sources.tools.demo.rows import Rows
from opsgauge.sources.tools.demo.steps import State
from opsgauge.sources.tools.demo.telling import Told
from opsgauge.sources.tools.demo.tickets import Tickets

NEVER = -1
DAY_FORM = "%Y-%m-%d"
YES_NO = ("false", "true")


@dataclass(frozen=True)
class Scene:
    """What the tables beside the audit log are made from."""

    export: Export
    rows: Rows
    told: Told
    span: Span
    size: int

    @property
    def draws(self) -> Draws:
        """The desk's luck."""
        return self.export.draws

    @property
    def organisation(self) -> Organisation:
        """Its teams, services and offices."""
        return self.export.organisation

    @property
    def tickets(self) -> Tickets:
        """Every ticket of every run; those of this one have rows."""
        return self.export.tickets

    def seen(self, practice: int) -> Ints:
        """Return the places of the tickets of a practice that this run has."""
        there = np.unique(self.rows.ticket)
        return there[self.tickets.practice[there] == practice].astype(np.int64)

    def first_at(self, *states: State) -> Ints:
        """Return for every ticket when it first came into one of the states; -1 for never."""
        rows = np.flatnonzero(np.isin(self.rows.state, states))
        rows = rows[firsts(self.rows.ticket[rows])]
        found = np.full(len(self.tickets), NEVER, dtype=np.int64)
        found[self.rows.ticket[rows]] = self.rows.at[rows]
        return found

    def last_row(self) -> Ints:
        """Return for every ticket the place of its last row; -1 where it has none."""
        found = np.full(len(self.tickets), NEVER, dtype=np.int64)
        found[self.rows.ticket] = np.arange(len(self.rows))  # the last one written stays
        return found

    def numbers(self, tickets: Ints) -> pa.Array:
        """Return the numbers of tickets; -1 is none."""
        return coded(tickets, self.export.numbers)

    def persons(self, people: Ints) -> pa.Array:
        """Return user ids by number among all persons; -1 is nobody."""
        return coded(people, self.export.persons)

    def services(self, places: Ints) -> pa.Array:
        """Return names of services by place; -1 is none."""
        return coded(places, [service.name for service in self.organisation.services])

    def teams(self, places: Ints) -> pa.Array:
        """Return names of teams by place; -1 is none."""
        return coded(places, [team.name for team in self.organisation.teams])

    def before_end(self, at: Ints) -> Ints:
        """Return moments, -1 for those that have not come yet."""
        return np.where((at >= 0) & (at < self.span.end), at, NEVER)


def ids(mark: str, n: int) -> pa.Array:
    """Return n numbers of records, such as APR0000001."""
    zeros = pa.compute.utf8_lpad(pa.array(np.arange(1, n + 1)).cast(pa.string()), 7, "0")
    return pa.compute.binary_join_element_wise(mark, zeros, "")


def yes_no(values: Flags, known: Flags | None = None) -> pa.Array:
    """Return true and false as text; no value where it is not known."""
    codes = values.astype(np.int64)
    return coded(codes if known is None else np.where(known, codes, NEVER), YES_NO)


def seconds(values: Floats, known: Flags) -> pa.Array:
    """Return whole seconds as numbers; no value where they are not known."""
    return pa.array(np.rint(values).astype(np.int64), mask=~known)


def at(values: Ints | Floats) -> pa.Array:
    """Return moments, UTC without saying so; -1 is no value."""
    return moments(np.rint(values).astype(np.int64))


def texts(values: Sequence[str]) -> pa.Array:
    """Return text."""
    return pa.array(list(values), pa.string())
