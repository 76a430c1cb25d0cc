"""The people of the teams: how many there are, when they are there, how fast they work.

Floor 3. Teams are staffed for the work of a desk without truths, so that a truth that brings work
also brings queues.
"""

from dataclasses import dataclass

import numpy as np

from opsgauge.sources.tools.demo.calendars import DAY, Span, shifts
from opsgauge.sources.tools.demo.draws import Draws, Floats, Ints
from opsgauge.sources.tools.demo.legs import Legs
from opsgauge.sources.tools.demo.organisation import Organisation, Team

FEWEST = 2
MOST = 20_000  # people of whom a pace is drawn
LEAVES = 3  # stretches of days off in the time
LEAVE = 11 * DAY
LATE = 1200  # seconds within which the first ticket of the day is taken
PACE = 1.7  # hours of a day that an hour's work takes, with all that comes between


@dataclass(frozen=True)
class Staff:
    """Everybody who works on tickets, by number."""

    members: tuple[tuple[int, ...], ...]  # of each team
    presence: tuple[Ints, ...]  # of each person: rows [from, to)
    pace: tuple[float, ...]  # by how much work takes longer than its effort

    @property
    def teams(self) -> int:
        """How many teams there are."""
        return len(self.members)

    @property
    def people(self) -> int:
        """How many people there are."""
        return len(self.pace)

    def member(self, team: Ints, luck: Floats) -> Ints:
        """Return somebody of each team, by luck from [0, 1)."""
        counts = np.array([len(members) for members in self.members])
        first = np.array([members[0] for members in self.members])
        return first[team] + (luck * counts[team]).astype(np.int64)


def staff_for(draws: Draws, organisation: Organisation, span: Span, legs: Legs) -> Staff:
    """Staff every team for the work of the legs, with a little room to spare."""
    work = np.bincount(legs.team, np.where(legs.lag < 0, legs.effort, 0.0), len(organisation.teams))
    members: list[tuple[int, ...]] = []
    presence: list[Ints] = []
    for team, hours in zip(organisation.teams, work, strict=True):
        stretches = [shifts(span, team.zone, team.region, shift) for shift in team.shifts]
        there = sum((s[:, 1] - s[:, 0]).sum() for s in stretches) / len(stretches)
        load = hours * PACE / (there * 0.93)
        count = max(FEWEST, int(np.ceil(1.08 * load + 0.5 * np.sqrt(load))))
        members.append(tuple(range(len(presence), len(presence) + count)))
        presence += _presence(draws, team, span, stretches, count)
    pace = draws.lognormal("person.pace", MOST, PACE, 0.18)[: len(presence)]
    return Staff(tuple(members), tuple(presence), tuple(pace.tolist()))


def _presence(
    draws: Draws, team: Team, span: Span, stretches: list[Ints], count: int
) -> list[Ints]:
    """Return the presence of each member: its shift without its days off, which are staggered."""
    luck = draws.stream(f"leave.{team.name}").random((count, LEAVES))
    delays = draws.stream(f"coming.{team.name}")
    made = []
    for k in range(count):
        mine = stretches[k % len(stretches)].copy()
        mine[:, 0] += delays.integers(0, LATE, len(mine))
        kept = np.ones(len(mine), dtype=bool)
        for n in range(LEAVES):
            part = (n + (k % 4 + luck[k, n]) / 4.2) / LEAVES
            away = span.start + int(part * (span.end - span.start))
            kept &= (mine[:, 1] <= away) | (mine[:, 0] >= away + LEAVE)
        made.append(mine[kept])
    return made
