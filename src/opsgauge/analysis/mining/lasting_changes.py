"""Lasting changes: since when one kind of work takes longer, or is done sooner, than it used to.

Floor 4, analysis. A kind of work is a category, or an item of the catalogue, with the team that has
it at the end. Looked at are its time from opening to resolution, and of that what each cause of
waiting took: a change in one of these hides in the noise of the whole. Each ticket gets a score by
its time among all of its kind: -1 the shortest, 1 the longest, and one still open the mean of what
it may yet become (Prentice's scores of Wilcoxon's test), so that nothing is lost by waiting for it.
An open ticket that has not waited for something may never do so: of that wait it says nothing.
What the other work of the practice did in the same week is taken away: when a whole desk slows
down, the charts say so, and no single kind of work is blamed. Then every week is tried as the
beginning of another level. The largest standardised difference is held against what the largest of
so many would be by chance (James, James and Siegmund), its variance allowing for weeks that lean on
each other (Newey and West), over all that was looked at (Benjamini and Hochberg: as many are looked
at, asking each alone to hold over all of them would hide what shows in several parts at once). What
was waited for is told as a mean in which the longest twentieth of waits count as the shortest of
them: one ticket forgotten for months is no level (Tukey's winsorised mean). A slow climb shows as a
change in the middle of it.

Sources: as in `censored.py`; W. Newey and K. West, A simple, positive semi-definite,
heteroskedasticity and autocorrelation consistent covariance matrix, Econometrica 55, 1987;
Benjamini and Hochberg, Controlling the false discovery rate, 1995; Tukey, The future of data
analysis, 1962.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from opsgauge.analysis.many_tests import false_discovery_rates
from opsgauge.analysis.mining.censored import (
    Flags,
    Floats,
    by_week,
    mean,
    median,
    odds_of_largest,
    scores,
)
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.vocabulary import CANCELLED_PHASES
from opsgauge.warehouse.portable import micros, summed

A_WEEK_US = 7 * 24 * MICROS_PER_HOUR
MONDAY_US = 3 * 24 * MICROS_PER_HOUR  # 1970-01-01 was a Thursday
FIRST_MONDAY = date(1969, 12, 29)
PRACTICES = ("incident", "request", "problem", "task")  # of changes the length is planned
WHOLE = "whole"  # from opening to resolution
PARTS: dict[str, tuple[str, ...]] = {  # of it, by what is waited for: the phases
    "the user": ("pending_user",),
    "a vendor": ("pending_vendor",),
    "approval": ("pending_approval",),
    "a change or a problem": ("pending_change", "pending_problem"),
    "something else": ("pending_other",),
}
FEWEST = 60  # tickets of a kind of work
FEWEST_WAITED = 15  # of them, for what they waited for to be looked at
FEWEST_BESIDE = 30  # on either side of a change
FEWEST_WEEKS = 8  # on either side of a change
EDGE = 0.15  # of the weeks at either end in which none is looked for
LAGS = 4  # weeks that may lean on each other
SHRUNK = 5  # tickets at which half of what others did in a week is taken away
TIMES = 1.25  # of what was usual: less is nothing that anyone would notice
PART_OF_WHOLE = 0.1  # of the median whole time: a change in waiting below that is not told
SURE = 0.02  # share of false ones among those told
SURE_FASTER = 0.001  # the same of work that became faster: that something helped is soon believed
LONGEST = 0.05  # of waits, that count as the shortest of them
SHUFFLES, SEED = 200, 20260105
WITHIN_95 = 7.35  # how much worse a week may fit and still be the true one (see change_points)
KEY = ("source", "ticket_id")
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Kind:
    """A kind of work: `name` is a category, or an item where `column` says so."""

    practice: str
    column: str
    name: str
    team: str


@dataclass(frozen=True)
class Work:
    """The tickets of all kinds of work; `kind` counts into `kinds`, `week` from 1969-12-29.

    `hours` has the whole time of each ticket so far, and what it waited, by what for.
    """

    kinds: tuple[Kind, ...]
    kind: Ints
    week: Ints
    done: Flags
    hours: Mapping[str, Floats]


@dataclass(frozen=True)
class Change:
    """A kind of work whose times changed.

    Attributes
    ----------
    part : of the time, as in `PARTS`, or `WHOLE`
    since, earliest, latest : Monday of the first week of the new level, and between which it lies
    before, after : median hours to resolve; of a part, mean hours waited, without the longest
    low, high : 95 % interval of their difference
    tickets, later : all of them, and those opened since
    odds : the share of false ones among all that are told when this one is
    """

    kind: Kind
    part: str
    since: date
    earliest: date
    latest: date
    before: float
    after: float
    low: float
    high: float
    tickets: int
    later: int
    odds: float

    @property
    def slower(self) -> bool:
        """Whether it takes longer now."""
        return self.after > self.before


@dataclass(frozen=True)
class _Split:
    at: int
    first: int
    last: int
    z: float


@dataclass(frozen=True)
class _Others:
    """For each ticket, its practice and its kind of work in its week, and how many others."""

    whole: Ints
    own: Ints
    counts: Ints

    def mean(self, score: Floats) -> Floats:
        """Return for each ticket what the rest of its practice scored in its week, on average."""
        sums = np.bincount(self.whole, score)[self.whole] - np.bincount(self.own, score)[self.own]
        return np.asarray(sums / (self.counts + SHRUNK), np.float64)


@dataclass(frozen=True)
class _Looked:
    """Some tickets in one kind of work, the part of their time looked at, and where it changes."""

    kind: int
    there: slice
    part: str
    split: _Split


def work_rows(tickets: ir.Table, history: ir.Table, watermark_us: int) -> ir.Table:
    """Return for each ticket its kind of work, week of opening, and how long it took or takes.

    Parameters
    ----------
    watermark_us : the latest recorded update, microseconds since 1970

    Returns
    -------
    practice, item, name, team, week, done (0 or 1), whole, and a column for each of `PARTS`
    (microseconds); without cancelled tickets, and without those that are over and of which nothing
    tells when
    """
    rows = tickets.filter(tickets.practice.isin(PRACTICES) & tickets.team.notnull())
    rows = rows.filter(rows.phase.isnull() | ~rows.phase.isin(CANCELLED_PHASES))
    over = ibis.coalesce(micros(rows.resolved_at), micros(rows.closed_at))
    still = ibis.cases((rows.open.fill_null(False), watermark_us))
    rows = rows.select(
        *KEY,
        "practice",
        "team",
        item=rows.catalogue_item.notnull().cast("int64"),
        name=ibis.coalesce(rows.catalogue_item, rows.category),
        began=micros(rows.opened_at),
        until=ibis.coalesce(over, still),
        done=over.notnull().cast("int64"),
    )
    rows = rows.filter(rows.name.notnull() & (rows.until >= rows.began))
    waited = _waited(history, watermark_us)
    rows = rows.left_join(waited, list(KEY))
    return rows.select(
        "practice",
        "item",
        "name",
        "team",
        "done",
        week=(rows.began + MONDAY_US) // A_WEEK_US,
        **{WHOLE: rows.until - rows.began},
        **{part: rows[part].fill_null(0) for part in PARTS},
    )


def _waited(history: ir.Table, watermark_us: int) -> ir.Table:
    """Return how long each ticket waited, by what for; without those that never did."""
    phases = [phase for part in PARTS.values() for phase in part]
    rows = history.filter(history.phase.isin(phases))
    lasts = ibis.coalesce(rows.elapsed_us, watermark_us - micros(rows.since))
    rows = rows.select(*KEY, "phase", lasts=lasts)
    sums = {
        part: summed(ibis.cases((rows.phase.isin(of), rows.lasts), else_=0).sum())
        for part, of in PARTS.items()
    }
    return rows.group_by(*KEY).aggregate(**sums)


def work(rows: pa.Table) -> Work:
    """Return what `work_rows` gave."""
    columns = [rows[name].combine_chunks() for name in ("practice", "item", "name", "team")]
    parts = [column.dictionary_encode() for column in columns]
    code = np.zeros(rows.num_rows, np.int64)
    for part in parts:
        code = code * max(len(part.dictionary), 1) + part.indices.to_numpy(zero_copy_only=False)
    _, first, kind = np.unique(code, return_index=True, return_inverse=True)
    kinds = tuple(_kind(*(column[at].as_py() for column in columns)) for at in first.tolist())
    return Work(
        kinds,
        kind.astype(np.int64),
        rows["week"].to_numpy().astype(np.int64),
        rows["done"].to_numpy() > 0,
        {name: rows[name].to_numpy() / MICROS_PER_HOUR for name in (WHOLE, *PARTS)},
    )


def _kind(practice: str, item: int, name: str, team: str) -> Kind:
    return Kind(practice, "catalogue_item" if item else "category", name, team)


def lasting_changes(of: Work) -> tuple[list[Change], int]:
    """Return the kinds of work whose times changed for good, and how many kinds were looked at.

    The least likely by chance comes first; one kind may come with several parts of its time.
    """
    if not of.kinds:
        return [], 0
    of = _by_kind(of)
    ends = np.searchsorted(of.kind, np.arange(len(of.kinds) + 1)).tolist()
    places = [slice(*each) for each in pairwise(ends)]
    others = _others(of)
    looked = [each for part in (WHOLE, *PARTS) for each in _looked(of, part, places, others)]
    odds = false_discovery_rates([odds_of_largest(each.split.z, EDGE) for each in looked])
    found = [
        _change(of, each, float(chance))
        for each, chance in zip(looked, odds, strict=True)
        if chance < (SURE if each.split.z > 0 else SURE_FASTER)
    ]
    kept = [each for each in found if each is not None]
    return sorted(kept, key=lambda each: each.odds), len({each.kind for each in looked})


def _by_kind(of: Work) -> Work:
    """Return the tickets of each kind one after another."""
    order = np.argsort(of.kind, kind="stable")
    hours = {name: each[order] for name, each in of.hours.items()}
    return Work(of.kinds, of.kind[order], of.week[order], of.done[order], hours)


def _looked(of: Work, part: str, places: Sequence[slice], others: _Others) -> Iterator[_Looked]:
    """Yield where each kind of work changes most in one part of its time."""
    hours = of.hours[part]
    if not hours.any():
        return
    score = np.zeros(len(of.kind))
    # Of an open ticket that did not wait yet nothing is known: it counts as the mean of all.
    known = of.done | (hours > 0)
    for there in places:
        told = known[there]
        score[there][told] = scores(hours[there][told], of.done[there][told])
    score -= others.mean(score)
    for kind, there in enumerate(places):
        if there.stop - there.start >= FEWEST and int((hours[there] > 0).sum()) >= FEWEST_WAITED:
            split = _split(of.week[there], score[there])
            if split is not None:
                yield _Looked(kind, there, part, split)


def _others(of: Work) -> _Others:
    """Find for each ticket the rest of its practice in its week."""
    names = sorted({kind.practice for kind in of.kinds})
    practice = np.array([names.index(kind.practice) for kind in of.kinds])
    week = of.week - of.week.min()
    wide = int(week.max()) + 1
    whole = practice[of.kind] * wide + week
    _, own = np.unique(of.kind * wide + week, return_inverse=True)
    counts = np.bincount(whole)[whole] - np.bincount(own)[own]
    return _Others(whole, own, counts)


def _split(week: Ints, score: Floats) -> _Split | None:
    """Return where the level of scores changes most; None where there is too little to look at."""
    week = week - week.min()
    score = score - score.mean()
    weeks = int(week.max()) + 1
    edge = max(FEWEST_WEEKS, int(EDGE * weeks))
    cuts = np.arange(edge, weeks - edge + 1)
    counts = np.bincount(week, minlength=weeks)
    sums = np.bincount(week, score, minlength=weeks)
    total, so_far = len(week), np.cumsum(counts)
    cuts = cuts[(so_far[cuts - 1] >= FEWEST_BESIDE) & (total - so_far[cuts - 1] >= FEWEST_BESIDE)]
    if not len(cuts):
        return None
    share = so_far[cuts - 1] / total
    moved = np.cumsum(sums)[cuts - 1]
    gain = moved / np.sqrt(total * share * (1 - share))
    best = int(np.abs(gain).argmax())
    spread = _spread(week, score, int(cuts[best]), counts)
    if not spread > 0:
        return None
    near = cuts[gain**2 >= gain[best] ** 2 - WITHIN_95 * spread]
    # The sum so far falls where those that follow are slower.
    return _Split(int(cuts[best]), int(near.min()), int(near.max()), -gain[best] / sqrt(spread))


def _spread(week: Ints, score: Floats, cut: int, counts: Ints) -> float:
    """Return the variance of a score about its level, as weeks that lean on each other have it."""
    late = week >= cut
    level = np.where(late, score[late].mean(), score[~late].mean())
    within = float(((score - level) ** 2).sum())
    weekly = np.bincount(week, score - level, minlength=len(counts))
    lean = float((weekly**2).sum())
    for lag in range(1, LAGS + 1):
        lean += 2 * (1 - lag / (LAGS + 1)) * float((weekly[lag:] * weekly[:-lag]).sum())
    return max(within, lean) / len(score)


def _change(of: Work, looked: _Looked, odds: float) -> Change | None:
    """Return what changed, None where nobody would notice."""
    there, hours = looked.there, of.hours[looked.part][looked.there]
    if looked.part != WHOLE:
        hours = np.minimum(hours, np.quantile(hours[hours > 0], 1 - LONGEST))
    week, done = of.week[there] - of.week[there].min(), of.done[there]
    late = week >= looked.split.at
    level = median if looked.part == WHOLE else mean
    before, after = level(hours[~late], done[~late]), level(hours[late], done[late])
    if not _is_much(before, after, looked.split.z) or (
        looked.part != WHOLE
        and abs(after - before) < PART_OF_WHOLE * median(of.hours[WHOLE][there], done)
    ):
        return None
    low, high = _interval((week, hours, done), looked.split.at, level)
    first = FIRST_MONDAY + timedelta(weeks=int(of.week[there].min()))
    since, earliest, latest = (
        first + timedelta(weeks=at)
        for at in (looked.split.at, looked.split.first, looked.split.last)
    )
    return Change(
        of.kinds[looked.kind],
        looked.part,
        since,
        earliest,
        latest,
        before,
        after,
        low,
        high,
        tickets=len(week),
        later=int(late.sum()),
        odds=odds,
    )


def _is_much(before: float, after: float, z: float) -> bool:
    """Say whether the level moved the way its scores did, and by enough."""
    return after >= TIMES * before if z > 0 else before >= TIMES * after


def _interval(
    of: tuple[Ints, Floats, Flags], cut: int, level: Callable[[Floats, Flags], float]
) -> tuple[float, float]:
    """Return the 95 % interval of the difference, whole weeks drawn anew (bootstrap)."""
    week, hours, done = of
    draws = np.random.default_rng(SEED)
    sides = [by_week(week, week < cut), by_week(week, week >= cut)]
    found = []
    for _ in range(SHUFFLES):
        before, after = (
            np.concatenate([side[k] for k in draws.integers(0, len(side), len(side)).tolist()])
            for side in sides
        )
        found.append(level(hours[after], done[after]) - level(hours[before], done[before]))
    low, high = np.quantile(found, [0.025, 0.975]).tolist()
    return low, high
