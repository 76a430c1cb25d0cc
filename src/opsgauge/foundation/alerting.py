"""Rules of alerts as both wings speak of them: what is watched, when it fires, whom it reaches.

Floor 0. The records wing keeps them, `operations` judges by them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from opsgauge.foundation.agreed import Rules

ABOVE, BELOW = "above", "below"
KINDS: Mapping[str, str] = {
    "threshold": "a metric beyond a value",
    "forecast": "a metric that is forecast to go beyond a value",
    "signal": "a signal on a control chart",
    "target": "a target that is off track or not met",
    "notice": "an all-time high or low, or limits that may say little any more",
    "sla_risk": "open tickets that are about to break a service level",
    "burn_rate": "an error budget that is used up too fast",
    "check": "a data check that fails or warns",
    "absence": "no new records for too long",
}
OF_METRICS = ("threshold", "forecast", "signal", "target", "notice")
GUARDED = ("threshold", "forecast")  # kinds that fire on a series of values
SEVERITIES = ("info", "warning", "critical")
DRAFT, ON, MUTED, RETIRED = STATES = ("draft", "on", "muted", "retired")


@dataclass(frozen=True)
class Guard:
    """When a series of values fires, and when it is calm again.

    Attributes
    ----------
    side : "above" or "below" the limit, which itself is not beyond
    clears : the value it has to come back to; None: the limit
    lasting : periods in a row that must be beyond
    hits, of : instead, how many of the newest so many periods; 0: not asked
    windows : the mean of the newest so many periods must be beyond too, for each of them
    unusual : a value must also lie outside what its season lets expect, on the same side
    ahead : of a forecast, within how many periods; 0: no forecast
    sure : of a forecast, the chance above which it fires
    of_target : the limit is the goal of the metric's own target, as it stands each time
    """

    side: str
    limit: float
    clears: float | None = None
    lasting: int = 1
    hits: int = 0
    of: int = 0
    windows: tuple[int, ...] = ()
    unusual: bool = False
    ahead: int = 0
    sure: float = 0.0
    of_target: bool = False

    def words(self) -> str:
        """Say it beside a limit that is told elsewhere.

        Examples
        --------
        >>> Guard("above", 8.0, lasting=2, windows=(4,)).words()
        'in 2 periods in a row, and the mean of 4 too'
        >>> Guard("above", 8.0).words()
        'in one period'
        """
        if self.of:
            told = f"in {self.hits} of {self.of} periods"
        else:
            told = f"in {self.lasting} periods in a row" if self.lasting > 1 else "in one period"
        long = " and ".join(str(each) for each in self.windows)
        told = f"{told}, and the mean of {long} too" if long else told
        return f"{told}, and more than its season lets expect" if self.unusual else told


@dataclass(frozen=True)
class Escalation:
    """Whom a firing is told next where nobody has said that they saw it.

    Attributes
    ----------
    minutes : after it was told first
    to : a user's name, "role NAME" for all who have that role, or "" for whoever reads the channel
    channel : through which, "" for that of the rule
    """

    minutes: float
    to: str
    channel: str = ""

    def words(self) -> str:
        """Say it.

        Examples
        --------
        >>> Escalation(90, "role service owner", "pager").words()
        'after 1.5 h to everybody who is service owner, through pager'
        >>> Escalation(30, "", "pager").words()
        'after 30 min through pager'
        """
        after = f"{self.minutes:g} min" if self.minutes < 60 else f"{self.minutes / 60:g} h"
        role = self.to.removeprefix(A_ROLE)
        who = f"everybody who is {role}" if role != self.to else self.to
        through = f"through {self.channel}" if self.channel else ""
        whom = [*([f"to {who}"] if who else []), *([through] if through else [])]
        return f"after {after} {', '.join(whom)}"


A_ROLE = "role "


@dataclass(frozen=True)
class AlertRule:
    """A rule: what is looked at, when it fires, how grave it is, and who is told through what.

    Attributes
    ----------
    metric, statistic, segment, grain : the numbers it is of; metric empty: of all that is watched
    split : a dimension whose values are judged one by one, such as team; empty: none
    guard : of a threshold, when it fires
    hours : of SLA risk, how much open time is left at most; of absence, for how long nothing came
    at_least : of SLA risk, from how many tickets on
    about : of SLA risk, the service level; of a burn rate, the objective; of a check, its id; of
        absence, the source; empty: any
    decision, runbook : what has to be decided, and where it says how
    channel, owner : through what it is told, and to whom where the register names nobody
    escalation : whom it is told next, step by step, while nobody has said that they saw it
    """

    name: str
    kind: str
    why: str
    metric: str = ""
    statistic: str = ""
    segment: Rules = ()
    grain: str = "week"
    split: str = ""
    guard: Guard | None = None
    hours: float | None = None
    at_least: int = 1
    about: str = ""
    severity: str = "warning"
    decision: str = ""
    runbook: str = ""
    channel: str = ""
    owner: str = ""
    escalation: tuple[Escalation, ...] = ()
    number: int = 0
    made_at: str = ""
    made_by: str = ""
    steps: tuple["RuleStep", ...] = field(default=())

    def state(self, now: str) -> str:
        """Return draft, on, muted or retired at an instant, as the records write it."""
        last = self.steps[-1] if self.steps else None
        if last is None:
            return DRAFT
        if last.kind == MUTED and last.until and last.until <= now:
            return ON
        return last.kind

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        plain = {name: value for name, value in vars(self).items() if name not in _SPECIAL}
        return {
            **plain,
            "segment": [
                {"column": each.column, "values": list(each.values)} for each in self.segment
            ],
            "guard": _guard(self.guard),
            "escalation": [dict(vars(each)) for each in self.escalation],
            "steps": [dict(vars(step)) for step in self.steps],
        }


_SPECIAL = ("segment", "guard", "steps", "escalation")


def _guard(guard: Guard | None) -> dict[str, Any] | None:
    return None if guard is None else {**vars(guard), "windows": list(guard.windows)}


@dataclass(frozen=True)
class RuleStep:
    """One step of a rule's life: `kind` is on, muted or retired; `until` is of a mute alone."""

    kind: str
    why: str
    made_at: str
    made_by: str
    until: str | None = None
