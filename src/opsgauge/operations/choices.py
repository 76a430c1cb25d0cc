"""What one can choose from: dimensions that hold something, and their values.

Floor 5. Persons are no dimension, so none is ever offered.
"""

from dataclasses import dataclass

import ibis

from opsgauge.log.tables import dimensions
from opsgauge.metrics.words import word
from opsgauge.operations.context import Context

MOST_VALUES = 300  # of one dimension: a longer list is no choice
FEW_VALUES = 120  # a split into more is no table one reads


@dataclass(frozen=True)
class Choice:
    """One value of a dimension, and how many tickets have it; None where nothing is written."""

    value: str | None
    tickets: int


def splits(ctx: Context) -> tuple[str, ...]:
    """Return the dimensions that part the tickets into at least two, and not too many.

    Needs `metric:read`.
    """
    ctx.require("metric:read")
    return tuple(name for name, values in _sizes(ctx).items() if 1 < values <= FEW_VALUES)


def filters(ctx: Context) -> tuple[str, ...]:
    """Return the dimensions that tickets can be filtered by: all that hold anything.

    Needs `metric:read`.
    """
    ctx.require("metric:read")
    return tuple(name for name, values in _sizes(ctx).items() if values)


def values_of(ctx: Context, name: str) -> tuple[Choice, ...]:
    """Return the values of a dimension as tickets have them now, the most frequent first.

    Needs `metric:read`.
    """
    ctx.require("metric:read")
    return held(ctx, name)


def held(ctx: Context, name: str) -> tuple[Choice, ...]:
    """Return what `values_of` does, for an operation that has asked for its own right."""
    return ctx.opened().once(("values", ctx.scope, name), lambda: _values(ctx, name))


def practices(ctx: Context) -> tuple[str, ...]:
    """Return the practices that the tickets belong to, the most frequent first."""
    return tuple(choice.value or "" for choice in values_of(ctx, "practice"))


def _sizes(ctx: Context) -> dict[str, int]:
    """Count the values of every dimension; nothing written counts as one beside others."""
    return ctx.opened().once(("sizes", ctx.scope), lambda: _counted(ctx))


def _counted(ctx: Context) -> dict[str, int]:
    tickets = ctx.tables.tickets
    counts = {}
    for name in dimensions():
        column = word(tickets, name)
        counts[name] = column.nunique()
        counts[f"{name}_missing"] = column.isnull().any()
    row = ctx.opened().engine.run(tickets.aggregate(**counts)).to_pylist()[0]
    return {name: row[name] + bool(row[name] and row[f"{name}_missing"]) for name in dimensions()}


def _values(ctx: Context, name: str) -> tuple[Choice, ...]:
    tickets = ctx.tables.tickets
    grouped = tickets.group_by(value=word(tickets, name)).aggregate(tickets=tickets.count())
    rows = grouped.order_by(ibis.desc("tickets"), "value").limit(MOST_VALUES)
    return tuple(Choice(**row) for row in ctx.opened().engine.run(rows).to_pylist())
