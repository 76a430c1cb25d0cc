"""Plans as stretches of work: what has to be fitted into people's days, and what lies between.

Floor 3. A leg is one piece of work of one team; the waits of the plan become the gap before it.
"""

from dataclasses import dataclass

import numpy as np

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.draws import HOUR, Draws, Flags, Floats, Ints, firsts
from opsgauge.sources.tools.demo.steps import JOIN, WAIT, Steps
from opsgauge.sources.tools.demo.tickets import Tickets

GOLDEN = 0.618033988749895  # steps of it spread evenly over [0, 1)


@dataclass(frozen=True)
class Legs:
    """A row per piece of work, by ticket and order."""

    step: Ints  # its place among the steps
    ticket: Ints
    team: Ints
    effort: Floats  # seconds
    gap: Floats  # seconds from the end of the leg before, or from the opening of the ticket
    lag: Floats  # for direct work: seconds until somebody on call begins; else -1
    joins: Flags  # begins when all tasks of the ticket are done
    rank: Ints  # the lower, the sooner it is taken
    last: Flags  # no leg of this ticket follows
    luck: Floats  # a number from [0, 1) that is this ticket's and this step's, in every run

    def __len__(self) -> int:
        return len(self.step)


@dataclass(frozen=True)
class Worked:
    """When each leg reached its team, was taken, was done, and by whom; inf: not in this time."""

    arrived: Floats
    begun: Floats
    done: Floats
    agent: Ints


def legs_of(draws: Draws, tickets: Tickets, steps: Steps) -> Legs:
    """Return the work in the steps of a run."""
    at = np.flatnonzero(steps.kind != WAIT)
    ticket = steps.ticket[at]
    waited = np.cumsum(np.where(steps.kind == WAIT, steps.delay, 0.0))
    begins = np.searchsorted(steps.ticket, ticket)
    before = np.where(begins > 0, waited[np.maximum(begins, 1) - 1], 0.0)
    first = firsts(ticket)
    earlier = np.where(first, before, np.roll(waited[at], 1))
    luck = draws.uniform("leg.luck", len(tickets))[ticket] + GOLDEN * steps.order[at]
    on_call = draws.lognormal("on_call", len(tickets), 0.3, 0.6) * HOUR
    top = (tickets.priority[ticket] == 0) & (tickets.practice[ticket] == words.INCIDENT)
    lag = np.where(top, on_call[ticket], np.where(steps.direct[at], steps.delay[at], -1.0))
    return Legs(
        step=at,
        ticket=ticket,
        team=steps.team[at].astype(np.int64),
        effort=np.maximum(steps.effort[at], 60.0),
        gap=waited[at] - earlier,
        lag=lag,
        joins=steps.kind[at] == JOIN,
        rank=_ranks(tickets)[ticket],
        last=firsts(ticket[::-1])[::-1],
        luck=luck % 1.0,
    )


def _ranks(tickets: Tickets) -> Ints:
    """Return how soon each ticket is taken: incidents by priority, then the rest."""
    later = np.array([0, 1, 1, 2, 2, 2, 3])[tickets.practice]
    return tickets.priority * 2 + later
