"""Findings in lanes, each ranked in its own right; and the one thing to do this week.

Floor 5. Hours and quality are not to be weighed against each other, so there is no rank over all.
In a lane, what can be won back comes first, by its hours; the rest by how unlikely it is by chance.
Two detectors that tell of the same thing are told once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any

from opsgauge.foundation.finding import Finding, Lane
from opsgauge.foundation.money import money_words
from opsgauge.foundation.units import whole

LANES = (Lane.TIME, Lane.QUALITY, Lane.INTEGRITY, Lane.DEMAND)
# Kinds that may be two looks at one thing, where they name the same.
FAMILIES: dict[str, str] = {"ping_pong": "to and fro", "sent_back": "to and fro"}
# How much it takes to end it: 1 a rule or an agreement, 2 a habit, 3 a cause that must be found.
EFFORT: dict[str, tuple[int, str]] = {
    "wrong_first_queue": (1, "changing one rule of routing"),
    "ping_pong": (1, "one agreement between two teams"),
    "sent_back": (2, "an agreement on what must be written before a ticket is passed on"),
    "slower_service": (3, "finding out what changed, and undoing it"),
}
USUAL_EFFORT = (3, "finding its cause")


@dataclass(frozen=True)
class OneThing:
    """The finding to begin with, and why it is that one."""

    finding: Finding
    effort: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {"id": self.finding.id, "effort": self.effort, "reason": self.reason}


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings lane by lane, each lane with what matters most first, nothing told twice."""
    ordered = sorted(findings, key=_rank)
    kept: list[Finding] = []
    for finding in ordered:
        at = next((k for k, other in enumerate(kept) if _same(other, finding)), None)
        if at is None:
            kept.append(finding)
        else:
            told = (*kept[at].also, finding.claim, *finding.also)
            kept[at] = replace(kept[at], also=told)
    return tuple(kept)


def lanes(findings: Sequence[Finding]) -> dict[Lane, tuple[Finding, ...]]:
    """Return the findings of each lane, in their order; lanes without any too."""
    return {lane: tuple(each for each in findings if each.lane is lane) for lane in LANES}


def one_thing(findings: Sequence[Finding]) -> OneThing | None:
    """Return the finding with most hours to be won for least effort; None where none says hours.

    Examples
    --------
    >>> one_thing([]) is None
    True
    """
    worth = [each for each in findings if each.worth_hours]
    if not worth:
        return None
    best = max(worth, key=lambda each: ((each.worth_hours or 0.0) / _effort(each)[0], each.id))
    effort = _effort(best)[1]
    most = max(worth, key=lambda each: (each.worth_hours or 0.0, each.id))
    reason = f"It is worth {_worth(best)}, and ending it takes {effort}."
    if most is not best:
        reason += f" Another one is worth more, {_worth(most)}, but takes {_effort(most)[1]}."
    elif len(worth) > 1:
        reason += " No other finding is worth as much for its effort."
    return OneThing(best, effort, reason)


def stand_out(findings: Sequence[Finding], most: int = 3) -> tuple[Finding, ...]:
    """Return the few findings to show first: the one to begin with, then the first of each lane."""
    one = one_thing(findings)
    firsts = [own[0] for own in lanes(findings).values() if own]
    told = [one.finding, *firsts] if one else firsts
    return tuple({each.id: each for each in told}.values())[:most]


def _worth(finding: Finding) -> str:
    money = money_words(finding.worth_hours, finding.an_hour)
    hours = f"{whole(finding.worth_hours or 0)} hours"
    return f"{hours} or {money}" if money else hours


def _effort(finding: Finding) -> tuple[int, str]:
    return EFFORT.get(finding.kind, USUAL_EFFORT)


def _rank(finding: Finding) -> tuple[int, float, float, str]:
    odds = inf if finding.odds is None else finding.odds
    return (LANES.index(finding.lane), -(finding.worth_hours or 0.0), odds, finding.id)


def _same(one: Finding, other: Finding) -> bool:
    """Say whether two findings tell of the same thing: one kind of it, of the same teams."""
    if one.lane is not other.lane or _family(one) != _family(other):
        return False
    if one.kind == other.kind:
        return one.about == other.about and one.within == other.within and one.unit == other.unit
    return bool(set(one.teams) & set(other.teams))


def _family(finding: Finding) -> str:
    return FAMILIES.get(finding.kind, finding.kind)
