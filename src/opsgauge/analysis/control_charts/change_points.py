"""When the level of a series changed, how sure the date is, and what happened about then.

Floor 4, analysis. Arithmetic on arrays, and chance from a seed. A stretch is parted where its
values inside and outside differ most, if that is more than nearly all shufflings of the stretch
show; then its parts are looked at the same way. So a calm series is parted in about 5 of 100 cases
(`FALSE`), whatever its distribution.
Sources: A. B. Olshen, E. S. Venkatraman, R. Lucito and M. Wigler, Circular Binary Segmentation,
Biostatistics 5, 2004; B. E. Hansen, Sample Splitting and Threshold Estimation, Econometrica 68,
2000, for the interval of a date.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from math import isfinite, nan, sqrt
from operator import itemgetter

import numpy as np
from scipy.special import stdtrit

from opsgauge.analysis.control_charts.standing import Floats

SEED = 20260105
SHUFFLES = 199
FALSE = 0.05  # of calm series in which a change is found
FALSE_STEPS = 0.035  # of them, by looking for one step; the rest by looking for there and back
FEWEST_APART = 5  # values on each side of a change
WITHIN_95 = 7.35  # -2 ln(1 - √0.95): how much worse a date may fit and still be the true one
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Event:
    """Something that happened on a day: a change, a release, a new shift plan."""

    on: date
    kind: str
    text: str


@dataclass(frozen=True)
class ChangePoint:
    """A lasting change of level; positions count from 0 and include gaps.

    at : the first period of the new level
    earliest, latest : between them the first period of the new level lies, 95 %
    size : how much the level rose, with its 95 % interval
    events : what happened in that time, nearest first
    """

    at: int
    earliest: int
    latest: int
    before: float
    after: float
    size: float
    interval: tuple[float, float]
    events: tuple[Event, ...] = ()


def change_points(values: Sequence[float | None], seed: int = SEED) -> tuple[ChangePoint, ...]:
    """Find lasting changes of level.

    Where neighbours lean on each other, what one takes over from the one before is taken out
    first, since a slow wave looks like a change of level.

    Parameters
    ----------
    values : oldest first, one per period, None for a gap, which is passed over
    seed : of the shufflings

    Returns
    -------
    oldest first; none for fewer than 10 values, or where all are equal

    Examples
    --------
    >>> found = change_points([5, 6, 5, 7, 6, 5, 6, 9, 8, 9, 10, 9, 8, 9])
    >>> [(change.at, round(change.size, 2)) for change in found]
    [(7, 3.14)]
    """
    places = [at for at, value in enumerate(values) if value is not None and isfinite(value)]
    known = np.array([values[at] for at in places], dtype=float)
    lean = leaning(known)
    whitened = known - lean * np.concatenate([[known.mean()], known[:-1]]) if lean else known
    draws = np.random.default_rng(seed)
    found = sorted(_parted(whitened, 0, len(known), draws))
    ends = [0, *found, len(known)]
    return tuple(
        _told(known, ends[number : number + 3], lean, places) for number in range(len(found))
    )


def matched(
    changes: Sequence[ChangePoint], events: Sequence[Event], starts: Sequence[date], end: date
) -> tuple[ChangePoint, ...]:
    """Put to each change the events from the first day on which it can have come to the last.

    Parameters
    ----------
    starts : first day of each period, oldest first
    end : last day of the newest period

    Examples
    --------
    >>> mondays = [date(2026, 1, 5) + 7 * at * A_DAY for at in range(14)]
    >>> found = change_points([5, 6, 5, 7, 6, 5, 6, 9, 8, 9, 10, 9, 8, 9])
    >>> release = Event(date(2026, 2, 24), "release", "Portal 4.2")
    >>> [c.events for c in matched(found, [release], mondays, date(2026, 4, 12))] == [(release,)]
    True
    """
    last = [*(start - A_DAY for start in starts[1:]), end]
    found = []
    for change in changes:
        first_day, last_day = starts[change.earliest], last[change.latest]
        near = [
            (abs(event.on - starts[change.at]), event)
            for event in events
            if first_day <= event.on <= last_day
        ]
        nearest = sorted(near, key=itemgetter(0))
        found.append(replace(change, events=tuple(event for _, event in nearest)))
    return tuple(found)


def leaning(values: Floats) -> float:
    """Return how much of a value the next one takes over, seen so that changes of level hide not.

    By the steps between neighbours, among which a change of level is but one: steps of independent
    values have an autocorrelation of -1/2. 0 where it may well be chance.

    Examples
    --------
    >>> leaning(np.array([1.0, 2, 1, 2, 1, 2, 1, 2, 1, 2]))
    0.0
    """
    steps = np.diff(values)
    spread = (steps**2).sum()
    if len(values) < 2 * FEWEST_APART or not spread > 0:
        return 0.0
    found = 1 + 2 * float((steps[1:] * steps[:-1]).sum() / spread)
    return min(found, 0.95) if found > sqrt(2 / len(values)) else 0.0


def _parted(values: Floats, start: int, end: int, draws: np.random.Generator) -> Iterator[int]:
    """Yield where a stretch changes its level, and where its parts do."""
    part = values[start:end]
    if len(part) < 2 * FEWEST_APART or not part.std() > 1e-12 * np.abs(part).max():
        return
    off = part - part.mean()
    shuffled = draws.permuted(np.tile(off, (SHUFFLES, 1)), axis=1)
    cuts = _cuts(off[None, :], shuffled)
    if not cuts:
        return
    yield from (start + cut for cut in cuts)
    ends = [0, *cuts, len(part)]
    for one, other in pairwise(ends):
        yield from _parted(values, start + one, start + other, draws)


def _cuts(off: Floats, shuffled: Floats) -> list[int]:
    """Return where one step, or else a stretch in between, differs by more than chance makes it."""
    best, at = _best_split(off)
    if _chance(best, _best_split(shuffled)[0]) <= FALSE_STEPS:
        return [int(at[0])]
    best, first, last = _best_arc(off)
    if _chance(best, _best_arc(shuffled)[0]) <= FALSE - FALSE_STEPS:
        return [cut for cut in (int(first[0]), int(last[0])) if 0 < cut < off.shape[1]]
    return []


def _chance(best: Floats, of_shuffled: Floats) -> float:
    """Return the share of shufflings, the one that came among them, that differ as much."""
    return (1 + int((of_shuffled >= best[0] * (1 - 1e-9)).sum())) / (1 + len(of_shuffled))


def _best_split(off: Floats) -> tuple[Floats, np.ndarray]:
    """Return for each row where its two sides differ most, and by how much."""
    n = off.shape[1]
    at = np.arange(FEWEST_APART, n - FEWEST_APART + 1)
    gain = np.cumsum(off, axis=1)[:, at - 1] ** 2 / (at * (1 - at / n))
    best = gain.argmax(axis=1)
    return gain[np.arange(len(gain)), best], at[best]


def _best_arc(off: Floats) -> tuple[Floats, np.ndarray, np.ndarray]:
    """Return for each row the stretch that differs most from the rest, and by how much.

    The measure is the squared difference of sums, by what it would be on average by chance.
    """
    rows, n = off.shape
    sums = np.concatenate([np.zeros((rows, 1)), np.cumsum(off, axis=1)], axis=1)
    best, first = np.full(rows, -1.0), np.zeros(rows, dtype=int)
    length = np.zeros(rows, dtype=int)
    for inside in range(FEWEST_APART, n - FEWEST_APART + 1):
        gain = (sums[:, inside:] - sums[:, :-inside]) ** 2
        gain[:, 1:FEWEST_APART] = -1.0  # a first part too short
        short = max(1, n - inside - FEWEST_APART + 1)
        gain[:, short : n - inside] = -1.0  # a last part too short
        at = gain.argmax(axis=1)
        scaled = gain[np.arange(rows), at] / (inside * (1 - inside / n))
        better = scaled > best
        best = np.where(better, scaled, best)
        first, length = np.where(better, at, first), np.where(better, inside, length)
    return best, first, first + length


def _told(known: Floats, ends: Sequence[int], lean: float, places: Sequence[int]) -> ChangePoint:
    """Say how large the change in the middle is, and between which dates it came."""
    start, cut, end = ends
    part = known[start:end]
    fit = np.full(len(part), nan)
    for at in range(2, len(part) - 1):
        fit[at] = part[:at].var() * at + part[at:].var() * (len(part) - at)
    wide = (1 + lean) / (1 - lean)
    here = fit[cut - start]
    spread = here / max(len(part) - 2, 1) * wide
    near = np.flatnonzero(fit <= max(here, np.nanmin(fit)) + WITHIN_95 * spread)
    before, after = part[: cut - start], part[cut - start :]
    size = float(after.mean() - before.mean())
    reach = float(stdtrit(max(len(part) - 2, 1), 0.975)) * sqrt(
        spread * (1 / len(before) + 1 / len(after))
    )
    return ChangePoint(
        at=places[cut],
        earliest=places[start + int(near.min())],
        latest=places[start + int(near.max())],
        before=float(before.mean()),
        after=float(after.mean()),
        size=size,
        interval=(size - reach, size + reach),
    )
