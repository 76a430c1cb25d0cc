"""Conditions of definitions as expressions on intervals of history.

Floor 2. A condition holds where a column has one of its values; what is not known holds nothing.
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from opsgauge.log.service_levels.paragraph import MOMENT, TIER, Conditions


def without_moment(conditions: Conditions) -> Conditions:
    """Return conditions on columns alone."""
    return {column: values for column, values in conditions.items() if column != MOMENT}


def all_hold(rows: ir.Table, conditions: Mapping[str, tuple[str, ...]]) -> ir.BooleanValue:
    """Whether every column holds one of its values; true where there are no conditions."""
    met = ibis.literal(True)
    for column, values in conditions.items():
        met &= _holds(rows, column, values)
    return met


def any_holds(rows: ir.Table, conditions: Mapping[str, tuple[str, ...]]) -> ir.BooleanValue:
    """Whether one of the columns holds one of its values; false where there are no conditions."""
    met = ibis.literal(False)
    for column, values in conditions.items():
        met |= _holds(rows, column, values)
    return met


def word(rows: ir.Table, column: str) -> ir.Value:
    """Return a column's values as the words by which definitions call them."""
    value = rows[column]
    return ibis.cases((value, "yes"), (~value, "no")) if value.type().is_boolean() else value


def _holds(rows: ir.Table, column: str, values: tuple[str, ...]) -> ir.BooleanValue:
    if column == TIER:
        return rows.tier.isin([int(value) for value in values]).fill_null(False)
    return word(rows, column).isin(values).fill_null(False)
