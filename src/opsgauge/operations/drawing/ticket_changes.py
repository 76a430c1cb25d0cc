"""What changed on a ticket from one update to the next, in words.

Floor 5, drawing. Updates that changed nothing one looks at are joined to the one before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from opsgauge.operations.drawing.svg import joined
from opsgauge.operations.drawing.words import plain
from opsgauge.operations.ticket_story import Interval, TicketStory

_ARROW = " → "
_PLAIN_FIELDS = ("priority", "category")


@dataclass(frozen=True)
class Change:
    """One row of the table of changes."""

    when: datetime
    what: Markup
    actor: str | None
    us: int  # how long it then stayed so
    kind: str
    per_mille: int  # of the longest, for the bar


def changes(story: TicketStory) -> tuple[Change, ...]:
    """Return the changes of a ticket, oldest first; the first is its opening."""
    rows: list[tuple[Interval, Markup, int]] = []
    before: Interval | None = None
    for interval in story.intervals:
        words = _opening(interval) if before is None else _difference(before, interval)
        if words:
            rows.append((interval, words, interval.elapsed_us))
        else:
            first, said, us = rows[-1]
            rows[-1] = first, said, us + interval.elapsed_us
        before = interval
    longest = max((us for _, _, us in rows), default=0) or 1
    return tuple(
        Change(one.since, words, one.actor, us, one.kind, us * 1000 // longest)
        for one, words, us in rows
    )


def _opening(interval: Interval) -> Markup:
    where = "" if interval.team is None else f" with {interval.team}"
    return Markup("opened{}").format(where)


def _difference(before: Interval, after: Interval) -> Markup:
    return Markup("; ").join(_differences(before, after))


def _differences(before: Interval, after: Interval) -> Iterator[Markup]:
    if before.kind == "done" and after.kind != "done":
        yield Markup("<b>reopened</b>")
    if before.team != after.team:
        yield _step(before.team or "no team", after.team or "no team")
    if _status(before) != _status(after):
        yield _step(_status(before), _status(after))
    yield from _naming(before, after)
    for field in _PLAIN_FIELDS:
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            yield joined([Markup("{} ").format(field), _step(plain(old), plain(new))])


def _naming(before: Interval, after: Interval) -> Iterator[Markup]:
    if before.assignee == after.assignee:
        return
    if after.assignee is None:
        yield Markup("name taken off")
    else:
        yield Markup("named: {}").format(after.assignee)


def _step(old: str, new: str) -> Markup:
    return Markup("{}{}<b>{}</b>").format(old, _ARROW, new)


def _status(interval: Interval) -> str:
    return interval.original_status or plain(interval.phase or "unknown")
