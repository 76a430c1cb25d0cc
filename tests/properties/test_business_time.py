"""What holds of business time for whatever calendar and instants one may think of."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from opsgauge.foundation.errors import CalendarWrong
from opsgauge.log.calendars.business_time import add_business_micros, business_micros
from opsgauge.log.calendars.compiled import compile_calendars
from opsgauge.log.calendars.definition import Calendar, Exceptional, Slot, Slots, first_overlap
from opsgauge.log.calendars.expressions import business_us, reached_us
from opsgauge.log.calendars.reading import parse_calendar
from opsgauge.log.calendars.stretches import stretches
from opsgauge.warehouse.portable import EPOCH, micros_at
from tests.lent import engine_of
from tests.log.calendars.clocks import INTERVALS, answers, at, rows_of

pytestmark = pytest.mark.row("SLA-01")
FIRST, LAST = at("2025-01-01"), at("2028-01-01")
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",  # half an hour beside the others
    "America/Santiago",  # clocks change at midnight
    "Africa/Casablanca",  # clocks change around Ramadan
    "Asia/Kolkata",
    "Asia/Kathmandu",  # a quarter of an hour beside the others
    "Australia/Lord_Howe",  # clocks change by half an hour
    "Pacific/Auckland",
)
# Nights on which clocks change somewhere above, as instants of UTC.
NIGHTS = ("2026-03-29 01:00", "2026-10-25 01:00", "2026-04-04 15:00", "2026-10-03 15:30")


@st.composite
def days(draw: st.DrawFn, over_midnight: bool = True) -> Slots:
    """Return the slots of a day; often with short gaps, so that two fall into one hour."""
    step = draw(st.sampled_from([1, 5, 30, 60]))
    latest = 1440 // step
    cuts = draw(st.lists(st.integers(0, latest), unique=True, max_size=6).map(sorted))
    slots = [Slot(a * step, b * step) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    if slots and over_midnight and draw(st.booleans()):
        slots[-1] = Slot(slots[-1].start, 1440 + draw(st.integers(0, slots[0].start)))
    return tuple(slots)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Return a calendar as a file could describe it, perhaps never open."""
    usual, other = draw(days()), draw(days())
    week = tuple(draw(st.sampled_from([usual, usual, other, ()])) for _ in range(7))
    assume(first_overlap((*week, week[0])) is None)
    exceptions = draw(
        st.dictionaries(
            st.dates(date(2026, 3, 27), date(2026, 4, 6)), days(over_midnight=False), max_size=3
        )
    )
    return Calendar(
        "random",
        "Random",
        draw(st.sampled_from(ZONES)),
        week,
        yearly=(((12, 25), "Christmas"),),
        exceptions=tuple((day, Exceptional("", slots)) for day, slots in exceptions.items()),
    )


WORDS = (
    *("title", "zone", "week", "holidays", "exceptions", "dates", "date", "every", "name", "hours"),
    *("country", "subdivision", "monday", "monday-friday", "UTC", "Europe/Berlin", "DE", "BY"),
    *("closed", "09:00-17:00", "22:00-06:00", "24:00-00:00", "2026-02-29", "9999-12-31", "12-24"),
    *("", "null", "~", "1e9", "- a", "\x00", "!!python/none", "é", "{", "[", "'", "%"),
)
words = st.sampled_from(WORDS)
things = st.recursive(
    words, lambda some: st.lists(some, max_size=3) | st.dictionaries(words, some, max_size=5)
)


@settings(max_examples=300)
@given(st.one_of(things.map(yaml.safe_dump), st.lists(words, max_size=12).map(": ".join)))
def test_any_text_is_a_calendar_or_told_what_is_wrong(text: str) -> None:
    """No other error, whatever stands in a file."""
    with suppress(CalendarWrong):
        parse_calendar(text, "desk", "desk.yaml")


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(["week", "holidays", "exceptions"]), things, min_size=1))
def test_a_calendar_with_any_part_is_one_or_is_refused(parts: dict[str, Any]) -> None:
    """Also where the rest of it is right."""
    whole = {"title": "Desk", "zone": "UTC", "week": {"monday": "closed"}, **parts}
    with suppress(CalendarWrong):
        assert parse_calendar(yaml.safe_dump(whole), "desk", "desk.yaml").name == "desk"


near = st.builds(
    lambda night, micros: at(night) + timedelta(microseconds=micros),
    st.sampled_from(NIGHTS),
    st.integers(-(2 * 10**11), 2 * 10**11),
)
moments = st.one_of(
    near,
    st.builds(
        lambda minutes: at("2026-01-01") + timedelta(minutes=minutes), st.integers(0, 400_000)
    ),
)


