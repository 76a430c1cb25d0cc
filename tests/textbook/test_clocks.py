"""Clocks of service levels: what published examples and bug reports of other tools come to."""

import pytest

from opsgauge.foundation.units import clock_time
from opsgauge.log.calendars.definition import Calendars, always
from opsgauge.log.calendars.reading import parse_calendar
from tests.log.service_levels.clocked import clocks_of

WEEK = 'title: Week\nzone: UTC\nweek: {monday-friday: ["09:00-17:00"]}'
CALENDARS = Calendars({"always": always(), "week": parse_calendar(WEEK, "week", "week")})
LEVEL = """
any:
  title: Any
  kind: resolution
  calendar: week
  pause: {phase: [pending_user]}
"""

pytestmark = pytest.mark.row("SLA-02")


def test_glpi_10594_a_weekend_adds_nothing_to_a_pause() -> None:
    """Paused from Friday evening to Monday morning: one working day is left, not minus two."""
    [clock] = clocks_of(
        LEVEL + "  targets: [{within: 8 h}]",
        [{"opened_at": "2026-01-09 09:00"}],  # a Friday
        [
            {"ticket": 1, "since": "2026-01-09 09:00", "phase": "in_progress"},
            {"ticket": 1, "since": "2026-01-09 17:00", "phase": "pending_user"},
            {"ticket": 1, "since": "2026-01-12 09:00", "phase": "in_progress"},
        ],
        at="2026-01-12 09:00",
        calendars=CALENDARS,
    )

    assert (clock["waited"], clock["used"], clock["left"]) == (0.0, 8.0, 0.0)
    assert not clock["breached"]


@pytest.mark.row("SLA-03")
def test_glpi_6902_and_15605_a_pause_is_carried_when_the_target_changes() -> None:
    """Two working days pending, then another priority: the moment of breach moves by both days."""
    [clock] = clocks_of(
        LEVEL + '  targets: [{priority: "1", within: 8 h}, {within: 16 h}]',
        [{"opened_at": "2026-01-05 09:00"}],  # a Monday
        [
            {"ticket": 1, "since": "2026-01-05 09:00", "phase": "in_progress", "priority": "2"},
            {"ticket": 1, "since": "2026-01-05 11:00", "phase": "pending_user"},
            {"ticket": 1, "since": "2026-01-07 11:00", "phase": "in_progress"},
            {"ticket": 1, "since": "2026-01-07 12:00", "phase": "in_progress", "priority": "1"},
        ],
        at="2026-01-07 12:00",
        calendars=CALENDARS,
    )

    # Without the pause 8 h from Monday 09:00 would be Monday 17:00; two working days later:
    assert clock["due_at"] == "2026-01-07 17:00:00"
    assert (clock["used"], clock["waited"], clock["left"]) == (3.0, 16.0, 5.0)


@pytest.mark.row("SLA-14")
@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ("continue", [(1, "late", 10.0, True)]),
        ("restart", [(1, "met", 5.0, False), (2, "met", 5.0, False)]),
        ("ignore", [(1, "met", 5.0, False)]),
    ],
)
def test_glpi_23359_solved_and_reopened_is_no_pause(
    policy: str, told: list[tuple[int, str, float, bool]]
) -> None:
    """The time between is neither running nor paused, whichever policy a reopening has."""
    clocks = clocks_of(
        LEVEL + f"  targets: [{{within: 8 h}}]\n  on_reopen: {policy}",
        [{"opened_at": "2026-01-05 09:00"}],
        [
            {"ticket": 1, "since": "2026-01-05 09:00", "phase": "in_progress"},
            {"ticket": 1, "since": "2026-01-05 14:00", "phase": "resolved"},
            {"ticket": 1, "since": "2026-01-07 09:00", "phase": "in_progress"},
            {"ticket": 1, "since": "2026-01-07 14:00", "phase": "resolved"},
        ],
        calendars=CALENDARS,
    )

    assert [(c["cycle"], c["state"], c["used"], c["ever_breached"]) for c in clocks] == told
    assert all(clock["waited"] == 0.0 for clock in clocks)


def test_glpi_687_opened_at_night_the_clock_starts_in_the_morning() -> None:
    """Nothing is used before the calendar opens, and the promise counts from there."""
    [clock] = clocks_of(
        LEVEL + "  targets: [{within: 4 h}]",
        [{"opened_at": "2026-01-05 21:00"}],
        [{"ticket": 1, "since": "2026-01-05 21:00", "phase": "new"}],
        at="2026-01-06 08:00",
        calendars=CALENDARS,
    )

    assert (clock["used"], clock["due_at"]) == (0.0, "2026-01-06 13:00:00")


@pytest.mark.row("SLA-06")
@pytest.mark.parametrize(
    ("resolved", "state"),
    [("2026-01-05 16:59:45.888", "met"), ("2026-01-05 17:00:00", "met")],
)
def test_servicenow_99_951_percent_used_is_not_breached(resolved: str, state: str) -> None:
    """Nor is the last microsecond; time left decides, not a rounded share."""
    [clock] = clocks_of(
        LEVEL + "  targets: [{within: 8 h}]",
        [{"opened_at": "2026-01-05 09:00", "resolved_at": resolved}],
        calendars=CALENDARS,
    )

    assert (clock["state"], clock["breached"]) == (state, False)
    assert clock["left_us"] == (14_112_000 if "16:59" in resolved else 0)


@pytest.mark.row("SLA-06")
def test_a_microsecond_over_is_breached() -> None:
    """A day-and-night clock, one microsecond late."""
    [clock] = clocks_of(
        LEVEL.replace("week", "always") + "  targets: [{within: 8 h}]",
        [{"opened_at": "2026-01-05 09:00", "resolved_at": "2026-01-05 17:00:00.000001"}],
    )

    assert (clock["state"], clock["left_us"], clock["breached_at"]) == (
        "late",
        -1,
        "2026-01-05 17:00:00",
    )


def test_atlassian_90_seconds_are_a_minute_and_a_half() -> None:
    """Never two minutes."""
    [clock] = clocks_of(
        LEVEL.replace("week", "always") + "  targets: [{within: 4 h}]",
        [{"opened_at": "2026-01-05 09:00", "resolved_at": "2026-01-05 09:01:30"}],
    )

    assert clock_time(clock["used_us"]) == "0:01:30"
