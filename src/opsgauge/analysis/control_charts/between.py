"""Times, or how many others, between rare events: what t and g charts are drawn of.

Floor 4, analysis. Pure arithmetic: no table, no clock, no randomness.
Source: J. C. Benneyan, Number-Between g-Type Statistical Quality Control Charts, Health Care
Management Science 4, 2001; D. C. Montgomery, Introduction to Statistical Quality Control, 7th ed.,
2012, 7.3.5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

OPPOSITE = {"lower": "higher", "higher": "lower"}  # the rarer a bad thing, the longer between


@dataclass(frozen=True)
class Gap:
    """What lay before the events of one day.

    Attributes
    ----------
    day : its label
    n : events of that day
    value : what lay between two of them, and between the first and the event before: their mean
    """

    day: str
    n: int
    value: float


def gaps(days: Sequence[str], reached: Sequence[float]) -> list[Gap]:
    """Return what lay between events, day by day; several of one day are one gap, with their mean.

    Parameters
    ----------
    days : of each event, oldest first, the label of its day
    reached : of each event, how far time had come by then, or how many others had come

    Returns
    -------
    one for each day with an event; before the first event nothing is known, so it begins no gap

    Examples
    --------
    >>> for gap in gaps(["Mon", "Thu", "Thu", "Fri"], [0.0, 3.0, 3.5, 4.0]):
    ...     print(gap)
    Gap(day='Thu', n=2, value=1.75)
    Gap(day='Fri', n=1, value=0.5)
    """
    found: list[Gap] = []
    before = 0
    for day, group in groupby(range(len(days)), key=days.__getitem__):
        places = list(group)
        count = len(places) if found or before else len(places) - 1
        if count:
            start = reached[before - 1] if before else reached[0]
            found.append(Gap(day, count, (reached[places[-1]] - start) / count))
        before = places[-1] + 1
    return found


def good_between(good: str) -> str:
    """Return which way what lies between events is good, by which way their number is.

    Examples
    --------
    >>> good_between("lower"), good_between("neutral")
    ('higher', 'neutral')
    """
    return OPPOSITE.get(good, good)
