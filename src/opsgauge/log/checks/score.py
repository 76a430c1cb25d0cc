"""The data-quality score: one number from 0 to 100 for how much of what was looked at holds.

Floor 2. Pure arithmetic on what the checks saw. A weighted mean of the states' credits; a check
that had nothing to compare, or could not be made, counts neither way. While a critical check fails
the score is `HELD_AT` at most, however many others hold: a mean would hide it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from opsgauge.log.checks.seen import Seen

CREDIT = {"pass": 100, "note": 90, "warn": 50, "fail": 0}
WEIGHT = 1
CRITICAL_WEIGHT = 5
HELD_AT = 50


@dataclass(frozen=True)
class Score:
    """How good the data is, as far as it was looked at.

    Attributes
    ----------
    value : 0 to 100, rounded down, so that 100 is only what is without fault and nobody reads more
        than there is; None where no check could be made
    counted : checks behind it
    left_out : checks that had nothing to compare or could not be made
    held : a critical check fails, so that it is `HELD_AT` at most
    """

    value: int | None
    counted: int
    left_out: int
    held: bool = False


def weight_of(critical: bool) -> int:
    """Return how much a check counts for."""
    return CRITICAL_WEIGHT if critical else WEIGHT


def score(seen: Iterable[Seen]) -> Score:
    """Return the score of what checks saw.

    Examples
    --------
    >>> from opsgauge.log.checks.seen import Subject, Told, seen
    >>> holds = seen(Subject("a", "A", (), critical=True), Told(0, 9, "", ""))
    >>> warns = seen(Subject("b", "B", ()), Told(1, 100, "", ""))
    >>> score([holds, warns])
    Score(value=91, counted=2, left_out=0, held=False)
    """
    every = list(seen)
    made = [each for each in every if each.compared]
    weights = [weight_of(each.critical) for each in made]
    if not made:
        return Score(None, 0, len(every))
    got = sum(weight * CREDIT[each.state] for weight, each in zip(weights, made, strict=True))
    value = got // sum(weights)
    held = any(each.critical and each.state == "fail" for each in made)
    value = min(value, HELD_AT) if held else value
    return Score(value, len(made), len(every) - len(made), held)
