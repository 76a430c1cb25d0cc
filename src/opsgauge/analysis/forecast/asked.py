"""Moments at which an open ticket could have been asked whether its promise will break.

Floor 4, analysis. One row is one clock when it had used a share of its target. A row holds what was
known then and nothing later; what became of the clock stands beside it, to learn from.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from opsgauge.analysis.forecast.clock_stages import NEVER, WORDS, Flags, Stages, Whole
from opsgauge.foundation.units import MICROS_PER_HOUR

Numbers = npt.NDArray[np.float64]
SHARES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9)  # of the target used, when a ticket is asked about
OF_THE_DAY = 4  # hours that are told apart as one
MOST = 3  # pauses or handoffs that are told apart
PAIRS = (("team", "priority"), ("priority", "hours"), ("team", "hours"), ("team", "handoffs"))
MOST_WORDS = 1_000_003  # of one column
HOURS_A_WEEK = 168
FIRST_HOUR = 4 * 24  # 1970-01-01 00:00 was a Thursday; hours of the week begin on Sunday


@dataclass(frozen=True)
class Asked:
    """Rows of clocks and moments.

    Attributes
    ----------
    clock : which clock, a place in `Stages.keys`
    place : which of SHARES it had used
    at_us : when that was
    words : what is told apart by name: WORDS, pauses, handoffs, hours and target, as numbers
    load : open clocks of its team then, as a part of what the team usually has
    codes : of each column or pair of words, the number of share and words together in a `Book`; -1
        where the book has none
    """

    clock: Whole
    place: Whole
    at_us: Whole
    words: dict[str, Whole]
    load: Numbers
    codes: dict[tuple[str, ...], Whole] = field(default_factory=dict)

    def only(self, rows: Flags | Whole) -> "Asked":
        """Return some of the rows."""
        return Asked(
            self.clock[rows],
            self.place[rows],
            self.at_us[rows],
            {name: each[rows] for name, each in self.words.items()},
            self.load[rows],
            {names: each[rows] for names, each in self.codes.items()},
        )

    def at_place(self, place: Whole) -> "Asked":
        """Return the same rows at other shares of the target, without codes."""
        return replace(self, place=place, codes={})


@dataclass(frozen=True)
class Book:
    """Numbers for the words of each column, and of pairs of them, by share of the target."""

    keys: dict[tuple[str, ...], Whole]

    def coded(self, asked: Asked) -> Asked:
        """Return rows with their codes."""
        codes = {}
        for names, known in self.keys.items():
            keys = _keys(asked, names)
            at = np.minimum(np.searchsorted(known, keys), max(len(known) - 1, 0))
            codes[names] = np.where(known[at] == keys, at, -1) if len(known) else keys * 0 - 1
        return replace(asked, codes=codes)


def book_of(asked: Asked) -> Book:
    """Return the book of all words in some rows."""
    names = (*((name,) for name in asked.words), *PAIRS)
    return Book({each: np.unique(_keys(asked, each)) for each in names})


def _keys(asked: Asked, names: tuple[str, ...]) -> Whole:
    """Return the words of some columns and the share as one number for each row."""
    keys = asked.place.astype(np.int64)
    for name in names:
        keys = keys * MOST_WORDS + asked.words[name] + 1
    return keys


def asked_at_shares(stages: Stages, zone: ZoneInfo) -> Asked:
    """Return every clock at each share of its target that it came to."""
    found = [stages.at_share(share) for share in SHARES]
    clock = np.concatenate([np.flatnonzero(rows >= 0) for rows in found])
    place = np.concatenate([np.full(int((r >= 0).sum()), at) for at, r in enumerate(found)])
    rows = np.concatenate([r[r >= 0] for r in found])
    share = np.array(SHARES)[place]
    used = share * stages.target_us[rows] - stages.before_us[rows]
    # Within a stage open time may stand still over a night; its share of the stage is near enough.
    part = np.divide(used, stages.used_us[rows], out=np.zeros(len(rows)), where=used > 0)
    lasted = stages.until_us[rows] - stages.since_us[rows]
    at_us = stages.since_us[rows] + (part * lasted).astype(np.int64)
    return _asked(stages, zone, clock, place, rows, at_us)


def asked_now(stages: Stages, zone: ZoneInfo, now_us: int) -> tuple[Asked, Numbers]:
    """Return the clocks that last and have not broken as they stand now, and the share used."""
    clock = np.flatnonzero(stages.lasts & ~stages.broken)
    rows = stages.last()[clock]
    used = stages.before_us[rows] + stages.used_us[rows]
    share = np.clip(used / np.maximum(stages.target_us[rows], 1), 0.0, 1.0)
    place = np.searchsorted(SHARES, share, side="right") - 1
    at_us = np.full(len(clock), now_us, np.int64)
    return _asked(stages, zone, clock, place, rows, at_us), share


def _asked(
    stages: Stages, zone: ZoneInfo, clock: Whole, place: Whole, rows: Whole, at_us: Whole
) -> Asked:
    words = {name: stages.words[name][rows] for name in WORDS}
    words["pauses"] = np.minimum(stages.pauses[rows], MOST)
    words["handoffs"] = np.minimum(stages.handoffs[rows], MOST)
    words["hours"] = _hours(at_us, zone)
    words["target"] = np.round(4 * np.log2(np.maximum(stages.target_us[rows], 1))).astype(np.int64)
    return Asked(clock, place, at_us, words, _load(stages, stages.words["team"][rows], at_us))


def _hours(at_us: Whole, zone: ZoneInfo) -> Whole:
    """Return which hours of the week, four by four, moments fall into, in local time."""
    if not len(at_us):
        return np.zeros(0, np.int64)
    # The zone's offset of each day, not of each moment: hours here are wide.
    day_us = 24 * MICROS_PER_HOUR
    days = at_us // day_us
    first = int(days.min())
    offsets = np.array(
        [
            datetime.fromtimestamp(day * 86_400 + 43_200, UTC).astimezone(zone).utcoffset()
            for day in range(first, int(days.max()) + 1)
        ],
        "timedelta64[us]",
    ).astype(np.int64)
    hour = (at_us + offsets[days - first]) // MICROS_PER_HOUR + FIRST_HOUR
    return (hour % HOURS_A_WEEK) // OF_THE_DAY


def _load(stages: Stages, team: Whole, at_us: Whole) -> Numbers:
    """Return the open clocks of each row's team at its moment, against their mean so far.

    The mean is over the moments asked about before, so that nothing later is in it.
    """
    made = np.ones(len(team))
    order = np.argsort(at_us, kind="stable")
    for each in np.unique(team):
        own = order[team[order] == each]
        there = stages.words["team"] == each
        came, went = (np.sort(ends[there]) for ends in (stages.since_us, _ends(stages)))
        count = np.searchsorted(came, at_us[own], side="right")
        count = count - np.searchsorted(went, at_us[own], side="right")
        mean = np.cumsum(count) / np.arange(1, len(own) + 1)
        made[own] = (count + 1) / (mean + 1)
    return made


def _ends(stages: Stages) -> Whole:
    """Return when each stage ended; the last of what lasts has not."""
    ends = stages.until_us.copy()
    last = stages.last()
    ends[last[stages.lasts]] = -NEVER
    return ends
