"""The one shape in which every analysis answers.

Floor 0. Web, API, command line, alert and review all read the same `Finding`.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from opsgauge.foundation.money import Money, times


class Lane(StrEnum):
    """What a finding is about, so that unlike things are not ranked together."""

    TIME = "time"
    QUALITY = "quality"
    INTEGRITY = "integrity"
    DEMAND = "demand"


@dataclass(frozen=True)
class Evidence:
    """What it takes to get the same answer again.

    `query` is the question as text, `data_version` the data it was asked of, `definition` the
    hash of the metric's paragraph ("" where no metric is behind it).
    """

    query: str
    data_version: int
    definition: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing the numbers say, with everything a doubter would ask."""

    id: str  # stable while the same thing is found again
    kind: str  # "ping_pong", "outside_limits"
    lane: Lane
    claim: str  # a sentence: who or what, did what, how much, against what
    size: float
    unit: str
    interval: tuple[float, float] | None  # where the true size lies, 95 %; None: all counted
    n: int  # tickets or periods behind it
    method: str
    evidence: Evidence
    worth_hours: float | None = None
    an_hour: Money | None = None  # what one of its hours costs; None where no rate is set
    caveats: tuple[str, ...] = field(default=())
    teams: tuple[str, ...] = ()  # that it names
    about: tuple[str, ...] = ()  # what it tells of, as conditions on tickets: "team=Network"
    odds: float | None = None  # of so much by chance, over all places looked at
    look_next: str = ""  # what to look at next
    examples: tuple[tuple[str, str], ...] = ()  # source and number of tickets to begin with
    within: tuple[date, date] | None = None  # the local days it happened in, both included
    also: tuple[str, ...] = ()  # what other detectors said of the same thing

    @property
    def worth_money(self) -> float | None:
        """What its hours to be won cost; None where it says none, or no rate is set."""
        return times(self.worth_hours, self.an_hour)

    @property
    def size_money(self) -> float | None:
        """What its size costs, where that is hours."""
        return times(self.size, self.an_hour) if self.unit == "hours" else None

    @property
    def interval_money(self) -> tuple[float, float] | None:
        """What the ends of its interval cost, where they are hours."""
        if self.interval is None or self.an_hour is None or self.unit != "hours":
            return None
        low, high = (self.an_hour.times(end).amount for end in self.interval)
        return low, high
