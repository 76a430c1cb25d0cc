"""How likely an open ticket breaks its promise, learnt from the clocks that were decided.

Floor 4, analysis. It is tested from several origins, one after another: at each, only what was
decided by then is known. From the earlier clocks it is learnt, on the later ones put right
(isotonic), and what began afterwards, up to the next origin, is the test. Of each clock one moment
counts there, by a share chosen without regard to it. What is said from now on knows all of them.

Each word (a team, a priority) speaks by how often its clocks broke at that share of the target,
drawn towards the share's own rate where it is rare; a ridge logistic regression weighs the words.
Where the test is not better than the rate by elapsed share alone, that rate is what is said.

Source: Hoerl and Kennard, Ridge regression, 1970; le Cessie and van Houwelingen, Ridge estimators
in logistic regression, 1992; Micci-Barreca, A preprocessing scheme for high-cardinality categorical
attributes, 2001.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from opsgauge.analysis.forecast.asked import SHARES, Asked, Book, book_of
from opsgauge.analysis.forecast.calibration import Bin, Steps, brier, reliability, rising
from opsgauge.analysis.forecast.clock_stages import Flags, Stages, Whole
from opsgauge.analysis.forecast.origins import Known, known_at, origins, rates

Numbers = npt.NDArray[np.float64]
DRAWN = 20.0  # tickets that the belief in a share's own rate weighs as much as
RIDGE = 5.0
STEPS, CLOSE = 25, 1e-6
MOST = 40_000  # clocks that weights are learnt from, the newest; rates are of all
SPREAD = 2_654_435_761  # Knuth's multiplier: spreads numbers evenly, the same every time


@dataclass(frozen=True)
class Rates:
    """How often clocks broke, by share of the target and by the words of each column, as logits.

    Attributes
    ----------
    base : of each share, over all clocks
    of : of each column or pair, by its codes; what is beside the base
    """

    base: Numbers
    of: Mapping[tuple[str, ...], Numbers]

    def columns(self, asked: Asked) -> Numbers:
        """Return what each column says beside the base: shape (rows, columns)."""
        made = [np.append(beside, 0.0)[asked.codes[names]] for names, beside in self.of.items()]
        load = np.log(asked.load)
        return np.column_stack([*made, load, load * (asked.place / len(SHARES))])


@dataclass(frozen=True)
class Model:
    """What was learnt.

    Attributes
    ----------
    book : the words that it knows
    weights : of the share's own rate, then of each column of `rates`, last two of the load
    lines : puts right what the weights give, of each share: what to add, and what to multiply by
    steps : puts that right again, of all shares together
    """

    book: Book
    rates: Rates
    weights: Numbers
    lines: Numbers
    steps: Steps

    def of(self, asked: Asked) -> Numbers:
        """Return the probability that each breaks."""
        if not len(asked.clock):
            return np.zeros(0)
        coded = asked if asked.codes else self.book.coded(asked)
        score = _design(self.rates, coded) @ self.weights
        return self.steps.of(_by_share(coded, score) @ self.lines)

    def parts(self, asked: Asked) -> Numbers:
        """Return how much each column moves the logit: shape (rows, columns and the load)."""
        coded = asked if asked.codes else self.book.coded(asked)
        columns = self.rates.columns(coded) * self.weights[len(SHARES) + 1 :]
        load = columns[:, -2:].sum(axis=1, keepdims=True)
        return np.hstack([columns[:, :-2], load])


@dataclass(frozen=True)
class Tested:
    """How good probabilities were on what came later, one row for each ticket.

    Attributes
    ----------
    n : rows
    brier, brier_base, brier_share : of the model, of the rate of all, and of that by elapsed share
    bins, share_bins : reliability of the model, and of the rate by elapsed share
    """

    n: int
    brier: float
    brier_base: float
    brier_share: float
    bins: tuple[Bin, ...]
    share_bins: tuple[Bin, ...]

    @property
    def is_better(self) -> bool:
        """Whether the model says more than the rates do."""
        return self.brier < min(self.brier_base, self.brier_share)


@dataclass(frozen=True)
class Learnt:
    """The probabilities to give, and how they were found.

    Attributes
    ----------
    model : used where `tested.is_better`; it knows the clocks of the tests, too
    base : of each of SHARES, how often clocks that came to it broke: what is said otherwise
    slices : clocks learnt from and put right on in the end, and those tested on
    test_rows, said : every moment of the clocks tested, and the probability given to each
    """

    model: Model
    base: Numbers
    tested: Tested
    slices: tuple[int, ...]
    test_rows: Asked
    said: Numbers

    def probability(self, asked: Asked, share: Numbers) -> Numbers:
        """Return the probability of each row that has used a share of its target between two.

        What has used all of it and runs is about to break.
        """
        lower, upper = asked.place, np.minimum(asked.place + 1, len(SHARES) - 1)
        ends = np.array([*SHARES, 1.0])
        part = (share - ends[lower]) / (ends[lower + 1] - ends[lower])
        low = self._at(asked)
        high = self._at(asked.at_place(upper))
        high = np.where(lower == len(SHARES) - 1, 1.0, high)
        return np.clip(low + np.clip(part, 0, 1) * np.maximum(high - low, 0.0), 0.0, 1.0)

    def _at(self, asked: Asked) -> Numbers:
        return self.model.of(asked) if self.tested.is_better else self.base[asked.place]


def learn(stages: Stages, asked: Asked) -> Learnt:
    """Learn from the clocks that were decided.

    Parameters
    ----------
    asked : every clock at each share that it came to

    Raises
    ------
    TooFewPoints : too few were decided, or nearly all of them the same way
    """
    truth = stages.broken.astype(float)
    book = book_of(asked)
    asked = book.coded(asked)
    tries = [_tried(stages, asked, book, each) for each in origins(stages)]
    rows = asked.only(np.concatenate([each.rows for each in tries]))
    said, by_share, mean = (
        np.concatenate([getattr(each, name) for each in tries])
        for name in ("said", "by_share", "mean")
    )
    tested = _tested(rows, said, by_share, mean, truth)
    known = known_at(stages, asked, int(stages.decided_us.max()))
    return Learnt(
        _model(known, book),
        known.by_share,
        tested,
        tuple(len(np.unique(each.clock)) for each in (known.first, known.second, rows)),
        rows,
        said if tested.is_better else by_share,
    )


@dataclass(frozen=True)
class Tried:
    """What was said from one origin of every moment of the clocks that began after it.

    Attributes
    ----------
    rows : places of these moments among all
    said, by_share, mean : the probability by the model, by elapsed share, and of all
    """

    rows: Whole
    said: Numbers
    by_share: Numbers
    mean: Numbers


def _tried(stages: Stages, asked: Asked, book: Book, origin: tuple[int, Flags]) -> Tried:
    moment, after = origin
    known = known_at(stages, asked, moment)
    model = _model(known, book)
    places = np.flatnonzero(after[asked.clock])
    rows = asked.only(places)
    # One rate for all is that of the moments that count, as in the test.
    all_of_it = np.concatenate(
        [each.clock[chosen_once(each)] for each in (known.first, known.second)]
    )
    mean = np.full(len(places), known.broke[all_of_it].mean())
    return Tried(places, model.of(rows), known.by_share[rows.place], mean)


def _tested(rows: Asked, said: Numbers, by_share: Numbers, mean: Numbers, truth: Numbers) -> Tested:
    once = chosen_once(rows)
    broke = truth[rows.clock[once]]
    return Tested(
        len(broke),
        brier(said[once], broke),
        brier(mean[once], broke),
        brier(by_share[once], broke),
        reliability(said[once], broke),
        reliability(by_share[once], broke),
    )


def _model(known: Known, book: Book) -> Model:
    """Return what some clocks teach, put right on others that came later.

    The weights are learnt with rates that the row's own clock has no part in: each half of the
    clocks meets the rates of the other.
    """
    own, broke = known.first, known.broke
    newest = np.unique(own.clock[np.argsort(-own.at_us, kind="stable")][: MOST * len(SHARES)])
    halves = [own.only(own.clock % 2 == side) for side in (0, 1)]
    of_half = [_rates(half, broke, book) for half in halves]
    chosen = [half.only(np.isin(half.clock, newest)) for half in halves]
    designs = [_design(of_half[1 - side], half) for side, half in enumerate(chosen)]
    weights = _weights(np.vstack(designs), np.concatenate([broke[h.clock] for h in chosen]), _PLAIN)
    whole, later = _rates(own, broke, book), known.second
    score, ends = _design(whole, later) @ weights, broke[later.clock]
    # How sure to be differs with the share: of one that just began little is known.
    lines = _weights(_by_share(later, score), ends, _LINES)
    return Model(book, whole, weights, lines, rising(_by_share(later, score) @ lines, ends))


def chosen_once(asked: Asked) -> Flags:
    """Say which rows count where each clock may once: of a share chosen by its number alone.

    A clock that never came to the share chosen for it does not count. To choose among those it came
    to would tell how long it lasts.
    """
    return np.asarray(asked.place == (asked.clock * SPREAD % 2**32 >> 8) % len(SHARES))


def _rates(asked: Asked, broke: Numbers, book: Book) -> Rates:
    share = rates(asked, broke)
    base, own, of = logit(share), broke[asked.clock], {}
    for names, keys in book.keys.items():
        codes = asked.codes[names]
        n = np.bincount(codes, minlength=len(keys)).astype(float)
        ends = np.bincount(codes, own, minlength=len(keys))
        place = np.zeros(len(keys), np.int64)
        place[codes] = asked.place
        drawn = (ends + DRAWN * share[place]) / (n + DRAWN)
        of[names] = np.where(n > 0, logit(drawn) - base[place], 0.0)
    return Rates(base, of)


def _design(rates: Rates, asked: Asked) -> Numbers:
    """Return what the weights are of: which share, its own rate, and what each column says."""
    which = np.eye(len(SHARES))[asked.place]
    base = rates.base[asked.place][:, np.newaxis]
    return np.hstack([which, base, rates.columns(asked)])


def _by_share(asked: Asked, score: Numbers) -> Numbers:
    """Return what the lines are of: which share, and the score there."""
    which = np.eye(len(SHARES))[asked.place]
    return np.hstack([which, which * score[:, np.newaxis]])


def _weights(design: Numbers, broke: Numbers, start: Numbers) -> Numbers:
    """Return the weights of a ridge logistic regression, by Newton's steps.

    Parameters
    ----------
    start : the first weights, towards which these are drawn; others are drawn towards nought
    """
    towards = np.zeros(design.shape[1])
    towards[: len(start)] = start
    drawn, weights = RIDGE * np.eye(len(towards)), towards.copy()
    loss = _loss(design, broke, weights, towards)
    for _ in range(STEPS):
        said = expit(design @ weights)
        slope = design.T @ (broke - said) - drawn @ (weights - towards)
        bend = (design * (said * (1 - said))[:, np.newaxis]).T @ design + drawn
        step = np.linalg.solve(bend, slope)
        # Where the curve is flat a whole step may lead far away; half of it does not for long.
        while (found := _loss(design, broke, weights + step, towards)) > loss + CLOSE:
            step = step / 2
        weights, loss = weights + step, found
        if np.abs(step).max() < CLOSE:
            break
    return weights


def _loss(design: Numbers, broke: Numbers, weights: Numbers, towards: Numbers) -> float:
    """Return how badly weights fit: less the log likelihood, and how far they were drawn."""
    score = design @ weights
    fits = np.logaddexp(0.0, score) - broke * score
    return float(fits.sum() + RIDGE / 2 * ((weights - towards) ** 2).sum())


# The share's own rate counts as it is, and so does the score, unless the rest knows better.
_PLAIN = np.append(np.zeros(len(SHARES)), 1.0)
_LINES = np.append(np.zeros(len(SHARES)), np.ones(len(SHARES)))
