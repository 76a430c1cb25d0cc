"""Filters put around a table inside a query that was compiled without them.

Floor 1. Where a query reads a table once, it comes to the same whether a filter on the table's own
columns stands inside the query or around the table. Around it, one compiled query serves them all.
"""

import re
from collections.abc import Collection

from opsgauge.foundation.agreed import Condition
from opsgauge.warehouse.engine import name_of, quoted

NAMED = re.compile(r'"(\w+)" AS \(')  # a part of the query with a name of its own
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
    read = READ.findall(sql)
    return read.count(table) == 1 and {*read} <= {table, *beside, *NAMED.findall(sql)}


def around(sql: str, table: str, conditions: Collection[Condition]) -> str:
    """Return the query over those rows of the table that meet every condition on words.

    Examples
    --------
    >>> print(around('SELECT 1 FROM "a" AS "t0"', "a", [Condition("team", ("A", None))]))
    SELECT 1 FROM (SELECT * FROM "a" WHERE ("team" IN ('A') OR "team" IS NULL)) AS "t0"
    """
    if not conditions:
        return sql
    met = " AND ".join(f"({_met(each)})" for each in conditions)
    read = f"FROM {name_of(table)}"
    return sql.replace(read, f"FROM (SELECT * {read} WHERE {met})", 1)


def _met(condition: Condition) -> str:
    column = name_of(condition.column)
    named = ", ".join(quoted(value) for value in condition.values if value is not None)
    tests = [f"{column} IN ({named})"] if named else []
    tests += [f"{column} IS NULL"] if None in condition.values else []
    return " OR ".join(tests) or "false"