@given(calendars(), moments, moments, moments)
def test_open_time_adds_up_and_never_shrinks(
    of: Calendar, a: datetime, b: datetime, c: datetime
) -> None:
    """Over any split; it grows with the end, and by no more than time itself."""
    a, b, c = sorted((a, b, c))
    whole, one, other = (business_micros(of, *pair) for pair in ((a, c), (a, b), (b, c)))

    assert whole == one + other
    assert 0 <= one <= whole <= (c - a) / timedelta(microseconds=1)
    assert business_micros(of, c, a) == -whole


@given(calendars(), moments, moments)
def test_adding_undoes_the_difference_where_the_calendar_is_open(
    of: Calendar, start: datetime, end: datetime
) -> None:
    """Forward where it was open until then, back where it is open from then on."""
    micros = business_micros(of, start, end)
    assume(micros)
    step = timedelta(microseconds=1)
    added = add_business_micros(of, start, micros)

    assert business_micros(of, start, added) == micros
    beside = (end - step, end) if micros > 0 else (end, end + step)
    if business_micros(of, *beside):
        assert added == end
    else:
        assert (added < end) if micros > 0 else (added > end)


@given(calendars(), moments, st.integers(1, 10**12), st.integers(1, 10**12))
def test_more_time_is_never_reached_earlier(
    of: Calendar, start: datetime, one: int, more: int
) -> None:
    """And what is reached in two steps is reached in one."""
    assume(stretches(of, FIRST, LAST).total_us > 10**13)
    first = add_business_micros(of, start, one)

    assert start < first < add_business_micros(of, start, one + more)
    assert add_business_micros(of, first, more) == add_business_micros(of, start, one + more)


def brute(of: Calendar, start: datetime, end: datetime) -> int:
    """Return the open time minute by minute on the local clock, for whole minutes of UTC."""
    zone = ZoneInfo(of.zone)
    found, moment = 0, start
    while moment < end:
        local = moment.astimezone(zone)
        minute = local.hour * 60 + local.minute
        today = of.day(local.date()).slots
        before = of.day(local.date() - timedelta(days=1)).slots
        found += any(s.start <= minute < s.end for s in today) or any(
            minute + 1440 < s.end for s in before
        )
        moment += timedelta(minutes=1)
    return found * 60_000_000


@settings(max_examples=40)
@given(calendars(), st.dates(date(2026, 5, 1), date(2026, 8, 20)), st.integers(1, 3_000))
def test_open_time_is_what_a_clock_on_the_wall_shows(of: Calendar, day: date, minutes: int) -> None:
    """Counted minute by minute, in weeks in which no clock is changed."""
    assume(of.zone != "Africa/Casablanca" or day < date(2026, 5, 20))
    start = at(str(day))
    end = start + timedelta(minutes=minutes)

    assert business_micros(of, start, end) == brute(of, start, end)


def asked(of: Calendar, pairs: Sequence[tuple[int, int]], reach: bool) -> list[int | None]:
    """Ask DuckDB for the business time of pairs, or when a start reaches a length."""
    compiled = compile_calendars([of], FIRST, LAST)
    rows = rows_of([(one, other, 0) for one, other in pairs])
    ask = reached_us if reach else business_us
    expression = ask(INTERVALS, "start_us", "end_us", INTERVALS.n, compiled, "x")
    with engine_of({"intervals": rows, **compiled.tables()}) as engine:
        return answers(engine, expression, "x")


@settings(max_examples=25, deadline=None)
@given(calendars(), st.lists(st.tuples(moments, moments), min_size=1, max_size=30))
def test_duckdb_counts_the_same_microseconds(
    of: Calendar, intervals: list[tuple[datetime, datetime]]
) -> None:
    """Whatever the width of the buckets."""
    pairs = [(micros_at(start), micros_at(end)) for start, end in intervals]

    assert asked(of, pairs, reach=False) == [business_micros(of, *each) for each in intervals]


@settings(max_examples=25, deadline=None)
@given(calendars(), st.lists(st.tuples(moments, st.integers(1, 10**12)), min_size=1, max_size=30))
def test_duckdb_reaches_the_same_instants(
    of: Calendar, targets: list[tuple[datetime, int]]
) -> None:
    """By the pieces of open time; what is not reached in the range is missing."""
    found = asked(of, [(micros_at(start), length) for start, length in targets], reach=True)

    open_time = stretches(of, FIRST, LAST)
    for (start, length), reached in zip(targets, found, strict=True):
        left = open_time.total_us - business_micros(of, FIRST, start)
        if length > left:
            assert reached is None
        else:
            assert reached is not None
            assert EPOCH + timedelta(microseconds=reached) == add_business_micros(of, start, length)
