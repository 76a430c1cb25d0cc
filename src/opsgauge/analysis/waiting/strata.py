"""Like with like: those with a fault against those without, within strata, added up.

Floor 4, analysis. Pure arithmetic. What differs is told over those with the fault: in each stratum
the others say what they would have had without it. Strata in which one side is missing say nothing
and are left out.

Sources: Cochran, Biometrics 24 (1968) 295-313, comparison within strata; Welch, Biometrika 34
(1947) 28-35, two means of unequal spread; Agresti and Caffo, American Statistician 54 (2000)
280-288, the spread of a share that chance left at nought.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from typing import Any

from opsgauge.metrics.intervals import Z

FEWEST = 5  # of each side of a stratum
TWO = 2  # fewer have no spread

Row = Mapping[str, Any]
Rows = Sequence[Row]


@dataclass(frozen=True)
class Side:
    """One side of a stratum: how many, their mean, and the square of its standard error."""

    n: int
    mean: float = 0.0
    error: float = 0.0


def measured(n: int, total: float, squares: float) -> Side:
    """Return a side of which something was measured: its sum and the sum of its squares.

    Examples
    --------
    >>> measured(3, 6.0, 14.0)  # 1, 2 and 3
    Side(n=3, mean=2.0, error=0.3333333333333333)
    """
    if n < TWO:
        return Side(n, total / n if n else 0.0)
    mean = total / n
    return Side(n, mean, max(squares - total * mean, 0.0) / (n - 1) / n)


def counted(n: int, hits: int) -> Side:
    """Return a side of which some were counted.

    Examples
    --------
    >>> round(counted(8, 0).error, 6)  # none among eight is no proof that there never is one
    0.009
    """
    if not n:
        return Side(0)
    likely = (hits + 1) / (n + 2)
    return Side(n, hits / n, likely * (1 - likely) / (n + 2))


@dataclass(frozen=True)
class Gap:
    """What those with a fault have more than others of their stratum.

    Attributes
    ----------
    compared : those with the fault, in strata with enough on both sides
    mean, others : theirs; and that of the others, where every stratum weighs as it does among them
    low, high : the 95 % interval of the difference
    """

    compared: int
    mean: float
    others: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        """By how much their mean is larger."""
        return self.mean - self.others


def apart(rows: Iterable[Row], strata: Sequence[str], fault: str) -> list[tuple[Rows, Rows]]:
    """Return the rows of each stratum, those with the fault and the others.

    Parameters
    ----------
    strata : columns; rows with the same values in them are of one stratum
    fault : a column with 1 or 0; where it is null the row is left out
    """
    found: dict[tuple[Any, ...], tuple[list[Row], list[Row]]] = {}
    for row in rows:
        if row[fault] is not None:
            sides = found.setdefault(tuple(row[name] for name in strata), ([], []))
            sides[not row[fault]].append(row)
    return list(found.values())


def gap(sides: Iterable[tuple[Side, Side]]) -> Gap | None:
    """Return the gap over strata, each with those with the fault first; None without any.

    Examples
    --------
    >>> found = gap([(measured(5, 20.0, 90.0), measured(10, 20.0, 50.0)), (counted(9, 9), Side(0))])
    >>> found.compared, found.mean, found.others
    (5, 4.0, 2.0)
    """
    met = [(bad, well) for bad, well in sides if min(bad.n, well.n) >= FEWEST]
    n = sum(bad.n for bad, _ in met)
    if not n:
        return None
    mean = fsum(bad.n * bad.mean for bad, _ in met) / n
    others = fsum(bad.n * well.mean for bad, well in met) / n
    reach = Z * sqrt(fsum(bad.n**2 * (bad.error + well.error) for bad, well in met)) / n
    more = mean - others
    return Gap(n, mean, others, more - reach, more + reach)
