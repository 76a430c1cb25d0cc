"""Guards against alerts that come and go: for so long, k of n, several windows, hysteresis.

Floor 4, analysis. Pure arithmetic on a series, oldest value first.
Source: Google, The Site Reliability Workbook, 2018, chapter 5 (alerting on several windows).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from opsgauge.foundation.alerting import ABOVE, Guard

Values = Sequence[float | None]


@dataclass(frozen=True)
class Stretch:
    """From which value on a rule fires, and the first at which it is calm; None: it still fires."""

    first: int
    cleared: int | None = None


def stretches(values: Values, guard: Guard, usual: Values | None = None) -> list[Stretch]:
    """Return the stretches in which a rule fires.

    Parameters
    ----------
    values : shape (n,), one per period, oldest first; None where a period says nothing: it is not
        beyond the limit, breaks a run, and does not make anything calm
    usual : shape (n,), of each period the end of what its season lets expect on the guard's side;
        a value within it is not beyond, whatever the limit; None where nothing is expected

    Examples
    --------
    >>> stretches([1, 9, 7, 9, 4, None, 9], Guard("above", 8, clears=5))
    [Stretch(first=1, cleared=4), Stretch(first=6, cleared=None)]
    >>> stretches([9, 9], Guard("above", 8), usual=[10, 8.5])  # the first was to be expected
    [Stretch(first=1, cleared=None)]
    """
    beyond = [_is_beyond(value, guard) for value in values]
    if usual is not None:
        unlike = [
            each is None or _is_past(values[at], each, guard) for at, each in enumerate(usual)
        ]
        beyond = [far and odd for far, odd in zip(beyond, unlike, strict=True)]
    found: list[Stretch] = []
    first: int | None = None
    for place, value in enumerate(values):
        if first is None and _fires(values, beyond, place, guard):
            first = place
        elif first is not None and (
            _is_calm(value, guard)
            or (value is not None and usual is not None and not beyond[place])
        ):
            found.append(Stretch(first, place))
            first = None
    return found if first is None else [*found, Stretch(first)]


def crossings_of(values: Values, guard: Guard) -> list[int]:
    """Return where a series goes beyond the limit, having been on this side before.

    Examples
    --------
    >>> crossings_of([9, 7, None, 9, 9, 8, 9], Guard("above", 8))
    [3, 6]
    """
    found, inside = [], False
    for place, value in enumerate(values):
        if value is None:
            continue
        beyond = _is_beyond(value, guard)
        if beyond and inside:
            found.append(place)
        inside = not beyond
    return found


def _fires(values: Values, beyond: Sequence[bool], place: int, guard: Guard) -> bool:
    """Say whether a rule begins to fire at a value, seen by itself."""
    if not beyond[place]:
        return False
    upto = beyond[: place + 1]
    if guard.of:
        enough = sum(upto[-guard.of :]) >= guard.hits
    else:
        enough = len(upto) >= guard.lasting and all(upto[-guard.lasting :])
    newest = values[: place + 1]
    return enough and all(_mean_is_beyond(newest, window, guard) for window in guard.windows)


def _mean_is_beyond(newest: Values, window: int, guard: Guard) -> bool:
    known = [value for value in newest[-window:] if value is not None]
    return len(known) == window and _is_beyond(fmean(known), guard)


def _is_beyond(value: float | None, guard: Guard) -> bool:
    return _is_past(value, guard.limit, guard)


def _is_past(value: float | None, limit: float, guard: Guard) -> bool:
    if value is None:
        return False
    return value > limit if guard.side == ABOVE else value < limit


def _is_usual(beyond: bool, value: float | None, usual: Values | None) -> bool:
    return usual is not None and value is not None and not beyond


def _is_calm(value: float | None, guard: Guard) -> bool:
    if value is None:
        return False
    if guard.clears is None:
        return not _is_beyond(value, guard)
    return value < guard.clears if guard.side == ABOVE else value > guard.clears
