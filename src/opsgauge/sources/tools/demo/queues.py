"""Queues and people: a discrete-event simulation of the teams at work.

Floor 3. Each team has one queue, taken by rank and then by age; each person has shifts and days
off, takes one piece of work at a time and finishes it, over nights and weekends if need be.
"""

from dataclasses import dataclass
from heapq import heapify, heappop, heappush, heapreplace
from math import inf

import numpy as np

from opsgauge.sources.tools.demo.draws import Ints, firsts
from opsgauge.sources.tools.demo.legs import Legs, Worked
from opsgauge.sources.tools.demo.people import Staff
from opsgauge.sources.tools.demo.tickets import Tickets

ARRIVES, DONE, WAKE = 0, 1, 2


class Person:
    """Somebody at work: stretches [from, to) of presence, walked through as time goes on."""

    __slots__ = ("begins", "ends", "now", "number", "pace")

    def __init__(self, number: int, stretches: Ints, pace: float) -> None:
        self.number = number
        self.begins = [*stretches[:, 0].tolist(), inf]
        self.ends = [*stretches[:, 1].tolist(), inf]
        self.now = 0
        self.pace = pace

    def there_from(self, t: float) -> float:
        """Return the first moment from `t` on at which the person is there; `t` never falls."""
        while self.ends[self.now] <= t:
            self.now += 1
        return max(t, self.begins[self.now])

    def finishes(self, t: float, effort: float) -> float:
        """Return when work begun at `t` is done, counting only presence."""
        left, k = effort * self.pace, self.now
        while t + left > self.ends[k]:
            left -= self.ends[k] - t
            k += 1
            t = self.begins[k]
            if t == inf:
                return inf
        return t + left


@dataclass
class Team:
    """A queue of (rank, arrival, leg) and the people as (free from, place, person)."""

    waiting: list[tuple[int, float, int]]
    free: list[tuple[float, int, Person]]
    wakes: float = inf


class Floor:
    """All teams at work."""

    def __init__(self, legs: Legs, tickets: Tickets, staff: Staff, until: float) -> None:
        self.until = until
        self.events: list[tuple[float, int, int]] = []
        self.teams = [_team(staff, k) for k in range(staff.teams)]
        self._keep(legs)
        self._tie(legs, tickets)
        n = len(legs)
        self.arrived, self.begun, self.done = [inf] * n, [inf] * n, [inf] * n
        self.agent = [-1] * n

    def _keep(self, legs: Legs) -> None:
        self.team_of, self.effort = legs.team.tolist(), legs.effort.tolist()
        self.gap, self.lag = legs.gap.tolist(), legs.lag.tolist()
        self.rank, self.last = legs.rank.tolist(), legs.last.tolist()

    def _tie(self, legs: Legs, tickets: Tickets) -> None:
        """Find for each ticket with tasks the leg that waits for them."""
        self.parent = {}
        joins = legs.ticket[legs.joins]
        leg_of = dict(zip(joins.tolist(), np.flatnonzero(legs.joins).tolist(), strict=True))
        self.tasks_left = dict.fromkeys(leg_of.values(), 0)
        for leg in np.flatnonzero(legs.last).tolist():
            parent = int(tickets.parent[legs.ticket[leg]])
            if parent in leg_of:
                self.parent[leg] = leg_of[parent]
                self.tasks_left[leg_of[parent]] += 1
        self.held: dict[int, float] = {}

    def run(self, legs: Legs, tickets: Tickets) -> Worked:
        """Let the tickets come, and work until the end of the time."""
        first = np.flatnonzero(firsts(legs.ticket))
        opened = tickets.opened[legs.ticket[first]] + legs.gap[first]
        self.events = [
            (t, ARRIVES, leg) for t, leg in zip(opened.tolist(), first.tolist(), strict=True)
        ]
        heapify(self.events)
        events, until = self.events, self.until
        while events:
            t, what, which = heappop(events)
            if t >= until:
                break
            if what == ARRIVES:
                self.arrive(t, which)
            elif what == DONE:
                self.finish(t, which)
            else:
                self.teams[which].wakes = inf
                self.serve(t, which)
        return Worked(
            np.array(self.arrived), np.array(self.begun), np.array(self.done), np.array(self.agent)
        )

    def arrive(self, t: float, leg: int) -> None:
        """Put a leg into its team's queue, or hand it to whoever is on call."""
        if self.tasks_left.get(leg):
            self.held[leg] = t
            return
        self.arrived[leg] = t
        number = self.team_of[leg]
        if self.lag[leg] >= 0:
            self.begun[leg] = t + self.lag[leg]
            self.done[leg] = self.begun[leg] + self.effort[leg]
            heappush(self.events, (self.done[leg], DONE, leg))
            return
        heappush(self.teams[number].waiting, (self.rank[leg], t, leg))
        self.serve(t, number)

    def finish(self, t: float, leg: int) -> None:
        """Send the ticket on, tell its parent, and let the team take the next."""
        if not self.last[leg]:
            heappush(self.events, (t + self.gap[leg + 1], ARRIVES, leg + 1))
        elif leg in self.parent:
            waits = self.parent[leg]
            self.tasks_left[waits] -= 1
            if not self.tasks_left[waits] and waits in self.held:
                heappush(self.events, (max(t, self.held.pop(waits)), ARRIVES, waits))
        if self.lag[leg] < 0:
            self.serve(t, self.team_of[leg])

    def serve(self, t: float, number: int) -> None:
        """Give waiting legs to free people; wake the team when the next of them comes in."""
        team = self.teams[number]
        waiting, free = team.waiting, team.free
        while waiting and free[0][0] <= t:
            _, place, person = free[0]
            there = person.there_from(t)
            if there > t:
                heapreplace(free, (there, place, person))
                continue
            leg = heappop(waiting)[2]
            ready = person.finishes(t, self.effort[leg])
            self.begun[leg], self.done[leg], self.agent[leg] = t, ready, person.number
            heapreplace(free, (ready, place, person))
            heappush(self.events, (ready, DONE, leg))
        if waiting and free[0][0] < team.wakes:
            team.wakes = free[0][0]
            heappush(self.events, (team.wakes, WAKE, number))


def _team(staff: Staff, number: int) -> Team:
    people = [Person(k, staff.presence[k], staff.pace[k]) for k in staff.members[number]]
    return Team([], [(0.0, place, person) for place, person in enumerate(people)])


def work_through(legs: Legs, tickets: Tickets, staff: Staff, until: int) -> Worked:
    """Simulate the teams and return when each leg was worked on, and by whom."""
    return Floor(legs, tickets, staff, float(until)).run(legs, tickets)
