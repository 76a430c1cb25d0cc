"""The temporal profile: how long it usually takes from one step to another, and what is far out.

Floor 4, analysis. For each two steps of which a ticket came first to the one and then to the other,
the time between both first comings. Such times are skewed: half an hour early and a month late are
alike unusual; so they are looked at on the scale of logarithms. The profile is robust, since what
is far out must not say what is usual: the median, and the range between the quartiles over 1.349,
which is the standard deviation where logarithms are normal. A time is far out where it lies more
than `k` of these from the median.

Nothing is run here but arithmetic on what was counted.

Sources: Stertz, Mangler and Rinderle-Ma, Temporal conformance checking at runtime based on
time-infused process models, 2020, for the profile; Tukey, Exploratory data analysis, 1977, for the
quartiles; Rousseeuw and Hubert, Robust statistics for outlier detection, 2011.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, sqrt
from typing import Any

import ibis
import ibis.expr.types as ir
from scipy.special import betainc

from opsgauge.analysis.mining import steps as by
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import MICROS_PER_HOUR, duration, percent, whole
from opsgauge.metrics.intervals import wilson
from opsgauge.warehouse.portable import LOG_SCALE, micros, natural_log, ones

KIND, METHOD = "unusual_time", "log_profile_by_quartiles"
KEY = ["source", "ticket_id"]
K = 3.0
FEWEST = 30  # tickets of a pair, before anything is usual
QUARTILES_OF_NORMAL = 1.3489795003921634
SURE = 0.01  # odds by chance over all pairs looked at
LATE, EARLY = "late", "early"


@dataclass(frozen=True)
class PairTime:
    """The times from one step to another.

    Attributes
    ----------
    n : tickets; of these, `late` took longer than usual, `early` less
    median, low, high : hours; what is usual lies between `low` and `high`; None for both where
        half of all take the very same time, so that nothing is far out
    over_hours : what the late ones took beyond `high`, together
    """

    from_: str
    to: str
    n: int
    median: float
    low: float | None
    high: float | None
    late: int = 0
    early: int = 0
    over_hours: float = 0.0

    @property
    def share(self) -> float:
        """The share that is late."""
        return self.late / self.n

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """Where that share lies, 95 %."""
        return wilson(self.late, self.n)

    def as_json(self) -> dict[str, Any]:
        """Return the published form; times in hours."""
        low, high = self.interval
        return {
            "from": self.from_,
            "to": self.to,
            "n": self.n,
            "median": self.median,
            "usual_low": self.low,
            "usual_high": self.high,
            "late": self.late,
            "early": self.early,
            "share_late": self.share,
            "low": low,
            "high": high,
            "over_hours": self.over_hours,
        }


def time_rows(history: ir.Table, steps: str) -> ir.Table:
    """Select the time from each step to each later one, once a ticket.

    Parameters
    ----------
    history : the rows of whole tickets
    steps : "phase", "original_status" or "activity"

    Returns
    -------
    source, ticket_id, from_, to, since (when the first step came), took_us (above zero; what came
    in the same moment has no time between), log_us (its logarithm in parts of `LOG_SCALE`)
    """
    rows = by.updates(history)
    rows = rows.mutate(step=by.step(rows, steps))
    rows = rows.filter(rows.step.notnull())
    came = rows.group_by(*KEY, "step").aggregate(
        seq=rows.seq.min(), at_us=micros(rows.since).min(), since=rows.since.min()
    )
    later = came.view()
    both = came.join(
        later,
        [
            came.source == later.source,
            came.ticket_id == later.ticket_id,
            came.seq < later.seq,
        ],
    )
    took = both.select(
        source=came.source,
        ticket_id=came.ticket_id,
        from_=came.step,
        to=later.step,
        since=came.since,
        took_us=later.at_us - came.at_us,
    )
    took = took.filter(took.took_us > 0)
    return took.mutate(log_us=natural_log(took.took_us))


def profile_rows(times: ir.Table) -> ir.Table:
    """Select the quartiles of each pair that enough tickets have.

    Returns
    -------
    from_, to, n, q1, q2, q3 (logarithms of microseconds, in parts of `LOG_SCALE`)
    """
    grouped = times.group_by("from_", "to").aggregate(
        n=times.count(), quartiles=times.log_us.cast("float64").quantile([0.25, 0.5, 0.75])
    )
    grouped = grouped.filter(grouped.n >= FEWEST)
    q = grouped.quartiles
    return grouped.select("from_", "to", "n", q1=q[0], q2=q[1], q3=q[2])


def placed_rows(times: ir.Table, k: float) -> ir.Table:
    """Select every time of a pair that has a profile, with its place in it.

    Returns
    -------
    the columns of `time_rows`, q2, reach (k deviations), and place ("late", "early" or "usual")
    """
    rows = times.join(profile_rows(times), ["from_", "to"])
    rows = rows.mutate(reach=(rows.q3 - rows.q1) * (k / QUARTILES_OF_NORMAL))
    off = rows.log_us.cast("float64") - rows.q2
    spread = rows.reach > 0
    place = ibis.cases(
        (spread & (off > rows.reach), LATE), (spread & (off + rows.reach < 0), EARLY), else_="usual"
    )
    return rows.mutate(place=place)


def pair_counts(placed: ir.Table) -> ir.Table:
    """Count, for each pair, what is late and early, and what the late ones took in all."""
    late = placed.place == LATE
    return placed.group_by("from_", "to").aggregate(
        n=placed.count(),
        q2=placed.q2.min(),
        reach=placed.reach.min(),
        late=ones(late).sum(),
        early=ones(placed.place == EARLY).sum(),
        late_us=placed.took_us.sum(where=late).fill_null(0),
    )


def pairs_of(rows: Sequence[dict[str, Any]]) -> list[PairTime]:
    """Return what `pair_counts` gave, the most hours beyond the usual first."""
    found = [_pair(row) for row in rows]
    return sorted(found, key=lambda each: (-each.over_hours, each.from_, each.to))


def _pair(row: dict[str, Any]) -> PairTime:
    middle, reach = row["q2"] / LOG_SCALE, row["reach"] / LOG_SCALE
    hours = [exp(middle + side * reach) / MICROS_PER_HOUR for side in (-1, 0, 1)]
    spread, late = reach > 0, int(row["late"])
    over = int(row["late_us"]) / MICROS_PER_HOUR - late * hours[2]
    return PairTime(
        from_=row["from_"],
        to=row["to"],
        n=int(row["n"]),
        median=hours[1],
        low=hours[0] if spread else None,
        high=hours[2] if spread else None,
        late=late,
        early=int(row["early"]),
        over_hours=max(over, 0.0),
    )


def by_chance(k: float) -> float:
    """Return the share of times that are late by chance, where logarithms are normal.

    Examples
    --------
    >>> round(by_chance(3), 5), round(by_chance(2), 4)
    (0.00135, 0.0228)
    """
    return erfc(k / sqrt(2)) / 2


def unusual_times(pairs: Sequence[PairTime], k: float, evidence: Evidence) -> list[Finding]:
    """Return the pairs that are late far more often than by chance, the most hours first.

    The odds hold over all pairs looked at (Bonferroni).
    """
    expected, found = by_chance(k), []
    for each in pairs:
        if not each.late or each.high is None:
            continue
        odds = float(betainc(each.late, each.n - each.late + 1, expected))
        if odds * len(pairs) < SURE:
            found.append(_finding(each, k, len(pairs), evidence))
    return sorted(found, key=lambda each: -each.size)


def _finding(pair: PairTime, k: float, looked: int, evidence: Evidence) -> Finding:
    low, high = duration(pair.low or 0.0), duration(pair.high or 0.0)
    return Finding(
        id=f"{KIND}-{pair.from_}-{pair.to}",
        kind=KIND,
        lane=Lane.TIME,
        claim=(
            f"From {pair.from_} to {pair.to}, {whole(pair.late)} of {whole(pair.n)} tickets "
            f"({percent(pair.share)}) took longer than is usual, {whole(pair.over_hours)} hours "
            f"beyond; half take up to {duration(pair.median)}, and {low} to {high} is usual."
        ),
        size=pair.over_hours,
        unit="hours",
        interval=None,
        n=pair.n,
        method=METHOD,
        evidence=evidence,
        worth_hours=pair.over_hours,
        caveats=(
            f"Usual is within {k:g} robust deviations of the logarithm; {percent(by_chance(k))} "
            "would be longer by chance where logarithms are normal.",
            f"{whole(looked)} pairs of steps were looked at; one delay shows in every pair of steps"
            " around it, so the hours of pairs do not add up.",
            "Elapsed time, nights and weekends included.",
        ),
    )
