"""The choosers of the state line: small forms that write the address.

Floor 6. Each is a part of a sentence; opened, it offers what the data holds. Persons are no
dimension and are never among it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from opsgauge.foundation.agreed import Condition
from opsgauge.log.periods import dates_of, label_of, previous_label
from opsgauge.operations.asking import conditions, instant
from opsgauge.operations.calendars import listed_calendars
from opsgauge.operations.choices import filters, practices, splits, values_of
from opsgauge.operations.drawing.words import at_brief, days_words, named, plain
from opsgauge.web.pages.filtering import condition_words
from opsgauge.web.pages.frame import Values, View, option
from opsgauge.web.pages.tidy import COLUMN, IS

TEAM, PRACTICE = "team", "practice"
HOME = "/"
KINDS = {
    "incident": "Incidents",
    "request": "Requests",
    "problem": "Problems",
    "change": "Changes",
    "release": "Releases",
    "knowledge": "Articles",
    "task": "Tasks",
}
PAGED = ("offset",)  # another question begins at its first row
# Those that people split by first; the rest follow in the order of the table.
FIRST_SPLITS = ("priority", "team", "category", "service", "channel", "impact", "resolution_code")


def field(kind: str, name: str, label: str, value: Any, options: Iterable[Values] = ()) -> Values:
    """Return one field of a chooser."""
    return {"kind": kind, "name": name, "label": label, "value": value, "options": list(options)}


def choice(value: str, text: str) -> Values:
    """Return one option of a field."""
    return {"value": value, "text": text}


def chooser(seen: View, name: str, words: str, label: str, fields: Sequence[Values]) -> Values:
    """Return a chooser whose form keeps everything in the address but its own fields."""
    own = [each["name"] for each in fields]
    return {
        "name": name,
        "words": words,
        "label": label,
        "action": seen.address.path,
        "keep": seen.address.pairs(*own, *PAGED),
        "fields": list(fields),
        "links": [],
    }


def which_tickets(seen: View, also: Sequence[str] = ()) -> list[Any]:
    """Return "Incidents of all teams, no other filter" with its choosers, see `other_filters`."""
    kinds = practices(seen.ctx)
    kind = f"{seen.noun}s".capitalize() if len(kinds) == 1 else _kinds(seen, kinds)
    return [kind, " of ", team(seen), " with ", other_filters(seen, also=also)]


def _kinds(seen: View, kinds: Sequence[str]) -> Values:
    """Return the chooser of the practice; on Home, where one alone is usual, all are named."""
    together = f"practice={'|'.join(kinds)}" if seen.address.path == HOME else ""
    return _one_of(seen, PRACTICE, "All kinds", ("all kinds together", together), kinds)


def team(seen: View) -> Values:
    """Return the chooser of the team."""
    values = [each.value for each in values_of(seen.ctx, TEAM)]
    return _one_of(seen, TEAM, "all teams", ("all teams", ""), values)


def _one_of(
    seen: View,
    column: str,
    none: str,
    everything: tuple[str, str],
    values: Sequence[str | None],
) -> Values:
    """Return the chooser of one value of a column, which is a condition in the address.

    Parameters
    ----------
    none : what the sentence says where no value is chosen
    everything : the words of the choice of all values, and the condition that it writes
    """
    where = seen.address.all("where")
    now = _now(where, column)
    offered = [choice(_text(column, value), named(value, column)) for value in values]
    all_of_them = choice(everything[1], everything[0])
    chosen = "" if now == everything[1] else now
    if chosen and chosen not in [each["value"] for each in offered]:
        offered.insert(0, choice(chosen, _words(conditions([chosen])[0])))
    words = _words(conditions([chosen])[0]) if chosen else none
    one = field("select", "where", plain(column).capitalize(), now, [all_of_them, *offered])
    made = chooser(seen, column, words, f"Choose the {plain(column)}", [one])
    others = [("where", text) for text in where if text != now]
    return {**made, "keep": (*made["keep"], *others)}


def _now(where: Sequence[str], column: str) -> str:
    """Return the condition that a column's own chooser shows; a second one is another filter."""
    return next((text for text in where if text.startswith(f"{column}=")), "")


def other_filters(
    seen: View, words: str = "", name: str = "filters", also: Sequence[str] = ()
) -> Values:
    """Return the chooser of all filters that have none of their own; one can be added.

    Parameters
    ----------
    also : what narrows the page beside the conditions of its address, in words
    words : on the button; the filters that are on where empty
    name : two choosers of one page have two names
    """
    where = seen.address.all("where")
    own = [now for column in (TEAM, PRACTICE) if (now := _now(where, column))]
    others = [text for text in where if text not in own]
    said = ", ".join([*map(condition_words, conditions(others)), *also])
    fields = []
    if others:
        options = [choice(text, condition_words(conditions([text])[0])) for text in others]
        fields.append(field("checks", "where", "Filters that are on", others, options))
    columns = [choice(name, plain(name)) for name in filters(seen.ctx)]
    fields.append(
        field("select", COLUMN, "Add a filter on", "", [choice("", "nothing more"), *columns])
    )
    fields.append(field("text", IS, "It is (several parted by |; empty: choose from a list)", ""))
    made = chooser(seen, name, words or said or "no other filter", "Choose filters", fields)
    kept = [("where", text) for text in own]
    return {**made, "keep": (*seen.address.pairs("where", COLUMN, IS, *PAGED), *kept)}


