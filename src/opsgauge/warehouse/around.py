"""Filters put around a table inside a query that was compiled without them.

Floor 1. Where a query reads a table once, it comes to the same whether a filter on the table's own
columns stands inside the query or around the table. Around it, one compiled query serves them all.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from opsgauge.foundation.agreed import Condition
from opsgauge.warehouse.engine import name_of, names_of, quoted

NAMED = re.compile(r'"(\w+)" AS \(')  # a part of the query with a name of its own
ANY_NAME = re.compile(r'"(\w+)"')
READ = re.compile(r'\b(?:FROM|JOIN) "(\w+)"')


def fits_around(sql: str, table: str, beside: Collection[str] = ()) -> bool:
    """Say whether a query reads the table once, and nothing else but what may stand beside it.

    Examples
    --------
    >>> fits_around('SELECT 1 FROM "a" AS "t0" LEFT OUTER JOIN "b" AS "t1"', "a", {"b"})
    True
    >>> fits_around('SELECT 1 FROM "a" AS "t0" INNER JOIN "a" AS "t1"', "a")
    False
    """
    return READ.findall(sql).count(table) == 1 and tables_read(sql) <= {table, *beside}


def tables_read(sql: str) -> set[str]:
    """Return the tables that a query reads, without its own parts that it gave a name.

    Examples
    --------
    >>> tables_read('WITH "b" AS (SELECT 1 FROM "a" AS "t0") SELECT 1 FROM "b" AS "t1"')
    {'a'}
    """
    return {*READ.findall(sql)} - {*NAMED.findall(sql)}


def names_in(sql: str) -> frozenset[str]:
    """Return every name in a query: tables, columns, and what the query calls them.

    Examples
    --------
    >>> sorted(names_in('SELECT "t0"."id" FROM "a" AS "t0"'))
    ['a', 'id', 't0']
    """
    return frozenset(ANY_NAME.findall(sql))


@dataclass(frozen=True)
class Span:
    """Stretches of time in one of which a moment must lie.

    Each is a start and an end, which is excluded: microseconds since 1970 as they stand in SQL, ""
    where it has none. With `while_column` a row is a stay, of which that column must be true and
    which must not have ended, at `column`, before the first stretch.
    """

    column: str
    stretches: tuple[tuple[str, str], ...]
    while_column: str = ""

    @property
    def test(self) -> str:
        """The test as SQL."""
        column = name_of(self.column)
        if self.while_column:
            lasts = f"{column} IS NULL OR {column} >= moment_at({self.stretches[0][0]})"
            return f"({name_of(self.while_column)} AND ({lasts}))"
        tests = []
        for start, end in self.stretches:
            ends = [f"{column} >= moment_at({start})"] if start else []
            ends += [f"{column} < moment_at({end})"] if end else []
            tests.append(" AND ".join(ends))
        return f"({' OR '.join(tests)})"


@dataclass(frozen=True)
class Through:
    """A condition on another table, met by rows that name one of its rows.

    `columns` of the filtered table name `keys` of `table`, whose rows must meet the `conditions`,
    or name rows further on.
    """

    columns: tuple[str, ...]
    table: str
    keys: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    further: "Through | None" = None
    span: Span | None = None

    @property
    def test(self) -> str:
        """The test as SQL."""
        met = _all_met(self.conditions, self.further, self.span)
        rows = f"SELECT {names_of(self.keys)} FROM {name_of(self.table)} WHERE {met}"
        return f"({names_of(self.columns)}) IN ({rows})"


@dataclass(frozen=True)
class Chosen:
    """Which rows of a table: those that meet every condition on words, one elsewhere, a time."""

    conditions: tuple[Condition, ...] = ()
    through: Through | None = None
    span: Span | None = None

    def rows(self, table: str, columns: str = "*") -> str:
        """Return the rows as a subquery."""
        met = _all_met(self.conditions, self.through, self.span)
        return f"(SELECT {columns} FROM {name_of(table)} WHERE {met})"


def around(sql: str, table: str, chosen: Chosen) -> str:
    """Return the query over those rows of the table alone.

    Examples
    --------
    >>> print(around('SELECT 1 FROM "a" AS "t0"', "a", Chosen((Condition("team", ("A", None)),))))
    SELECT 1 FROM (SELECT * FROM "a" WHERE ("team" IN ('A') OR "team" IS NULL)) AS "t0"
    """
    return sql.replace(f"FROM {name_of(table)}", f"FROM {chosen.rows(table)}", 1)


def over(sql: str, others: Mapping[str, str]) -> str:
    """Return the query over other tables.

    Parameters
    ----------
    others : name of a table that the query reads -> of the one it shall read

    Examples
    --------
    >>> print(over('SELECT 1 FROM "a" AS "b" INNER JOIN "b" AS "t1"', {"b": "c"}))
    SELECT 1 FROM "a" AS "b" INNER JOIN "c" AS "t1"
    """

    def other(found: re.Match[str]) -> str:
        name = others.get(found[1])
        return found[0] if name is None else found[0].replace(f'"{found[1]}"', name_of(name))

    return READ.sub(other, sql)


def in_place_of(
    sql: str, stand_in: str, table: str, columns: Collection[str], chosen: Chosen
) -> str:
    """Return the query with columns of those rows in the place of a table that stands for them.

    Examples
    --------
    >>> chosen = Chosen((Condition("team", ("A",)),))
    >>> print(in_place_of('SEMI JOIN "b" AS "t1"', "b", "a", ["id"], chosen))
    SEMI JOIN (SELECT "id" FROM "a" WHERE ("team" IN ('A'))) AS "t1"
    """
    return sql.replace(name_of(stand_in), chosen.rows(table, names_of(columns)), 1)


def _all_met(conditions: Collection[Condition], through: Through | None, span: Span | None) -> str:
    tests = [f"({_met(each)})" for each in conditions]
    tests += [each.test for each in (through, span) if each is not None]
    return " AND ".join(tests)


def _met(condition: Condition) -> str:
    column = name_of(condition.column)
    named = ", ".join(quoted(value) for value in condition.values if value is not None)
    tests = [f"{column} IN ({named})"] if named else []
    tests += [f"{column} IS NULL"] if None in condition.values else []
    return " OR ".join(tests) or "false"
