"""Bursts: some days on which one category brought many more tickets than its part of the whole.

Floor 4, analysis. What a category would usually bring on a day is its part of the practice's
tickets in the months around, times what the other categories bring that day: so Mondays, holidays,
seasons and growth are no bursts. Every stretch of one to fourteen days is looked at (a scan), and
found is the one that is least likely by chance: of a negative binomial count with the spread that
the category's own weeks show, with odds that hold over all categories, days and lengths
(Bonferroni, which is more than enough, since stretches overlap). It must bring at least as many
tickets more as the category has on a usual day: on a large desk a quiet Sunday on which a machine
reports fifteen times is sure, and worth nobody's while.

Sources: J. Naus, The distribution of the size of the maximum cluster of points on a line, 1965; M.
Kulldorff, A spatial scan statistic, 1997.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.special import betainc, gammainc

from opsgauge.log.periods import periods_table
from opsgauge.warehouse.portable import micros

PRACTICES = ("incident", "request")
LONGEST = 14  # days
AROUND = 84  # days before and after that say what is usual
APART = 14  # days about a day that do not
OWN_PART = 50  # tickets of others at which the months around count half, the whole time the other
FEWEST_MORE = 10  # tickets above the usual; or those of a usual day, where these are more
TIMES = 3.0  # of the usual
FEWEST_DAYS = 56
MOST_FOUND = 5  # of one category
SURE = 0.001  # odds by chance over everything looked at
A_DAY = timedelta(days=1)
Floats = npt.NDArray[np.float64]
Days = Mapping[date, int]


@dataclass(frozen=True)
class Burst:
    """Days on which a category brought more: `usual` is what they would bring otherwise."""

    practice: str
    category: str
    first: date
    last: date
    tickets: int
    usual: float
    odds: float
    looked: int  # categories


def category_days(tickets: ir.Table, bucket_us: int) -> ir.Table:
    """Count tickets by practice, category and local day of opening: practice, category, day, n."""
    rows = tickets.filter(tickets.practice.isin(PRACTICES) & tickets.category.notnull())
    rows = rows.select("practice", "category", bucket=micros(rows.opened_at) // bucket_us)
    dated = rows.inner_join(periods_table().select("bucket", "day"), "bucket")
    return dated.group_by("practice", "category", "day").aggregate(n=dated.count())


def by_category(rows: pa.Table) -> dict[str, dict[str, dict[date, int]]]:
    """Return what `category_days` gave: practice, category, day."""
    made: dict[str, dict[str, dict[date, int]]] = {}
    for row in rows.to_pylist():
        days = made.setdefault(row["practice"], {}).setdefault(row["category"], {})
        days[date.fromisoformat(row["day"])] = int(row["n"])
    return made


def bursts(practices: Mapping[str, Mapping[str, Days]]) -> list[Burst]:
    """Return the bursts of every category, the least likely by chance first."""
    looked = sum(len(categories) for categories in practices.values())
    found = [
        burst
        for practice, categories in sorted(practices.items())
        for burst in _of_practice(practice, categories, looked)
    ]
    return sorted(found, key=lambda each: (each.odds, each.first))


def _of_practice(practice: str, categories: Mapping[str, Days], looked: int) -> Iterator[Burst]:
    first = min(min(days) for days in categories.values())
    length = (max(max(days) for days in categories.values()) - first).days + 1
    if length < FEWEST_DAYS or len(categories) < 2:
        return
    counts = {name: _filled(days, first, length) for name, days in sorted(categories.items())}
    total = np.sum([*counts.values()], axis=0)
    for name, own in counts.items():
        usual = usual_days(own, total - own)
        for at, days, odds in _stretches(own, usual, looked):
            since = first + at * A_DAY
            there = slice(at, at + days)
            yield Burst(
                practice,
                name,
                since,
                since + (days - 1) * A_DAY,
                int(own[there].sum()),
                float(usual[there].sum()),
                odds,
                looked,
            )


def _filled(days: Days, first: date, length: int) -> Floats:
    counts = np.zeros(length)
    for day, n in days.items():
        counts[(day - first).days] = n
    return counts


def usual_days(own: Floats, others: Floats) -> Floats:
    """Return what a category would usually bring each day, by what the others brought.

    Parameters
    ----------
    own, others : tickets of each day, of the category and of the rest of its practice
    """
    part = own.sum() / max(others.sum(), 1)
    there, rest = _around(own), _around(others)
    return np.asarray(others * (there + OWN_PART * part) / (rest + OWN_PART), np.float64)


def _around(counts: Floats) -> Floats:
    """Return what the months around each day brought, without the weeks next to it."""
    sums = np.concatenate([[0.0], np.cumsum(counts)])
    at, n = np.arange(len(counts)), len(counts)

    def between(low: npt.NDArray[np.int64], high: npt.NDArray[np.int64]) -> Floats:
        return np.asarray(sums[np.clip(high, 0, n)] - sums[np.clip(low, 0, n)], np.float64)

    before, after = between(at - AROUND, at - APART), between(at + APART + 1, at + AROUND + 1)
    return before + after


def _stretches(own: Floats, usual: Floats, looked: int) -> Iterator[tuple[int, int, float]]:
    """Yield the stretches that stand out: first day, days, odds; none touches another."""
    spread, tests = _spread(own, usual), looked * len(own) * LONGEST
    least = max(FEWEST_MORE, float(own.mean()))
    sums, expected = (np.concatenate([[0.0], np.cumsum(each)]) for each in (own, usual))
    found = []
    for days in range(1, min(LONGEST, len(own)) + 1):
        n, mean = sums[days:] - sums[:-days], np.maximum(expected[days:] - expected[:-days], 1e-6)
        for at in np.flatnonzero((n >= mean + least) & (n >= TIMES * mean)).tolist():
            odds = odds_of_so_many(float(n[at]), float(mean[at]), spread) * tests
            if odds < SURE:
                found.append((odds, days, at))
    taken: list[tuple[int, int]] = []
    for odds, days, at in sorted(found):  # of two alike the shorter
        ends = at + days
        apart = all(ends + APART <= begin or at >= end + APART for begin, end in taken)
        if apart and len(taken) < MOST_FOUND:
            taken.append((at, ends))
            yield at, days, odds


def _spread(own: Floats, usual: Floats) -> float:
    """Return how much wider weeks spread than chance would have them, the wildest left out."""
    weeks = len(own) // 7
    seen = own[: weeks * 7].reshape(weeks, 7).sum(axis=1)
    mean = usual[: weeks * 7].reshape(weeks, 7).sum(axis=1)
    known = mean > 0
    if not known.any():
        return 1.0
    off = np.sort((seen[known] - mean[known]) ** 2 / mean[known])
    return max(1.0, float(off[: max(len(off) - max(len(off) // 20, 1), 1)].mean()))


def odds_of_so_many(n: float, mean: float, spread: float) -> float:
    """Return how likely so many or more are; `spread` is the variance over the mean.

    Examples
    --------
    >>> round(odds_of_so_many(3, 1.0, 1.0), 4), round(odds_of_so_many(3, 1.0, 2.0), 4)
    (0.0803, 0.125)
    """
    if n <= 0:
        return 1.0
    if spread <= 1 + 1e-9:
        return float(gammainc(n, mean))
    return float(betainc(n, mean / (spread - 1), 1 - 1 / spread))
