"""Ping-pong: two teams that send tickets to and fro, more often than teams do elsewhere.

Floor 4, analysis. A return is A, B, A: a ticket goes from one team to another and straight back.
Every desk has some: a ticket was handed over by mistake. So a pair is held against all other pairs
of the desk. Of the tickets handed between two teams a share comes straight back; that share differs
from pair to pair, and a pair is found only where its returns are more than such differences explain
(beta-binomial, its mean and spread by moments from the other pairs), with odds that hold over all
pairs looked at (Bonferroni), and where the share is at least twice the usual.

Sources: Celonis and ServiceNow count A-B-A as a direct return; Kleinman, Proportions with
extraneous variance, 1973, for the moments; Tukey, Exploratory data analysis, 1977, for the fence;
Wilson, Probable inference, 1927, for the interval.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from scipy.special import betaln, gammaln, stdtrit

from opsgauge.analysis.mining.steps import updates
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import MICROS_PER_HOUR, percent, whole
from opsgauge.warehouse.portable import micros, ones

KIND, METHOD = "ping_pong", "beta_binomial_over_pairs"
FEWEST_RETURNED = 20  # tickets: fewer are no habit
FEWEST_HANDED = 10  # tickets between a pair, for it to say what is usual
FEWEST_OTHERS = 5  # pairs to learn from what is usual
TIMES_USUAL = 2.0
SURE = 0.01  # odds by chance over all pairs looked at
FAR_OUT = 3.0  # times the range between the quartiles: Tukey's outer fence
HALF = 0.5  # a share that nobody has by mistakes alone
FEW = 0.1  # of the pairs
LEAST_SPREAD = 0.25  # of the mean: no two pairs are ever quite alike
Z_95 = 1.959964
KEY = ("source", "ticket_id")


@dataclass(frozen=True)
class Pair:
    """Two teams, and what became of the tickets handed between them.

    Attributes
    ----------
    tickets : handed from one to the other at least once
    returned : of these, those that came straight back at least once
    returns : how often that was
    hours : from leaving a team to being back with it, elapsed, over all returns
    squares : sum over the tickets of the square of their hours
    """

    teams: tuple[str, str]
    tickets: int
    returned: int
    returns: int
    hours: float
    squares: float

    @property
    def share(self) -> float:
        """The share of tickets that came back."""
        return self.returned / self.tickets


@dataclass(frozen=True)
class Usual:
    """What share of tickets comes back between two teams: its mean over pairs, and its spread."""

    mean: float
    spread: float


def pair_rows(history: ir.Table, tickets: ir.Table) -> ir.Table:
    """Count, for each two teams, the tickets handed between them and what came straight back.

    Parameters
    ----------
    history : the rows of whole tickets; an update without a team leaves the ticket where it was
    tickets : the same tickets

    Returns
    -------
    one, two (the teams in the order of their names), tickets, returned, returns, away_us, and
    hours_squared: the sum over tickets of the square of their hours away
    """
    steps = _returns(_held(history, tickets))
    of_ticket = steps.group_by(*KEY, "one", "two").aggregate(
        returns=ones(steps.away_us.notnull()).sum(), away_us=steps.away_us.sum().fill_null(0)
    )
    hours = of_ticket.away_us.cast("float64") / MICROS_PER_HOUR
    return of_ticket.group_by("one", "two").aggregate(
        tickets=of_ticket.count(),
        returned=ones(of_ticket.returns > 0).sum(),
        returns=of_ticket.returns.sum(),
        away_us=of_ticket.away_us.sum(),
        hours_squared=(hours * hours).sum(),
    )


def _held(history: ir.Table, tickets: ir.Table) -> ir.Table:
    """Return one row for each time a team got a ticket: key, seq, since, team."""
    moved = tickets.filter(tickets.history_handoff_count > 0)  # most never move: less to sort
    named = updates(history)
    named = named.filter(named.team.notnull()).semi_join(moved, list(KEY))
    rows = named.select(*KEY, "seq", "since", "team")
    order = ibis.window(group_by=KEY, order_by="seq")
    rows = rows.mutate(before=rows.team.lag().over(order))
    return rows.filter(rows.before.isnull() | (rows.before != rows.team))


def _returns(held: ir.Table) -> ir.Table:
    """Return one row for each handover, with how long the ticket was away if it came back."""
    order = ibis.window(group_by=KEY, order_by="seq")
    rows = held.select(
        *KEY,
        "team",
        to=held.team.lead().over(order),
        then=held.team.lead(2).over(order),
        left_us=micros(held.since.lead().over(order)),
        back_us=micros(held.since.lead(2).over(order)),
    )
    rows = rows.filter(rows.to.notnull())
    back = (rows.then == rows.team).fill_null(False)
    return rows.select(
        *KEY,
        one=ibis.least(rows.team, rows.to),
        two=ibis.greatest(rows.team, rows.to),
        away_us=ibis.cases((back, rows.back_us - rows.left_us)),
    )


def pairs(rows: pa.Table) -> list[Pair]:
    """Return what `pair_rows` gave, in order of the teams' names."""
    found = [
        Pair(
            (row["one"], row["two"]),
            int(row["tickets"]),
            int(row["returned"]),
            int(row["returns"]),
            int(row["away_us"]) / MICROS_PER_HOUR,
            float(row["hours_squared"]),
        )
        for row in rows.to_pylist()
    ]
    return sorted(found, key=lambda pair: pair.teams)


def ping_pong(known: Sequence[Pair], evidence: Evidence) -> list[Finding]:
    """Return the pairs that send tickets back more than others do, most hours first.

    Parameters
    ----------
    known : every pair of the desk, as `pairs` gave them
    """
    looked = sum(pair.tickets >= FEWEST_HANDED for pair in known)
    found = []
    for pair in known:
        usual = usual_share(other for other in known if other is not pair)
        if usual is not None and _stands_out(pair, usual, looked):
            found.append(_finding(pair, usual, looked, evidence))
    return sorted(found, key=lambda finding: -finding.size)


