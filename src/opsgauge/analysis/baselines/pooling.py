"""Whether one number hides unlike groups: how much lies between them, and whether they turn round.

Floor 4, analysis. Between-group share of variance, corrected for chance (omega squared): of hours
on their natural logarithms, since times are about lognormal, else on the values themselves. And
Simpson's reversal, between the two halves of the stretch or between two groups: the average of all
differs one way, and every part of it the other, since the mix is another. Both differences have to
be beyond two standard errors.

Sources: Hays, Statistics, 1963 (omega squared); Cohen, Statistical Power Analysis, 1988 (0.06 is a
medium effect); Simpson, JRSS B 13 (1951) 238-241.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
from scipy.special import fdtrc

from opsgauge.warehouse.portable import LOG_SCALE, millionths, natural_log, summed

A_MILLION = 1_000_000
HIDES = 0.06  # from here on a split is proposed
LIKELY = 0.01  # what comes of chance so often is not proposed
FEWEST = 5  # records of a group in each half, before it says which way it went
HALVES = 2
HALF = "half"
SURE = 2.0  # standard errors


@dataclass(frozen=True)
class Cell:
    """The records of one group in one half: how many, their mean, their spread (squared)."""

    half: int
    words: Mapping[str, str | None]
    n: int
    mean: float
    variance: float


@dataclass(frozen=True)
class Between:
    """How unlike the groups of one dimension are.

    Attributes
    ----------
    share : of all variance, how much lies between them; 0 where it may be chance
    chance : how often groups that are alike differ so much
    low, high : the groups with the smallest and the largest mean, each with that mean; of hours
        the geometric one
    """

    dimension: str
    share: float
    chance: float
    groups: int
    low: tuple[str | None, float]
    high: tuple[str | None, float]

    @property
    def hides(self) -> bool:
        """Whether one number for all of them hides them."""
        return self.share >= HIDES and self.chance < LIKELY

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "hides": self.hides, "low": list(self.low), "high": list(self.high)}


def cell_rows(records: ir.Table, dimensions: Sequence[str], logs: bool) -> ir.Table:
    """Count records and their values by every combination of the dimensions.

    Parameters
    ----------
    records : with `value` and a column for each dimension
    logs : whether the values are hours, of which logarithms are taken; what took no time has none
    """
    rows = records.filter(records.value > 0) if logs else records
    number = natural_log(rows.value) if logs else millionths(rows.value)
    made = rows.select(*dimensions, number=number)
    return made.group_by(list(dimensions)).aggregate(
        n=made.count(),
        total=summed(made.number.sum()),
        spread=made.number.cast("float64").std(how="sample"),
    )


def cells_of(rows: pa.Table, dimensions: Sequence[str], half: int, logs: bool) -> list[Cell]:
    """Return what `cell_rows` gave of one half."""
    scale = LOG_SCALE if logs else A_MILLION
    return [
        Cell(
            half=half,
            words={name: row[name] for name in dimensions},
            n=int(row["n"]),
            mean=int(row["total"]) / scale / int(row["n"]),
            variance=(float(row["spread"] or 0.0) / scale) ** 2,
        )
        for row in rows.to_pylist()
    ]


@dataclass(frozen=True)
class Reversal:
    """An average that differs one way while every part of it differs the other.

    Attributes
    ----------
    of, sides : what is compared: "half" and first and second, or a dimension and two of its groups
    within : the dimension whose groups all differ the other way
    pooled, inside : the difference of the averages, and of parts weighed alike on both sides; of
        hours between logarithms
    """

    of: str
    sides: tuple[str | None, str | None]
    within: str
    pooled: float
    inside: float

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "sides": list(self.sides)}


@dataclass(frozen=True)
class _Sum:
    """Records put together: how many, their sum, their squared distances from their mean."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    @property
    def mean(self) -> float:
        return self.total / self.n if self.n else 0.0

    @property
    def error_squared(self) -> float:
        """The square of the standard error of the mean."""
        return self.squares / (self.n - 1) / self.n if self.n > 1 else 0.0

    def __add__(self, other: "_Sum") -> "_Sum":
        if not self.n or not other.n:
            return self if self.n else other
        n, apart = self.n + other.n, other.mean - self.mean
        between = apart**2 * self.n * other.n / n
        return _Sum(n, self.total + other.total, self.squares + other.squares + between)


