"""The whole numbers that records carry: lengths as microseconds, others as what they are.

Floor 3. Numbers with a fraction (money, scores) become whole millionths before anything is added
up, so that neither the order of the rows nor the engine shows in a sum.
"""

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.metrics.ask import Ask
from opsgauge.metrics.dated import Numbered
from opsgauge.metrics.subject import MILLIONTHS, Subject
from opsgauge.warehouse.portable import millionths


def number_of(rows: ir.Table, subject: Subject, column: str) -> ir.IntegerValue:
    """Return a column's number as a whole one: see `scale_of` for what to divide it by."""
    value, lasts = rows[column], subject.micros(column)
    if value.type().is_floating():
        in_millionths = millionths(value)
        return in_millionths * (lasts // MILLIONTHS) if lasts else in_millionths
    return value * lasts if lasts > 1 else value


def added(rows: ir.Table, ask: Ask) -> ir.IntegerValue:
    """Return what each record carries in all columns of the metric; null where one is missing."""
    numbered = ask.definition(Numbered)
    first, *others = [number_of(rows, ask.subject, name) for name in numbered.added]
    for other in others:
        first = first + other
    for name in numbered.told_by:
        first = ibis.cases((rows[name].notnull(), first))
    return first


def one_of(ask: Ask) -> int:
    """Return one of the column, as it is stored, in the whole numbers of `number_of`."""
    column = ask.definition(Numbered).column
    lasts, found = ask.subject.micros(column), ask.subject.column(column)
    whole = found is not None and found.type == "whole"
    return lasts or (1 if whole else MILLIONTHS)


def scale_of(ask: Ask) -> float:
    """Return what to divide whole numbers by to get the metric's unit."""
    column = ask.definition(Numbered).column
    if ask.subject.micros(column):
        return MICROS_PER_HOUR
    found = ask.subject.column(column)
    return MILLIONTHS if found is not None and found.type == "number" else 1