def usual_share(others: Iterable[Pair]) -> Usual | None:
    """Return what share comes back between other teams; None where there are too few of them.

    Each pair counts as one, however many tickets it handed over: what is asked for is how pairs
    differ. Of the spread of their shares, what chance adds to it in so few tickets is taken away.
    Single pairs that lie far out may bounce themselves and would hide each other: they are left
    out, unless there are so many that they belong to the desk.

    Examples
    --------
    >>> known = [Pair(("A", str(n)), 100, back, back, 1.0, 1.0) for n, back in enumerate([5] * 6)]
    >>> usual = usual_share(known)
    >>> round(usual.mean, 6), round(usual.spread, 6)  # all alike: the least spread
    (0.05, 0.0125)
    """
    kept = _without_far_out([pair for pair in others if pair.tickets >= FEWEST_HANDED])
    if len(kept) < FEWEST_OTHERS:
        return None
    shares = np.array([pair.share for pair in kept])
    chance = [pair.share * (1 - pair.share) / (pair.tickets - 1) for pair in kept]
    mean = max(float(shares.mean()), 1 / sum(pair.tickets for pair in kept))
    variance = float(shares.var(ddof=1)) - float(np.mean(chance))
    # No wider than shares can be, so that a beta distribution of them exists.
    most = 0.9 * mean * (1 - mean)
    return Usual(mean, min(max(sqrt(max(variance, 0.0)), LEAST_SPREAD * mean), sqrt(most)))


def _without_far_out(pairs: Sequence[Pair]) -> Sequence[Pair]:
    """Leave out pairs that send back half or more, beyond Tukey's outer fence, if they are few."""
    shares = [pair.share for pair in pairs]
    if not shares:
        return pairs
    low, high = np.quantile(shares, [0.25, 0.75])
    fence = max(high + FAR_OUT * (high - low), HALF)
    inside = [pair for pair in pairs if pair.share < fence]
    return inside if len(pairs) - len(inside) <= FEW * len(pairs) else pairs


def odds_of_so_many(returned: int, tickets: int, usual: Usual) -> float:
    """Return how likely another pair of the desk would have so many or more come back.

    The share of a pair is drawn from a beta distribution of that mean and spread, and of its
    tickets that share comes back, by chance.

    Examples
    --------
    >>> usual = Usual(mean=0.1, spread=0.05)
    >>> [round(odds_of_so_many(n, 100, usual), 3) for n in (0, 10, 30)]
    [1.0, 0.473, 0.005]
    """
    strength = usual.mean * (1 - usual.mean) / usual.spread**2 - 1
    a, b = usual.mean * strength, (1 - usual.mean) * strength
    k = np.arange(returned, tickets + 1)
    ways = gammaln(tickets + 1) - gammaln(k + 1) - gammaln(tickets - k + 1)
    return float(np.exp(ways + betaln(k + a, tickets - k + b) - betaln(a, b)).sum())


def _stands_out(pair: Pair, usual: Usual, looked: int) -> bool:
    if pair.returned < FEWEST_RETURNED:
        return False
    if lowest_share(pair.returned, pair.tickets) < TIMES_USUAL * usual.mean:
        return False
    return odds_of_so_many(pair.returned, pair.tickets, usual) * looked < SURE


def lowest_share(hits: int, of: int) -> float:
    """Return the lower end of Wilson's 95 % interval of a share.

    Examples
    --------
    >>> round(lowest_share(81, 263), 4)
    0.2553
    """
    square = Z_95**2
    share = hits / of
    centre = share + square / (2 * of)
    reach = Z_95 * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return (centre - reach) / (1 + square / of)


def _finding(pair: Pair, usual: Usual, looked: int, evidence: Evidence) -> Finding:
    one, two = pair.teams
    expected = pair.tickets * usual.mean
    return Finding(
        id=f"{KIND}-{one}-{two}",
        kind=KIND,
        lane=Lane.TIME,
        claim=(
            f"{one} and {two} send tickets to and fro: {whole(pair.returned)} of the "
            f"{whole(pair.tickets)} tickets handed between them came straight back, where "
            f"{percent(usual.mean, 0)} is usual; meanwhile {whole(pair.hours)} hours passed."
        ),
        size=pair.hours,
        unit="hours",
        interval=hours_interval(pair),
        n=pair.tickets,
        method=METHOD,
        evidence=evidence,
        teams=pair.teams,
        worth_hours=pair.hours * (1 - expected / pair.returned),
        caveats=(
            f"{whole(looked)} pairs of teams were looked at; that is taken into account.",
            "Elapsed hours from leaving a team to being back with it, nights and weekends included;"
            " whether anything was done meanwhile, no record says.",
            f"Worth is what is above the {whole(expected)} tickets that would come back as between "
            "other teams.",
        ),
    )


def hours_interval(pair: Pair) -> tuple[float, float]:
    """Return the 95 % interval of the hours, were so many tickets handed over again.

    By Student's t from the spread of hours over tickets, those that did not come back with none.

    Examples
    --------
    >>> three = Pair(("A", "B"), tickets=3, returned=3, returns=3, hours=6.0, squares=14.0)
    >>> [round(end, 2) for end in hours_interval(three)]  # 1, 2 and 3 hours
    [0.0, 13.45]
    """
    n = pair.tickets
    variance = max(pair.squares - pair.hours**2 / n, 0.0) / (n - 1)
    reach = float(stdtrit(n - 1, 0.975)) * sqrt(variance * n)
    return max(pair.hours - reach, 0.0), pair.hours + reach
