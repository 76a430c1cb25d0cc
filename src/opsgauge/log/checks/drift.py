"""Distribution drift: what the newest tickets are about against those of the half year before.

Floor 2. For each column two lists of shares, one of the last four whole weeks and one of the 26
before, and one number for how far they are apart: the population stability index, the sum over all
values of (new - old) * ln(new / old). 0.1 is a shift one may look at, 0.25 a large one. With few
tickets the index is large by chance; times n*m/(n+m) it then follows chi-squared, which is asked
too. Source: Siddiqi, Credit Risk Scorecards, 2006; Yurdakul, Statistical properties of the
population stability index, 2018.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from opsgauge.foundation.units import percent
from opsgauge.log.checks.records import Records
from opsgauge.log.checks.seen import EXAMPLES, Seen, Subject, Told, gravest, seen
from opsgauge.log.periods import start_of_day
from opsgauge.warehouse.portable import micros, micros_at

COLUMNS = ("practice", "priority", "category", "first_team", "channel", "service")
DRIFT = Subject("distribution_drift", "The mix is as usual", COLUMNS, worst="warn")
NEW = timedelta(weeks=4)
PAST = timedelta(weeks=26)
FEWEST_NEW, FEWEST_PAST = 100, 400
A_SHIFT, A_LARGE_SHIFT = 0.1, 0.25
RARE = 0.01  # values with a smaller share in both lists are counted as one
SURE = 0.001  # odds of such a shift by chance, over all columns looked at
MORE_MISSING = 0.05  # share of tickets that lost the value, more than before
A_NEW_VALUE = 0.05  # share of tickets with a value that was never there
MISSING, OTHER = "nothing", "all rare values"

Counts = Mapping[str | None, int]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shift:
    """How far one column of one source has moved, and the values that moved most."""

    source: str
    column: str
    index: float
    odds: float
    state: str  # "" where it did not move
    moved: tuple[str, ...]

    @property
    def words(self) -> str:
        """The shift as a part of a sentence."""
        grade = "a large shift" if self.index >= A_LARGE_SHIFT else "a shift"
        return f"{self.source}, {self.column}: index {self.index:.2f}, {grade}"


def distribution_drift(records: Records) -> Seen:
    """Look at every column of every source."""
    looked = [shift for shift in _shifts(records) if shift]
    found = [shift for shift in looked if shift.state and shift.odds * len(looked) < SURE]
    told = Told(
        len(found),
        len(looked),
        "The newest four weeks hold another mix than the half year before, by the population "
        f"stability index (0.1 a shift, 0.25 a large one): {'; '.join(s.words for s in found)}.",
        "Look whether a field was renamed or is no longer filled, or whether the work has changed.",
        tuple(text for shift in found for text in shift.moved)[:EXAMPLES],
        state=gravest([shift.state for shift in found]),
        columns=tuple(dict.fromkeys(shift.column for shift in found)),
    )
    return seen(DRIFT, told)


def mix(tickets: ir.Table, edges: tuple[int, int, int]) -> ir.Table:
    """Count tickets by source, column, its value, and whether they are of the newest weeks.

    Parameters
    ----------
    edges : as `edges_us` returns them

    Returns
    -------
    source, column, value, newest, n
    """
    begin, turn, end = edges
    at = micros(tickets.opened_at)
    rows = tickets.select("source", *COLUMNS, at=at)
    rows = rows.filter((rows.at >= begin) & (rows.at < end))
    newest = rows["at"] >= turn
    parts = []
    for name in COLUMNS:
        grouped = rows.group_by("source", newest=newest, value=rows[name]).aggregate(n=rows.count())
        parts.append(grouped.select("source", "newest", "value", "n", column=ibis.literal(name)))
    return ibis.union(*parts)


def edges_us(records: Records) -> tuple[int, int, int]:
    """Return where the past begins, where the newest weeks begin, and where they end."""
    zone, end = records.periods.zone, records.periods.date_of(records.watermark)
    # Days are counted before they become instants: clocks may change between them.
    past, newest, over = (
        micros_at(start_of_day(day, zone)) for day in (end - NEW - PAST, end - NEW, end)
    )
    return past, newest, over


def _shifts(records: Records) -> list[Shift | None]:
    counts: dict[tuple[str, str], tuple[dict[str | None, int], dict[str | None, int]]] = {}
    for row in records.rows(mix(records.tables.tickets, edges_us(records))):
        both = counts.setdefault((row["source"], row["column"]), ({}, {}))
        both[int(row["newest"])][row["value"]] = row["n"]
    return [shift_of(*key, *both) for key, both in sorted(counts.items())]


def shift_of(source: str, column: str, past: Counts, new: Counts) -> Shift | None:
    """Compare two counts of values; None where there are too few, or only one value."""
    n, m = sum(new.values()), sum(past.values())
    if n < FEWEST_NEW or m < FEWEST_PAST:
        return None
    known = sorted(
        {*past, *new}, key=lambda value: (-past.get(value, 0), value is None, value or "")
    )
    often = [v for v in known if new.get(v, 0) >= RARE * n or past.get(v, 0) >= RARE * m]
    rare = [value for value in known if value not in often]
    rows = [([value], MISSING if value is None else value) for value in often]
    rows += [(rare, OTHER)] if rare else []
    if len(rows) < 2:
        return None
    counts = np.array(
        [[sum(c.get(v, 0) for v in vs) for vs, _ in rows] for c in (past, new)], float
    )
    index = stability_index(counts[0], counts[1])
    odds = float(chdtrc(len(rows) - 1, index * n * m / (n + m)))
    shares = counts / counts.sum(axis=1, keepdims=True)
    return Shift(
        source, column, index, odds, _state(index, shares, rows), _moved(column, shares, rows)
    )


def stability_index(past: Sequence[float], new: Sequence[float]) -> float:
    """Return the population stability index of two lists of counts of the same values.

    Half a ticket is put to every count, so that a value that is new or gone has a finite part.

    Examples
    --------
    >>> round(stability_index([500, 500], [500, 500]), 3)
    0.0
    >>> round(stability_index([800, 200], [500, 500]), 3)
    0.415
    """
    one, other = (np.asarray(counts, float) + 0.5 for counts in (past, new))
    one, other = one / one.sum(), other / other.sum()
    return float(np.sum((other - one) * np.log(other / one)))


Rows = Sequence[tuple[list[str | None], str]]


def _state(index: float, shares: Floats, rows: Rows) -> str:
    if index >= A_LARGE_SHIFT:
        return "warn"
    for place, (values, _) in enumerate(rows):
        old, new = shares[0, place], shares[1, place]
        if values == [None] and new - old >= MORE_MISSING:
            return "warn"
        if old == 0 and new >= A_NEW_VALUE and values != [None]:
            return "warn"
    return "note" if index >= A_SHIFT else ""


def _moved(column: str, shares: Floats, rows: Rows) -> tuple[str, ...]:
    order = np.argsort(-np.abs(shares[1] - shares[0]), kind="stable")
    return tuple(
        f"{column} {rows[place][1]!r}: {percent(shares[0, place], 0)} before, "
        f"{percent(shares[1, place], 0)} now"
        for place in order[:EXAMPLES].tolist()
        if shares[0, place] != shares[1, place]
    )
