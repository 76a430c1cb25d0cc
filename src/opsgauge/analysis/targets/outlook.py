"""Where a metric stands against its target, and where it will at the review.

Floor 4, analysis. Before the review the value at its period is forecast: by the line of least
squares through the periods since the target began where that line surely slopes, else by their
mean. Extrapolating a slope that noise made would tell of a miss or of a success that nobody sees.

Sources: Montgomery, Introduction to linear regression analysis, 2012, 2.5 (the interval of one
further observation); the words of the states as ServiceNow's targets have them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from scipy.special import stdtr, stdtrit

FEWEST = 6  # periods since the target began, before anything is forecast
SURE = 0.05  # a slope is believed where noise alone would make one less often
COVERS = 0.8  # of the values at the review, how many lie in the interval


class State(StrEnum):
    """How a target is doing."""

    TOO_EARLY = "too early"
    ON_TRACK = "on track"
    OFF_TRACK = "off track"
    MET = "met"
    NOT_MET = "not met"
    NO_DATA = "no data"


@dataclass(frozen=True)
class Outlook:
    """A state, with what it rests on.

    Attributes
    ----------
    value : the newest value, or the one at the review where that is over
    forecast, low, high : the value expected at the review, and an interval that holds 80 % of them
    n : how many periods it rests on
    """

    state: State
    value: float | None = None
    forecast: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0


def outlook(
    values: Sequence[float | None], goal: float, good: str, ahead: int | None, over: bool = False
) -> Outlook:
    """Say how a target is doing.

    Parameters
    ----------
    values : of the whole periods since it began, in order; None where a period has no value
    goal : the value to reach
    good : "lower" or "higher": the direction that is better
    ahead : how many periods the review's lies after the last of `values`; None without a review
    over : the review has been; the last of `values` is its period

    Examples
    --------
    >>> outlook([9, 8, 7, 6, 5, 4], 3, "lower", 2).state
    <State.ON_TRACK: 'on track'>
    >>> outlook([5, 5, 6, 5, 5, 5], 3, "lower", 2).state
    <State.OFF_TRACK: 'off track'>
    >>> outlook([5, 5], 3, "lower", 9).state
    <State.TOO_EARLY: 'too early'>
    >>> outlook([5, 2.9], 3, "lower", None).state
    <State.MET: 'met'>
    """
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if over or ahead is None:
        last = values[-1] if values else None
        if last is None:
            return Outlook(State.NO_DATA, n=len(known))
        reached = State.MET if meets(last, goal, good) else State.NOT_MET
        return Outlook(reached, last, n=len(known))
    newest = known[-1][1] if known else None
    if len(known) < FEWEST:
        return Outlook(State.TOO_EARLY, newest, n=len(known))
    forecast, spread = _expected(known, len(values) - 1 + ahead)
    state = State.ON_TRACK if meets(forecast, goal, good) else State.OFF_TRACK
    return Outlook(state, newest, forecast, forecast - spread, forecast + spread, len(known))


def meets(value: float, goal: float, good: str) -> bool:
    """Say whether a value is at its goal or better."""
    return value <= goal if good == "lower" else value >= goal


def _expected(known: Sequence[tuple[int, float]], place: int) -> tuple[float, float]:
    """Return the value expected at a place, and half the width of its interval."""
    at, values = [float(x) for x, _ in known], [y for _, y in known]
    n, mean, middle = len(known), math.fsum(values) / len(known), math.fsum(at) / len(known)
    across = math.fsum((x - middle) ** 2 for x in at)
    slope = math.fsum((x - middle) * (y - mean) for x, y in known) / across
    rest = math.fsum((y - mean - slope * (x - middle)) ** 2 for x, y in known)
    if _is_sure(slope, math.sqrt(rest / (n - 2) / across), n):
        sigma = math.sqrt(rest / (n - 2))
        expected, free = mean + slope * (place - middle), n - 2
        width = math.sqrt(1 + 1 / n + (place - middle) ** 2 / across)
    else:
        sigma = math.sqrt(math.fsum((y - mean) ** 2 for y in values) / (n - 1))
        expected, free, width = mean, n - 1, math.sqrt(1 + 1 / n)
    return expected, float(stdtrit(free, (1 + COVERS) / 2)) * sigma * width


def _is_sure(slope: float, error: float, n: int) -> bool:
    """Say whether noise alone would hardly make such a slope."""
    if error == 0:
        return slope != 0
    return bool(2 * stdtr(n - 2, -abs(slope) / error) < SURE)
