"""Isolated or repeated: the same trouble of the same thing, and how often it comes.

Floor 4, analysis. Tickets of one item, or of one service where none is named, are one trouble where
their descriptions say the same (see `symptoms.py`); where there is no description that can be told,
where they have one category and subcategory. What is to be expected of a trouble lately is what it
had before, drawn towards what troubles usually have; its weeks may vary by more than chance within
them.

Source: Robbins, An empirical Bayes approach to statistics, Proc. Third Berkeley Symp., 1956, with a
gamma prior; McCullagh and Nelder, Generalized linear models, 2nd ed., 1989, 6.2 (overdispersion).
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from scipy.special import betainc

from opsgauge.analysis.causes.cases import attribute_of
from opsgauge.analysis.causes.delay_place import KEY, Delay
from opsgauge.analysis.causes.risk_score import Numbers, Whole
from opsgauge.analysis.causes.symptoms import symptoms
from opsgauge.analysis.causes.words import Vocabulary
from opsgauge.analysis.many_tests import false_discovery_rates
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.warehouse.portable import micros

NAMED = ("configuration_item", "service", "category", "subcategory")
THING = NAMED[:2]
ALIKE = ("practice", "priority")  # tickets of one are held against one another
REPEATED = 3  # tickets from which on it is no accident any more
FALSE_TOLD = 0.05  # of what is told to come more often, the share that is chance
FEW_OF_A_CLUSTER = 10  # tickets before, from which on its weeks say how much weeks vary
WEEK_US = 7 * 24 * 3_600_000_000
USUAL, MORE = "as usual", "more than expected"
Named = tuple[str | None, ...]


@dataclass(frozen=True)
class Troubles:
    """Which trouble each ticket is of.

    Attributes
    ----------
    of : shape (n,), a place in `named`; -1 for a ticket that names neither item nor service
    named : its words, of `NAMED`; an item's service is not asked for, nor the category of a symptom
    first : of each trouble the place of its first ticket
    worded : of each whether it is a symptom, told by descriptions
    """

    of: Whole
    named: tuple[Named, ...]
    first: tuple[int, ...]
    worded: tuple[bool, ...]


@dataclass(frozen=True)
class Cluster:
    """One thing with one trouble.

    Attributes
    ----------
    named : its words, of `NAMED`
    n, recent : tickets at all, and lately
    expected : of these, to be expected lately
    rate : the least share of false findings at which it is told to come more often
    verdict : as usual, or more than expected
    hours : that its tickets lay open together
    trouble : its place in `Troubles`
    words : of descriptions, that most of its tickets share
    delay : where its ended tickets lose time; None where too few ended
    """

    named: Named
    n: int
    recent: int
    expected: float
    rate: float
    verdict: str
    hours: float
    trouble: int = 0
    words: tuple[str, ...] = ()
    delay: Delay | None = None


@dataclass(frozen=True)
class Recurrence:
    """All clusters: how many are single tickets, and those that come again.

    Attributes
    ----------
    alone : clusters of fewer than `REPEATED` tickets, and `alone_tickets` in them
    dispersion : of a cluster's weeks against chance; 1 is chance alone
    rows : the repeated ones: more than expected first, then by hours
    """

    n: int
    alone: int
    alone_tickets: int
    dispersion: float
    rows: tuple[Cluster, ...]


def clustered(tickets: ir.Table) -> ir.Table:
    """Return each ticket with what tells its trouble: KEY, NAMED, ALIKE, opened_us, life_us, text.

    An item's service is left away.
    """
    item = tickets.configuration_item
    return tickets.select(
        *KEY,
        *ALIKE,
        configuration_item=item,
        service=ibis.cases((item.isnull(), tickets.service)),
        category=tickets.category,
        subcategory=tickets.subcategory,
        opened_us=micros(tickets.opened_at),
        life_us=tickets.life_us.fill_null(0),
        description=tickets.description,
        requester=tickets.requester,
    )


def codes_of(rows: pa.Table, names: tuple[str, ...]) -> Whole:
    """Return one code of each row for what columns have together, from nought on."""
    code = np.zeros(len(rows), np.int64)
    for name in names:
        mine = attribute_of(name, rows[name])
        _, code = np.unique(code * len(mine.words) + mine.codes, return_inverse=True)
    return code


def troubles(rows: pa.Table, told: Vocabulary | None = None) -> Troubles:
    """Return which trouble each ticket is of.

    Parameters
    ----------
    rows : of `clustered`, the oldest first
    told : the words of their descriptions that may be told; None where no text is kept
    """
    code = codes_of(rows, NAMED)
    things = codes_of(rows, THING)
    nothing = np.ones(len(rows), np.bool_)
    for name in THING:
        nothing &= np.asarray(rows[name].is_null())
    things[nothing] = -1
    same = np.full(len(rows), -1) if told is None else symptoms(told, things)
    code = np.where(same < 0, code, code.max(initial=0) + 1 + same)
    code[nothing] = -1
    _, first, of = np.unique(code, return_index=True, return_inverse=True)
    if nothing.any():
        first, of = first[1:], of - 1
    worded = same[first] >= 0
    chosen = rows.select(NAMED).take(first).to_pylist()
    named = [
        tuple(None if own and name not in THING else row[name] for name in NAMED)
        for row, own in zip(chosen, worded, strict=True)
    ]
    return Troubles(of, tuple(named), tuple(first.tolist()), tuple(worded.tolist()))


def recurrence(
    found: Troubles, rows: pa.Table, recent_us: int, before_days: float, recent_days: float
) -> Recurrence:
    """Return which clusters come again, and which more often than is to be expected.

    Parameters
    ----------
    rows : of `clustered`
    recent_us : from here on is lately
    before_days, recent_days : how long there are records before lately, and lately
    """
    there, size = found.of >= 0, len(found.named)
    of = found.of[there]
    opened, life = (np.asarray(rows[name])[there] for name in ("opened_us", "life_us"))
    lately = opened >= recent_us
    before, recent = (np.bincount(of[each], minlength=size) for each in (~lately, lately))
    hours = np.bincount(of, life / MICROS_PER_HOUR, size)
    dispersion = _dispersion(of[~lately], opened[~lately] // WEEK_US, before_days)
    n = before + recent
    judged = np.flatnonzero(n >= REPEATED)
    expected, likely = _expected(before, recent, judged, dispersion, before_days, recent_days)
    rates = false_discovery_rates(likely)
    told = [
        Cluster(
            named=found.named[at],
            n=int(n[at]),
            recent=int(recent[at]),
            expected=float(usual),
            rate=rate,
            verdict=MORE if rate <= FALSE_TOLD and recent[at] > usual else USUAL,
            hours=float(hours[at]),
            trouble=at,
        )
        for at, usual, rate in zip(judged.tolist(), expected, rates, strict=True)
    ]
    return Recurrence(
        n=int(n.sum()),
        alone=int((n < REPEATED).sum()),
        alone_tickets=int(n[n < REPEATED].sum()),
        dispersion=dispersion,
        rows=tuple(sorted(told, key=_order)),
    )


def _order(row: Cluster) -> tuple[bool, float, str, int]:
    return (row.verdict != MORE, -row.hours, str(row.named), row.trouble)


def _dispersion(of: Whole, weeks: Whole, before_days: float) -> float:
    """Return how much weeks of a cluster vary against chance, of those with enough tickets."""
    size = max(before_days / 7, 1.0)
    if not len(of) or size <= 1:
        return 1.0
    span = int(weeks.max() - weeks.min()) + 1
    cells, counts = np.unique(of * span + weeks - weeks.min(), return_counts=True)
    cluster = cells // span
    n = np.bincount(of)
    enough = n >= FEW_OF_A_CLUSTER
    mean = n / size
    filled = np.bincount(cluster, minlength=len(n))
    apart = np.bincount(cluster, (counts - mean[cluster]) ** 2 / mean[cluster], len(n))
    total = float((apart + np.maximum(size - filled, 0.0) * mean)[enough].sum())
    free = float(enough.sum()) * (size - 1)
    return max(total / free, 1.0) if free else 1.0


def _expected(
    before: Whole,
    recent: Whole,
    judged: Whole,
    dispersion: float,
    before_days: float,
    recent_days: float,
) -> tuple[Numbers, list[float]]:
    """Return what is expected of clusters lately, and the chance of as many as there were.

    The prior is of all clusters: its mean what they have on average, and its spread what they have
    beyond chance.
    """
    mean = float(before.mean()) if len(before) else 0.0
    if not mean or before_days <= 0:
        return np.zeros(len(judged)), [1.0] * len(judged)
    spread = max(float(before.var()) - mean, 1e-9)
    shape, weight = mean**2 / spread, mean / spread  # of a gamma, in lengths of what was before
    lately = recent[judged].astype(float)
    # A rise of everything together is no news of one cluster.
    ahead = float(recent.sum() / before.sum()) or recent_days / before_days
    expected = (shape + before[judged].astype(np.float64)) / (weight + 1) * ahead
    # A negative binomial of that mean: its variance is that of the weeks and of the rate itself.
    beyond = dispersion - 1 + ahead / (weight + 1)
    size = expected / max(beyond, 1e-9)
    share = size / (size + expected)
    likely = np.where(lately > 0, betainc(np.maximum(lately, 1e-9), size, 1 - share), 1.0)
    return expected, likely.tolist()
