"""Dimensions as words, and the conditions on them.

Floor 3.
"""

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.agreed import Condition
from opsgauge.log.door import ATTRIBUTE_PREFIX, dimension


def holds(words: ir.Value, condition: Condition) -> ir.BooleanValue:
    """Say whether words meet a condition."""
    named = [value for value in condition.values if value is not None]
    met = words.isin(named) if named else ibis.literal(False)
    return met | words.isnull() if None in condition.values else met


def base_columns(names: Iterable[str]) -> list[str]:
    """Return the columns of `tickets` that dimensions are read from."""
    return ["attributes" if name.startswith(ATTRIBUTE_PREFIX) else name for name in names]


def word(rows: ir.Table, name: str) -> ir.Value:
    """Return a dimension as words; one of yes and no says so."""
    if name.startswith(ATTRIBUTE_PREFIX) and name in rows.columns:
        return rows[name]
    column = dimension(rows, name)
    return ibis.cases((column, "yes"), (~column, "no")) if column.type().is_boolean() else column
