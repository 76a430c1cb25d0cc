"""What every kind of ticket is drawn from: the desk, its hours, and how much there is of what.

Floor 3.
"""

from dataclasses import dataclass

import numpy as np

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.calendars import LocalHours, Span
from opsgauge.sources.tools.demo.draws import HOUR, Draws, Ints, place
from opsgauge.sources.tools.demo.organisation import Organisation
from opsgauge.sources.tools.demo.plot import Plot

SHARES = {  # of all tickets
    "incident": 0.475,
    "monitoring": 0.06,
    "request": 0.255,
    "task": 0.03,
    "problem": 0.012,
    "change": 0.06,
    "release": 0.0012,
    "article": 0.004,
    "bundle": 0.0068,  # each with six tasks
    "monday": 0.055,
}
PRIORITY_OF = np.array([[0, 1, 2], [1, 2, 2], [2, 2, 3]])  # by impact and urgency
CHANNEL_WEIGHTS = (34, 33, 18, 11, 4)
MONITORING, INTERNAL = 5, 6
STANDARD, NORMAL, EMERGENCY, IMPROVING, RELEASING = range(5)  # kinds of change
WHOLE_BUNDLE = len(words.ITEMS)


@dataclass(frozen=True)
class Coming:
    """What the blocks of tickets are drawn from."""

    draws: Draws
    organisation: Organisation
    span: Span
    plot: Plot
    tickets: int
    clocks: tuple[LocalHours, ...]

    def count(self, kind: str, least: int = 1) -> int:
        """Return how many tickets of a kind the desk has."""
        return max(least, round(self.tickets * SHARES[kind]))

    def moments(self, aspect: str, n: int, rhythm: str) -> tuple[Ints, Ints]:
        """Draw n moments and their offices, by the rhythm of each office's local hours."""
        weights = np.concatenate(
            [
                office.weight * getattr(clock, rhythm) / getattr(clock, rhythm).sum()
                for office, clock in zip(self.organisation.locations, self.clocks, strict=True)
            ]
        )
        cell = place(self.draws.uniform(f"{aspect}.moment", n), weights)
        second = self.draws.uniform(f"{aspect}.second", n) * HOUR
        opened = self.span.start + 3600 * (cell % self.span.hours) + second.astype(np.int64)
        return opened, cell // self.span.hours


def people(coming: Coming, aspect: str, n: int) -> Ints:
    """Draw who asks: some ask often, most seldom."""
    crowd = max(120, min(30_000, coming.tickets // 9))
    return (coming.draws.uniform(f"{aspect}.requester", n) ** 1.6 * crowd).astype(np.int64)


def machine(coming: Coming, aspect: str, service: Ints) -> Ints:
    """Draw the configuration item among those of the service; some tickets name none."""
    counts = np.array([len(each.machines) for each in coming.organisation.services])
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    chosen = coming.draws.uniform(f"{aspect}.machine", len(service))
    named = chosen < 0.7
    picked = first[service] + (chosen / 0.7 * counts[service]).astype(np.int64)
    return np.where(named, picked, -1)