def between(cells: Iterable[Cell], dimension: str, logs: bool, fewest: int = FEWEST) -> Between:
    """Say how unlike the groups of a dimension are, over both halves.

    Parameters
    ----------
    fewest : records of a group that is named and whose way is looked at
    """
    cells = list(cells)
    groups = _sums((cell.words[dimension], cell) for cell in cells)
    whole = sum(groups.values(), _Sum())
    share, chance = _share(groups, whole)
    named = {name: each for name, each in groups.items() if each.n >= fewest} or groups
    ends = sorted(named, key=lambda name: (named[name].mean, name or ""))
    low, high = ((end, _plain(named[end].mean, logs)) for end in (ends[0], ends[-1]))
    return Between(dimension, share, chance, len(groups), low, high)


def reversals(
    cells: Sequence[Cell], dimensions: Sequence[str], fewest: int = FEWEST
) -> tuple[Reversal, ...]:
    """Return where an average of all differs one way and every part of it the other.

    Compared are the two halves, and the two largest groups of each dimension; the parts are the
    groups of each (other) dimension that have so many records on both sides.
    """
    found = [_reversal(cells, (HALF, "first", "second"), within, fewest) for within in dimensions]
    for name in dimensions:
        sums = _sums((cell.words[name], cell) for cell in cells)
        largest = sorted(sums, key=lambda each: (-sums[each].n, each or ""))[:2]
        if len(largest) == HALVES:
            others = [within for within in dimensions if within != name]
            sides = (name, largest[0], largest[1])
            found += [_reversal(cells, sides, within, fewest) for within in others]
    return tuple(each for each in found if each is not None)


def _share(groups: Mapping[str | None, _Sum], whole: _Sum) -> tuple[float, float]:
    """Return omega squared, and by how likely chance gives as much (F test)."""
    k, n = len(groups), whole.n
    within = sum(each.squares for each in groups.values())
    if k < HALVES or n <= k or whole.squares <= 0:
        return 0.0, 1.0
    apart = max(whole.squares - within, 0.0)
    noise = within / (n - k)
    if noise == 0:
        return 1.0, 0.0
    share = (apart - (k - 1) * noise) / (whole.squares + noise)
    return max(share, 0.0), float(fdtrc(k - 1, n - k, apart / (k - 1) / noise))


def _reversal(
    cells: Sequence[Cell], sides: tuple[str, str | None, str | None], within: str, fewest: int
) -> Reversal | None:
    of, *ends = sides
    first, second = (
        _sums((cell.words[within], cell) for cell in cells if _on_side(cell, of, end))
        for end in ends
    )
    shared = set(first) & set(second)
    both = [name for name in shared if min(first[name].n, second[name].n) >= fewest]
    if len(both) < HALVES:
        return None
    before, after = (sum((half[name] for name in both), _Sum()) for half in (first, second))
    pooled = after.mean - before.mean
    steps = {name: second[name].mean - first[name].mean for name in both}
    weights = {name: (first[name].n + second[name].n) / (before.n + after.n) for name in both}
    inside = sum(steps[name] * weights[name] for name in both)
    error = sqrt(
        sum(weights[n] ** 2 * (first[n].error_squared + second[n].error_squared) for n in both)
    )
    sure = abs(pooled) > SURE * sqrt(before.error_squared + after.error_squared)
    if not sure or abs(inside) <= SURE * error or any(s * pooled >= 0 for s in steps.values()):
        return None
    return Reversal(of, (ends[0], ends[1]), within, pooled, inside)


def _on_side(cell: Cell, of: str, end: str | None) -> bool:
    if of == HALF:
        return cell.half == ("first", "second").index(end or "")
    return cell.words[of] == end


def _sums(parts: Iterable[tuple[str | None, Cell]]) -> dict[str | None, _Sum]:
    found: dict[str | None, _Sum] = {}
    for name, cell in parts:
        one = _Sum(cell.n, cell.n * cell.mean, cell.variance * (cell.n - 1))
        found[name] = found.get(name, _Sum()) + one
    return found


def _plain(mean: float, logs: bool) -> float:
    return exp(mean) if logs else mean
