"""How likely an open ticket breaks its promise, learnt from the clocks that were decided.

Floor 4, analysis. Three slices by the time a clock began, one after another: from the first it is
learnt, on the second put right (isotonic), on the third tested; so it is tested on what came after
all it knew. Of each clock of the second and third one moment counts, chosen by its number alone.
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

from opsgauge.analysis.forecast.asked import SHARES, Asked
from opsgauge.analysis.forecast.calibration import Bin, Steps, brier, reliability, rising
from opsgauge.analysis.forecast.clock_stages import NEVER, Flags, Stages, Whole
from opsgauge.foundation.errors import TooFewPoints

Numbers = npt.NDArray[np.float64]
LEARNT, PUT_RIGHT = 0.5, 0.7  # ends of the first two slices, as shares of the clocks by their begin
DECIDED_IN_TIME = 0.95  # share of clocks within whose time to decision a boundary is left alone
DRAWN = 20.0  # tickets that the belief in a share's own rate weighs as much as
RIDGE = 5.0
STEPS = 25
FEWEST = 500  # decided clocks, before anything is learnt
FEWEST_ENDS = 50  # of them broken, and as many kept
PAIRS = (("team", "priority"), ("priority", "hours"), ("team", "hours"), ("team", "handoffs"))
SPREAD = 2_654_435_761  # Knuth's multiplier: spreads numbers evenly, the same every time


@dataclass(frozen=True)
class Rates:
    """How often clocks broke, by share of the target and by the words of each column, as logits.

    Attributes
    ----------
    base : of each share, over all clocks
    of : of each column or pair, by the number of share and words together
    """

    base: Numbers
    of: Mapping[tuple[str, ...], Mapping[int, float]]

    def columns(self, asked: Asked) -> Numbers:
        """Return what each column says beside the base: shape (rows, columns)."""
        base = self.base[asked.place]
        made = []
        for names, known in self.of.items():
            keys = _keys(asked, names)
            found, at = np.unique(keys, return_inverse=True)
            says = np.array([known.get(int(key), np.nan) for key in found])[at]
            made.append(np.where(np.isnan(says), 0.0, says - base))
        load = np.log(asked.load)
        return np.column_stack([*made, load, load * (asked.place / len(SHARES))])


@dataclass(frozen=True)
class Model:
    """What was learnt.

    Attributes
    ----------
    weights : of the share's own rate, then of each column of `rates`, last two of the load
    steps : puts right what the weights give
    """

    rates: Rates
    weights: Numbers
    steps: Steps

    def of(self, asked: Asked) -> Numbers:
        """Return the probability that each breaks."""
        if not len(asked.clock):
            return np.zeros(0)
        return self.steps.of(self.score(asked))

    def score(self, asked: Asked) -> Numbers:
        """Return what the weights give, as a logit."""
        return np.asarray(_design(self.rates, asked) @ self.weights)

    def parts(self, asked: Asked) -> Numbers:
        """Return how much each column moves the logit: shape (rows, columns and the load)."""
        columns = self.rates.columns(asked) * self.weights[len(SHARES) + 1 :]
        load = columns[:, -2:].sum(axis=1, keepdims=True)
        return np.hstack([columns[:, :-2], load])


@dataclass(frozen=True)
class Tested:
    """How good probabilities were on the last slice, one row for each ticket.

    Attributes
    ----------
    n : clocks
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
    model : used where `tested.is_better`; it knows the clocks of the test, too
    base : of each of SHARES, how often clocks that came to it broke: what is said otherwise
    slices : clocks learnt from, put right on, and tested on
    test_rows, said : every moment of the clocks tested, and the probability given to each
    """

    model: Model
    base: Numbers
    tested: Tested
    slices: tuple[int, int, int]
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
        high = self._at(Asked(asked.clock, upper, asked.at_us, asked.words, asked.load))
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
    first, second, third = _slices(stages)
    broke = stages.broken.astype(float)
    tried = _model(stages, asked, first, second)
    known = asked.only((first | second)[asked.clock])
    by_share = _base(known, broke[known.clock])
    rows = asked.only(third[asked.clock])
    said = tried.of(rows)
    once = one_each(rows)
    tested = _tested(tried.of(once), by_share[once.place], broke[once.clock], known, broke)
    used = first | second | third
    # What is said from now on may know the clocks of the test, too.
    model = _model(stages, asked, first | second, third) if tested.is_better else tried
    rest = asked.only(used[asked.clock])
    return Learnt(
        model,
        _base(rest, broke[rest.clock]),
        tested,
        (int(first.sum()), int(second.sum()), tested.n),
        rows,
        said if tested.is_better else by_share[rows.place],
    )


def _model(stages: Stages, asked: Asked, first: Flags, second: Flags) -> Model:
    """Return what some clocks teach, put right on others that came later."""
    broke = stages.broken.astype(float)
    early, late = _halves(asked, first[asked.clock], stages)
    rates = _rates(early, broke[early.clock])
    weights = _weights(_design(rates, late), broke[late.clock])
    rough = Model(rates, weights, Steps(np.zeros(1), np.zeros(1)))
    right = one_each(asked.only(second[asked.clock]))
    return Model(rates, weights, rising(rough.score(right), broke[right.clock]))


def _tested(
    said: Numbers, by_share: Numbers, truth: Numbers, known: Asked, broke: Numbers
) -> Tested:
    mean = np.full(len(truth), broke[one_each(known).clock].mean())
    return Tested(
        len(truth),
        brier(said, truth),
        brier(mean, truth),
        brier(by_share, truth),
        reliability(said, truth),
        reliability(by_share, truth),
    )


def _slices(stages: Stages) -> tuple[Flags, Flags, Flags]:
    """Return which clocks are of each slice; what is tested began when the others were decided."""
    decided = (stages.decided_us != NEVER) & (stages.started_us != NEVER)
    ends = int(stages.broken[decided].sum())
    _refuse_few(int(decided.sum()), ends)
    started, done = stages.started_us, stages.decided_us
    usually = int(np.quantile((done - started)[decided], DECIDED_IN_TIME))
    newest = int(max(done[decided].max(), started[decided].max()))
    ripe = decided & (started <= newest - usually)
    begin, middle = (
        int(np.quantile(started[ripe if ripe.any() else decided], q)) for q in (LEARNT, PUT_RIGHT)
    )
    first = ripe & (started <= begin) & (done <= begin + usually)
    second = ripe & (started > begin) & (started <= middle) & (done <= middle + usually)
    third = ripe & (started > middle + usually)
    for each in (first, second, third):
        _refuse_few(5 * int(each.sum()), 5 * int(stages.broken[each].sum()))
    return first, second, third


def _refuse_few(decided: int, broken: int) -> None:
    if decided < FEWEST or min(broken, decided - broken) < FEWEST_ENDS:
        raise TooFewPoints(
            "Too few clocks were decided, or nearly all of them one way, to say how likely others "
            f"break. It takes {FEWEST} of them over a time several times as long as the promise, "
            f"with {FEWEST_ENDS} broken and as many kept.",
            hint="See opsgauge sla show for what is overdue.",
        )


def one_each(asked: Asked) -> Asked:
    """Return one row of each clock, chosen by the clock's number and nothing else."""
    order = np.lexsort([asked.place, asked.clock])
    clocks, begins, counts = np.unique(asked.clock[order], return_index=True, return_counts=True)
    chosen = begins + (clocks * SPREAD % 2**32 >> 8) % counts
    return asked.only(order[chosen])


