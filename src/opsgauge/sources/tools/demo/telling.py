"""What a tool works out by itself on every update: counts, moments, its service level flag.

Floor 3. The tool's own arithmetic, from the rows it keeps; nothing here is known to the product.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.calendars import LONG_DAY, OpenClock, Span, shifts
from opsgauge.sources.tools.demo.draws import Flags, Floats, Ints
from opsgauge.sources.tools.demo.rows import Rows, carried
from opsgauge.sources.tools.demo.steps import ON_HOLD, OVER, SOLVED, State, among
from opsgauge.sources.tools.demo.tickets import Tickets

TARGETS = {  # hours, by priority
    words.INCIDENT: (4.0, 8.0, 12.0, 24.0),
    words.REQUEST: (20.0, 30.0, 50.0, 70.0),
    words.TASK: (10.0, 20.0, 30.0, 40.0),
}
RUNS = ~among((*ON_HOLD, *SOLVED, *OVER))
IS_SOLVED, IS_OVER = among(SOLVED), among(OVER)
IS_CLOSED = among((State.CLOSED, State.RETIRED))
ROUND_THE_CLOCK = 1  # priorities above this count all hours, the others those of the office


@dataclass(frozen=True)
class Told:
    """What the tool adds to each row."""

    update: Ints  # 0 is the first of its ticket
    resolved: Ints  # seconds, -1 while unresolved
    closed: Ints
    reopened: Ints
    handed: Ints
    made_sla: Ints  # 1, 0, or -1 where no service level applies

    def take(self, which: Any) -> "Told":
        """Return some of the rows."""
        return Told(**{f.name: getattr(self, f.name)[which] for f in fields(self)})


class Promise:
    """The service level's clock: the office hours of the head office, or all hours."""

    def __init__(self, span: Span, zone: str, region: str) -> None:
        self._office = OpenClock(shifts(span, zone, region, LONG_DAY))

    def clock(self, at: Ints | Floats, always: Flags) -> Floats:
        """Return how many seconds have counted up to each moment, from some beginning."""
        return np.where(always, at, self._office.count(at))

    def moment(self, clock: Floats, always: Flags) -> Floats:
        """Return when so many seconds have counted: the other way round."""
        return np.where(always, clock, self._office.moment(clock))


def targets(tickets: Tickets) -> Floats:
    """Return the seconds within which each ticket should be resolved; inf where none apply."""
    allowed = np.full((len(words.PRACTICES), 4), np.inf)
    for practice, hours in TARGETS.items():
        allowed[practice] = np.array(hours) * 3600
    return allowed[tickets.practice, tickets.priority]


def used_clock(rows: Rows, tickets: Tickets, promise: Promise) -> Floats:
    """Return how much of its time each ticket has used when a row was written, in seconds."""
    always = tickets.priority[rows.ticket] < ROUND_THE_CLOCK
    clock = promise.clock(rows.at, always)
    runs = RUNS[rows.state]
    first = rows.first
    before = np.where(first, 0.0, np.where(np.roll(runs, 1), clock - np.roll(clock, 1), 0.0))
    total = np.cumsum(before)
    begins = carried(np.arange(len(rows)), first)
    return total - total[begins]


def told(rows: Rows, tickets: Tickets, promise: Promise) -> Told:
    """Work out what the tool shows beside each update."""
    first = rows.first
    numbers = np.arange(len(rows), dtype=np.int32)
    begins = carried(numbers, first)
    solved, over = IS_SOLVED[rows.state], IS_OVER[rows.state]
    was_solved = np.roll(solved, 1) & ~first
    reopens = was_solved & ~solved & ~over
    handed = ~first & (rows.team != np.roll(rows.team, 1))
    entered = solved & ~was_solved
    known = first | entered | (~solved & ~over)
    resolved = carried(np.where(entered, rows.at, -1), known)
    closed = np.where(IS_CLOSED[rows.state], rows.at, -1)
    allowed = targets(tickets)[rows.ticket]
    kept = (used_clock(rows, tickets, promise) <= allowed).astype(np.int8)
    return Told(
        update=numbers - begins,
        resolved=resolved,
        closed=closed,
        reopened=_counted(reopens, begins),
        handed=_counted(handed, begins),
        made_sla=np.where(np.isinf(allowed), -1, kept),
    )


def _counted(events: Flags, begins: Ints) -> Ints:
    """Count events up to each row, from the beginning of its ticket; its first row counts none."""
    total = np.cumsum(events, dtype=np.int32)
    return total - total[begins]
