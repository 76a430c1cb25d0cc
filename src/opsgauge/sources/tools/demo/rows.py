"""What the tool recorded: a row per update of a ticket, with the state after it.

Floor 3. Rows come from the steps of the plan and the moments at which work was begun and done;
what happens after the end of the time is not recorded yet.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from opsgauge.sources.tools.demo.draws import Flags, Floats, Ints, firsts
from opsgauge.sources.tools.demo.legs import Legs, Worked
from opsgauge.sources.tools.demo.people import Staff
from opsgauge.sources.tools.demo.steps import ASKED, WAIT, State, Steps, among
from opsgauge.sources.tools.demo.tickets import Tickets

SYSTEM, MONITOR, OTHERS = 0, 1, 2  # numbers of persons: two accounts, then staff, then users
NOBODY, AS_BEFORE, TAKEN_UP = -1, -2, -3  # taken up by who had it, or else by who is free
KINDS = {
    "ticket": np.int32,
    "at": np.int64,
    "state": np.int8,
    "team": np.int16,
    "agent": np.int32,
    "actor": np.int32,
}
DECIDED = among(ASKED)
NIGHTLY = 72 * 3600  # what is closed so long after its resolution was closed by a job


@dataclass(frozen=True)
class Rows:
    """Updates, by ticket and time."""

    ticket: Ints
    at: Ints  # seconds since 1970 UTC
    state: Ints
    team: Ints
    agent: Ints  # number among the staff, -1 nobody
    actor: Ints  # number among all persons

    @classmethod
    def of(cls, **columns: Any) -> "Rows":
        """Return rows with each column as small as it can be: there are millions of them."""
        return cls(**{name: column.astype(KINDS[name]) for name, column in columns.items()})

    def __len__(self) -> int:
        return len(self.ticket)

    def take(self, which: Any) -> "Rows":
        """Return some of the rows."""
        return Rows(**{f.name: getattr(self, f.name)[which] for f in fields(self)})

    @property
    def first(self) -> Flags:
        """Whether a row is the first of its ticket."""
        return firsts(self.ticket)

    @property
    def last(self) -> Flags:
        """Whether a row is the last of its ticket."""
        return firsts(self.ticket[::-1])[::-1]


def rows_of(
    tickets: Tickets, steps: Steps, legs: Legs, worked: Worked, staff: Staff, until: int
) -> Rows:
    """Return the updates recorded before `until`."""
    begun_at, arrived = _moments(tickets, steps, legs, worked)
    agent_of = np.where(worked.agent >= 0, worked.agent, staff.member(legs.team, legs.luck))
    agent = np.full(len(steps), -1)
    agent[legs.step] = agent_of
    work = steps.kind != WAIT
    queued, waits = np.flatnonzero(work & (steps.queued >= 0)), np.flatnonzero(~work)
    goes_on = steps.queued < 0
    # Work that goes on where it stood is recorded when it can go on, and stays with its person.
    taken = np.flatnonzero(work)
    moment = np.where(goes_on, arrived, begun_at)
    step = np.concatenate([queued, taken, waits])
    at = np.rint(np.concatenate([arrived[queued], moment[taken], begun_at[waits]]))
    state = np.concatenate([steps.queued[queued], steps.state[taken], steps.state[waits]])
    place = np.concatenate([2 * queued, 2 * taken + 1, 2 * waits])
    taker = np.where(goes_on, TAKEN_UP, agent)
    keeps = np.concatenate(
        [np.full(len(queued), NOBODY), taker[taken], np.full(len(waits), AS_BEFORE)]
    )
    order = np.argsort(place, kind="stable")
    order = order[at[order] < until]
    step = step[order]
    rows = Rows.of(
        ticket=steps.ticket[step],
        at=at[order],
        state=state[order],
        team=steps.team[step],
        agent=keeps[order],
        actor=np.full(len(order), SYSTEM),
    )
    return _peopled(rows, agent[step], tickets, staff)


def _moments(tickets: Tickets, steps: Steps, legs: Legs, worked: Worked) -> tuple[Floats, Floats]:
    """Return when each step began (work: was taken) and when it came (work: reached its team)."""
    n = len(steps)
    waited = np.cumsum(np.where(steps.kind == WAIT, steps.delay, 0.0))
    waited = np.append(0.0, waited)[:n]
    first = firsts(steps.ticket)
    anchor = np.where(first, np.arange(n), 0)
    anchor[legs.step] = legs.step
    anchor = np.maximum.accumulate(anchor)
    before = tickets.opened[steps.ticket].astype(np.float64)
    done = np.full(n, -1.0)
    done[legs.step] = worked.done
    after_work = steps.kind[anchor] != WAIT
    came = np.where(after_work, done[anchor], before) + (waited - waited[anchor])
    begun = came.copy()
    came[legs.step], begun[legs.step] = worked.arrived, worked.begun
    return begun, came


def carried(values: Ints, known: Flags) -> Ints:
    """Return each value, or the last known one before it; the first of a ticket must be known."""
    place = np.where(known, np.arange(len(values)), 0)
    return values[np.maximum.accumulate(place)]


def _holders(said: Ints, taken_by: Ints, first: Flags) -> Ints:
    """Return who holds each ticket, from the marks nobody, as before, and taken up again."""
    named = carried(np.where(said < NOBODY, NOBODY, said), (said >= NOBODY) | first)
    alone = (said == TAKEN_UP) & (named < 0)
    said = np.where(alone, taken_by, said)
    return carried(np.where(said < NOBODY, NOBODY, said), (said >= NOBODY) | first)


def _peopled(rows: Rows, taken_by: Ints, tickets: Tickets, staff: Staff) -> Rows:
    """Say on each row which team and person hold the ticket, and who made the update."""
    first = rows.first
    team = carried(rows.team, (rows.team >= 0) | first)
    agent = _holders(rows.agent, taken_by, first)
    reopened = rows.state == State.REOPENED
    agent = np.where(reopened & ~first, np.roll(agent, 1), agent)
    requester = tickets.requester[rows.ticket]
    asks = np.where(requester >= 0, OTHERS + staff.people + requester, MONITOR)
    before = np.where(first, -1, np.roll(rows.state, 1))
    held_before = np.where(first, -1, np.roll(agent, 1))
    actor = np.where(agent >= 0, OTHERS + agent, OTHERS + held_before)
    actor = np.where((agent < 0) & (held_before < 0), SYSTEM, actor)
    by_user = first | reopened | (before == State.WITH_USER) | (rows.state == State.CANCELLED)
    actor = np.where(by_user, asks, actor)
    decides = OTHERS + staff.people + np.maximum(requester, 0) // 11
    actor = np.where(DECIDED[before] & (before >= 0), decides, actor)
    waited = rows.at - np.roll(rows.at, 1)
    closes = rows.state == State.CLOSED
    actor = np.where(closes, np.where(waited >= NIGHTLY, SYSTEM, asks), actor)
    return Rows.of(
        ticket=rows.ticket, at=rows.at, state=rows.state, team=team, agent=agent, actor=actor
    )
