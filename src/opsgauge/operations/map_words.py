"""What differs between two process maps, in words.

Floor 5.
"""

from opsgauge.analysis.mining.map_differences import Difference, Effect, Key, Passed, Tested
from opsgauge.foundation.units import percent
from opsgauge.operations.drawing.map_choice import step_name
from opsgauge.operations.drawing.words import Said, capfirst, seconds

_POINTS = 100


def key_words(key: Key, steps: str) -> str:
    """Return the name of a step or of a way.

    Examples
    --------
    >>> key_words(("new", "in_progress"), "phase"), key_words(("new",), "phase")
    ('New → In progress', 'New')
    >>> key_words(("Desk", "Desk"), "team")
    'Desk ↻ stays'
    """
    names = [step_name(step, steps) for step in key]
    if len(names) > 1 and key[0] == key[1]:
        return f"{names[0]} ↻ stays"
    return " → ".join(names)


def flow_words(row: Difference, effect: Effect) -> str:
    """Return a difference of shares with its interval, where it is told.

    Examples
    --------
    >>> test = Tested(0.052, 0.04, 0.064, 0.001, 0.01, "more")
    >>> flow_words(Difference(("new",), Passed(), Passed(), test, None), Effect())
    '+5.2 points (+4.0 to +6.4)'
    """
    test = row.flow
    if test is None:
        return "too few"
    if row.undecided(effect):
        return "unfinished tickets decide"
    size, low, high = (f"{_POINTS * each:+.1f}" for each in (test.size, test.low, test.high))
    return f"{size} points ({low} to {high})" if test.said else "no difference told"


def time_words(test: Tested | None) -> str:
    """Return a factor of time with its interval, where it is told.

    Examples
    --------
    >>> time_words(Tested(1.5, 1.25, 1.75, 0.001, 0.01, "slower"))
    '1.50 times as long (1.25 to 1.75)'
    """
    if test is None:
        return "too few"
    if not test.said:
        return "no difference told"
    return f"{test.size:.2f} times as long ({test.low:.2f} to {test.high:.2f})"


def time_said(test: Tested | None) -> Said | None:
    """Return which mark a difference of time bears; None where nothing is told."""
    tones = {"slower": "concern", "faster": "improve"}
    return Said(tones[test.said], capfirst(test.said)) if test and test.said else None


def typical_words(passed: Passed) -> str:
    """Return the geometric mean of a side's times; empty where nothing has ended."""
    typical = passed.typical_seconds
    return "" if typical is None else seconds(typical)


def share_words(passed: Passed, tickets: int) -> str:
    """Return the share of a side's tickets that passed."""
    return percent(passed.tickets / tickets) if tickets else ""
