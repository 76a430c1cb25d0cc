"""Tickets that a filter chooses beside the rest: how many, and how long they take.

Floor 4, analysis.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.mining.path_facts import KEY, took
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.metrics.statistics import summarise


@dataclass(frozen=True)
class Group:
    """Some tickets.

    Attributes
    ----------
    finished : of them, behind the times
    median, low, high : hours from opening to resolution of half of these, with its 95 % interval;
        None where none is finished, or too few for an interval
    """

    tickets: int = 0
    finished: int = 0
    median: float | None = None
    low: float | None = None
    high: float | None = None


def marked_rows(among: ir.Table, chosen: ir.Table) -> ir.Table:
    """Return one row per ticket of `among`: chosen (bool), number (microseconds, see `took`)."""
    marks = chosen.select(*KEY, chosen=ibis.literal(True)).distinct()
    met = among.left_join(marks, list(KEY))
    return met.select(chosen=met.chosen.fill_null(False), number=took(met))


def count_rows(marked: ir.Table) -> ir.Table:
    """Return how many tickets are chosen, and how many are not."""
    return marked.group_by("chosen").aggregate(tickets=marked.count())


def time_rows(marked: ir.Table) -> ir.Table:
    """Return n, value, low and high of the hours of both."""
    finished = marked.filter(marked.number.notnull())
    return summarise(finished, ["chosen"], "median", float(MICROS_PER_HOUR))


def groups(counted: pa.Table, timed: pa.Table) -> tuple[Group, Group]:
    """Return the tickets chosen, and the rest."""
    counts = {row["chosen"]: row["tickets"] for row in counted.to_pylist()}
    times = {row["chosen"]: row for row in timed.to_pylist()}
    chosen, rest = (
        Group(
            tickets=counts.get(which, 0),
            finished=times[which]["n"] if which in times else 0,
            **{
                name: times[which][column] if which in times else None
                for name, column in (("median", "value"), ("low", "low"), ("high", "high"))
            },
        )
        for which in (True, False)
    )
    return chosen, rest
