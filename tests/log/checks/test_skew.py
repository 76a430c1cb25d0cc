"""Moments that are off by the same minutes in many tickets."""

from datetime import datetime, timedelta
from random import Random

import pytest

from opsgauge.log.checks.seen import Seen
from opsgauge.log.checks.skew import clock_skew
from tests.log.checks.desks import HOUR, MONDAY, Row, desk

CHANCE = Random(5)  # noqa: S311 - a made-up desk keeps no secrets


def done(off: timedelta, count: int = 40) -> list[Row]:
    """Return resolved tickets whose field is off from their history."""
    opened = [MONDAY + n * HOUR for n in range(count)]
    return [
        {"opened_at": at, "resolved_at": at + 9 * HOUR + off, "history_resolved_at": at + 9 * HOUR}
        for at in opened
    ]


def look(*tickets: Row) -> Seen:
    """Make the check."""
    return clock_skew(desk(tickets))


@pytest.mark.parametrize(
    ("off", "state", "words"),
    [
        (2 * HOUR, "fail", "the resolution lies 2.0 h later than the history's own in 100.0"),
        (-1 * HOUR, "fail", "the resolution lies 60 min earlier than the history's own"),
        (timedelta(minutes=7, seconds=13), "warn", "the resolution lies 7 min later"),
        (timedelta(seconds=3), "note", "the resolution lies under a minute later"),
    ],
)
def test_a_field_off_by_a_constant_is_found(off: timedelta, state: str, words: str) -> None:
    """A time zone makes numbers wrong; a clock that is slow makes them less sure."""
    found = look(*done(off))

    assert (found.state, found.critical, found.columns) == (state, True, ("resolved_at",))
    assert words.replace("60 min", "1.0 h") in found.words.replace("60 min", "1.0 h")
    assert (found.count, found.of) == (40, 40)


def test_summer_and_winter_are_two_offsets_of_one_zone() -> None:
    """Half of the tickets are an hour off, half of them two."""
    found = look(*done(HOUR, 30), *done(2 * HOUR, 30))

    assert found.state == "fail"
    assert len(found.examples) == 2


def test_people_are_late_by_all_sorts_of_minutes() -> None:
    """Fields edited by hand differ from the history, and never by the same."""
    off = [timedelta(seconds=CHANCE.randrange(-20_000, 20_000)) for _ in range(60)]
    found = look(*(ticket for each in off for ticket in done(each, 1)))

    assert found.state == "pass"


def test_fields_that_agree_are_in_time() -> None:
    """Most do."""
    assert look(*done(timedelta(0))).state == "pass"


def test_a_handful_says_nothing() -> None:
    """Nineteen of nineteen may be one afternoon."""
    assert look(*done(2 * HOUR, 19)).state == "pass"


def first_updates(after: timedelta, count: int, rest: int = 0) -> tuple[list[Row], list[Row]]:
    """Return tickets whose first update comes so long after the opening, and their updates."""
    opened = [MONDAY + n * HOUR for n in range(count + rest)]
    tickets: list[Row] = [{"opened_at": at} for at in opened]

    def update(n: int, at: datetime) -> Row:
        late = after if n < count else timedelta(seconds=CHANCE.randrange(1, 30_000))
        return {"ticket": n + 1, "since": at + late, "phase": "new"}

    return tickets, [update(n, at) for n, at in enumerate(opened)]


def test_updates_before_the_opening_by_the_same_seconds() -> None:
    """One ticket in five is updated forty seconds before it is there: two clocks."""
    found = clock_skew(desk(*first_updates(timedelta(seconds=-40), 30, rest=120)))

    assert (found.state, found.columns, found.count, found.of) == (
        "warn",
        ("opened_at",),
        30,
        150,
    )
    assert "the opening lies 60 s later" in found.words or "1 min later" in found.words


def test_updates_an_hour_before_the_opening_are_a_time_zone() -> None:
    """All of them, to the minute."""
    assert clock_skew(desk(*first_updates(-HOUR, 40))).state == "fail"
    assert clock_skew(desk(*first_updates(HOUR, 40))).state == "fail"


def test_a_robot_that_comes_after_half_an_hour_is_no_clock() -> None:
    """What comes after the opening may be a habit."""
    found = clock_skew(desk(*first_updates(timedelta(minutes=30), 40)))

    assert found.state == "pass"


def test_single_updates_before_the_opening_are_no_clock() -> None:
    """Thirty of them, each by another time."""
    tickets, updates = first_updates(HOUR, 0, rest=60)
    moved = [
        {**row, "since": row["since"] - timedelta(seconds=CHANCE.randrange(30_000, 40_000))}
        for row in updates
    ]
    assert clock_skew(desk(tickets, moved)).state == "pass"
