"""How standardised a process is: whether tickets of one kind take one path, everywhere and always.

Floor 4, analysis. The index is the chance that two tickets of a process, drawn at random, took the
same path (Simpson). Beside it: the share on the standard path, which is the most frequent one; the
entropy of the paths, told as the number of equally frequent paths that would be as diverse
(2 to the power of the entropy in bits); how much the teams' shares on that path differ beyond
chance; and whether the index rises or falls from period to period.

Sources: Simpson, Measurement of diversity, Nature 163 (1949) 688; Shannon, Bell System Technical
Journal 27 (1948) 379-423; Hill, Ecology 54 (1973) 427-432 (numbers of diversity); Kleinman, JASA 68
(1973) 46-54 (spread beyond chance by moments); Mann, Econometrica 13 (1945) 245-259; Spearman,
American Journal of Psychology 15 (1904) 72-101.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2, sqrt
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from scipy.special import ndtr

from opsgauge.analysis.mining import steps as by
from opsgauge.log.door import dimension
from opsgauge.log.periods import periods_table
from opsgauge.log.vocabulary import DONE_PHASES
from opsgauge.warehouse.portable import micros, quantile

FEWEST = 20  # tickets of a team or a period, for its share to count
FEWEST_PERIODS = 6
SURE = 0.05
Counts = Counter[str]


@dataclass(frozen=True)
class Period:
    """A process in one period; `spread` is p90 / median of the hours of tickets opened in it."""

    label: str
    tickets: int
    on_standard: int
    index: float
    spread: float | None


@dataclass(frozen=True)
class Team:
    """A team's tickets of a process, and how many took the standard path."""

    team: str | None
    tickets: int
    on_standard: int


@dataclass(frozen=True)
class Standard:
    """One process.

    Attributes
    ----------
    standard : hash of its most frequent path; `paths` how many there are
    index : chance that two of its tickets took the same path
    effective_paths : as many equally frequent ones would be as diverse
    spread : standard deviation of the teams' shares beyond chance; None with fewer than two teams
    trend : rising, falling, level, or "" with too few periods
    goes_with : rank correlation of the index with the spread of times over periods, and of how
        many; None with too few
    """

    process: str | None
    tickets: int
    standard: str
    paths: int
    on_standard: int
    index: float
    effective_paths: float
    spread: float | None
    trend: str
    goes_with: float | None
    periods: tuple[Period, ...]
    teams: tuple[Team, ...]


def rows_of(tickets: ir.Table, process: str, steps: str, grain: str, bucket_us: int) -> ir.Table:
    """Return one row per finished ticket with a path: process, team, label, variant, hours.

    Parameters
    ----------
    process : a dimension of tickets that says what is one process
    grain : day, week, month, quarter or year, of the opening
    bucket_us : width of a bucket of the table `periods`

    Raises
    ------
    UnknownColumn : there is no such dimension, or there are no such steps
    """
    opened = micros(tickets.opened_at)
    end = ibis.coalesce(micros(tickets.resolved_at), micros(tickets.closed_at))
    told = tickets.select(
        process=dimension(tickets, process),
        team=tickets.team,
        variant=by.variant_hash(tickets, steps),
        done=tickets.phase.isin(DONE_PHASES),
        took_us=end - opened,
        bucket=opened // bucket_us,
    )
    rows = told.filter(told.variant.notnull() & told.done)
    periods = periods_table()
    return rows.inner_join(periods.select("bucket", label=periods[grain]), "bucket")


def variant_counts(rows: ir.Table, *split: str) -> ir.Table:
    """Return how many tickets took each path, by process and what else is named."""
    return rows.group_by(["process", *split, "variant"]).aggregate(n=rows.count())


def spread_rows(rows: ir.Table) -> ir.Table:
    """Return by process and period the median and the p90 of the time taken."""
    known = rows.filter(rows.took_us > 0)
    return known.group_by(["process", "label"]).aggregate(
        median=quantile(known.took_us, 0.5), p90=quantile(known.took_us, 0.9)
    )


def same_path(counts: Iterable[int]) -> float:
    """Return the chance that two tickets took the same path.

    Examples
    --------
    >>> round(same_path([3, 1]), 4), same_path([1])
    (0.5, 1.0)
    """
    known = list(counts)
    n = sum(known)
    return sum(each * (each - 1) for each in known) / (n * (n - 1)) if n > 1 else 1.0


def effective_number(counts: Iterable[int]) -> float:
    """Return how many equally frequent paths would be as diverse.

    Examples
    --------
    >>> effective_number([5, 5, 5, 5]), effective_number([7])
    (4.0, 1.0)
    """
    known = [each for each in counts if each]
    n = sum(known)
    return float(2 ** -sum(each / n * log2(each / n) for each in known)) if n else 0.0


