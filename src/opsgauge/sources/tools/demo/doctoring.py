"""Truths that are done to the records: paused clocks, rushed closures, rows that are not there.

Floor 3. They change nobody's work, only what the tool was told, so no other ticket is touched.
"""

from dataclasses import dataclass, fields

import numpy as np

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.draws import HOUR, Draws, Flags, Floats, Ints
from opsgauge.sources.tools.demo.plot import Plot
from opsgauge.sources.tools.demo.rows import OTHERS, SYSTEM, Rows
from opsgauge.sources.tools.demo.steps import State
from opsgauge.sources.tools.demo.telling import Promise, targets, used_clock
from opsgauge.sources.tools.demo.tickets import Tickets

BEFORE_BREACH = 0.92  # of the time allowed
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
    month_ends: Ints  # early afternoon of each month's last working day
    until: int

    def paused(self, rows: Rows) -> Rows:
        """Put tickets of the pausing team on hold shortly before they breach."""
        always = self.tickets.priority[rows.ticket] < 2
        used = used_clock(rows, self.tickets, self.promise)
        line = BEFORE_BREACH * targets(self.tickets)[rows.ticket]
        clock = self.promise.clock(rows.at, always)
        following = np.where(rows.last, self.until, np.roll(rows.at, -1))
        mine = (rows.team == self.plot.pausing_team) & np.isin(rows.state, RUNNING)
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
        dropped = _later(rows, at, (~comes_back).astype(np.int64)) > 0
        kept = rows.take(~dropped)
        kept = Rows(**{**vars(kept), "at": kept.at + shift[~dropped]})
        back, gone = at[comes_back], at[~comes_back]
        again = (when + away)[comes_back]
        taken = np.minimum(again + 3600, (following + away)[comes_back])
        parts = [
            (_copy(rows, at, when, State.RESOLVED), at + 0.2),
            (_copy(rows, back, again, State.REOPENED), back + 0.4),
            (_copy(rows, back, taken, State.IN_PROGRESS), back + 0.6),
            (_closed(_copy(rows, gone, when[~comes_back] + 73 * 3600, State.CLOSED)), gone + 0.8),
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
        mine = (rows.team == self.plot.rushing_team) & np.isin(rows.state, CUT_SHORT)
        mine &= (self.tickets.practice[rows.ticket] == words.INCIDENT) & (rows.agent >= 0)
        mine &= (rows.at < when) & (when < following - 3600) & (when < self.until) & (luck < 0.75)
        at = np.flatnonzero(mine)
        _, first = np.unique(rows.ticket[at], return_index=True)
        return at[first], when[at[first]]

    def missing(self, rows: Rows) -> Flags:
        """Return which rows are left when the planted week is missing."""
        return (rows.at < self.plot.missing_from) | (rows.at >= self.plot.missing_until)


def _copy(rows: Rows, at: Ints, when: Ints, state: int) -> Rows:
    """Return copies of rows at other moments, in another state (-1: the same), by their holder."""
    made = rows.take(at)
    actor = np.where(made.agent >= 0, OTHERS + made.agent, SYSTEM)
    states = made.state if state < 0 else np.full(len(at), state)
    return Rows(made.ticket, when, states, made.team, made.agent, actor)


def _closed(rows: Rows) -> Rows:
    return Rows(**{**vars(rows), "actor": np.full(len(rows), SYSTEM)})


def _later(rows: Rows, at: Ints, value: Ints) -> Ints:
    """Return for every row the value of the row `at` of its ticket that comes before it, else 0."""
    marks = np.zeros(len(rows), dtype=np.int64)
    marks[at] = value
    total = np.cumsum(marks) - marks
    begins = np.maximum.accumulate(np.where(rows.first, np.arange(len(rows)), 0))
    return total - total[begins]


def merged(
    rows: Rows, parts: list[tuple[Rows, Floats]], places: Ints | None = None
) -> Rows:
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
