"""Truths that are done to the records: paused clocks, rushed closures, rows that are not there.

Floor 3. They change nobody's work, only what the tool was told, so no other ticket is touched.
"""

from dataclasses import dataclass, fields

import numpy as np

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.draws import HOUR, Draws, Flags, Floats, Ints
from opsgauge.sources.tools.demo.people import Staff
from opsgauge.sources.tools.demo.plot import Plot
from opsgauge.sources.tools.demo.rows import MONITOR, OTHERS, SYSTEM, Rows
from opsgauge.sources.tools.demo.steps import State, among
from opsgauge.sources.tools.demo.telling import ROUND_THE_CLOCK, Promise, targets, used_clock
from opsgauge.sources.tools.demo.tickets import Tickets

BEFORE_BREACH = 0.92  # of the time allowed
LATER = 73 * 3600  # from a resolution to its closing by the nightly job, seconds
WORTH_IT = 1800  # seconds; nobody pauses for less
RUNNING = (State.NEW, State.ASSIGNED, State.IN_PROGRESS, State.REOPENED)
CUT_SHORT = (*RUNNING, State.WITH_USER, State.WITH_VENDOR)


@dataclass(frozen=True)
class Doctor:
    """What is needed to change records."""

    draws: Draws
    tickets: Tickets
    plot: Plot
    promise: Promise
    staff: Staff
    month_ends: Ints  # early afternoon of each month's last working days
    until: int

    def paused(self, rows: Rows) -> Rows:
        """Put tickets of the pausing team on hold shortly before they breach."""
        always = self.tickets.priority[rows.ticket] < ROUND_THE_CLOCK
        used = used_clock(rows, self.tickets, self.promise)
        line = BEFORE_BREACH * targets(self.tickets)[rows.ticket]
        clock = self.promise.clock(rows.at, always)
        following = np.where(rows.last, self.until, np.roll(rows.at, -1))
        mine = (rows.team == self.plot.pausing_team) & among(RUNNING)[rows.state]
        mine &= self.tickets.practice[rows.ticket] == words.INCIDENT
        mine &= (used < line) & np.isfinite(line)
        mine &= self.draws.hits("paused_clocks", len(self.tickets), 0.85)[rows.ticket]
        reached = self.promise.moment(clock + np.where(mine, line - used, 0.0), always)
        mine &= reached < following - WORTH_IT
        at = np.flatnonzero(mine)
        held, back = reached[at].astype(np.int64), following[at] - 300
        hold = _copy(rows, at, held, State.WITH_USER)
        resumed = _copy(rows, at, back, -1)
        resumed = resumed.take(~rows.last[at])
        return merged(rows, [(hold, at + 0.3), (resumed, at[~rows.last[at]] + 0.6)])

    def rushed(self, rows: Rows) -> Rows:
        """Resolve what the rushing team holds at a month's end; much of it comes back."""
        at, when = self._caught(rows)
        luck = self.draws.uniform("month_end_rush.after", len(self.tickets))[rows.ticket[at]]
        comes_back = luck < 0.5
        away = np.where(comes_back, (0.6 + 6.0 * luck) * 24 * HOUR, 0.0).astype(np.int64)
        shift = _later(rows, at, away)
        following = np.where(rows.last[at], self.until, np.roll(rows.at, -1)[at])
        named = _with(rows, agent=self._holder(rows))
        dropped = _later(rows, at, (~comes_back).astype(np.int64)) > 0
        kept = rows.take(~dropped)
        kept = _with(kept, at=kept.at + shift[~dropped])
        back, gone = at[comes_back], at[~comes_back]
        again = (when + away)[comes_back]
        taken = np.minimum(again + 3600, (following + away)[comes_back])
        parts = [
            (_copy(named, at, when, State.RESOLVED), at + 0.2),
            (self._by_user(_copy(named, back, again, State.REOPENED)), back + 0.4),
            (_copy(named, back, taken, State.IN_PROGRESS), back + 0.6),
            (_by_job(_copy(named, gone, when[~comes_back] + LATER, State.CLOSED)), gone + 0.8),
        ]
        whole = merged(kept, parts, np.flatnonzero(~dropped))
        return whole.take(whole.at < self.until)

    def _caught(self, rows: Rows) -> tuple[Ints, Ints]:
        """Return the rows during which a ticket is cut short, one a ticket, and the moments."""
        following = np.where(rows.last, self.until, np.roll(rows.at, -1))
        luck = self.draws.uniform("month_end_rush", len(self.tickets))[rows.ticket]
        next_end = np.searchsorted(self.month_ends, rows.at)
        ends = np.append(self.month_ends, self.until)[next_end]
        when = ends + (luck * 4 * HOUR).astype(np.int64)
        mine = (rows.team == self.plot.rushing_team) & among(CUT_SHORT)[rows.state]
        mine &= self.tickets.practice[rows.ticket] == words.INCIDENT
        mine &= (rows.at < when) & (when < following - 3600) & (when < self.until) & (luck < 0.9)
        at = np.flatnonzero(mine)
        _, first = np.unique(rows.ticket[at], return_index=True)
        return at[first], when[at[first]]

    def _holder(self, rows: Rows) -> Ints:
        """Return who holds each ticket, or somebody of the team that does."""
        luck = self.draws.uniform("month_end_rush.holder", len(self.tickets))[rows.ticket]
        return np.where(rows.agent >= 0, rows.agent, self.staff.member(rows.team, luck))

    def _by_user(self, rows: Rows) -> Rows:
        """Return rows as updates of who asked for help."""
        asked = self.tickets.requester[rows.ticket]
        users = np.where(asked >= 0, OTHERS + self.staff.people + asked, MONITOR)
        return _with(rows, actor=users)

    def missing(self, rows: Rows) -> Flags:
        """Return which rows are left when the planted week is missing."""
        return (rows.at < self.plot.missing_from) | (rows.at >= self.plot.missing_until)


def _copy(rows: Rows, at: Ints, when: Ints, state: int) -> Rows:
    """Return copies of rows at other moments, in another state (-1: the same), by their holder."""
    made = rows.take(at)
    actor = np.where(made.agent >= 0, OTHERS + made.agent, SYSTEM)
    states = made.state if state < 0 else np.full(len(at), state)
    return Rows.of(
        ticket=made.ticket, at=when, state=states, team=made.team, agent=made.agent, actor=actor
    )


def _by_job(rows: Rows) -> Rows:
    """Return rows as updates of the nightly job."""
    return _with(rows, actor=np.full(len(rows), SYSTEM))


def _with(rows: Rows, **columns: Ints) -> Rows:
    """Return rows with other columns."""
    return Rows.of(**{**vars(rows), **columns})


def _later(rows: Rows, at: Ints, value: Ints) -> Ints:
    """Return for every row the value of the row `at` of its ticket that comes before it, else 0."""
    marks = np.zeros(len(rows), dtype=np.int64)
    marks[at] = value
    total = np.cumsum(marks) - marks
    begins = np.maximum.accumulate(np.where(rows.first, np.arange(len(rows)), 0))
    return total - total[begins]


def merged(rows: Rows, parts: list[tuple[Rows, Floats]], places: Ints | None = None) -> Rows:
    """Put rows between others; each comes with its place, counted in the rows they came from."""
    keys = [np.arange(len(rows)) if places is None else places, *(key for _, key in parts)]
    order = np.argsort(np.concatenate(keys), kind="stable")
    every = [rows, *(part for part, _ in parts)]
    return Rows(
        **{
            f.name: np.concatenate([getattr(part, f.name) for part in every])[order]
            for f in fields(Rows)
        }
    )