def dates(seen: View, everything: str = "at any time") -> Values:
    """Return the chooser of the first and the last day."""
    first, last = (_day(seen, name) for name in ("from", "to"))
    if first and last:
        words = days_words(first, last)
    elif first or last:
        words = f"since {_long(first)}" if first else f"until {_long(last)}"
    else:
        words = everything
    fields = [
        field("date", "from", "First day", first.isoformat() if first else ""),
        field("date", "to", "Last day", last.isoformat() if last else ""),
    ]
    made = chooser(seen, "dates", words, "Choose the days", fields)
    return {**made, "links": presets(seen, first, last)}


def presets(seen: View, first: date | None, last: date | None) -> list[Values]:
    """Return the last month and the last quarter as links: whole ones, over before the newest
    record's month begins, in the zone of the workspace.
    """
    opened = seen.ctx.opened()
    newest = opened.periods.date_of(opened.watermark)
    found = []
    for grain in ("month", "quarter"):
        days = dates_of(previous_label(label_of(newest, grain)))
        begin, end = (day.isoformat() for day in days)
        address = seen.address.having(from_=begin, to=end, **dict.fromkeys(PAGED))
        found.append(option(f"Last {grain}", address, days == (first, last)))
    return found


def grain(seen: View, now: str, offered: Sequence[str]) -> Values:
    """Return the chooser of the period."""
    options = [choice(each, each) for each in offered]
    return chooser(
        seen,
        "period",
        now,
        "Choose the period",
        [field("select", "period", "Period", now, options)],
    )


def calendar(seen: View, now: str) -> Values:
    """Return the chooser of the calendar whose time counts."""
    lines = [line for line in listed_calendars(seen.ctx) if not line.fault]
    words = {line.name: _clock_words(line.name, line.title) for line in lines}
    options = [choice(name, text) for name, text in words.items()]
    one = field("select", "calendar", "Time counts", now, options)
    said = words.get(now, now)
    return chooser(seen, "calendar", said, "Choose when time counts", [one])


def _clock_words(name: str, title: str) -> str:
    return "elapsed time" if name == "always" else f"working time of {title}"


def as_of(seen: View, moment: Any) -> Values:
    """Return the chooser of the moment from which everything is seen, and of what was known."""
    zone = seen.ctx.workspace.zone
    known = instant("known-at", next(iter(seen.address.all("known_at")), ""), zone)
    words = f"as things stood on {at_brief(moment, zone.key)}" if moment else "as things stand"
    if known:
        words += f" and were known on {at_brief(known, zone.key)}"
    fields = [field("datetime-local", "as_of", "As things stood at", _local(moment, zone))]
    if not seen.address.all("data_version"):  # which says already what is known
        fields.append(
            field("datetime-local", "known_at", "As it was known at", _local(known, zone))
        )
    return chooser(seen, "as-of", words, "Choose the moments", fields)


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%dT%H:%M}" if moment else ""


def split(seen: View, now: str) -> Values:
    """Return the chooser of the dimension to split by."""
    options = [choice(name, plain(name)) for name in offered_splits(seen)]
    one = field("select", "by", "Split by", now, options)
    made = chooser(seen, "split", plain(now) if now else "nothing", "Choose the split", [one])
    return {**made, "action": f"{made['action']}#split"}  # the table is further down the page


def offered_splits(seen: View) -> tuple[str, ...]:
    """Return the dimensions to split by, the usual ones first."""
    there = splits(seen.ctx)
    return tuple(sorted(there, key=_place))


def _place(name: str) -> int:
    return FIRST_SPLITS.index(name) if name in FIRST_SPLITS else len(FIRST_SPLITS)


def _text(column: str, value: str | None) -> str:
    return f"{column}={'' if value is None else value}"


def _words(condition: Condition) -> str:
    if condition.column == PRACTICE and len(condition.values) == 1:
        return KINDS.get(condition.values[0] or "", "Tickets of no practice")
    return " or ".join(named(value, condition.column) for value in condition.values)


def _day(seen: View, name: str) -> date | None:
    texts = seen.address.all(name)
    return date.fromisoformat(texts[0]) if texts else None


def _long(day: date | None) -> str:
    return "" if day is None else days_words(day, day)
