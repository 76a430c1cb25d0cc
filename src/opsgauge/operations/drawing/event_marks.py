"""The marks of events on a time chart: which are drawn, numbered, and what their numbers mean.

Floor 5, drawing. A chart holds few marks that can be read. A kind of event is marked with all its
days or not at all, so that a stretch without a mark is one without such an event; kinds that come
too often are named with how many there are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from opsgauge.operations.drawing.words import capfirst, counted, days_words, period_span
from opsgauge.operations.events import (
    CHANGE,
    DEFINITION,
    HOLIDAY,
    LEFT_OUT,
    MAJOR,
    OUTAGE,
    REBASE,
    RELEASE,
    Happening,
)

MOST = 10  # marks on one chart, for a phone's width
APART = 16  # of a chart's width: marks closer than one part are one mark
IN_ORDER = (DEFINITION, REBASE, LEFT_OUT, OUTAGE, MAJOR, RELEASE, CHANGE, HOLIDAY)
TICKETS = (RELEASE, CHANGE, MAJOR, OUTAGE)  # of which each is one of many, and is counted
_NAMED = {LEFT_OUT: "tickets left out", DEFINITION: "new definition", REBASE: "new normal"}


@dataclass(frozen=True)
class Mark:
    """One mark: its number on the chart, its periods, and what happened then."""

    number: int
    first: str
    last: str
    kinds: tuple[str, ...]
    when: str
    words: str

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "kinds": list(self.kinds)}


@dataclass(frozen=True)
class Marks:
    """The marks of a chart, and how many events of other kinds have none.

    unmarked : kind to how many events
    """

    marks: tuple[Mark, ...] = ()
    unmarked: Mapping[str, int] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """Say what is not marked; "" where all is."""
        if not self.unmarked:
            return ""
        many = " and ".join(_many(kind, count) for kind, count in self.unmarked.items())
        return f"Not marked, so that the chart can be read: {many}."

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {"marks": [each.as_json() for each in self.marks], "unmarked": {**self.unmarked}}


NONE = Marks()


def event_marks(
    periods: Mapping[str, Sequence[Happening]], labels: Sequence[str], most: int = MOST
) -> Marks:
    """Choose and number the marks of a chart, oldest first.

    Parameters
    ----------
    periods : what happened in each period
    labels : the periods of the chart, oldest first
    most : marks on the chart

    Returns
    -------
    The kinds of events, those that people decided first, as long as they fit; periods that lie
    close to each other are one mark.
    """
    place = {label: at for at, label in enumerate(labels)}
    there = {label: periods[label] for label in labels if label in periods}
    shown: list[str] = []
    unmarked: dict[str, int] = {}
    for kind in IN_ORDER:
        count = sum(each.kind == kind for group in there.values() for each in group)
        if not count:
            continue
        if len(_groups(there, place, [*shown, kind])) <= most:
            shown.append(kind)
        else:
            unmarked[kind] = count
    groups = _groups(there, place, shown)
    told = (_told(there, group, shown) for group in groups)
    return Marks(
        tuple(
            Mark(number, group[0], group[-1], kinds, _when(group[0], group[-1]), words)
            for number, (group, (kinds, words)) in enumerate(zip(groups, told, strict=True), 1)
        ),
        unmarked,
    )


def _groups(
    there: Mapping[str, Sequence[Happening]], place: Mapping[str, int], kinds: Sequence[str]
) -> list[list[str]]:
    """Return the periods with such events, those too close to each other together."""
    apart, groups = max(len(place) / APART, 1.0), list[list[str]]()
    for label, events in there.items():
        if not any(each.kind in kinds for each in events):
            continue
        if groups and place[label] - place[groups[-1][0]] < apart:
            groups[-1].append(label)
        else:
            groups.append([label])
    return groups


def _told(
    there: Mapping[str, Sequence[Happening]], group: Sequence[str], shown: Sequence[str]
) -> tuple[tuple[str, ...], str]:
    events = [each for label in group for each in there[label] if each.kind in shown]
    kinds = tuple(kind for kind in IN_ORDER if any(each.kind == kind for each in events))
    return kinds, "; ".join(happened_words(events))


def happened_words(events: Sequence[Happening]) -> Iterator[str]:
    """Yield by kind what happened: tickets counted, else in words.

    Examples
    --------
    >>> from datetime import date
    >>> days = [Happening(date(2026, 2, day), RELEASE, f"R{day}") for day in (2, 3)]
    >>> list(happened_words([*days, Happening(date(2026, 2, 17), HOLIDAY, "Carnival")]))
    ['2 releases', 'holiday: Carnival']
    """
    ordered = sorted(events, key=lambda each: IN_ORDER.index(each.kind))
    for kind, group in groupby(ordered, key=lambda each: each.kind):
        texts = list(dict.fromkeys((each.source, each.text) for each in group))
        if kind in TICKETS:
            yield _many(kind, len(texts))
        else:
            yield f"{_NAMED.get(kind, kind)}: {', '.join(text for _, text in texts)}"


def _many(kind: str, count: int) -> str:
    named = _NAMED.get(kind)
    return f"{named} ({count})" if named else counted(count, kind)


def _when(first: str, last: str) -> str:
    """Return in which days a mark lies, briefly.

    Examples
    --------
    >>> _when("2026-W08", "2026-W08"), _when("2026-02", "2026-02")
    ('16 to 22 Feb 2026', '1 to 28 Feb 2026')
    """
    begin, end = period_span(first), period_span(last)
    return capfirst(days_words(begin[0], end[1])) if begin and end else first
