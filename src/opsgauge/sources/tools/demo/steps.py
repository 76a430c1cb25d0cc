"""The plan of every ticket: the steps it will take, before anybody has had time for it.

Floor 3. A step is work that waits for a person, a wait of a known length, or an end. When a step
happens is not known here: `queues.py` or `waits.py` says when work is begun and done.
"""

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any

import numpy as np

from opsgauge.sources.tools.demo.draws import Flags, Floats, Ints


class State(IntEnum):
    """The states of all practices; `WORDS` has what the tool calls them."""

    NEW = 0
    ASSIGNED = 1
    IN_PROGRESS = 2
    WITH_USER = 3
    WITH_VENDOR = 4
    WITH_CHANGE = 5
    WITH_PROBLEM = 6
    RESOLVED = 7
    REOPENED = 8
    CLOSED = 9
    CANCELLED = 10
    SUBMITTED = 11
    APPROVAL = 12
    APPROVED = 13
    FULFILMENT = 14
    DELIVERY = 15
    FULFILLED = 16
    REJECTED = 17
    OPEN = 18
    WORKING = 19
    TASKS = 20
    COMPLETED = 21
    LOGGED = 22
    ANALYSIS = 23
    DRAFT = 24
    ASSESS = 25
    AUTHORISATION = 26
    SCHEDULED = 27
    IMPLEMENTING = 28
    REVIEW = 29
    PLANNED = 30
    BUILD = 31
    GO_LIVE = 32
    ROLLING_OUT = 33
    DEPLOYED = 34
    EDITING = 35
    CHECKING = 36
    PUBLISHED = 37
    RETIRED = 38


WORDS = (
    "New",
    "Assigned",
    "In Progress",
    "On Hold - Awaiting User",
    "On Hold - Awaiting Vendor",
    "On Hold - Awaiting Change",
    "On Hold - Awaiting Problem",
    "Resolved",
    "Reopened",
    "Closed",
    "Cancelled",
    "Submitted",
    "Awaiting Approval",
    "Approved",
    "In Fulfilment",
    "Awaiting Delivery",
    "Fulfilled",
    "Rejected",
    "Open",
    "Work in Progress",
    "Awaiting Tasks",
    "Completed",
    "Logged",
    "Root Cause Analysis",
    "Draft",
    "Assess",
    "Awaiting Authorisation",
    "Scheduled",
    "Implementing",
    "Review",
    "Planned",
    "Build",
    "Awaiting Go-Live",
    "Rolling Out",
    "Deployed",
    "Editing",
    "Awaiting Review",
    "Published",
    "Retired",
)
SOLVED = (
    State.RESOLVED,
    State.FULFILLED,
    State.COMPLETED,
    State.REVIEW,
    State.DEPLOYED,
    State.PUBLISHED,
)
OVER = (State.CLOSED, State.CANCELLED, State.REJECTED, State.RETIRED)
ON_HOLD = (
    State.WITH_USER,
    State.WITH_VENDOR,
    State.WITH_CHANGE,
    State.WITH_PROBLEM,
    State.APPROVAL,
    State.DELIVERY,
)
ASKED = (State.APPROVAL, State.AUTHORISATION, State.GO_LIVE, State.CHECKING)


def among(states: tuple[State, ...]) -> Flags:
    """Return for every state, by its number, whether it is one of these.

    Examples
    --------
    >>> among((State.NEW, State.CLOSED))[[0, 1, 9]].tolist()
    [True, False, True]
    """
    return np.isin(np.arange(len(WORDS)), states)


WORK, WAIT, JOIN = 0, 1, 2  # JOIN is work that waits for the ticket's tasks first


@dataclass(frozen=True)
class Steps:
    """A row per step, by ticket and order."""

    ticket: Ints
    order: Floats
    kind: Ints
    state: Ints
    queued: Ints  # for work: the state until somebody takes it; -1 goes on where it stood
    team: Ints  # -1: as before
    effort: Floats  # for work, seconds
    delay: Floats  # for a wait its length, for direct work how soon it begins; seconds
    direct: Flags  # for work: somebody on call takes it, at any hour

    def __len__(self) -> int:
        return len(self.ticket)

    def take(self, which: Any) -> "Steps":
        """Return some of the steps."""
        return Steps(**{f.name: getattr(self, f.name)[which] for f in fields(self)})


class Planner:
    """Gathers steps; `done` puts them in order."""

    def __init__(self) -> None:
        self._parts: list[dict[str, Any]] = []

    def work(
        self, tickets: Ints, order: float, team: Any, effort: Any, states: tuple[int, int]
    ) -> None:
        """Add work of a team; `states` are the one in the queue (-1: none) and the one at work."""
        self.add(
            tickets, order, kind=WORK, team=team, effort=effort, queued=states[0], state=states[1]
        )

    def wait(self, tickets: Ints, order: float, state: Any, delay: Any, team: Any = -1) -> None:
        """Add a wait of a known length."""
        self.add(tickets, order, kind=WAIT, state=state, delay=delay, team=team)

    def end(self, tickets: Ints, order: float, state: Any) -> None:
        """Add the last step."""
        self.add(tickets, order, kind=WAIT, state=state)

    def add(self, tickets: Ints, order: Any, **columns: Any) -> None:
        """Add a step to each of the tickets."""
        self._parts.append({"ticket": tickets, "order": order, **columns})

    def done(self) -> Steps:
        """Return all steps, by ticket and order."""
        usual = {"team": -1, "effort": 0.0, "delay": 0.0, "queued": -1, "direct": False}
        columns: dict[str, Any] = {}
        for name, kind in TYPES.items():
            columns[name] = np.concatenate(
                [
                    np.broadcast_to(
                        np.asarray(part.get(name, usual.get(name)), dtype=kind),
                        (len(part["ticket"]),),
                    )
                    for part in self._parts
                ]
            )
        # Whole seconds: sums of them are exact, so a ticket's moments do not hang on the others'.
        for name in ("effort", "delay"):
            columns[name] = np.rint(columns[name])
        order = np.lexsort((columns["order"], columns["ticket"]))
        return Steps(**{name: column[order] for name, column in columns.items()})


TYPES: dict[str, Any] = {
    "ticket": np.int64,
    "order": np.float32,
    "kind": np.int8,
    "state": np.int8,
    "queued": np.int8,
    "team": np.int16,
    "effort": np.float64,
    "delay": np.float64,
    "direct": np.bool_,
}
