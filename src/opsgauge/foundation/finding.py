"""The one shape in which every analysis answers.

Floor 0. Web, API, command line, alert and review all read the same `Finding`.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


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
class Money:
    """An amount in a currency (ISO 4217)."""

    amount: float
    currency: str


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
    worth_money: Money | None = None
    caveats: tuple[str, ...] = field(default=())
    teams: tuple[str, ...] = ()  # that it names
    about: tuple[str, ...] = ()  # what it tells of, as conditions on tickets: "team=Network"
    odds: float | None = None  # of so much by chance, over all places looked at
    look_next: str = ""  # what to look at next
    examples: tuple[tuple[str, str], ...] = ()  # source and number of tickets to begin with
    within: tuple[date, date] | None = None  # the local days it happened in, both included
    also: tuple[str, ...] = ()  # what other detectors said of the same thing
