"""Gaps: stretches without a single update where the past says there should be many.

Floor 2. A stretch is judged by what its hours usually bring in the weeks around it, so nights and
weekends are quiet and not missing. A holiday looks like a Sunday: up to two days of a stretch are
taken for days off, at half of what the quietest weekday brings. Counts spread wider than chance
(Poisson) would have them, so the odds of none are those of a negative binomial with the
stream's own spread.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, log

import numpy as np

from opsgauge.foundation.units import whole
from opsgauge.log.checks.records import Records
from opsgauge.log.checks.seen import (
    ALL,
    EXAMPLES,
    Seen,
    Stretch,
    Subject,
    Told,
    gravest,
    seen,
    state_of,
)
from opsgauge.log.checks.stream import HOURS_A_WEEK, Floats, Ints, Stream, streams

GAPS = Subject("gaps", "No gap in the stream", ALL)
SHORTEST = 0.05  # of a week's updates: what is usually brought in a third of a working day
DAYS_OFF = 2  # a holiday and the day after it
AS_ON_A_DAY_OFF = 0.5  # of what the quietest weekday brings: holidays are quieter than Sundays
WEEKS_AROUND = 8  # on either side
FEWEST_WEEKS = 4  # on either side, with updates; fewer are no past to judge by
LIKELY = 0.01  # odds of one such stretch in the whole stream by chance; more is no gap
SURE = 0.001  # more than that is only a note
HABIT = 0.1  # of the weeks: stretches that come as often are how the source works


@dataclass(frozen=True)
class Gap:
    """A stretch without an update: its local days, and how many updates such days usually bring."""

    source: str
    first: date
    last: date
    usual: float
    odds: float  # of such a stretch by chance

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def words(self) -> str:
        """The gap as an example."""
        dates = str(self.first) if self.days == 1 else f"{self.first} to {self.last}"
        return f"{self.source}: {dates}, where {whole(self.usual)} updates are usual"


@dataclass(frozen=True)
class _Run:
    """A run of buckets without an update: [begin, end), and its part of a usual week."""

    begin: int
    end: int
    part: float


def gaps(records: Records) -> Seen:
    """Look at the stream of every source."""
    every = streams(records)
    found = [gap for stream in every for gap in gaps_of(stream)]
    days, of = sum(gap.days for gap in found), sum(len(np.unique(s.days)) for s in every)
    missing = sum(gap.usual for gap in found)
    stretch = "one stretch" if len(found) == 1 else f"{len(found)} stretches"
    told = Told(
        days,
        of,
        f"{whole(days)} of {whole(of)} days lie in {stretch} without any update, where about "
        f"{whole(missing)} are usual.",
        "Export those days again and import them; if nobody worked then, nothing is missing.",
        tuple(gap.words for gap in found[:EXAMPLES]),
        state=gravest(["warn", state_of(days, of)])
        if any(gap.odds < SURE for gap in found)
        else "note",
        stretches=tuple(
            Stretch(gap.source, gap.first, gap.last, gap.usual, gap.odds) for gap in found
        ),
    )
    return seen(GAPS, told)


def gaps_of(stream: Stream) -> list[Gap]:
    """Return the gaps of one stream, oldest first."""
    runs = list(_runs(stream))
    spread = dispersion(stream)
    days = max(len(np.unique(stream.days)), 1)
    found = []
    for run in runs:
        weekly = _usual_week(stream, run)
        working = _part_without_days_off(stream, run) * weekly
        odds = odds_of_none(working, spread) * days
        if weekly and odds < LIKELY and not _usual(run, runs, stream):
            found.append(_gap(stream, run, run.part * weekly, odds))
    return found


def odds_of_none(expected: float, spread: float) -> float:
    """Return how likely no update is where so many are expected.

    Parameters
    ----------
    spread : variance of a count over its mean; 1 is pure chance

    Examples
    --------
    >>> round(odds_of_none(3, 1), 3), round(odds_of_none(3, 4), 3)
    (0.05, 0.25)
    """
    if spread <= 1:
        return exp(-expected)
    return exp(-expected * log(spread) / (spread - 1))


def dispersion(stream: Stream) -> float:
    """Return how much wider counts spread than chance would have them; 1 at least.

    Of days and of weeks, whichever spread wider: the updates of one ticket follow each other for
    days, so that few tickets come and go in swells.
    """
    _, days = np.unique(stream.days, return_inverse=True)
    expected = stream.profile * _smooth(stream)[stream.weeks]
    return max(1.0, *(_spread(of, stream.counts, expected) for of in (days, stream.weeks)))


def _spread(of: Ints, counts: Ints, expected: Floats) -> float:
    """Return the mean of (count - expected)²/expected over groups of buckets."""
    seen, usual = np.bincount(of, counts), np.bincount(of, expected)
    known = usual > 0
    return float(np.mean((seen[known] - usual[known]) ** 2 / usual[known])) if known.any() else 0.0


def _smooth(stream: Stream) -> Floats:
    """Return what each week usually brings: the mean of the weeks around it."""
    width = 2 * WEEKS_AROUND + 1
    ones = np.ones(width)
    sums = np.convolve(stream.by_week, ones)[WEEKS_AROUND:-WEEKS_AROUND]
    there = np.convolve(np.ones(len(stream.by_week)), ones)[WEEKS_AROUND:-WEEKS_AROUND]
    return np.asarray(sums / there, np.float64)


def _runs(stream: Stream) -> Iterator[_Run]:
    """Yield the stretches without an update that are long enough to ask about."""
    empty = np.concatenate([[0], (stream.counts == 0).astype(np.int8), [0]])
    begins, ends = np.flatnonzero(np.diff(empty) == 1), np.flatnonzero(np.diff(empty) == -1)
    usual = np.concatenate([[0.0], np.cumsum(stream.profile)])
    parts = usual[ends] - usual[begins]
    for at in np.flatnonzero(parts >= SHORTEST):
        yield _Run(int(begins[at]), int(ends[at]), float(parts[at]))


def _usual_week(stream: Stream, run: _Run) -> float:
    """Return what a week brings around a stretch: the lesser of the weeks before and after it."""
    by_week = stream.by_week
    before = _with_updates(by_week[: stream.weeks[run.begin]][::-1])
    after = _with_updates(by_week[stream.weeks[run.end - 1] + 1 :])
    if min(len(before), len(after)) < FEWEST_WEEKS:
        return 0.0
    return float(min(np.median(before), np.median(after)))


def _with_updates(weeks: Ints) -> Ints:
    return weeks[weeks > 0][:WEEKS_AROUND]


def _part_without_days_off(stream: Stream, run: _Run) -> float:
    """Return the part of a week that a stretch has, its fullest days taken for days off."""
    there = slice(run.begin, run.end)
    _, day = np.unique(stream.days[there], return_inverse=True)
    parts = np.sort(np.bincount(day, stream.profile[there]))[::-1]
    parts[:DAYS_OFF] = np.minimum(parts[:DAYS_OFF], _part_of_a_day_off(stream))
    return float(parts.sum())


def _part_of_a_day_off(stream: Stream) -> float:
    by_hour = np.bincount(stream.hours, stream.counts, HOURS_A_WEEK)
    quietest = by_hour.reshape(7, 24).sum(axis=1).min() / max(stream.counts.sum(), 1)
    return float(quietest * AS_ON_A_DAY_OFF)


def _usual(run: _Run, runs: Sequence[_Run], stream: Stream) -> bool:
    """Say whether stretches as long as this one are how the source works."""
    alike = sum(other.part >= run.part / 2 for other in runs) - 1
    return alike > HABIT * len(stream.by_week)


def _gap(stream: Stream, run: _Run, usual: float, odds: float) -> Gap:
    """Name the days of which the stretch takes more than half of what they usually bring."""
    inside = np.zeros(len(stream.counts), bool)
    inside[run.begin : run.end] = True
    days, day = np.unique(stream.days, return_inverse=True)
    taken = np.bincount(day, stream.profile * inside)
    mostly = days[taken > np.bincount(day, stream.profile) / 2]
    return Gap(stream.source, mostly[0].item(), mostly[-1].item(), usual, odds)