def _halves(asked: Asked, first: Flags, stages: Stages) -> tuple[Asked, Asked]:
    """Return the first slice in two by time: rates come from the one, weights from the other."""
    own = asked.only(first)
    started = stages.started_us[own.clock]
    middle = np.median(started)
    return own.only(started <= middle), own.only(started > middle)


def _keys(asked: Asked, names: tuple[str, ...]) -> Whole:
    """Return the words of some columns and the share as one number for each row."""
    keys = asked.place.astype(np.int64)
    for name in names:
        keys = keys * 100_003 + asked.words[name] + 1
    return keys


def _rates(asked: Asked, broke: Numbers) -> Rates:
    base = logit(_base(asked, broke))
    of = {}
    for names in (*((name,) for name in asked.words), *PAIRS):
        keys, at = np.unique(_keys(asked, names), return_inverse=True)
        n, ends = np.bincount(at).astype(float), np.bincount(at, broke)
        place = np.zeros(len(keys), np.int64)
        place[at] = asked.place
        drawn = (ends + DRAWN * expit(base[place])) / (n + DRAWN)
        of[names] = dict(zip(keys.tolist(), logit(drawn).tolist(), strict=True))
    return Rates(base, of)


def _base(asked: Asked, broke: Numbers) -> Numbers:
    """Return of each share how often clocks that came to it broke."""
    n = np.bincount(asked.place, minlength=len(SHARES))
    ends = np.bincount(asked.place, broke, minlength=len(SHARES))
    mean = float(broke.mean()) if len(broke) else 0.5
    return np.asarray((ends + mean) / (n + 1))


def _design(rates: Rates, asked: Asked) -> Numbers:
    """Return what the weights are of: which share, its own rate, and what each column says."""
    which = np.eye(len(SHARES))[asked.place]
    base = rates.base[asked.place][:, np.newaxis]
    return np.hstack([which, base, rates.columns(asked)])


def _weights(design: Numbers, broke: Numbers) -> Numbers:
    """Return the weights of a ridge logistic regression, by Newton's steps."""
    columns = design.shape[1]
    drawn = RIDGE * np.eye(columns)
    towards = np.zeros(columns)
    towards[len(SHARES)] = 1.0  # the share's own rate, unless the rest knows better
    weights = towards.copy()
    for _ in range(STEPS):
        said = expit(design @ weights)
        slope = design.T @ (broke - said) - drawn @ (weights - towards)
        bend = (design * (said * (1 - said))[:, np.newaxis]).T @ design + drawn
        step = np.linalg.solve(bend, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-8:
            break
    return weights
