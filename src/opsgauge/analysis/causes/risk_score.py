"""How likely an outcome is by everything known of a ticket together: a penalised logistic model.

Floor 4, analysis. Attributes are numbers, one for each word, so the normal equations are counts of
pairs of words, and two hundred thousand tickets take less than a second. The model serves to hold
other things alike and is never shown itself.

Source: Miettinen, Stratification by a multivariate confounder score, Am. J. Epidemiol. 104, 1976;
le Cessie and van Houwelingen, Ridge estimators in logistic regression, Appl. Statist. 41, 1992.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

SHRUNK = 1.0  # as if each word's logit were drawn from a normal distribution of this precision
STEPS = 12
CLOSE = 1e-3


@dataclass(frozen=True)
class Score:
    """A fitted model: a weight for each word of each attribute, and one for all tickets."""

    weights: tuple[Numbers, ...]
    base: float
    unsure: Numbers = field(default_factory=lambda: np.zeros((0, 0)))  # covariance of all weights

    def of(self, codes: Sequence[Whole], tickets: int) -> Numbers:
        """Return the logit of each of so many tickets."""
        total = np.full(tickets, self.base)
        for weights, each in zip(self.weights, codes, strict=True):
            total += weights[each]
        return total


def fit(codes: Sequence[Whole], sizes: Sequence[int], hits: Truths) -> Score:
    """Fit the model by Newton's steps.

    Parameters
    ----------
    codes : of each attribute, shape (n,): which of its words each ticket has, from 0
    sizes : of each attribute, how many words it has
    hits : shape (n,); both outcomes must occur

    Returns
    -------
    weights that are shrunk towards nought, so that a word of few tickets weighs little
    """
    begins = np.concatenate([[1], 1 + np.cumsum(sizes)]).astype(int)
    width = int(begins[-1])
    told = hits.astype(float)
    share = float(told.mean())
    beta = np.zeros(width)
    beta[0] = np.log(share / (1 - share))
    penalty = np.full(width, SHRUNK)
    penalty[0] = 0.0
    score = _score(beta, begins)
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-score.of(codes, len(told))))
        slope = _by_word(codes, sizes, told - likely, width) - penalty * beta
        curve = _curve(codes, sizes, begins, likely * (1 - likely)) + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        beta += np.clip(step, -2, 2)
        score = _score(beta, begins)
        if float(np.abs(step).max()) < CLOSE:
            break
    return replace(score, unsure=np.asarray(np.linalg.inv(curve), np.float64))


def beyond(
    score: Score, codes: Sequence[Whole], cells: Whole, wide: int, hits: Truths
) -> tuple[Numbers, Numbers, Numbers]:
    """Return how many hits cells of tickets have, and how many the model expects, with variance.

    Parameters
    ----------
    codes : as the model was fitted to
    cells : of each ticket, which of `wide` cells it is in

    Returns
    -------
    hits, expected, spread : shape (wide,); the spread is less by what the fit took from the cells
    themselves, which is the score test of a further word
    """
    likely = 1 / (1 + np.exp(-score.of(codes, len(hits))))
    weight = likely * (1 - likely)
    parts = [np.bincount(cells, weight, wide)[:, None]]
    for each, weights in zip(codes, score.weights, strict=True):
        size = len(weights)
        parts.append(np.bincount(cells * size + each, weight, wide * size).reshape(wide, size))
    shared = np.concatenate(parts, axis=1)
    taken = np.einsum("ij,ij->i", shared @ score.unsure, shared)
    there = np.bincount(cells[hits], minlength=wide).astype(float)
    expected = np.bincount(cells, likely, wide).astype(np.float64)
    return there, expected, np.maximum(parts[0][:, 0] - taken, 0.0)


def _score(beta: Numbers, begins: npt.NDArray[np.int64]) -> Score:
    ends = begins.tolist()
    parts = tuple(beta[one:other].copy() for one, other in pairwise(ends))
    return Score(parts, float(beta[0]))


def _by_word(codes: Sequence[Whole], sizes: Sequence[int], values: Numbers, width: int) -> Numbers:
    parts = [np.bincount(each, values, size) for each, size in zip(codes, sizes, strict=True)]
    return np.concatenate([[values.sum()], *parts]).reshape(width)


def _curve(codes: Sequence[Whole], sizes: Sequence[int], begins: Whole, weight: Numbers) -> Numbers:
    """Return the matrix of second derivatives: weighted counts of pairs of words."""
    width = int(begins[-1])
    curve = np.zeros((width, width))
    curve[0, 0] = weight.sum()
    for one, size in enumerate(sizes):
        rows = slice(begins[one], begins[one] + size)
        alone = np.bincount(codes[one], weight, size)
        curve[0, rows] = curve[rows, 0] = alone
        curve[rows, rows] = np.diag(alone)
        for other in range(one):
            columns = slice(begins[other], begins[other] + sizes[other])
            both = codes[one] * sizes[other] + codes[other]
            table = np.bincount(both, weight, size * sizes[other]).reshape(size, sizes[other])
            curve[rows, columns] = table
            curve[columns, rows] = table.T
    return curve
