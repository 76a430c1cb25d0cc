"""Ping-pong: two teams that send tickets to and fro, more often than teams do elsewhere.

Floor 4, analysis. A return is A, B, A: a ticket goes from one team to another and straight back.
Every desk has some: a ticket was handed over by mistake. So a pair is held against all other pairs
of the desk. Of the tickets handed between two teams a share comes straight back; that share differs
from pair to pair, and a pair is found only where its returns are more than such differences explain
(beta-binomial, see `standing_out.py`), with odds that hold over all pairs looked at (Bonferroni),
and where the share is at least twice the usual.

Source: Celonis and ServiceNow count A-B-A as a direct return.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from scipy.special import stdtrit

from opsgauge.analysis.mining.detector_limits import USUAL as LIMITS
from opsgauge.analysis.mining.detector_limits import DetectorLimits
from opsgauge.analysis.mining.examples import KEY, MONTH, Tickets, examples_of, with_most
from opsgauge.analysis.mining.standing_out import (
    FEWEST_OF,
    SURE,
    Usual,
    lowest_share,
    odds_of_so_many,
    usual_share,
)
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import MICROS_PER_HOUR, percent, whole
from opsgauge.warehouse.portable import ones

KIND, METHOD = "ping_pong", "beta_binomial_over_pairs"


@dataclass(frozen=True)
class Pair:
    """Two teams, and what became of the tickets handed between them.

    Attributes
    ----------
    tickets : handed from one to the other at least once
    returned : of these, those that came straight back at least once
    returns : how often that was
    hours : from leaving a team to being back with it, while open, over all returns
    squares : sum over the tickets of the square of their hours
    examples : source and number of tickets that came back, those that were away longest first
    """

    teams: tuple[str, str]
    tickets: int
    returned: int
    returns: int
    hours: float
    squares: float
    examples: Tickets = ()

    @property
    def share(self) -> float:
        """The share of tickets that came back."""
        return self.returned / self.tickets

    @property
    def of(self) -> int:
        """The tickets handed between them, as a place among others."""
        return self.tickets

    @property
    def hits(self) -> int:
        """Those that came straight back, as a place among others."""
        return self.returned


def pair_rows(rows: ir.Table) -> ir.Table:
    """Count, for each two teams, the tickets handed between them and what came straight back.

    Parameters
    ----------
    rows : what `stays.stays` gave

    Returns
    -------
    one, two (the teams in the order of their names), opened_month, tickets, returned, returns,
    away_us, hours_squared (the sum over tickets of the square of their hours away), and an example
    of those that came back
    """
    steps = _returns(rows)
    of_ticket = steps.group_by(*KEY, "one", "two", MONTH).aggregate(
        returns=ones(steps.away_us.notnull()).sum(), away_us=steps.away_us.sum().fill_null(0)
    )
    hours = of_ticket.away_us.cast("float64") / MICROS_PER_HOUR
    back = of_ticket.returns > 0
    return of_ticket.group_by("one", "two", MONTH).aggregate(
        tickets=of_ticket.count(),
        returned=ones(back).sum(),
        returns=of_ticket.returns.sum(),
        away_us=of_ticket.away_us.sum(),
        hours_squared=(hours * hours).sum(),
        example=with_most(of_ticket, of_ticket.away_us, back),
    )


def _returns(rows: ir.Table) -> ir.Table:
    """Return one row for each handover, with how long the ticket was away if it came back."""
    rows = rows.filter(rows.to.notnull())
    back = (rows.after_next == rows.team).fill_null(False)
    return rows.select(
        *KEY,
        MONTH,
        one=ibis.least(rows.team, rows.to),
        two=ibis.greatest(rows.team, rows.to),
        away_us=ibis.cases((back, rows.next_stayed_us)),
    )


def pairs(rows: pa.Table) -> list[Pair]:
    """Return what `pair_rows` gave, in order of the teams' names."""
    of_pair: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows.to_pylist():
        of_pair.setdefault((row["one"], row["two"]), []).append(row)
    return [_pair(teams, of_pair[teams]) for teams in sorted(of_pair)]


def _pair(teams: tuple[str, str], rows: Sequence[Mapping[str, Any]]) -> Pair:
    tickets, returned, returns, away_us = (
        sum(int(row[name]) for row in rows)
        for name in ("tickets", "returned", "returns", "away_us")
    )
    return Pair(
        teams,
        tickets,
        returned,
        returns,
        away_us / MICROS_PER_HOUR,
        fsum(row["hours_squared"] for row in rows),
        examples_of(rows),
    )


def ping_pong(
    known: Sequence[Pair], evidence: Evidence, limits: DetectorLimits = LIMITS
) -> list[Finding]:
    """Return the pairs that send tickets back more than others do, most hours first.

    Parameters
    ----------
    known : every pair of the desk, as `pairs` gave them
    """
    looked = sum(pair.tickets >= FEWEST_OF for pair in known)
    found = []
    for pair in known:
        usual = usual_share(other for other in known if other is not pair)
        odds = None if usual is None else _odds(pair, usual, looked, limits)
        if usual is not None and odds is not None:
            found.append(_finding(pair, usual, (looked, odds), evidence))
    return sorted(found, key=lambda finding: -finding.size)


def _odds(pair: Pair, usual: Usual, looked: int, limits: DetectorLimits) -> float | None:
    """Return the odds by chance over all pairs, None where the pair does not stand out."""
    if pair.returned < limits.fewest_hits:
        return None
    if lowest_share(pair.returned, pair.tickets) < limits.times_usual * usual.mean:
        return None
    odds = odds_of_so_many(pair.returned, pair.tickets, usual) * looked
    return odds if odds < SURE else None


def _finding(pair: Pair, usual: Usual, judged: tuple[int, float], evidence: Evidence) -> Finding:
    (one, two), (looked, odds) = pair.teams, judged
    expected = pair.tickets * usual.mean
    return Finding(
        id=f"{KIND}-{one}-{two}",
        kind=KIND,
        lane=Lane.TIME,
        claim=(
            f"{one} and {two} send tickets to and fro: {whole(pair.returned)} of the "
            f"{whole(pair.tickets)} tickets handed between them came straight back, where "
            f"{percent(usual.mean, 0)} is usual; meanwhile they were open for "
            f"{whole(pair.hours)} hours."
        ),
        size=pair.hours,
        unit="hours",
        interval=hours_interval(pair),
        n=pair.tickets,
        method=METHOD,
        evidence=evidence,
        teams=pair.teams,
        about=tuple(f"team={team}" for team in pair.teams),
        odds=odds,
        look_next=(
            f"Read ten tickets that went to and fro, and agree between {one} and {two} on who "
            "takes which kind of ticket, and on what must be written before one is handed over."
        ),
        worth_hours=pair.hours * (1 - expected / pair.returned),
        caveats=(
            f"{whole(looked)} pairs of teams were looked at; that is taken into account.",
            "Hours while they were open, from leaving a team to being back with it, nights and "
            "weekends included; whether anything was done meanwhile, no record says.",
            f"Worth is what is above the {whole(expected)} tickets that would come back as between "
            "other teams.",
        ),
        examples=pair.examples,
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
