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


def stretches(values: Values, guard: Guard) -> list[Stretch]:
    """Return the stretches in which a rule fires.

    Parameters
    ----------
    values : shape (n,), one per period, oldest first; None where a period says nothing: it is not
        beyond the limit, breaks a run, and does not make anything calm

    Examples
    --------
    >>> stretches([1, 9, 7, 9, 4, None, 9], Guard("above", 8, clears=5))
    [Stretch(first=1, cleared=4), Stretch(first=6, cleared=None)]
    """
    found: list[Stretch] = []
    first: int | None = None
    for place, value in enumerate(values):
        if first is None and fires(values, place, guard):
            first = place
        elif first is not None and _is_calm(value, guard):
            found.append(Stretch(first, place))
            first = None
    return found if first is None else [*found, Stretch(first)]


def fires(values: Values, place: int, guard: Guard) -> bool:
    """Say whether a rule begins to fire at a value, seen by itself."""
    if not _is_beyond(values[place], guard):
        return False
    newest = values[: place + 1]
    if guard.of:
        enough = sum(_is_beyond(value, guard) for value in newest[-guard.of :]) >= guard.hits
    else:
        run = newest[-guard.lasting :]
        enough = len(run) == guard.lasting and all(_is_beyond(value, guard) for value in run)
    return enough and all(_mean_is_beyond(newest, window, guard) for window in guard.windows)


def _mean_is_beyond(newest: Values, window: int, guard: Guard) -> bool:
    known = [value for value in newest[-window:] if value is not None]
    return len(known) == window and _is_beyond(fmean(known), guard)


def _is_beyond(value: float | None, guard: Guard) -> bool:
    if value is None:
        return False
    return value > guard.limit if guard.side == ABOVE else value < guard.limit


def _is_calm(value: float | None, guard: Guard) -> bool:
    if value is None:
        return False
    if guard.clears is None:
        return not _is_beyond(value, guard)
    return value < guard.clears if guard.side == ABOVE else value > guard.clears
