"""The only way in to the tables of the log.

Floor 2. `open_tables` gives the tables as unbound expressions with the row rules of a scope
applied, so that there is one place where rows can be withheld.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial, reduce
from operator import and_, or_

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.agreed import Condition, Exclusion, Rules, Scope
from opsgauge.foundation.errors import UnknownColumn, did_you_mean
from opsgauge.log.related import DERIVED, READ_BESIDE, TO_TICKETS
from opsgauge.log.tables import HISTORY, LINKS, TICKETS, Table
from opsgauge.warehouse.portable import micros, micros_at

On = list[str] | list[ir.BooleanValue]
ATTRIBUTE_PREFIX = "attributes."


@dataclass(frozen=True)
class LogTables:
    """The tables that queries start from, already without the rows the scope hides."""

    tickets: ir.Table
    history: ir.Table
    links: ir.Table
    related: Mapping[str, ir.Table]  # the tables of related records, by name


def unbound(table: Table) -> ir.Table:
    """Return a table as Ibis sees it before any engine is chosen."""
    return ibis.table(table.ibis_schema(), name=table.name)


@cache
def open_tables(scope: Scope) -> LogTables:
    """Return the tables of the log with the rules of `scope` applied.

    A rule on a column of `tickets` hides the ticket everywhere: its history and links go with it,
    and so do related records that name it. Of the others those are seen that have every column of
    the rules and meet them: what cannot be told is hidden. A tie to a hidden ticket is hidden too.
    What is left out of a number (`Scope.without`) goes with all that is its own, and hides no more.
    """
    tickets, history, links = unbound(TICKETS), unbound(HISTORY), unbound(LINKS)
    related = {table.name: unbound(table) for table in (*READ_BESIDE, *DERIVED)}
    every = LogTables(tickets, history, links, related)
    return _without(_seen_of(every, scope), scope.without)


def _seen_of(every: LogTables, scope: Scope) -> LogTables:
    """Return what an actor sees."""
    if not scope.hides:
        return every
    tickets, key = seen(every.tickets, scope), list(TICKETS.key)
    return LogTables(
        tickets,
        only(every.history, tickets, key),
        _links_seen(every.links, every.tickets, tickets),
        {name: _seen(table, tickets, scope) for name, table in every.related.items()},
    )


def _without(tables: LogTables, left_out: tuple[Exclusion, ...]) -> LogTables:
    """Return the tables without tickets that are left out, and without what is theirs."""
    if not left_out:
        return tables
    meant = reduce(or_, (_left_out(tables.tickets, each) for each in left_out))
    gone, key = tables.tickets.filter(meant).view(), list(TICKETS.key)
    return LogTables(
        tables.tickets.filter(~meant),
        without(tables.history, gone, key),
        without(tables.links, gone, key),
        {name: _without_theirs(table, gone) for name, table in tables.related.items()},
    )


def _without_theirs(table: ir.Table, gone: ir.Table) -> ir.Table:
    number = _ticket_of(table)
    if number is None:
        return table
    return without(table, gone, [table.source == gone.source, number == gone.ticket_id])


def _ticket_of(table: ir.Table) -> ir.Value | None:
    """Return the ticket that each record belongs to: the first it names; None where none do."""
    named = [table[name] for name in TO_TICKETS if name in table.columns]
    return ibis.coalesce(*named) if named else None


def _left_out(tickets: ir.Table, left_out: Exclusion) -> ir.BooleanValue:
    """Say of each ticket whether an exclusion means it; never null."""
    named: dict[str, list[str]] = {}
    for source, number in left_out.tickets:
        named.setdefault(source, []).append(number)
    ways = [
        (tickets.source == source) & tickets.ticket_id.isin(numbers)
        for source, numbers in named.items()
    ]
    within = [_met(tickets, rule) for rule in left_out.rules]
    if left_out.since is not None:
        within.append(micros(tickets.opened_at) >= micros_at(left_out.since))
    if left_out.until is not None:
        within.append(micros(tickets.opened_at) < micros_at(left_out.until))
    if within:
        ways.append(reduce(and_, within))
    if not ways:
        return ibis.literal(False)
    return reduce(or_, ways).fill_null(False)


def _links_seen(links: ir.Table, every: ir.Table, tickets: ir.Table) -> ir.Table:
    """Return the ties of tickets that are seen, without those to a ticket that is not."""
    hidden = every.anti_join(tickets, list(TICKETS.key)).view()
    own = only(links, tickets, list(TICKETS.key))
    return without(own, hidden, [own.source == hidden.source, own.to_id == hidden.ticket_id])


def only(table: ir.Table, others: ir.Table, on: On) -> ir.Table:
    """Return the rows of a table that others have too, as a table like any other.

    What Ibis makes of a join is not: columns of it that are computed on the way cannot be filtered
    by, which whoever is handed the table cannot know.
    """
    return table.semi_join(others, on).filter(ibis.literal(True))


def without(table: ir.Table, others: ir.Table, on: On) -> ir.Table:
    """Return the rows of a table that others have not, as a table like any other."""
    return table.anti_join(others, on).filter(ibis.literal(True))


def seen(table: ir.Table, scope: Scope) -> ir.Table:
    """Return the rows of a table that a scope shows; the table has the columns of its rules."""
    shown = where(table, scope.rules)
    if not scope.any_of:
        return shown
    met = (reduce(and_, map(partial(_met, shown), rules)) for rules in scope.any_of)
    return shown.filter(reduce(or_, met))


def _seen(table: ir.Table, tickets: ir.Table, scope: Scope) -> ir.Table:
    """Return the related records that a scope shows."""
    number = _ticket_of(table)
    if number is not None:
        same = [table.source == tickets.source, number == tickets.ticket_id]
        return only(table, tickets, same)
    if all(name in table.columns for name in scope.columns):
        return seen(table, scope)
    return table.filter(ibis.literal(False))


def dimension(table: ir.Table, name: str) -> ir.Value:
    """Return the expression behind a dimension's name, an attribute's (`attributes.x`) included.

    Raises
    ------
    UnknownColumn : the table has no such dimension
    """
    if name.startswith(ATTRIBUTE_PREFIX) and "attributes" in table.columns:
        return table["attributes"].get(name.removeprefix(ATTRIBUTE_PREFIX))
    if name not in table.columns or name not in _dimensions():
        known = [column for column in table.columns if column in _dimensions()]
        raise UnknownColumn(f"There is no dimension {name!r}.", hint=did_you_mean(name, known))
    return table[name]


@cache
def _dimensions() -> frozenset[str]:
    """Return the columns of any table that may split and filter numbers."""
    tables = (TICKETS, LINKS, *READ_BESIDE, *DERIVED)
    return frozenset(c.name for table in tables for c in table.columns if c.dimension)


def where(table: ir.Table, conditions: Rules) -> ir.Table:
    """Return the rows that meet every condition; yes-or-no columns compare with yes and no."""
    for condition in conditions:
        table = table.filter(_met(table, condition))
    return table


def _met(table: ir.Table, condition: Condition) -> ir.BooleanValue:
    column = dimension(table, condition.column)
    named = [value for value in condition.values if value is not None]
    if column.type().is_boolean():
        column = ibis.cases((column, "yes"), (~column, "no"))
    met: ir.BooleanValue = column.isin(named) if named else ibis.literal(False)
    return met | column.isnull() if None in condition.values else met
