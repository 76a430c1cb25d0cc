"""Ratio and total: metrics made of other metrics, in the same period and split.

Floor 3. Each part is asked by itself, by its own kind, and the answers are put side by side: sums
are divided, ratios are never averaged. Of a ratio, the records behind it are those of the metric
below the line. Where a period has no record above the line, a count there is nought; a sum (what
was paid) is not known, and neither is the ratio.
"""

from collections.abc import Callable, Mapping
from types import ModuleType

import ibis
import ibis.expr.types as ir

from opsgauge.metrics.ask import Ask
from opsgauge.metrics.kinds import count, distinct, flow, points, share, summed
from opsgauge.warehouse.portable import ratio

# Kinds whose numbers can be added up or divided; of a share, what it counts.
PARTS: Mapping[str, ModuleType] = {
    "count": count,
    "distinct": distinct,
    "sum": summed,
    "points": points,
    "flow": flow,
    "share": share,
}
UNKNOWN_WHERE_NONE = "sum"
OWN = ("n", "value")


def part_numbers(asked: Ask) -> ir.Table:
    """Return the numbers of a part, asked as `Ask.part` says: keys, n, value."""
    kind = asked.metric.kind
    if kind == "total":
        return total(asked)
    found = PARTS[kind].numbers(asked)
    if kind == "share":
        return found.select(*asked.keys, n=found.numerator.cast("int64"), value=found.numerator)
    currencies = [name for name in found.columns if name == "currencies"]
    return found.select(*asked.keys, *OWN, *currencies)


Answer = Callable[[Ask], ir.Table]  # what answers the question to one part


def numbers(ask: Ask, answer: Answer = part_numbers) -> ir.Table:
    """Return the ratio, or the total, of each group."""
    return total(ask, answer) if ask.metric.kind == "total" else _ratio(ask, answer)


def _ratio(ask: Ask, answer: Answer) -> ir.Table:
    """Return the ratio of each group: keys, n (of what is below), value, and both its sides."""
    above, below = ask.metric.parts
    upper, lower = (answer(ask.part(part)) for part in (above, below))
    nothing = ibis.null("float64")
    sides = upper.select(
        *ask.keys, n=ibis.literal(0, "int64"), above=upper.value, below=nothing
    ).union(lower.select(*ask.keys, n=lower.n.cast("int64"), above=nothing, below=lower.value))
    met = sides.group_by(ask.keys).aggregate(
        n=sides.n.sum().cast("int64"), above=sides.above.sum(), below=sides.below.sum()
    )
    over = met.above if above.kind == UNKNOWN_WHERE_NONE else met.above.fill_null(0.0)
    return met.select(
        *ask.keys,
        "n",
        value=ratio(over, met.below),
        numerator=over,
        denominator=met.below,
    )


def total(ask: Ask, answer: Answer = part_numbers) -> ir.Table:
    """Return the parts of each group added up: keys, n, value."""
    asked = [answer(ask.part(part)).select(*ask.keys, *OWN) for part in ask.metric.parts]
    first, *others = asked
    every = first.union(*others)
    return every.group_by(ask.keys).aggregate(
        n=every.n.sum().cast("int64"), value=every.value.sum()
    )
