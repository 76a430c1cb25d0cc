"""Score: answers at the top of their scale, less those at its bottom, over all answers.

Floor 3. Without a bottom it is the plain share at the top. An answer counts by the scale it was
given on, so that scales of five and of ten steps can stand side by side.
Sources: Reichheld, Harvard Business Review 81 (2003) 46-54 (net promoter score); top-two box.
"""

import ibis
import ibis.expr.types as ir

from opsgauge.metrics.ask import Ask
from opsgauge.metrics.dated import Score
from opsgauge.warehouse.portable import millionths, ones

ONE_STEP = 1_000_000  # of a scale, in millionths
OF_ALL = 100.0


def rows(ask: Ask) -> ir.Table:
    """Return the records that were answered: key, period, dimensions, `number` 1, 0 or -1."""
    score = ask.definition(Score)
    records = ask.records(ask.moment, score.column, score.lowest, score.highest)
    given = millionths(records[score.column])
    top = given > millionths(records[score.highest]) - score.top * ONE_STEP
    bottom = given < millionths(records[score.lowest]) + score.bottom * ONE_STEP
    counted = ones(top) - ones(bottom) if score.bottom else ones(top)
    known = given.notnull() & top.notnull() & bottom.notnull()
    return ask.dated(records, number=ibis.cases((known, counted)))


def numbers(ask: Ask) -> ir.Table:
    """Return the score of each group: keys, n, value, and what its interval needs.

    Returns
    -------
    a share: numerator and denominator; points: deviation, of the answers as 100, 0 and -100
    """
    counted = rows(ask)
    grouped = counted.group_by(ask.keys).aggregate(
        n=counted.count(),
        net=counted.number.sum().cast("float64"),
        spread=counted.number.cast("float64").std(how="sample"),
    )
    if not ask.definition(Score).bottom:
        return grouped.select(
            *ask.keys,
            "n",
            value=grouped.net / grouped.n,
            numerator=grouped.net,
            denominator=grouped.n.cast("float64"),
        )
    return grouped.select(
        *ask.keys,
        "n",
        value=grouped.net * OF_ALL / grouped.n,
        deviation=grouped.spread * OF_ALL,
    )


def value(rows: ir.Table, ask: Ask) -> ir.Value:
    """Return 1 for an answer at the top, -1 at the bottom, else 0."""
    return rows.number
