"""Moments asked about: hours of the week in local time, and the load of a team then."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from opsgauge.analysis.forecast.asked import OF_THE_DAY, asked_at_shares
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.warehouse.portable import micros_at
from tests.analysis.forecast.test_risk import invented

DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


@pytest.mark.parametrize(
    ("zone", "told"), [("UTC", "Sun 20"), ("Asia/Tokyo", "Mon 04"), ("America/New_York", "Sun 16")]
)
def test_hours_are_those_of_the_zone(zone: str, told: str) -> None:
    """Sunday, 22:00 in summer: the next day in Tokyo, afternoon in New York."""
    stages = invented(1)
    at_us = micros_at(datetime(2026, 7, 5, 22, tzinfo=UTC))
    begun = np.array([at_us])
    stages = replace(stages, since_us=begun, until_us=begun + stages.used_us)
    hour = int(asked_at_shares(stages, ZoneInfo(zone)).words["hours"][0]) * OF_THE_DAY

    assert f"{DAYS[hour // 24]} {hour % 24:02}" == told


def test_load_is_what_a_team_holds_against_its_mean_so_far() -> None:
    """Three at once, after one by itself: twice (3 + 1) / (mean 2 + 1)."""
    stages = invented(4)
    starts = np.array([0, 100, 101, 102]) * MICROS_PER_HOUR
    stages.since_us[:], stages.until_us[:] = starts, starts + 9 * MICROS_PER_HOUR
    stages.used_us[:] = 1  # of the target: asked about at its start alone
    stages.words["team"][:] = 0
    load = asked_at_shares(stages, ZoneInfo("UTC")).load

    assert load.tolist() == pytest.approx([1.0, 1.0, 3 / (4 / 3 + 1), 4 / (7 / 4 + 1)])
