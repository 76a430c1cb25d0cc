"""Queues without people: for desks too large to follow everybody, waits are drawn, not simulated.

Floor 3. A leg begins when its team is there and a drawn wait is over, and lasts its effort in the
team's hours. Teams are as good at all volumes: what one ticket takes, no other has to wait for.
"""

import numpy as np

from opsgauge.sources.tools.demo.calendars import OpenClock, Span, shifts
from opsgauge.sources.tools.demo.draws import HOUR, Floats, Ints, firsts
from opsgauge.sources.tools.demo.legs import GOLDEN, Legs, Worked
from opsgauge.sources.tools.demo.organisation import Organisation
from opsgauge.sources.tools.demo.people import PACE, Staff
from opsgauge.sources.tools.demo.tickets import Tickets

MEAN_WAIT = 1.4 * HOUR  # in the team's hours, at the middle rank
MIDDLE_RANK = 5.0


class Waits:
    """Draws when each leg is worked on."""

    def __init__(self, organisation: Organisation, span: Span, tickets: Tickets) -> None:
        self._tickets = tickets
        self._clocks = [
            OpenClock(shifts(span, team.zone, team.region, (team.shifts[0][0], team.shifts[-1][1])))
            for team in organisation.teams
        ]

    def work_through(self, legs: Legs, staff: Staff) -> Worked:
        """Return when each leg was worked on, and by whom."""
        n = len(legs)
        whole = Worked(
            np.full(n, np.inf),
            np.full(n, np.inf),
            np.full(n, np.inf),
            staff.member(legs.team, legs.luck),
        )
        first = np.flatnonzero(firsts(legs.ticket))
        joined = np.isin(legs.ticket[first], legs.ticket[legs.joins])
        ready = np.zeros(len(self._tickets))  # when all tasks of a ticket are done
        self._rounds(legs, whole, first[~joined], ready)
        ends = np.flatnonzero(legs.last)
        parents = self._tickets.parent[legs.ticket[ends]]
        has = parents >= 0
        np.maximum.at(ready, parents[has], whole.done[ends][has])
        self._rounds(legs, whole, first[joined], ready)
        return whole

    def _rounds(self, legs: Legs, whole: Worked, leg: Ints, ready: Floats) -> None:
        """Work on the first legs, then on the second ones, as long as there are any."""
        came = self._tickets.opened[legs.ticket[leg]] + legs.gap[leg]
        while len(leg):
            joins = legs.joins[leg]
            came = np.where(joins, np.maximum(came, ready[legs.ticket[leg]]), came)
            whole.arrived[leg] = came
            whole.begun[leg], whole.done[leg] = self._work(legs, leg, came)
            goes_on = leg[~legs.last[leg]]
            came = whole.done[goes_on] + legs.gap[goes_on + 1]
            leg = goes_on + 1

    def _work(self, legs: Legs, leg: Ints, came: Floats) -> tuple[Floats, Floats]:
        """Return when legs that came at these moments begin and are done."""
        begun = came + np.maximum(legs.lag[leg], 0.0)
        done = begun + legs.effort[leg]
        wait = -np.log1p(-legs.luck[leg] * 0.9999) * MEAN_WAIT * legs.rank[leg] / MIDDLE_RANK
        pace = PACE * (0.8 + 0.4 * ((legs.luck[leg] + GOLDEN) % 1.0))
        on_duty = legs.lag[leg] < 0
        for number, clock in enumerate(self._clocks):
            mine = np.flatnonzero(on_duty & (legs.team[leg] == number))
            count = clock.count(came[mine]) + wait[mine]
            begun[mine] = np.maximum(clock.moment(count), came[mine])
            done[mine] = clock.moment(count + legs.effort[leg[mine]] * pace[mine])
        return begun, done
