"""Events that people know of ahead, as a command or an address names them.

Floor 5.
"""

from datetime import date, timedelta

from opsgauge.analysis.forecast.layout import Event
from opsgauge.foundation.errors import QueryWrong


def event_of(text: str) -> Event:
    """Return an event written as `name=first..last`, or `name=day`.

    Raises
    ------
    QueryWrong : it is not written so

    Examples
    --------
    >>> event_of("Rollout=2026-03-02..2026-03-06").last
    datetime.date(2026, 3, 6)
    """
    name, equals, days = text.partition("=")
    first, dots, last = days.partition("..")
    try:
        begin = date.fromisoformat(first.strip())
        end = date.fromisoformat(last.strip()) if dots else begin
    except ValueError as wrong:
        raise _no_event(text) from wrong
    if not equals or not name.strip() or end < begin:
        raise _no_event(text)
    if end - begin > timedelta(days=366):
        raise QueryWrong(f"{name.strip()} lasts more than a year.", hint="Name its busy days.")
    return Event(name.strip(), begin, end)


def _no_event(text: str) -> QueryWrong:
    return QueryWrong(
        f"{text!r} is no event.", hint="Write it as Rollout=2026-03-02..2026-03-06, or one day."
    )
