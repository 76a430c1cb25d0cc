"""The timeline of a ticket: one lane for each team, in the order in which they first had it.

Floor 5, drawing. Waiting, work, pauses and what comes after, with weekends behind and handovers
as hairlines; the table of changes says the same. Moments are instants in UTC, and each is written
on the local clock of its own day: between two of them the clocks may have changed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from markupsafe import Markup

from opsgauge.log.periods import ONE_DAY, start_of_day
from opsgauge.operations.drawing.svg import joined, tag, width_of, wrapped
from opsgauge.operations.drawing.ticket_parts import hold_words
from opsgauge.operations.drawing.words import at_brief, elapsed, local
from opsgauge.operations.ticket_story import Interval, TicketStory

_MICROS = timedelta(microseconds=1)
_BAR = 20.0
_THINNEST = 1.5  # a stretch of a minute is still to be seen
_DRAWN_WEEKEND = 4.0  # pixels below which weekends would only be stripes
_NOTES = 3
_KINDS = {"wait": "waits, nobody named", "work": "worked on", "done": "resolved or closed"}


@dataclass(frozen=True)
class Shape:
    """The measures of a timeline: on a wide page, or on a phone with names above the bars."""

    width: float
    left: float
    lane: float
    top: float
    bar: float  # from the top of a lane to its bar
    label: float  # least distance of labels on the time axis
    narrow: bool = False


WIDE = Shape(1264, 200, 56, 44, 22, 104)
NARROW = Shape(358, 4, 62, 32, 32, 110, narrow=True)


@dataclass(frozen=True)
class Stretch:
    """Time a ticket spent with one team in one way, neighbours of the same kind joined."""

    team: str | None
    kind: str
    phase: str | None
    since: datetime
    until: datetime

    @property
    def us(self) -> int:
        """Its length in microseconds."""
        return (self.until - self.since) // _MICROS


def timeline(story: TicketStory, shape: Shape = WIDE) -> Markup:
    """Draw the timeline of a ticket that has at least one interval."""
    return _Timeline(story, shape).svg()


def stretches(story: TicketStory) -> list[Stretch]:
    """Return the intervals with neighbours of the same team and kind joined.

    Time after the end of a ticket that is not reopened is left out: nothing happens in it.
    """
    joined_up: list[Stretch] = []
    for interval in _lived(story.intervals):
        since = local(interval.since, "UTC")
        until = since + interval.elapsed_us * _MICROS
        last = joined_up[-1] if joined_up else None
        if last and (last.team, last.kind) == (interval.team, interval.kind):
            joined_up[-1] = Stretch(last.team, last.kind, last.phase, last.since, until)
        else:
            joined_up.append(Stretch(interval.team, interval.kind, interval.phase, since, until))
    return joined_up


def _lived(intervals: Sequence[Interval]) -> Sequence[Interval]:
    end = len(intervals)
    while end > 1 and intervals[end - 1].kind == "done":
        end -= 1
    return intervals[:end]


class _Timeline:
    """One drawing under way."""

    def __init__(self, story: TicketStory, shape: Shape) -> None:
        self.story, self.shape = story, shape
        self.zone = story.provenance.zone
        self.stretches = stretches(story)
        self.teams = list(dict.fromkeys(stretch.team for stretch in self.stretches))
        self.start = self.stretches[0].since
        self.end = max(self.stretches[-1].until, self.start + timedelta(minutes=1))
        self.bottom = shape.top + shape.lane * len(self.teams)
        self.right = shape.width - (8 if shape.narrow else 27)

    def svg(self) -> Markup:
        names = ", ".join(_team(team) for team in self.teams)
        label = (
            f"Timeline by team from {at_brief(self.start, self.zone)} to "
            f"{at_brief(self.end, self.zone)}: {names}"
        )
        parts = [
            *self._weekends(),
            *self._axis(),
            *self._bars(),
            *self._lanes(),
            *self._notes(),
        ]
        return tag(
            "svg",
            joined(parts),
            class_="chart only-narrow" if self.shape.narrow else "chart only-wide",
            viewBox=f"0 0 {self.shape.width:g} {self.bottom + 30:g}",
            role="img",
            aria_label=label,
        )

    def x(self, moment: datetime) -> float:
        inner = self.right - self.shape.left - (0 if self.shape.narrow else 15)
        first = self.shape.left + (0 if self.shape.narrow else 15)
        return first + inner * ((moment - self.start) / (self.end - self.start))

    def lane(self, team: str | None) -> float:
        return self.shape.top + self.shape.lane * self.teams.index(team)

    def _weekends(self) -> Iterator[Markup]:
        if self.x(self.start + ONE_DAY) - self.x(self.start) < _DRAWN_WEEKEND / 2:
            return
        for saturday, monday in _local_weekends(self.start, self.end, ZoneInfo(self.zone)):
            first, last = max(saturday, self.start), min(monday, self.end)
            x = self.x(first)
            height = self.bottom - self.shape.top
            yield tag(
                "rect",
                class_="c-band",
                x=x,
                y=self.shape.top,
                width=self.x(last) - x,
                height=height,
            )

    def _axis(self) -> Iterator[Markup]:
        base = self.bottom
        for moment, text in self._ticks():
            x = self.x(moment)
            yield tag("line", class_="c-base", x1=x, x2=x, y1=self.shape.top, y2=base + 10)
            yield tag("text", text, class_="ax", x=x + 4, y=base + 22)

    def _ticks(self) -> list[tuple[datetime, str]]:
        """Return the moments that get a label, far enough from each other."""
        chosen: list[tuple[datetime, str]] = []
        last = -self.shape.label
        for moment, text in _moments(self.start, self.end, ZoneInfo(self.zone)):
            x = self.x(moment)
            if x - last >= self.shape.label and x + width_of(text) < self.shape.width:
                chosen.append((moment, text))
                last = x
        return chosen

    def _lanes(self) -> Iterator[Markup]:
        for team in self.teams:
            top = self.lane(team)
            line = top + self.shape.lane
            total = elapsed(sum(one.us for one in self.stretches if one.team == team))
            yield tag("line", class_="c-grid", x1=0, x2=self.shape.width, y1=line, y2=line)
            if self.shape.narrow:
                name = wrapped(_team(team), self.shape.width - 90, lines=1)[0]
                yield tag("text", name, class_="strong halo", x=0, y=top + 18)
                yield tag("text", total, class_="halo", x=self.right, y=top + 18, text_anchor="end")
            else:
                yield from self._name(_team(team), total, top)

    def _name(self, team: str, total: str, top: float) -> Iterator[Markup]:
        lines = wrapped(team, self.shape.left - 12, 13, lines=2)
        first = top + 28 - 8 * (len(lines) - 1)
        for at, line in enumerate(lines):
            yield tag("text", line, class_="strong lane", x=0, y=first + 16 * at)
        yield tag("text", total, class_="ax", x=0, y=first + 16 * len(lines))

    def _bars(self) -> Iterator[Markup]:
        for before, after in pairwise(self.stretches):
            if before.team != after.team:
                yield self._handover(before, after)
        for stretch in self.stretches:
            yield self._bar(stretch)

    def _bar(self, stretch: Stretch) -> Markup:
        x, y = self.x(stretch.since), self.lane(stretch.team) + self.shape.bar
        width = max(self.x(stretch.until) - x, _THINNEST)
        length = elapsed(stretch.us)
        how = hold_words(stretch.phase) if stretch.kind == "hold" else _KINDS[stretch.kind]
        said = f"{_team(stretch.team)}: {how}, {length}, from {at_brief(stretch.since, self.zone)}"
        parts = [tag("title", said), _filled(stretch.kind, x, y, width)]
        if not self.shape.narrow and width > width_of(length, 11) + 6:
            parts.append(
                tag("text", length, class_="sm", x=x + width / 2, y=y + 33, text_anchor="middle")
            )
        return tag("g", *parts)

    def _handover(self, before: Stretch, after: Stretch) -> Markup:
        x = self.x(after.since)
        one, other = self.lane(before.team), self.lane(after.team)
        top, bottom = min(one, other) + self.shape.bar + _BAR, max(one, other) + self.shape.bar
        return tag("line", class_="c-hand", x1=x, x2=x, y1=top, y2=bottom)

    def _notes(self) -> Iterator[Markup]:
        """Yield what is said above the lanes; on a phone the facts above the picture say it."""
        if self.shape.narrow:
            return
        notes = _notes_of(self.story, self.stretches)
        taken = self.x(self.end) - _note_width(notes[-1])
        free = self.x(self.start) + _note_width(notes[0])
        for at, note in enumerate(notes[:_NOTES]):
            x, last = self.x(note.moment), at == len(notes) - 1
            if 0 < at < len(notes) - 1 and (x < free + 12 or x + _note_width(note) > taken - 12):
                continue
            yield from self._note(note, x, last)

    def _note(self, note: "_Note", x: float, last: bool) -> Iterator[Markup]:
        anchor, beside = ("end", x - 6) if last else ("start", x if x < 200 else x + 6)
        class_ = "c-now" if last else "c-note dotted"
        yield tag("line", class_=class_, x1=x, x2=x, y1=self.shape.top - 10, y2=self.bottom + 10)
        yield tag(
            "text", note.title, class_="note", x=beside, y=self.shape.top - 16, text_anchor=anchor
        )
        yield tag(
            "text", note.when, class_="sm", x=beside, y=self.shape.top - 3, text_anchor=anchor
        )


@dataclass(frozen=True)
class _Note:
    """What happened at a moment, to be written above the lanes."""

    moment: datetime
    title: str
    when: str


def _notes_of(story: TicketStory, lived: Sequence[Stretch]) -> list[_Note]:
    """Return the opening, the first reopening if there was one, and how it stands."""
    zone = story.provenance.zone
    first, last = lived[0], lived[-1]
    notes = [_note_at(first.since, "opened", zone)]
    again = next((b for a, b in pairwise(lived) if a.kind == "done" and b.kind != "done"), None)
    if again is not None:
        notes.append(_note_at(again.since, "reopened", zone))
    length = elapsed((last.until - first.since) // _MICROS)
    lasts = story.intervals[-1].kind != "done"
    notes.append(
        _note_at(last.until, f"now: open {length}" if lasts else f"resolved after {length}", zone)
    )
    return notes


def _note_at(moment: datetime, title: str, zone: str) -> _Note:
    return _Note(moment, title, at_brief(moment, zone))


def _note_width(note: _Note) -> float:
    return max(width_of(note.title), width_of(note.when, 11)) + 6


def _filled(kind: str, x: float, y: float, width: float) -> Markup:
    bar = tag("rect", class_=f"k-{kind}", x=x, y=y, width=width, height=_BAR)
    if kind != "hold":
        return bar
    inner = max(width - 1, 0.5)
    return bar + tag("rect", class_="k-hold-o", x=x + 0.5, y=y + 0.5, width=inner, height=_BAR - 1)


def _local_weekends(
    start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the local weekends that reach into a time, from their beginning to their end."""
    first, last = (moment.astimezone(zone).date() for moment in (start, end))
    saturday = first + (5 - first.weekday()) * ONE_DAY
    while saturday <= last:
        begin, over = (start_of_day(day, zone) for day in (saturday, saturday + 2 * ONE_DAY))
        if begin < end and start < over:
            yield begin, over
        saturday += 7 * ONE_DAY


def _moments(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, str]]:
    """Yield round moments: hours for two days, days for ten, Mondays for a season, else months."""
    days = (end - start) / ONE_DAY
    if days <= 2:
        yield from _hours(start, end, zone)
        return
    day, last = (moment.astimezone(zone).date() for moment in (start, end))
    while day <= last:
        day += ONE_DAY
        if text := _day_words(day, days):
            yield start_of_day(day, zone), text


def _hours(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, str]]:
    # A zone may be half an hour off, and its clocks may change on the way.
    moment = start.astimezone(zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    while moment < end:
        moment += timedelta(hours=1)
        yield moment, f"{moment.astimezone(zone):%a %H:%M}"


def _day_words(day: date, days: float) -> str:
    """Return the label of a local day on an axis of so many days, "" where it has none."""
    if days <= 10 or (days <= 120 and day.weekday() == 0):
        return f"{day:%a} {day.day} {day:%b}"
    return f"{day:%b %Y}" if days > 120 and day.day == 1 else ""


def _team(team: str | None) -> str:
    return "No team yet" if team is None else team
