"""The vital few: which groups hold four fifths of tickets, hours, users or costs, and how surely.

Floor 4, analysis. Whether a group belongs to the few is tried by drawing weeks anew, whole ones
with all that came in them: what came in one bad week alone is out of the few in many of the draws.

Source: Juran, The non-Pareto principle, Quality Progress 8, 1975; Efron and Tibshirani, An
introduction to the bootstrap, 1993, 8 (drawing blocks).
"""

from collections.abc import Callable
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from opsgauge.analysis.causes.cases import Attribute, attribute_of
from opsgauge.analysis.causes.risk_score import Numbers, Truths, Whole
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.warehouse.portable import micros, summed

COUNT, HOURS, USERS = "count", "hours", "users"
COST = "cost"  # of bookings, which are no tickets: see `booked.py`
OF_TICKETS = (COUNT, HOURS, USERS)
MEASURES = (*OF_TICKETS, COST)
MILLIONTHS = 1_000_000
LINE = 0.8
DRAWS = 400
WEEK_US = 7 * 24 * 3_600_000_000


@dataclass(frozen=True)
class Few:
    """One group.

    Attributes
    ----------
    value : its tickets, hours, users or costs; `n` its tickets, or bookings where costs are told
    share, so_far : of all groups together, its own and that of it and all larger ones
    vital : whether it is among the fewest groups that hold `LINE` of all
    stays : the share of draws of other weeks in which it is
    """

    group: str | None
    n: int
    value: float
    share: float
    so_far: float
    vital: bool
    stays: float


@dataclass(frozen=True)
class Pareto:
    """All groups, the largest first.

    Attributes
    ----------
    total : of all groups; a user of several groups counts in each
    overlap : of the vital groups here and in a draw together, the share that is in both, on average
    weeks : weeks with a ticket, which are what is drawn
    """

    rows: tuple[Few, ...]
    total: float
    overlap: float
    weeks: int

    @property
    def vital(self) -> int:
        """How many groups hold `LINE` of all."""
        return sum(each.vital for each in self.rows)


def pareto_rows(tickets: ir.Table, by: str, of: str) -> ir.Table:
    """Count tickets by group and week: grp, week, n and what is measured.

    Returns
    -------
    of users, a row for each requester too, with `who`
    """
    rows = tickets.select(
        grp=tickets[by],
        week=micros(tickets.opened_at) // WEEK_US,
        life_us=tickets.life_us,
        who=tickets.requester,
    )
    keys = ["grp", "week", "who"] if of == USERS else ["grp", "week"]
    return rows.group_by(keys).aggregate(
        n=rows.count(), life_us=summed(rows.life_us.fill_null(0).sum())
    )


def pareto(rows: pa.Table, of: str, seed: int) -> Pareto:
    """Return the groups by what they hold, and how surely.

    Parameters
    ----------
    rows : of `pareto_rows`, or of `booked.booked_rows`
    seed : of the draws
    """
    groups = attribute_of("grp", rows["grp"])
    size = len(groups.words)
    weeks, week = np.unique(_whole(rows, "week"), return_inverse=True)
    n = np.bincount(groups.codes, _whole(rows, "n"), size)
    measure = _users(rows, groups, week) if of == USERS else _summed(rows, of, groups, week)
    value = measure(np.ones(len(weeks)))
    order = np.argsort(-value, kind="stable")
    vital = _vital(value)
    stays, overlap = _drawn(measure, vital, len(weeks), seed)
    total = float(value.sum())
    so_far = np.cumsum(value[order]) / (total or 1.0)
    made = [
        Few(
            group=groups.words[at],
            n=int(n[at]),
            value=float(value[at]),
            share=float(value[at]) / (total or 1.0),
            so_far=min(float(so_far[place]), 1.0),
            vital=bool(vital[at]),
            stays=float(stays[at]),
        )
        for place, at in enumerate(order.tolist())
        if n[at]
    ]
    return Pareto(tuple(made), total, overlap, len(weeks))


Measure = Callable[[Numbers], Numbers]  # of each group, from how often each week is counted


def _summed(rows: pa.Table, of: str, groups: Attribute, week: Whole) -> Measure:
    size, wide = len(groups.words), int(week.max(initial=0)) + 1
    each = _whole(rows, "n").astype(float)
    if of == HOURS:
        each = _whole(rows, "life_us") / MICROS_PER_HOUR
    elif of == COST:
        each = _whole(rows, "amount") / MILLIONTHS
    table = np.bincount(groups.codes * wide + week, each, size * wide).reshape(size, wide)
    return lambda weights: table[:, : len(weights)] @ weights


def _users(rows: pa.Table, groups: Attribute, week: Whole) -> Measure:
    codes, size = groups.codes, len(groups.words)
    who = attribute_of("who", rows["who"]).codes
    known = who > 0  # a ticket without a requester has no user
    people = int(who.max(initial=0)) + 1
    pairs, at = np.unique(codes[known] * people + who[known], return_inverse=True)
    of, weeks = pairs // people, week[known]

    def distinct(weights: Numbers) -> Numbers:
        there = np.zeros(len(pairs), np.bool_)
        there[at[weights[weeks] > 0]] = True
        return np.bincount(of[there], minlength=size).astype(float)

    return distinct


def _vital(value: Numbers) -> Truths:
    """Say which are the fewest groups that hold `LINE` of all."""
    order = np.argsort(-value, kind="stable")
    before = np.cumsum(value[order]) - value[order]
    found = np.zeros(len(value), np.bool_)
    found[order] = (before < LINE * value.sum() - 1e-9) & (value[order] > 0)
    return found


def _drawn(measure: Measure, vital: Truths, weeks: int, seed: int) -> tuple[Numbers, float]:
    chance = np.random.default_rng(seed)
    stays, overlap = np.zeros(len(vital)), 0.0
    for _ in range(DRAWS if weeks else 0):
        weights = np.bincount(chance.integers(0, weeks, weeks), minlength=weeks).astype(float)
        drawn = _vital(measure(weights))
        stays += drawn
        either = int((drawn | vital).sum())
        overlap += int((drawn & vital).sum()) / either if either else 1.0
    return stays / DRAWS, overlap / DRAWS


def _whole(rows: pa.Table, name: str) -> Whole:
    column = rows[name].combine_chunks().cast(pa.int64()).fill_null(0)
    return np.asarray(column.to_numpy(zero_copy_only=False), np.int64)
