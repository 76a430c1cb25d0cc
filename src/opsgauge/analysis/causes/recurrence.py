"""Isolated or repeated: the same trouble of the same thing, how often, and where its time goes.

Floor 4, analysis. Tickets of one item, or of one service where none is named, with one category and
subcategory are one cluster. What is to be expected of a cluster lately is what it had before, drawn
towards what clusters usually have; its weeks may vary by more than chance within them.

Source: Robbins, An empirical Bayes approach to statistics, Proc. Third Berkeley Symp., 1956, with a
gamma prior; McCullagh and Nelder, Generalized linear models, 2nd ed., 1989, 6.2 (overdispersion).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from scipy.special import betainc

from opsgauge.analysis.causes.risk_score import Numbers
from opsgauge.analysis.many_tests import false_discovery_rates
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.vocabulary import PENDING_PHASES
from opsgauge.warehouse.portable import micros, ones, summed

KEY = ["source", "ticket_id"]
NAMED = ("configuration_item", "service", "category", "subcategory")
REPEATED = 3  # tickets from which on it is no accident any more
FALSE_TOLD = 0.05  # of what is told to come more often, the share that is chance
FEW_OF_A_CLUSTER = 10  # tickets before, from which on its weeks say how much weeks vary
WEEK_US = 7 * 24 * 3_600_000_000
ISOLATED, USUAL, MORE = "isolated", "as usual", "more than expected"
UPSTREAM, OWN, DOWNSTREAM = "upstream", "own", "downstream"
Named = tuple[str | None, ...]


@dataclass(frozen=True)
class Position:
    """Mean hours of a ticket by where they were spent.

    Attributes
    ----------
    upstream : before the team that ended with it first had it
    own : with that team, at work
    downstream : since then, waiting for somebody else
    """

    n: int
    upstream: float
    own: float
    downstream: float

    def beyond(self, others: "Position") -> dict[str, float]:
        """Return by how many hours it is longer than others, by place."""
        return {
            UPSTREAM: self.upstream - others.upstream,
            OWN: self.own - others.own,
            DOWNSTREAM: self.downstream - others.downstream,
        }


@dataclass(frozen=True)
class Cluster:
    """One thing with one trouble.

    Attributes
    ----------
    named : its words, of `NAMED`; an item's service is not asked for
    n, recent : tickets at all, and lately
    expected : of these, to be expected lately
    rate : the least share of false findings at which it is told to come more often
    verdict : isolated, as usual, or more than expected
    hours : that its tickets lay open together
    position, place : where an ended ticket's hours went; where it is longer than others, "" for
        nowhere
    """

    named: Named
    n: int
    recent: int
    expected: float
    rate: float
    verdict: str
    hours: float
    position: Position | None = None
    place: str = ""


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
    others: Position | None
    rows: tuple[Cluster, ...]


def clustered(tickets: ir.Table) -> ir.Table:
    """Return each ticket with the words of its cluster: key, NAMED, opened_us, life_us."""
    item = tickets.configuration_item
    return tickets.select(
        *KEY,
        configuration_item=item,
        service=ibis.cases((item.isnull(), tickets.service)),
        category=tickets.category,
        subcategory=tickets.subcategory,
        opened_us=micros(tickets.opened_at),
        life_us=tickets.life_us.fill_null(0),
        team=tickets.team,
        ended=tickets.resolved_at.notnull(),
    )


def week_rows(rows: ir.Table, recent_us: int) -> ir.Table:
    """Count the tickets of each cluster by week: NAMED, recent, week, n, life_us.

    Parameters
    ----------
    rows : of `clustered`
    recent_us : from here on is lately
    """
    told = rows.filter(rows.configuration_item.notnull() | rows.service.notnull())
    parted = told.mutate(recent=told.opened_us >= recent_us, week=told.opened_us // WEEK_US)
    return parted.group_by([*NAMED, "recent", "week"]).aggregate(
        n=parted.count(), life_us=summed(parted.life_us.sum())
    )


def position_rows(rows: ir.Table, history: ir.Table) -> ir.Table:
    """Return by cluster where the time of ended tickets went: NAMED, n and sums in microseconds."""
    ended = rows.filter(rows.ended & rows.team.notnull()).select(*KEY, *NAMED, last_team="team")
    open_ = history.filter(history.open)
    mine = open_.select(
        *KEY,
        "seq",
        "team",
        length=open_.elapsed_us.fill_null(0),
        waits=open_.phase.isin(list(PENDING_PHASES)).fill_null(False),
    ).inner_join(ended, KEY)
    own = mine.filter(mine.team == mine.last_team)
    first = own.group_by(KEY).aggregate(first=own.seq.min())
    told = mine.inner_join(first, KEY)
    before, nothing = told.seq < told.first, ibis.literal(0)
    each = told.mutate(
        up=ibis.ifelse(before, told.length, nothing),
        down=ibis.ifelse(~before & told.waits, told.length, nothing),
        work=ibis.ifelse(~before & ~told.waits, told.length, nothing),
        begins=ones(told.seq == told.first),
    )
    return each.group_by(list(NAMED)).aggregate(
        n=summed(each.begins.sum()),
        up=summed(each.up.sum()),
        work=summed(each.work.sum()),
        down=summed(each.down.sum()),
    )


@dataclass
class _Count:
    before: int = 0
    recent: int = 0
    life_us: int = 0

    @property
    def n(self) -> int:
        return self.before + self.recent


def recurrence(
    weeks: pa.Table, positions: pa.Table, before_days: float, recent_days: float
) -> Recurrence:
    """Return which clusters come again, and which more often than is to be expected.

    Parameters
    ----------
    weeks, positions : of `week_rows` and `position_rows`
    before_days, recent_days : how long there are records before lately, and lately
    """
    counts: dict[Named, _Count] = {}
    by_week: dict[Named, list[int]] = {}
    for row in weeks.to_pylist():
        named = tuple(row[name] for name in NAMED)
        each = counts.setdefault(named, _Count())
        each.life_us += row["life_us"]
        if row["recent"]:
            each.recent += row["n"]
        else:
            each.before += row["n"]
            by_week.setdefault(named, []).append(row["n"])
    dispersion = _dispersion(list(by_week.values()), before_days)
    judged = [each for each in counts.items() if each[1].n >= REPEATED]
    expected, likely = _expected(
        [c for _, c in counts.items()], [c for _, c in judged], dispersion, before_days, recent_days
    )
    rates = false_discovery_rates(likely)
    where = _positions(positions)
    others = _all_of(list(where.values()))
    rows = [
        _cluster(named, count, float(expected[at]), rates[at], where.get(named), others)
        for at, (named, count) in enumerate(judged)
    ]
    alone = [count for count in counts.values() if count.n < REPEATED]
    return Recurrence(
        n=sum(count.n for count in counts.values()),
        alone=len(alone),
        alone_tickets=sum(count.n for count in alone),
        dispersion=dispersion,
        others=others,
        rows=tuple(sorted(rows, key=_order)),
    )


def _order(row: Cluster) -> tuple[bool, float, str]:
    return (row.verdict != MORE, -row.hours, str(row.named))


def _cluster(
    named: Named,
    count: _Count,
    expected: float,
    rate: float,
    position: Position | None,
    others: Position | None,
) -> Cluster:
    more = rate <= FALSE_TOLD and count.recent > expected
    place = ""
    if position and others and position.n >= REPEATED:
        beyond = position.beyond(others)
        longest = max(beyond, key=lambda each: beyond[each])
        place = longest if beyond[longest] > 0 else ""
    return Cluster(
        named=named,
        n=count.n,
        recent=count.recent,
        expected=expected,
        rate=rate,
        verdict=MORE if more else USUAL,
        hours=count.life_us / MICROS_PER_HOUR,
        position=position,
        place=place,
    )


def _dispersion(weeks: Sequence[Sequence[int]], before_days: float) -> float:
    """Return how much weeks of a cluster vary against chance, of those with enough tickets."""
    size = max(before_days / 7, 1.0)
    total, free = 0.0, 0.0
    for each in weeks:
        n = sum(each)
        if n >= FEW_OF_A_CLUSTER and size > 1:
            mean = n / size
            empty = max(size - len(each), 0.0)
            total += sum((count - mean) ** 2 / mean for count in each) + empty * mean
            free += size - 1
    return max(total / free, 1.0) if free else 1.0


def _expected(
    every: Sequence[_Count],
    judged: Sequence[_Count],
    dispersion: float,
    before_days: float,
    recent_days: float,
) -> tuple[Numbers, list[float]]:
    """Return what is expected of clusters lately, and the chance of as many as there were.

    The prior is of all clusters: its mean what they have on average, and its spread what they have
    beyond chance.
    """
    before = np.array([each.before for each in every], float)
    mean = float(before.mean()) if len(before) else 0.0
    if not mean or before_days <= 0:
        return np.zeros(len(judged)), [1.0] * len(judged)
    spread = max(float(before.var()) - mean, 1e-9)
    shape, weight = mean**2 / spread, mean / spread  # of a gamma, in lengths of what was before
    mine = np.array([each.before for each in judged], float)
    lately = np.array([each.recent for each in judged], float)
    # A rise of everything together is no news of one cluster.
    ahead = sum(each.recent for each in every) / before.sum() or recent_days / before_days
    expected = (shape + mine) / (weight + 1) * ahead
    # A negative binomial of that mean: its variance is that of the weeks and of the rate itself.
    beyond = dispersion - 1 + ahead / (weight + 1)
    size = expected / max(beyond, 1e-9)
    share = size / (size + expected)
    likely = np.where(lately > 0, betainc(np.maximum(lately, 1e-9), size, 1 - share), 1.0)
    return expected, likely.tolist()


def _positions(rows: pa.Table) -> dict[Named, Position]:
    found = {}
    for row in rows.to_pylist():
        n = row["n"]
        if n:
            up, work, down = (row[name] / n / MICROS_PER_HOUR for name in ("up", "work", "down"))
            found[tuple(row[name] for name in NAMED)] = Position(n, up, work, down)
    return found


def _all_of(every: Sequence[Position]) -> Position | None:
    n = sum(each.n for each in every)
    if not n:
        return None
    parts = [
        sum(getattr(each, name) * each.n for each in every) / n
        for name in (UPSTREAM, OWN, DOWNSTREAM)
    ]
    return Position(n, *parts)
