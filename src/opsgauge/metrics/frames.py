"""Stretches of time that a question measures in place of plain periods: one value of each.

Floor 3. Rolling windows overlap, a period to date ends in the middle of a day, and a shift sets
two stretches side by side. Each becomes a frame, two instants with a name, and records are counted
in every frame that holds them: nothing is made of the numbers of other periods. A stock is counted
when its frame ends; its average within a period has one frame for the end of each day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import chain

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.errors import QueryWrong
from opsgauge.log.periods import (
    ALL,
    ONE_DAY,
    Periods,
    dates_of,
    labels_between,
    period_ends_table,
    start_of_day,
)
from opsgauge.metrics.question import AVERAGE, FIRST, Question
from opsgauge.metrics.shifts import (
    same_point,
    shifted_label,
    stretch_before,
    window_start,
    window_words,
)
from opsgauge.warehouse.portable import micros_at

MOST = 20_000  # frames of one question


@dataclass(frozen=True)
class Frame:
    """One stretch of time: from the start of its first day to an instant on its last.

    Attributes
    ----------
    label : what the answer calls it: a period's label, or `all`
    key : what the query calls it; two frames of one label differ in it
    end_us : exclusive
    whole : it neither begins before the records do nor lasts beyond them
    """

    label: str
    key: str
    first: date
    last: date
    start_us: int
    end_us: int
    whole: bool = True


@dataclass(frozen=True)
class Framed:
    """The frames of a question: one for each value, and for each the one it is set against.

    Attributes
    ----------
    beside : key of a frame -> the frame it is set against, where there is one
    left_out : how many windows begin before the records do
    """

    frames: tuple[Frame, ...]
    beside: Mapping[str, Frame] = field(default_factory=dict)
    left_out: int = 0

    @property
    def all(self) -> tuple[Frame, ...]:
        """Every frame that is measured, once."""
        there = {frame.key: frame for frame in chain(self.frames, self.beside.values())}
        return tuple(there.values())

    def find(self, label: str | None, shifted: bool = False) -> Frame:
        """Return the frame of a value, or the one it is set against.

        Raises
        ------
        QueryWrong : there is none
        """
        own = next((frame for frame in self.frames if frame.label == label), None)
        found = self.beside.get(own.key) if own and shifted else own
        if found is None:
            told = "nothing to set it against" if own else "no such period in the answer"
            raise QueryWrong(f"{label}: there is {told}.", hint="Name one of its periods.")
        return found


def is_framed(question: Question) -> bool:
    """Say whether a question measures other stretches than plain periods."""
    aggregated = question.aggregate in {FIRST, AVERAGE}
    return bool(question.shift or question.rolling or question.to_date or aggregated)


def framed(question: Question, periods: Periods, known: datetime) -> Framed:
    """Return the frames of a question, in order of time.

    Parameters
    ----------
    known : the instant up to which things are known

    Raises
    ------
    QueryWrong : no window lies in the records, or there are too many
    """
    maker = _Maker(question, periods, known)
    made = [frame for frame in maker.frames() if frame.end_us > maker.begins_us]
    kept = [frame for frame in made if frame.first >= maker.begins or not question.rolling]
    if not kept:
        raise QueryWrong(
            f"The records, from {maker.begins} to {maker.known_on}, hold nothing of that time."
            if not question.rolling
            else f"No window of {window_words(question.rolling)} lies in the records, which begin "
            f"on {maker.begins}.",
            hint="Ask for a shorter window, or for other dates.",
        )
    if len(kept) > MOST:
        raise QueryWrong(
            f"That would be {len(kept):,} values.", hint="Ask for a longer period or fewer dates."
        )
    spans = {(f.label, f.first, f.start_us, f.end_us): f for f in kept}
    beside = {}
    for frame in kept:
        other = maker.beside(frame) if question.shift else None
        if other is not None:
            span = (other.label, other.first, other.start_us, other.end_us)
            beside[frame.key] = spans.get(span, other)
    return Framed(tuple(kept), beside, len(made) - len(kept))


class _Maker:
    """Makes the frames of one question."""

    def __init__(self, question: Question, periods: Periods, known: datetime) -> None:
        self.question, self.zone = question, periods.zone
        if question.to_date and question.to and question.to < periods.date_of(known):
            known = start_of_day(question.to + ONE_DAY, self.zone) - timedelta(microseconds=1)
        self.known = known
        self.begins, self.known_on = periods.date_of(periods.first), periods.date_of(known)
        self.begins_us = micros_at(start_of_day(self.begins, self.zone))
        self.first = max(question.from_ or self.begins, self.begins)
        self.last = min(question.to or self.known_on, self.known_on)
        self.running = "" if question.period == ALL else periods.label_at(known, question.period)

    def frames(self) -> list[Frame]:
        """Return the frame of each value."""
        question = self.question
        if self.last < self.first:
            return []
        if question.period == ALL:
            return [self._stretch(ALL, ALL, self.first, self.last)]
        if question.to_date and question.from_ is None:
            return [self._of(self.running, self.running)]
        labels = labels_between(self.first, self.last, question.period)
        return [self._of(label, label) for label in labels]

    def beside(self, frame: Frame) -> Frame | None:
        """Return the frame that another is set against, None where the records hold none."""
        question = self.question
        if question.period == ALL:
            other, key = ALL, f"{ALL} before"
            made = self._stretch(other, key, *self._before(frame))
        else:
            label = shifted_label(frame.label, question.shift or "")
            if label is None:
                return None
            made = self._of(label, f"{label} beside {frame.label}", frame.label)
        too_early = made.end_us <= self.begins_us
        return None if too_early or (question.rolling and made.first < self.begins) else made

    def _before(self, frame: Frame) -> tuple[date, date]:
        shift = self.question.shift or ""
        try:
            return stretch_before(frame.first, frame.last, shift)
        except (ValueError, OverflowError):
            return date.min + ONE_DAY, date.min + 2 * ONE_DAY  # before there are records

    def _of(self, label: str, key: str, beside: str = "") -> Frame:
        """Return the frame of a period; beside another one, cut where that one is."""
        first, last = dates_of(label)
        begin, end = self._dates(beside or label)
        if beside:
            whole_first, whole_last = dates_of(beside)
            begin = first if begin == whole_first else same_point(begin, beside, label)[0]
            end = last if end == whole_last else same_point(end, beside, label)[0]
        if self.question.to_date:
            return self._to_date(label, key, begin)
        if self.question.rolling:
            begin = window_start(end, self.question.rolling)
        return self._stretch(label, key, begin, end)

    def _dates(self, label: str) -> tuple[date, date]:
        """Return the days of a period that the question asks for."""
        question, (first, last) = self.question, dates_of(label)
        if question.rolling:
            return first, min(last, self.last)
        return max(question.from_ or first, first), min(question.to or last, last)

    def _to_date(self, label: str, key: str, begin: date) -> Frame:
        """Return a period up to the point that the running one has come to."""
        day, there = same_point(self.known_on, self.running, label)
        if not there:
            return self._stretch(label, key, begin, day)
        clock = self.known.astimezone(self.zone).time()
        point = datetime.combine(day, clock, tzinfo=self.zone)
        return self._cut(self._stretch(label, key, begin, day), micros_at(point) + 1)

    def _stretch(self, label: str, key: str, first: date, last: date) -> Frame:
        if self.question.period == ALL and self.question.rolling:
            first = window_start(last, self.question.rolling)
        return self._cut(Frame(label, key, first, last, *self._instants(first, last)), None)

    def _instants(self, first: date, last: date) -> tuple[int, int]:
        begin, end = start_of_day(first, self.zone), start_of_day(last + ONE_DAY, self.zone)
        return micros_at(begin), micros_at(end)

    def _cut(self, frame: Frame, end_us: int | None) -> Frame:
        if self.question.aggregate == FIRST:
            last = frame.first
            end_us = self._instants(last, last)[1]
            frame = replace(frame, last=last)
        end = frame.end_us if end_us is None else end_us
        ended = self.question.to_date or end <= micros_at(self.known)
        ended = ended or bool(self.question.rolling)
        whole = ended and frame.first >= self.begins
        return replace(frame, end_us=end, whole=whole)


def day_ends(frames: Iterable[Frame], periods: Periods) -> tuple[Frame, ...]:
    """Return for each frame one of each of its days in the records, all under its key."""
    made = []
    begins = periods.date_of(periods.first)
    for frame in frames:
        for count in range((frame.last - frame.first) // ONE_DAY + 1):
            day = frame.first + ONE_DAY * count
            start, end = (
                micros_at(start_of_day(each, periods.zone)) for each in (day, day + ONE_DAY)
            )
            if day >= begins:
                end_us = min(end, frame.end_us)
                made.append(replace(frame, first=day, last=day, start_us=start, end_us=end_us))
    return tuple(made)


def frames_table(frames: Sequence[Frame]) -> ir.Table:
    """Return frames as a query sees them.

    Returns
    -------
    period (the key), start_us, end_us (exclusive); one row per frame
    """
    return spans_table([(frame.key, frame.start_us, frame.end_us) for frame in frames])


def spans_table(spans: Sequence[tuple[str, int, int]]) -> ir.Table:
    """Return stretches of time as a query sees them, counted out from one row of the calendar.

    Returns
    -------
    period (the name of each), start_us, end_us (exclusive)
    """
    names, starts, ends = zip(*spans, strict=True) if spans else ((), (), ())
    ends_of = period_ends_table()
    one = ends_of.filter((ends_of.grain == "year") & (ends_of.ordinal == 0))
    counted = one.select(place=ibis.range(0, len(spans)).unnest())
    place = counted.place.cast("int32")  # as wide as a place in a list
    return counted.select(
        period=ibis.literal(list(names), "array<string>")[place],
        start_us=ibis.literal(list(starts), "array<int64>")[place],
        end_us=ibis.literal(list(ends), "array<int64>")[place],
    )
