"""Upstream or downstream: where a group of tickets loses time against tickets alike.

Floor 4, analysis. The open hours of an ended ticket are parted into those before the team that
ended with it first had it (upstream), those with that team at work (own), and those since then
with other teams or waiting for others (downstream). Alike are tickets of other groups with the same
practice and priority. The excess of the parts adds up to the excess of the whole, and that of a
part to what each team or wait holds of it.

Source: Fleiss, Statistical methods for rates and proportions, 2nd ed., 1981, ch. 14 (direct
standardisation); Welch 1947 for means of unequal variance; Benjamini and Hochberg 1995.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
from scipy.special import stdtr, stdtrit

from opsgauge.analysis.causes.risk_score import Numbers, Truths, Whole
from opsgauge.analysis.many_tests import false_discovery_rates
from opsgauge.log.vocabulary import PENDING_PHASES
from opsgauge.warehouse.portable import summed

KEY = ["source", "ticket_id"]
UPSTREAM, OWN, DOWNSTREAM = PLACES = ("upstream", "own", "downstream")
BEFORE, WORK, AWAY, WAITS = range(4)  # parts of an open life; the last two are downstream
PLACE_OF = np.array([0, 1, 2, 2])
FEWEST_ALIKE = 20  # other tickets of a practice and priority, to hold one against
FEWEST = 20  # ended tickets of a group: of fewer, the mean says little
FALSE_TOLD = 0.05  # of the places told, the share that is chance


@dataclass(frozen=True)
class Position:
    """Mean hours of a ticket by where they were spent.

    Attributes
    ----------
    upstream : before the team that ended with it first had it
    own : with that team, at work
    downstream : since then, with other teams or waiting for somebody else
    """

    n: int
    upstream: float
    own: float
    downstream: float


@dataclass(frozen=True)
class Delay:
    """Where the tickets of a group lose time against tickets alike.

    Attributes
    ----------
    position, alike : mean hours of its ended tickets, and those to be expected of tickets alike
    place : of `PLACES`, "" where no place is surely longer
    excess, low, high : hours a ticket that the place is longer, with the 95 % interval
    holder, holder_n, holder_excess : which of `Spent.holder` holds most of it, -1 for the team
        itself; in how many of its tickets; and hours a ticket
    """

    position: Position
    alike: Position
    place: str = ""
    excess: float = 0.0
    low: float = 0.0
    high: float = 0.0
    holder: int = -1
    holder_n: int = 0
    holder_excess: float = 0.0


@dataclass(frozen=True)
class Spent:
    """Hours of ended tickets by part of life and holder.

    Attributes
    ----------
    ticket, part, holder, hours : shape (m,); a part is one of the four above, a holder a code from
        nought on for each team and each wait
    """

    ticket: Whole
    part: Whole
    holder: Whole
    hours: Numbers


def spent_rows(tickets: ir.Table, history: ir.Table) -> ir.Table:
    """Return where the time of ended tickets went: KEY, part, team, phase, us.

    `team` is told of what is before and of what is with other teams, `phase` of waits.
    """
    ended = tickets.filter(tickets.resolved_at.notnull() & tickets.team.notnull())
    open_ = history.filter(history.open)
    mine = open_.select(*KEY, "seq", "team", "phase", us=open_.elapsed_us.fill_null(0)).inner_join(
        ended.select(*KEY, last_team="team"), KEY
    )
    own = mine.filter(mine.team == mine.last_team)
    told = mine.inner_join(own.group_by(KEY).aggregate(first=own.seq.min()), KEY)
    parted = told.mutate(
        part=ibis.cases(
            (told.seq < told.first, BEFORE),
            (told.phase.isin(list(PENDING_PHASES)).fill_null(False), WAITS),
            (told.team == told.last_team, WORK),
            else_=AWAY,
        )
    )
    held = parted.mutate(
        team=ibis.cases((parted.part.isin([BEFORE, AWAY]), parted.team)),
        phase=ibis.cases((parted.part == WAITS, parted.phase)),
    )
    return held.group_by([*KEY, "part", "team", "phase"]).aggregate(us=summed(held.us.sum()))


def delays(groups: Whole, strata: Whole, spent: Spent) -> dict[int, Delay]:
    """Return of each group with enough ended tickets where it loses time.

    Parameters
    ----------
    groups, strata : shape (n,), of each ticket its group, -1 for none, and those it is alike to
    spent : of these tickets; one without a row has not ended
    """
    if not len(spent.ticket):
        return {}
    ended = np.zeros(len(groups), np.bool_)
    ended[spent.ticket] = True
    hours = _table(spent.ticket, PLACE_OF[spent.part], spent.hours, (len(groups), len(PLACES)))
    pairs = _pairs(groups[ended], strata[ended], hours[ended])
    size = int(groups.max()) + 1
    found = _compared(pairs, size)
    judged = np.flatnonzero(found.n >= FEWEST)
    rates = np.array(false_discovery_rates(found.chance[judged].ravel().tolist()))
    told = {}
    for group, mine in zip(judged.tolist(), rates.reshape(-1, len(PLACES)), strict=True):
        delay = _delay(found, group, mine <= FALSE_TOLD)
        told[group] = _with_holder(delay, groups == group, strata, spent) if delay.place else delay
    return told


@dataclass(frozen=True)
class _Pairs:
    """Of each group and stratum: tickets, sums and squares, and mean and variance of the others."""

    group: Whole
    n: Numbers
    total: Numbers
    squares: Numbers
    others: Numbers
    mean: Numbers
    variance: Numbers


@dataclass(frozen=True)
class _Compared:
    """Of each group: tickets compared, mean hours, excess, its error and chance, by place."""

    n: Numbers
    mean: Numbers
    excess: Numbers
    error: Numbers
    chance: Numbers


def _table(rows: Whole, columns: Whole, values: Numbers, shape: tuple[int, int]) -> Numbers:
    flat = np.bincount(rows * shape[1] + columns, values, shape[0] * shape[1])
    return flat.reshape(shape).astype(np.float64)


def _sums(codes: Whole, values: Numbers, size: int) -> Numbers:
    return np.stack([np.bincount(codes, each, size) for each in values.T], axis=1)


def _pairs(groups: Whole, strata: Whole, hours: Numbers) -> _Pairs:
    size = int(strata.max()) + 1
    keys, code = np.unique((groups + 1) * size + strata, return_inverse=True)
    group, stratum = keys // size - 1, keys % size
    n = np.bincount(code, minlength=len(keys)).astype(float)
    total, squares = _sums(code, hours, len(keys)), _sums(code, hours**2, len(keys))
    others = np.bincount(stratum, n, size)[stratum] - n
    kept = (group >= 0) & (others >= FEWEST_ALIKE)
    beside = np.maximum(others, 2.0)[:, None]
    mean = (_sums(stratum, total, size)[stratum] - total) / beside
    rest = _sums(stratum, squares, size)[stratum] - squares
    variance = np.maximum(rest - beside * mean**2, 0.0) / (beside - 1)
    return _Pairs(
        group[kept], n[kept], total[kept], squares[kept], others[kept], mean[kept], variance[kept]
    )


def _compared(pairs: _Pairs, size: int) -> _Compared:
    """Hold each group against what its tickets would take if they were as those alike."""
    n = np.bincount(pairs.group, pairs.n, size).astype(np.float64)
    each, own = np.maximum(n, 1.0)[:, None], pairs.n[:, None]
    total = _sums(pairs.group, pairs.total, size)
    excess = (total - _sums(pairs.group, own * pairs.mean, size)) / each
    apart = pairs.squares - 2 * pairs.mean * pairs.total + own * pairs.mean**2
    spread = np.maximum(_sums(pairs.group, apart, size) - each * excess**2, 0.0)
    beside = own**2 * pairs.variance / pairs.others[:, None]
    error = np.sqrt(
        spread / np.maximum(each - 1, 1.0) / each + _sums(pairs.group, beside, size) / each**2
    )
    sizes = np.divide(excess, error, out=np.where(excess > 0, np.inf, 0.0), where=error > 0)
    return _Compared(n, total / each, excess, error, stdtr(np.maximum(each - 1, 1.0), -sizes))


def _delay(found: _Compared, group: int, sure: Truths) -> Delay:
    n, mean, excess = int(found.n[group]), found.mean[group], found.excess[group]
    delay = Delay(Position(n, *mean.tolist()), Position(n, *(mean - excess).tolist()))
    longer = np.where(sure & (excess > 0), excess, 0.0)
    if not longer.any():
        return delay
    at = int(longer.argmax())
    size, reach = float(excess[at]), float(found.error[group][at] * stdtrit(n - 1, 0.975))
    return Delay(delay.position, delay.alike, PLACES[at], size, size - reach, size + reach)


def _with_holder(delay: Delay, mine: Truths, strata: Whole, spent: Spent) -> Delay:
    """Say which team or wait holds most of what a place is longer."""
    holders = int(spent.holder.max()) + 1
    if delay.place == OWN or not holders:
        return delay
    excess = holder_excess(PLACES.index(delay.place), mine, strata, spent)
    most = int(excess.argmax())
    inside = (PLACE_OF[spent.part] == PLACES.index(delay.place)) & mine[spent.ticket]
    n = int((inside & (spent.holder == most)).sum())
    return Delay(
        **{**vars(delay), "holder": most, "holder_n": n, "holder_excess": float(excess[most])}
    )


def holder_excess(place: int, mine: Truths, strata: Whole, spent: Spent) -> Numbers:
    """Return by how many hours a ticket each holder of a place is longer than of tickets alike.

    Parameters
    ----------
    place : of `PLACES`
    mine, strata : shape (n,), which tickets are of the group, and those each is alike to

    Returns
    -------
    shape (holders,); its sum is the excess of the place
    """
    shape = (int(strata.max()) + 1, int(spent.holder.max()) + 1)
    ended = np.zeros(len(strata), np.bool_)
    ended[spent.ticket] = True
    n = np.bincount(strata[ended & mine], minlength=shape[0]).astype(float)
    others = np.bincount(strata[ended & ~mine], minlength=shape[0]).astype(float)
    kept = others >= FEWEST_ALIKE
    here = PLACE_OF[spent.part] == place
    sums = [
        _table(strata[spent.ticket[of]], spent.holder[of], spent.hours[of], shape)
        for of in (here & mine[spent.ticket], here & ~mine[spent.ticket])
    ]
    beside = sums[1] * (n / np.maximum(others, 1.0))[:, None]
    return ((sums[0] - beside)[kept]).sum(axis=0) / max(float(n[kept].sum()), 1.0)
