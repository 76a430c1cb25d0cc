"""Repeat: of the records of a period, how many are followed by another of the same kind.

Floor 3. Another counts where it holds the same in every column named and comes within some days; a
record that lacks one of those columns is followed by nobody. Records of the last days may still be
followed.
"""

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.metrics.ask import Ask
from opsgauge.metrics.criterion import all_hold
from opsgauge.metrics.dated import Repeat
from opsgauge.metrics.kinds.share import share_of
from opsgauge.warehouse.portable import ones

MICROS_PER_DAY = 24 * MICROS_PER_HOUR


def rows(ask: Ask) -> ir.Table:
    """Return the records of the denominator: key, period, dimensions, `hit` 1 or 0."""
    repeat = ask.definition(Repeat)
    everybody = ask.everybody(ask.moment, *repeat.tested, *repeat.same)
    timed = everybody.mutate(its_us=ask.at_us(everybody, ask.moment))
    timed = timed.filter(timed.its_us.notnull())
    in_order = ibis.window(group_by=list(repeat.same), order_by=["its_us", *ask.key])
    apart_us = timed.its_us.lead().over(in_order) - timed.its_us
    soon = (apart_us <= repeat.days * MICROS_PER_DAY).fill_null(False)
    for name in repeat.same:
        soon &= timed[name].notnull()
    counted = ask.asked_for(timed.mutate(followed=soon))
    within = all_hold(counted, repeat.denominator, ask.subject)
    if within is not None:
        counted = counted.filter(within)
    met = all_hold(counted, repeat.numerator, ask.subject)
    hit = counted.followed if repeat.again else ~counted.followed
    return ask.dated(counted, hit=ones(hit if met is None else hit & met))


def numbers(ask: Ask) -> ir.Table:
    """Return the share of each group: keys, n, value, numerator, denominator."""
    return share_of(rows(ask), ask)


def value(rows: ir.Table, ask: Ask) -> ir.Value:
    """Return 1 for a record of the numerator, else 0."""
    return rows.hit
