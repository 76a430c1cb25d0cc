"""Repeatability over teams and shifts: which of the two makes like work take unlike times?

Floor 4, analysis. Within a type, teams and shifts cross: a team works in several shifts, a shift is
worked by several teams. The variance of the logarithms of times is taken apart into four parts:
between teams, between shifts, what a team has in one shift and not in another, and from one ticket
to the next. Numbers of tickets are never alike, so each part is what a model loses when it is left
out (the fitting of constants), set equal to what is expected of it. With as many tickets in every
cell that is the analysis of variance of the textbooks. A part below nought is nought. Whether a
part may be chance is an F test, against a mean square made up to have the same expectation where
the part is nought, with the degrees of freedom of Satterthwaite.

Source: Henderson, Estimation of variance and covariance components, Biometrics 9, 1953 (method 3);
Searle, Casella and McCulloch, Variance Components, 1992, ch. 5; Satterthwaite, Biometrics Bulletin
2, 1946; Montgomery, Design and Analysis of Experiments, 8th ed., 2013, sec. 13.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import reduce
from math import exp, sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import fdtrc

from opsgauge.analysis.aspects.groups import Group, by_type
from opsgauge.foundation.errors import TooFewPoints

FEWEST = 20  # records
HAIR = 1e-9  # of the largest singular value: below, a column says nothing new
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """One part of the variance.

    Attributes
    ----------
    variance : of logarithms of times; nought where it would be below
    share : of the whole
    factor : one as slow as one in six takes that many times what the middle one takes
    chance : how often a part as large comes of chance alone, 0 to 1
    """

    variance: float
    share: float
    factor: float
    chance: float


@dataclass(frozen=True)
class Crossed:
    """The parts of the variance within types.

    Attributes
    ----------
    teams, shifts : between teams, and between shifts
    both : what a team has in one shift and not in another
    within : variance from one ticket to the next
    n, cells, types : records, and what was compared
    """

    teams: Part
    shifts: Part
    both: Part
    within: float
    n: int
    cells: int
    types: int


@dataclass(frozen=True)
class _Square:
    """A sum of squares, its degrees of freedom, and how often it expects which variance."""

    squares: float = 0.0
    freedom: int = 0
    own: float = 0.0  # of the part itself
    both: float = 0.0  # of what a team has in one shift and not in another

    def __add__(self, other: "_Square") -> "_Square":
        pairs = ((getattr(self, f.name), getattr(other, f.name)) for f in fields(self))
        return _Square(*(one + two for one, two in pairs))

    @property
    def mean(self) -> float:
        """The mean square."""
        return self.squares / self.freedom if self.freedom else 0.0


@dataclass(frozen=True)
class _Squares:
    teams: _Square
    shifts: _Square
    both: _Square
    within: _Square

    def __add__(self, other: "_Squares") -> "_Squares":
        return _Squares(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def crossed(cells: tuple[Group, ...]) -> Crossed:
    """Take the variance of logarithms of times apart.

    Parameters
    ----------
    cells : records by type, team (`name`) and shift

    Raises
    ------
    TooFewPoints : fewer than `FEWEST` records, or nothing that tells teams and shifts apart
    """
    types = [found for _, found in by_type(cells) if len(found) > 1]
    n = sum(cell.n for found in types for cell in found)
    sums = reduce(lambda one, two: one + two, map(_squares, types)) if types else None
    told = sums is not None and all(s.freedom for s in (sums.teams, sums.shifts, sums.within))
    if sums is None or not told or n < FEWEST:
        raise TooFewPoints(
            f"Teams and shifts cannot be told apart: that needs {FEWEST} records of types that "
            f"several teams work on in several shifts; there are {n} of more than one.",
            hint="Choose a longer range, a coarser type, or other shifts.",
        )
    within = sums.within.mean
    both = _less(sums.both, within, 0.0)
    variances = [_less(each, within, both) for each in (sums.teams, sums.shifts)]
    kept = [max(0.0, each) for each in (*variances, both)]
    whole = sum(kept) + within
    squares = (sums.teams, sums.shifts, sums.both)
    teams, shifts, mixed = (
        Part(own, own / whole if whole else 0.0, exp(sqrt(own)), _chance(square, sums))
        for own, square in zip(kept, squares, strict=True)
    )
    return Crossed(teams, shifts, mixed, within, n, sum(map(len, types)), len(types))


def _squares(cells: Sequence[Group]) -> _Squares:
    """Return the sums of squares of one type."""
    n = np.array([cell.n for cell in cells], dtype=np.float64)
    root, means = np.sqrt(n), np.array([cell.log_mean for cell in cells])
    y = root * (means - np.sum(n * means) / np.sum(n))
    teams = _columns([cell.name for cell in cells], root)
    shifts = _columns([cell.shift for cell in cells], root)
    cell = np.diag(root)
    of_teams, of_shifts, of_all = _basis(teams), _basis(shifts), _basis(np.hstack([teams, shifts]))

    def lost(less: Matrix, own: Matrix) -> _Square:
        return _Square(
            _size(of_all, y) - _size(less, y),
            of_all.shape[1] - less.shape[1],
            _size(of_all, own) - _size(less, own),
            _size(of_all, cell) - _size(less, cell),
        )

    freedom = len(cells) - of_all.shape[1]
    left = (float(np.sum(each)) for each in (y**2, cell**2))
    own = [whole - _size(of_all, each) for whole, each in zip(left, (y, cell), strict=True)]
    inner = sum((each.n - 1) * each.log_variance for each in cells)
    return _Squares(
        teams=lost(of_shifts, teams),
        shifts=lost(of_teams, shifts),
        both=_Square(max(0.0, own[0]) if freedom else 0.0, freedom, own[1] if freedom else 0.0),
        within=_Square(inner, int(np.sum(n)) - len(cells)),
    )


def _columns(names: Sequence[str | None], root: Matrix) -> Matrix:
    """Return a column for each name: the root of its tickets in the cells that have it."""
    different = list(dict.fromkeys(names))
    has = np.array([[name == other for other in different] for name in names], dtype=np.float64)
    return has * root[:, None]


def _basis(columns: Matrix) -> Matrix:
    """Return columns at right angles that span the same."""
    left, sizes, _ = np.linalg.svd(columns, full_matrices=False)
    return np.asarray(left[:, sizes > HAIR * sizes[0]], dtype=np.float64)


def _size(basis: Matrix, of: Matrix) -> float:
    """Return the sum of squares of what a basis explains."""
    return float(np.sum((basis.T @ of) ** 2))


def _less(square: _Square, within: float, both: float) -> float:
    """Return the variance that makes a sum of squares what is expected of it; below 0, as it is."""
    rest = square.squares - square.freedom * within
    if square.own < HAIR:
        return 0.0
    # Of what a team has in one shift and not in another, `own` is of that itself.
    return (rest - square.both * both) / square.own


def _chance(square: _Square, sums: _Squares) -> float:
    """Return how often a mean square as large comes of chance."""
    within, both = sums.within, sums.both
    if not square.freedom:
        return 1.0
    per = square.both / square.freedom
    weight = per / (both.own / both.freedom) if both.freedom and square is not both else 0.0
    pieces = [((1 - weight) * within.mean, within.freedom)]
    if weight:
        pieces.append((weight * both.mean, both.freedom))
    against = sum(piece for piece, _ in pieces)
    if against <= 0:
        return 1.0 if square.mean <= 0 else 0.0
    freedom = against**2 / sum(piece**2 / own for piece, own in pieces)
    return float(fdtrc(square.freedom, freedom, max(0.0, square.mean) / against))
