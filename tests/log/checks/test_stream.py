"""Updates by the hour, in the hours of the workspace's zone."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from opsgauge.log.checks.stream import streams
from opsgauge.log.periods import make_periods
from tests.log.checks.desks import DAY, HOUR, MONDAY, desk, office, openings


def test_every_hour_from_the_first_to_the_last_is_there() -> None:
    """Two tickets at eight, one at eleven."""
    [stream] = streams(desk(openings([MONDAY + n * HOUR for n in (8, 8.5, 11)])))

    assert stream.counts.tolist() == [2, 0, 0, 1]
    assert stream.hours.tolist() == [8, 9, 10, 11]
    assert stream.day(3) == MONDAY.date()


def test_hours_are_those_of_the_zone() -> None:
    """Sunday 23:30 UTC is Monday, half past midnight, in Amsterdam."""
    moments = [MONDAY - 0.5 * HOUR, MONDAY + 6 * DAY]
    [stream] = streams(desk(openings(moments), zone="Europe/Amsterdam"))

    assert stream.hours[0] == 0
    assert stream.day(0) == MONDAY.date()
    assert stream.weeks[-1] == 0


def test_an_hour_that_a_night_has_twice_counts_in_one() -> None:
    """On the last Sunday of October the day has 25 hours; its last two are called the last."""
    night = MONDAY.replace(month=10, day=24)
    [stream] = streams(
        desk(openings([night + n * HOUR for n in range(48)]), zone="Europe/Amsterdam")
    )
    sunday = stream.days == np.datetime64("2026-10-25")

    assert sunday.sum() == 25
    assert stream.hours[sunday].max() == 6 * 24 + 23


def test_the_profile_of_a_week_sums_to_the_week() -> None:
    """Four whole weeks; nothing at night, nothing at the weekend."""
    [stream] = streams(desk(openings(office(4, 10))))

    week, hours = stream.profile[:168], stream.hours[:168]
    assert week.sum() == pytest.approx(1)
    assert week[hours % 24 < 8].sum() == week[hours >= 5 * 24].sum() == 0
    assert stream.by_week.tolist() == [50, 50, 50, 50]


def test_each_source_has_a_stream() -> None:
    """From its own first update to its own last."""
    rows = [*openings([MONDAY, MONDAY + 3 * HOUR]), *openings([MONDAY + DAY], source="other")]
    found = streams(desk(rows))

    assert [(each.source, len(each.counts)) for each in found] == [("example", 4), ("other", 1)]


def test_an_update_outside_the_calendar_is_left_out() -> None:
    """It belongs to no period; those inside are counted."""
    records = desk(openings([MONDAY, MONDAY + 5 * DAY]))
    shorter = replace(
        records, periods=make_periods(ZoneInfo("UTC"), MONDAY + 2 * DAY, MONDAY + 5 * DAY)
    )

    assert [each.counts.tolist() for each in streams(shorter)] == [[1]]
