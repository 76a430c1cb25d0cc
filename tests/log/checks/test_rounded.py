"""Moments that are too round, or too alike, to be true."""

from datetime import timedelta
from random import Random

import pytest

from opsgauge.log.checks.rounded import rounded_moments
from opsgauge.log.checks.seen import Seen
from tests.log.checks.desks import DAY, HOUR, MONDAY, Row, desk

CHANCE = Random(3)  # noqa: S311 - a made-up desk keeps no secrets


def tickets(count: int, **said: object) -> list[Row]:
    """Return tickets opened at odd seconds and resolved at odd seconds."""
    made: list[Row] = []
    for n in range(count):
        opened = MONDAY + n * HOUR + timedelta(seconds=CHANCE.randrange(1, 3_599))
        resolved = opened + timedelta(seconds=CHANCE.randrange(1, 200_000) * 2 + 1)
        made.append({"opened_at": opened, "resolved_at": resolved, **said})
    return made


def midnight(ticket: Row, hours: float = 0) -> Row:
    """Return a ticket resolved at a midnight that lies so many hours after UTC's."""
    day = ticket["opened_at"].replace(hour=0, minute=0, second=0) + 2 * DAY
    return {**ticket, "resolved_at": day + hours * HOUR}


def look(*made: Row, zone: str = "UTC") -> Seen:
    """Make the check."""
    return rounded_moments(desk(made, zone=zone))


def test_times_cut_to_the_day_are_found() -> None:
    """Half of the resolutions are at midnight."""
    found = look(*tickets(30), *map(midnight, tickets(30)))

    assert (found.state, found.count, found.of) == ("warn", 30, 60)
    assert found.columns == ("resolved_at",)
    assert "of resolutions are exactly at midnight" in found.words


@pytest.mark.parametrize("hours", [-1, 0])
def test_midnight_is_that_of_the_zone_or_of_utc(hours: float) -> None:
    """In Amsterdam a winter's day begins at 23:00 UTC."""
    made = [midnight(ticket, hours) for ticket in tickets(40)]

    assert "resolutions are exactly at midnight" in look(*made, zone="Europe/Amsterdam").words
    assert hours == 0 or "at midnight" not in look(*made, zone="UTC").words


def test_times_cut_to_the_hour_are_found() -> None:
    """Two thirds of the openings."""
    round_ones = [
        {**t, "opened_at": t["opened_at"].replace(minute=0, second=0)} for t in tickets(40)
    ]
    found = look(*tickets(20), *round_ones)

    assert found.columns[0] == "opened_at"
    assert "exactly on the hour" in found.words


def test_many_tickets_at_one_instant_are_found() -> None:
    """A program closed a fifth of them at once."""
    at = MONDAY + 30 * DAY + timedelta(hours=3, minutes=12, seconds=9)
    found = look(*tickets(100), *tickets(25, closed_at=at))

    assert (found.columns, found.count, found.of) == (("closed_at",), 25, 25)
    assert "at one instant, Wed 4 Feb 2026, 03:12 UTC" in found.words


def test_odd_moments_are_exact() -> None:
    """A hundred tickets, one of them resolved at midnight."""
    assert look(*tickets(100), midnight(tickets(1)[0])).state == "pass"


def test_a_few_round_ones_say_nothing() -> None:
    """Nineteen of nineteen may be one day's work."""
    assert look(*map(midnight, tickets(19))).state == "pass"
