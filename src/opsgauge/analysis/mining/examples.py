"""Example tickets: which of those counted are worth looking at first.

Floor 4, analysis. Whoever counts a group asks for the ticket with most of something, such as
hours: one value of an aggregate, so that nothing is put in order. Counted by month of opening too,
a group has one of each month, and so examples that are not all of one week.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

KEY = ("source", "ticket_id")
MONTH = "opened_month"
SHOWN = 3

Tickets = tuple[tuple[str, str], ...]


def with_most(rows: ir.Table, of: ir.Value, met: ir.BooleanValue | None = None) -> ir.Value:
    """Return, to aggregate, the key of the ticket with most of a whole number; the newest of these.

    Parameters
    ----------
    of : such as microseconds, one per row of `rows`; null counts as nought
    """
    # Never null, but not known to be: Spark fetches no struct that is null around such a value.
    most = ibis.cases((of.notnull(), of), (of.isnull(), 0))
    key = ibis.struct({"most": most, **{name: rows[name] for name in KEY}})
    return (key if met is None else ibis.cases((met, key))).max()


def example_of(row: Mapping[str, Any], name: str = "example") -> Tickets:
    """Return the example of a row that was fetched, as one or none.

    Examples
    --------
    >>> example_of({"example": {"source": "desk", "ticket_id": "T1"}})
    (('desk', 'T1'),)
    >>> example_of({"example": None})
    ()
    """
    found = row[name]
    return ((found["source"], found["ticket_id"]),) if found else ()


def examples_of(rows: Iterable[Mapping[str, Any]], name: str = "example") -> Tickets:
    """Return the first three examples of rows: those with most, then the newest.

    Examples
    --------
    >>> rows = [{"most": n % 4, "source": "desk", "ticket_id": f"T{n}"} for n in range(6)]
    >>> examples_of({"example": row} for row in rows)
    (('desk', 'T3'), ('desk', 'T2'), ('desk', 'T5'))
    """
    most: dict[tuple[str, str], int] = {}
    for row in rows:
        for key in example_of(row, name):
            most[key] = max(most.get(key, 0), int(row[name].get("most", 0)))
    ordered = sorted(most, key=lambda key: (most[key], key), reverse=True)
    return tuple(ordered[:SHOWN])
