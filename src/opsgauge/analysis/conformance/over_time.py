"""Exceptions to rules over time: of the tickets opened in each period, how many break a rule.

Floor 4, analysis. Expressions; nothing is run here. A ticket stands in the period in which it was
opened, whenever it broke the rule, so that broken ones are a part of those they are held against.
"""

from collections.abc import Sequence
from functools import reduce

import ibis
import ibis.expr.types as ir

from opsgauge.analysis.conformance.judging import (
    BROKEN,
    BROKEN_OPEN,
    EXCEPTED,
    JUDGED,
    KEY,
    PENDING,
)
from opsgauge.log.periods import periods_table
from opsgauge.warehouse.portable import micros, ones

OF_ANY = ""  # stands for all rules together


def verdict_rows(outcomes: ir.Table, rule: str, grain: str, bucket_us: int) -> ir.Table:
    """Return one row per ticket that a rule applies to.

    Parameters
    ----------
    outcomes : of `outcomes.outcome_rows`
    grain : day, week, month, quarter or year, of the opening
    bucket_us : width of a bucket of the table `periods`

    Returns
    -------
    source, ticket_id, rule, label (of the period), broken, excepted, judged, undecided (1 or 0)
    """
    told = outcomes.select(
        *KEY,
        rule=ibis.literal(rule),
        bucket=micros(outcomes.opened_at) // bucket_us,
        broken=ones(outcomes.outcome == BROKEN),
        excepted=ones(outcomes.outcome == EXCEPTED),
        judged=ones(outcomes.outcome.isin(JUDGED)),
        undecided=ones(outcomes.outcome.isin((BROKEN_OPEN, PENDING))),
    )
    periods = periods_table()
    met = told.inner_join(periods.select("bucket", label=periods[grain]), "bucket")
    return met.drop("bucket")


def of_any(verdicts: ir.Table) -> ir.Table:
    """Return one row per ticket from those of all rules: broken where it breaks one of them.

    A ticket that breaks none is undecided as long as one of them is, then excepted where one
    excuses it.
    """
    each = verdicts.group_by([*KEY, "label"]).aggregate(
        broken=verdicts.broken.max(),
        excepted=verdicts.excepted.max(),
        judged=verdicts.judged.max(),
        undecided=verdicts.undecided.max(),
    )
    breaks, open_ = each.broken == 1, each.undecided == 1
    return each.select(
        *KEY,
        "label",
        rule=ibis.literal(OF_ANY),
        broken=each.broken,
        excepted=ones(~breaks & ~open_ & (each.excepted == 1)),
        judged=ones(breaks | (~open_ & (each.judged == 1))),
        undecided=ones(~breaks & open_),
    )


def period_counts(verdicts: ir.Table) -> ir.Table:
    """Return rule, label, n (judged), broken, excepted and undecided, in order of both."""
    counted = verdicts.group_by(["rule", "label"]).aggregate(
        n=verdicts.judged.sum(),
        broken=verdicts.broken.sum(),
        excepted=verdicts.excepted.sum(),
        undecided=verdicts.undecided.sum(),
    )
    return counted.order_by("rule", "label")


def together(each: Sequence[ir.Table]) -> ir.Table:
    """Return the rows of several rules as one table."""
    return reduce(lambda one, other: one.union(other), each)