def beyond_chance(shares: Sequence[tuple[int, int]]) -> float | None:
    """Return by how much shares (hits of tickets) differ beyond chance; None for fewer than two.

    Examples
    --------
    >>> round(beyond_chance([(90, 100), (50, 100)]), 3), beyond_chance([(50, 100), (52, 100)])
    (0.28, 0.0)
    """
    if len(shares) < 2:
        return None
    seen = np.array([hits / n for hits, n in shares])
    chance = np.mean(
        [share * (1 - share) / (n - 1) for share, (_, n) in zip(seen, shares, strict=True)]
    )
    return sqrt(max(float(seen.var(ddof=1)) - float(chance), 0.0))


def trend(values: Sequence[float]) -> str:
    """Say where a series goes, by Mann and Kendall's test; "" with too few values.

    Examples
    --------
    >>> trend([7, 6, 5, 4, 3, 2, 1]), trend([1, 3, 2, 3, 1, 2, 3]), trend([1, 2])
    ('falling', 'level', '')
    """
    n = len(values)
    if n < FEWEST_PERIODS:
        return ""
    pairs = ((one, other) for at, one in enumerate(values) for other in values[at + 1 :])
    score = sum((other > one) - (other < one) for one, other in pairs)
    deviation = sqrt(n * (n - 1) * (2 * n + 5) / 18)
    odds = 2 * float(ndtr(-(abs(score) - 1) / deviation)) if score else 1.0
    return "level" if odds >= SURE else "rising" if score > 0 else "falling"


def rank_correlation(ones: Sequence[float], others: Sequence[float]) -> float | None:
    """Return Spearman's rank correlation; None with too few pairs or where one never varies.

    Examples
    --------
    >>> rank_correlation([1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1])
    -1.0
    """
    if len(ones) < FEWEST_PERIODS or len(set(ones)) < 2 or len(set(others)) < 2:
        return None
    pair = np.corrcoef(_ranks(ones), _ranks(others))
    return round(float(pair[0, 1]), 12)


def _ranks(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    return [(ordered.index(v) + len(ordered) - 1 - ordered[::-1].index(v)) / 2 for v in values]


def standards(by_period: pa.Table, by_team: pa.Table, spreads: pa.Table) -> list[Standard]:
    """Return every process, the one with most tickets first.

    Parameters
    ----------
    by_period, by_team : what `variant_counts` gave, split by label and by team
    spreads : what `spread_rows` gave
    """
    periods = _nested(by_period, "label")
    teams = _nested(by_team, "team")
    apart = {
        (row["process"], row["label"]): row["p90"] / row["median"]
        for row in spreads.to_pylist()
        if row["median"]
    }
    found = [
        _standard(process, parts, teams.get(process, {}), apart)
        for process, parts in periods.items()
    ]
    return sorted(found, key=lambda each: (-each.tickets, each.process or ""))


def _nested(rows: pa.Table, split: str) -> dict[Any, dict[Any, Counts]]:
    found: dict[Any, dict[Any, Counts]] = {}
    for row in rows.to_pylist():
        parts = found.setdefault(row["process"], {})
        parts.setdefault(row[split], Counter())[row["variant"]] += int(row["n"])
    return found


def _standard(
    process: str | None,
    parts: Mapping[str, Counts],
    teams: Mapping[str | None, Counts],
    apart: Mapping[tuple[str | None, str], float],
) -> Standard:
    every: Counts = Counter()
    for counts in parts.values():
        every.update(counts)
    usual = min(every, key=lambda variant: (-every[variant], variant))
    periods = [
        Period(
            label,
            counts.total(),
            counts[usual],
            same_path(counts.values()),
            apart.get((process, label)),
        )
        for label, counts in sorted(parts.items())
    ]
    judged = [each for each in periods if each.tickets >= FEWEST]
    both = [each for each in judged if each.spread is not None]
    shares = [Team(team, counts.total(), counts[usual]) for team, counts in teams.items()]
    shares.sort(key=lambda each: (-each.tickets, each.team or ""))
    return Standard(
        process=process,
        tickets=every.total(),
        standard=usual,
        paths=len(every),
        on_standard=every[usual],
        index=same_path(every.values()),
        effective_paths=effective_number(every.values()),
        spread=beyond_chance([(t.on_standard, t.tickets) for t in shares if t.tickets >= FEWEST]),
        trend=trend([each.index for each in judged]),
        goes_with=rank_correlation(
            [each.index for each in both], [each.spread or 0.0 for each in both]
        ),
        periods=tuple(periods),
        teams=tuple(shares),
    )
